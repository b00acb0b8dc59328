"""Boosters and blockers: ranked, paired by what they share, over the waves and in reports, as they were published."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from evaluations import instrument, reporting
from evaluations.models import Publication, Report, Wave
from evaluations.reading import boosters as reading
from evaluations.reading.sheet import Sheet
from tests.evaluations import grounds
from tests.factories.evaluations import QuestionnaireFactory, ResponseFactory, VersionFactory, WaveFactory
from tests.factories.programme import GoalFactory, KPIFactory

pytestmark = pytest.mark.django_db
URL = reverse("evaluations:boosters")
DRIVES = {"partners": 30, "funding": 22, "name": 12, "other": 8, "staff": 3}
SLOWS = {"funding": 32, "time": 25, "partners": 9, "other": 9, "staff": 14}


def content() -> dict:
    """Two questions whose options share some keys."""
    asked = {"boosters": DRIVES, "blockers": SLOWS}
    questions = [
        {
            "key": key,
            "kind": "multiple",
            "facet": key,
            "text": grounds.words(f"Which {key}?"),
            "options": [
                *({"key": each, "text": grounds.words(f"{key}: {each}")} for each in options),
                {"key": "nothing", "alone": True, "text": grounds.words("Nothing")},
            ],
        }
        for key, options in asked.items()
    ]
    return grounds.content() | {"questions": questions}


def asked(version=None, days_ago: int = 2, n: int = 40, **fields) -> Wave:
    """A closed wave in which so many of forty named each."""
    version = version or VersionFactory(questionnaire=QuestionnaireFactory(), content=content())
    wave = grounds.closed_wave(sizes={}, version=version, days_ago=days_ago, **fields)
    wave.responses.all().delete()
    for place in range(n):
        said = {
            key: [each for each, count in options.items() if place < count] or ["nothing"]
            for key, options in (("boosters", DRIVES), ("blockers", SLOWS))
        }
        ResponseFactory(wave=wave, size_class="micro", answers=said)
    grounds.prepare(wave)
    return wave


def rows(response, caption: str) -> list[list[str]]:
    page = html.document_fromstring(response.content)
    found = page.xpath(f"//table[normalize-space(caption)='{caption}']/tbody/tr")
    return [[re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row] for row in found]


def test_both_are_ranked_with_share_n_and_interval(sign_in, evaluator):
    asked(name="Spring")
    response = sign_in(evaluator).get(URL)
    shown = rows(response, "Which boosters?")
    assert [row[0] for row in shown][:3] == ["boosters: partners", "boosters: funding", "boosters: name"]
    assert shown[0][1:4] == ["30", "40", "75 %"]
    assert re.fullmatch(r"\d+ to \d+ %", shown[0][4])
    assert next(row[0] for row in rows(response, "Which blockers?")) == "blockers: funding"


def test_pairs_are_what_shares_a_key_the_most_named_first_and_hidden_ones_last(sign_in, evaluator):
    asked()
    shown = rows(sign_in(evaluator).get(URL), "Boosters and blockers side by side")
    assert [(row[0], row[3] if len(row) > 5 else row[2]) for row in shown] == [
        ("boosters: funding", "blockers: funding"),
        ("boosters: partners", "blockers: partners"),
        ("boosters: staff", "blockers: staff"),
    ], "neither what has one side, nor something else, nor nothing"
    assert shown[0][1].startswith("55 %")
    assert "22 of 40" in shown[0][1]
    assert shown[2][1] == "too few to show"
    assert "3 of 40" not in str(shown)


def test_page_says_nothing_that_no_publication_shows(sign_in, evaluator):
    wave = asked()
    Publication.objects.filter(wave=wave, audience="house", subject="blockers").delete()
    page = sign_in(evaluator).get(URL).content.decode()
    assert "36 of 40" not in page
    assert "22 of 40" in page


def test_waves_are_chosen_and_stand_beside_each_other(sign_in, manager):
    old = asked(days_ago=400, name="Old spring")
    new = asked(version=old.version, name="New spring")
    client = sign_in(manager)
    newest = client.get(URL)
    assert newest.context["wave"] == new
    assert client.get(URL + f"?wave={old.slug}").context["wave"] == old
    assert client.get(URL + "?wave=nonsense").context["wave"] == new
    over = [each for each in rows(newest, "Which boosters?") if len(each) == 3]
    assert [re.sub(r"\s", "", cell) for cell in over[0]] == ["boosters:partners", "75%n=40", "75%n=40"]


def test_surveys_that_ask_for_one_side_or_are_open_are_not_there(sign_in, evaluator):
    one_side = content()
    one_side["questions"] = one_side["questions"][:1]
    grounds.closed_wave(sizes={}, version=VersionFactory(content=one_side))
    WaveFactory(version=VersionFactory(content=content()))
    assert "No survey has asked for them yet" in sign_in(evaluator).get(URL).content.decode()


def test_members_and_visitors_see_nothing(sign_in, owner, client):
    asked()
    assert sign_in(owner).get(URL).status_code == 403
    assert client.get(URL).headers["Location"].startswith("/accounts/login/")


def test_words_of_a_questionnaire_stay_words(sign_in, evaluator):
    told = content()
    told["questions"][0]["options"][0]["text"] = grounds.words("<script>alert(1)</script>")
    asked(version=VersionFactory(content=told))
    assert "<script>alert(1)" not in sign_in(evaluator).get(URL).content.decode()


def test_shipped_template_pairs_five_matters():
    sides = [
        {option.key for option in question.options if not option.alone}
        for question in instrument.shipped()["t5"].questions
        if question.facet in (reading.BOOSTERS, reading.BLOCKERS)
    ]
    assert sides[0] & sides[1] - {"other"} == {"demand", "companies", "funding", "partners", "staff"}


# --- in reports -------------------------------------------------------------------------------------------------------


def report(manager, wave: Wave, audience: str = "public") -> Report:
    found = reporting.start(
        by=manager, kind="yearly", title="A report", audience=audience, wave=wave, quotes=[],
        cut_off=wave.closed_at.date(),
    )  # fmt: skip
    reporting.execute(found.pk)
    found.refresh_from_db()
    assert found.status == Report.Status.DONE, found.error
    return found


def section(found: Report) -> dict | None:
    return next((each for each in found.content["sections"] if each["id"] == "boosters"), None)


def test_report_has_them_of_the_newest_survey_that_had_closed(manager):
    asked(days_ago=300, name="Last spring")
    later = asked(days_ago=1, name="Next spring")
    told = section(report(manager, grounds.prepared(days_ago=40, name="Members")))
    assert "From the survey Last spring" in told["parts"][0]["text"]
    assert later.name not in str(told)
    assert [part["kind"] for part in told["parts"]] == ["text", "table", "bars", "bars"]
    (caption,) = {part["caption"] for part in told["parts"] if part["kind"] == "table"}
    assert caption == "Boosters and blockers side by side"


def test_report_for_the_public_shows_public_figures_alone(manager):
    wave = asked()
    public, house = (section(report(manager, wave, audience)) for audience in ("public", "house"))
    assert "9 of 40" not in str(public), "below ten"
    assert "9 of 40" in str(house)
    known = {
        row[-2]
        for each in Publication.objects.filter(wave=wave, audience="public", dimensions=[])
        for row in each.table["cells"]
    }
    parts = [row["n"] for part in public["parts"] if part["kind"] == "bars" for row in part["rows"] if row["n"]]
    assert {int(n.split()[0]) for n in parts} <= known


def test_report_of_such_a_survey_tells_them_once_and_others_have_no_section(manager):
    told = report(manager, asked())
    findings = [each for each in told.content["sections"] if each["id"] == "findings"]
    assert "boosters: funding" not in str(findings)
    assert section(told)
    Report.objects.all().delete()
    Wave.objects.all().delete()
    assert section(report(manager, grounds.prepared())) is None


def test_a_hidden_side_is_never_ranked(manager):
    found = reading.pairs(Sheet(asked()))
    hidden = [row for row in found["rows"] if row["drives"]["hidden"] or row["slows"]["hidden"]]
    assert hidden
    assert found["rows"][-len(hidden) :] == hidden
    assert found["chart"]["series"][0]["values"][-1] is None


def test_the_newest_stand_beside_the_goals_that_they_explain(sign_in, manager):
    kpi = KPIFactory(goal=GoalFactory(name="Water in Finland"), name="First orders", target=10)
    kpi.readings.create(on=timezone.localdate(), value=4)
    client = sign_in(manager)
    before = re.sub(r"\s+", " ", client.get(reverse("evaluations:goals")).content.decode())
    asked(name="Spring", days_ago=9)
    asked(name="Autumn")
    page = html.document_fromstring(client.get(reverse("evaluations:goals")).content)

    sides = [re.sub(r"\s+", " ", each.text_content()).strip() for each in page.xpath("//aside//ol/li")]
    assert "No survey has told yet." in before
    assert sides[0] == "boosters: partners 75 %"
    assert "blockers: funding 80 %" in sides
    assert len(sides) <= 2 * reading.MOST
    assert "Autumn" in page.xpath("string(//aside)")
    assert "Spring" not in page.xpath("string(//aside)")
    assert "4 of 10" in page.xpath("string(//main)")
