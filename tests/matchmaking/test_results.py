"""The dashboard of a round, its report for a funder and its CSV: figures with what they rest on, and who sees them."""

import csv
import io

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from lxml import html

from core.models import AuditEvent
from matchmaking import gather_results
from matchmaking.actions import day, feedback
from matchmaking.models import Meeting, MeetingRequest, Outcome, Participant, Round, Seat, Wish
from matchmaking.reading import results
from tests.factories.matchmaking import ParticipantFactory
from tests.matchmaking.ground import Ground
from tests.matchmaking.running import running, tell_of_all
from tests.queries import assert_constant_queries


@pytest.fixture
def over(db, home, time_machine) -> Ground:
    """Six of each cluster met four times each; both sides say that they stay in contact."""
    g = running(aim="Clean water together.")
    time_machine.move_to(g.slots[-1].ends_at, tick=False)
    tell_of_all(g)
    return g


def page_of(client, g: Ground, name: str = "results") -> html.HtmlElement:
    return html.document_fromstring(client.get(reverse(f"matchmaking:{name}", args=[g.round.slug])).content)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def section(page: html.HtmlElement, name: str) -> str:
    return words(page.xpath(f"//section[@aria-labelledby='{name}']")[0])


def ask(sender: Participant, receiver: Participant, g: Ground, status: str) -> None:
    MeetingRequest.objects.create(
        sender=sender, receiver=receiver, turn=receiver, slot=g.slots[0], status=status, expires_at=g.slots[0].starts_at
    )


def test_spread_over_fewer_than_five_participants_is_hidden(home):
    g = running(each=2, slots=2)
    found = results.results(g.round)
    (spread,) = (chart for chart in found["charts"] if chart["id"] == "spread")
    assert spread["note"] == "n = 4 participants."
    assert found["figures"][1]["hidden"]


def test_dashboard_has_four_figures_with_n_and_period(sign_in, manager, over):
    begins_with = "//main//dl[@class='figures']/div[1]/dt/text()"
    assert page_of(sign_in(manager), over).xpath(begins_with) == ["Mutual musts met"]

    Round.objects.update(mode="both")
    for number in range(6):
        ask(over.here[number], over.there[0], over, "accepted" if number < 3 else "declined")
    page = page_of(sign_in(manager), over)
    figures = page.xpath("//main//dl[@class='figures']/div")
    assert [words(each) for each in figures] == [
        f"Requests accepted 50 % n = 6 requests, {period(over)}",
        f"Meetings a participant 4 median n = 12 participants, {period(over)}",
        f"Meetings kept 100 % n = 24 meetings, {period(over)}",
        f"Second meetings 100 % n = 24 meetings, {period(over)}",
    ]


def period(g: Ground) -> str:
    return f"{g.slots[0].starts_at.day} {g.slots[0].starts_at:%B %Y}"


def test_titles_say_the_finding_beside_what_is_usual(sign_in, manager, over):
    titles = [words(each) for each in page_of(sign_in(manager), over).xpath("//main//section/h2")]
    assert "100 % of meetings were kept: the usual is at least 80 %" in titles
    assert "After 100 % of meetings both sides want to go on: above the usual 20 to 30 %" in titles
    assert "100 % of participants have two meetings or more" in titles
    assert "Mutual musts met: too few to say, 0 so far" in titles, "nobody said must"
    page = page_of(sign_in(manager), over)
    assert set(page.xpath("//section[@aria-labelledby='kept']//a/@href")) == {
        "https://www.converve.com/event-networking-blog/event-matchmaking-faq-2026/"
    }


def test_each_chart_has_a_table_and_the_note_what_it_rests_on(sign_in, manager, over):
    page = page_of(sign_in(manager), over)
    for chart in page.xpath("//main//section[.//*[name()='svg'][contains(@class,'bar')]]"):
        assert chart.xpath(".//details//table//tbody/tr"), words(chart)
        assert "n = " in words(chart)


def test_request_that_silence_has_ended_counts_before_anybody_notes_it(sign_in, manager, over):
    ask(over.here[0], over.there[0], over, "waiting")
    assert gather_results.facts(over.round).requests["expired"] == 1


def test_freed_on_the_day_is_not_kept_and_called_off_in_time_does_not_count(manager, over, time_machine):
    time_machine.move_to(over.slots[0].starts_at - relativedelta(hours=1), tick=False)
    Meeting.objects.update(status="planned")
    over.round.refresh_from_db()
    day.no_show(participant=over.here[0], by=manager)
    states = [meeting.state for meeting in gather_results.facts(over.round).meetings]
    assert states.count("freed") == 4
    Meeting.objects.filter(status="cancelled").update(status_at=over.slots[0].starts_at - relativedelta(days=2))
    assert [m.state for m in gather_results.facts(over.round).meetings].count("cancelled") == 4
    assert len(gather_results.facts(over.round).people) == 11, "who did not come took no part"


def test_mutual_musts_that_met(over):
    pairs = [(over.here[0], over.there[0]), (over.here[1], over.there[0])]
    for one, other in pairs:
        Wish.objects.create(participant=one, other=other, kind="must")
    Wish.objects.create(participant=over.there[0], other=over.here[0], kind="must")
    a, b = sorted((over.here[0].pk, over.there[0].pk))
    assert gather_results.facts(over.round).mutual_musts == {(a, b)}


def test_small_group_and_one_more_are_hidden_in_breakdowns(sign_in, manager, over):
    third = ParticipantFactory(round=over.round).cluster
    for _ in range(2):
        ParticipantFactory(round=over.round, cluster=third)
    text = section(page_of(sign_in(manager), over, "report"), "by-cluster")
    assert text.count("too few to show") >= 4
    rows = page_of(sign_in(manager), over, "report").xpath("//section[@aria-labelledby='by-cluster']//tbody/tr")
    shown = [row for row in rows if "too few to show" not in words(row)]
    assert len(shown) == 1, "of two clusters with six each one is hidden, as the third could be worked out"

    (own,) = page_of(sign_in(manager), over).xpath(f"//tr[th='{third.name}']")
    assert [words(cell) for cell in own.xpath("td")][:2] == ["3", "0"], "the team knows who takes part"
    rows = csv.reader(io.StringIO(sign_in(manager).get(reverse("matchmaking:results_csv", args=[over.round.slug]))
                                  .getvalue().decode()))  # fmt: skip
    assert [row[2] for row in rows if row[1] == f"{third.name}: Participants"] == ["too few to show"]


def test_ladder_shows_outcomes_by_time_with_response_rate(sign_in, manager, over, time_machine):
    seats = list(Seat.objects.order_by("pk"))
    Outcome.objects.bulk_create(Outcome(seat=seat, months=0, stage="contact") for seat in seats)
    time_machine.move_to(over.slots[-1].ends_at + relativedelta(months=3, hours=1), tick=False)
    for seat in seats[:12]:
        feedback.tell_outcome(seat=seat, months=3, stage="sales", amount="under_50k")
    page = page_of(sign_in(manager), over)
    text = section(page, "ladder-3")
    assert "After 3 months: sales is named most, by 12 of 12" in text
    assert "n = 12 of 48 asked, response rate 25 %." in text
    assert "The middle one is worth EUR 10,000 to 50,000." in text
    assert "too few to show" in section(page, "ladder-12")


def test_meetings_that_nobody_told_of_are_named(sign_in, manager, over):
    Meeting.objects.filter(slot=over.slots[0]).update(status="planned")
    page = page_of(sign_in(manager), over)
    assert "Of 6 meetings nobody has said whether they were held." in words(page)


def test_round_without_anything_shows_too_few_and_no_fault(sign_in, manager, home):
    from tests.factories.matchmaking import RoundFactory

    g = Ground(RoundFactory(), None, [], [], [], [])
    for name in ("results", "report"):
        assert "oo few to s" in words(page_of(sign_in(manager), g, name))


def test_report_says_who_took_part_and_names_only_who_agreed(sign_in, manager, over):
    Participant.objects.filter(pk=over.here[0].pk).update(shows_name=True, company="Öppen AB", country="LV")
    Participant.objects.filter(pk=over.here[1].pk).update(company="Hemlig AB")
    page = page_of(sign_in(manager), over, "report")
    text = words(page)
    assert "Clean water together." in text
    assert "12 participants took part" in text
    assert "Öppen AB" in text
    assert "Hemlig AB" not in text
    assert "Latvia" not in text, "one company of a country could be known by it"
    assert "How these figures were made" in text
    assert "Report of" in text
    assert over.there[0].person not in text


def test_csv_holds_the_figures_and_runs_no_formula(sign_in, manager, over):
    over.here[0].cluster.name = '=HYPERLINK("http://evil.example")'
    over.here[0].cluster.save()
    response = sign_in(manager).get(reverse("matchmaking:results_csv", args=[over.round.slug]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.getvalue().decode().removeprefix("\N{BOM}")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["Part", "Figure", "Value"]
    assert ["Kept", "100 %", "24", "at least 80 %"] in [row[1:5] for row in rows]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("name", ["results", "report", "results_csv"])
@pytest.mark.parametrize("who", ["outsider", "evaluator", "owner"])
def test_figures_are_for_managers(sign_in, request, over, name, who):
    url = reverse(f"matchmaking:{name}", args=[over.round.slug])
    assert sign_in(request.getfixturevalue(who)).get(url).status_code == 403
    assert not AuditEvent.objects.exists()


def test_never_is_in_no_figure(sign_in, manager, over):
    Wish.objects.create(participant=over.here[0], other=over.there[5], kind="never")
    for name in ("results", "report", "results_csv"):
        content = sign_in(manager).get(reverse(f"matchmaking:{name}", args=[over.round.slug])).getvalue().decode()
        assert "never" not in content.lower().replace("never-", "")


def test_dashboard_asks_a_constant_number_of_questions(sign_in, manager, home):
    g = running(each=1, slots=1)
    Participant.objects.filter(round=g.round).delete()
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(reverse("matchmaking:results", args=[g.round.slug])),
        lambda: ParticipantFactory(round=g.round),
        at_most=23,
        shows=lambda response: response.context["people"],
    )
