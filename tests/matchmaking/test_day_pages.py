"""The pages of the day: the list at the door, walk-ins, marks; one small POST for each act, which may come twice."""

import gzip
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import AuditEvent
from matchmaking.models import Meeting, Participant, Wish
from tests.client import CheckingClient, htmx
from tests.matchmaking.ground import Ground, ground
from tests.matchmaking.running import in_slot, running
from tests.queries import assert_constant_queries


@pytest.fixture
def today(db, home, time_machine) -> Ground:
    """Six of each cluster, ten minutes before the first slot."""
    g = running()
    time_machine.move_to(g.slots[0].starts_at - timedelta(minutes=10), tick=False)
    return g


def path(g: Ground, name: str = "day", *more: object) -> str:
    return reverse(f"matchmaking:{name}", args=[g.round.slug, *more])


def act(client: CheckingClient, g: Ground, name: str, person: Participant, **data: object):
    return client.post(path(g, name, person.pk), data, headers=htmx(f"p{person.pk}"))


def people(response) -> list[str]:
    return [
        text.strip() for text in html.document_fromstring(response.content).xpath("//ul[@id='people']/li//h2/text()")
    ]


def again(person: Participant) -> Participant:
    return Participant.objects.get(pk=person.pk)


def test_list_shows_everybody_with_the_next_meeting(sign_in, manager, today):
    response = sign_in(manager).get(path(today))
    assert sorted(people(response)) == sorted(each.company for each in (*today.here, *today.there))
    line = html.document_fromstring(response.content).get_element_by_id(f"p{today.here[2].pk}")
    assert "Table 3" in line.text_content()
    assert f"{today.slots[0]}" in line.text_content()
    page = html.document_fromstring(response.content).text_content()
    assert "As of" in page
    assert "Stockholm (UTC+" in page


@pytest.mark.parametrize("is_htmx", [True, False])
@pytest.mark.parametrize(
    ("name", "data", "field"),
    [("check_in", {}, "checked_in_at"), ("no_show", {}, "no_show_at"), ("late", {"until": "23:50"}, "arrives_at")],
)
def test_each_tap_does_the_same_with_and_without_scripts_once(sign_in, manager, today, name, data, field, is_htmx):
    client, person = sign_in(manager), today.here[0]
    for _ in range(2):
        url = path(today, name, person.pk)
        if is_htmx:
            response = client.post(url, data, headers=htmx(f"p{person.pk}"))
            assert response.status_code == 200
        else:
            response = client.post(url, data)
            assert response["Location"] == path(today) + f"#p{person.pk}"
    assert getattr(again(person), field) is not None
    assert AuditEvent.objects.filter(object_id=person.pk, object_type="matchmaking.participant").count() == 1


def test_answer_to_a_tap_is_the_line_as_the_page_shows_it_and_the_counts(sign_in, manager, today):
    client, person = sign_in(manager), today.here[0]
    answer = html.fragment_fromstring(
        act(client, today, "check_in", person).content.decode().strip(), create_parent=True
    )
    page = html.document_fromstring(client.get(path(today)).content)
    words = [" ".join(tree.get_element_by_id(f"p{person.pk}").text_content().split()) for tree in (answer, page)]
    assert words[0] == words[1]
    assert "Here since" in words[0]
    counts = answer.get_element_by_id("counts")
    assert counts.get("hx-swap-oob") == "true"
    assert " ".join(counts.text_content().split()).startswith("All 12Expected 11Late 0Here 1Do not come 0")


def test_undo_takes_a_tap_back(sign_in, manager, today):
    client, person = sign_in(manager), today.here[0]
    act(client, today, "no_show", person)
    assert Meeting.objects.standing().filter(a=person).count() == 0
    answer = act(client, today, "undo_check_in", person).content.decode()
    assert "4 brought back" in answer
    assert again(person).no_show_at is None
    assert Meeting.objects.standing().filter(a=person).count() == 4


def test_no_show_says_what_became_of_the_meetings(sign_in, manager, today):
    Participant.objects.filter(pk=today.there[0].pk).update(quota=9)
    Wish.objects.create(participant=today.here[5], other=today.there[0], kind="must")
    answer = act(sign_in(manager), today, "no_show", today.here[0]).content.decode()
    assert "4 meetings freed" in answer


@pytest.mark.parametrize(
    ("until", "told"),
    [("", "Say until when."), ("soon", "Write it as 10:30."), ("00:00", "This time has passed")],
)
def test_late_that_is_not_understood_says_so_in_its_place(sign_in, manager, today, until, told):
    answer = act(sign_in(manager), today, "late", today.here[0], until=until)
    assert told in html.fragment_fromstring(answer.content.decode().strip(), create_parent=True).text_content()
    assert again(today.here[0]).arrives_at is None


def test_late_is_meant_on_the_clocks_of_the_round(sign_in, manager, today):
    second = today.slots[1].starts_at.astimezone(today.round.zone)
    act(sign_in(manager), today, "late", today.here[0], until=f"{second:%H:%M}")
    assert again(today.here[0]).arrives_at == today.slots[1].starts_at


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?show=here", 1),
        ("?show=expected", 11),
        ("?show=xx", 12),
        ("?q=nobody", 0),
        ("?q=%00", 0),
        ("?show=late&q=a", 0),
    ],
)
def test_list_is_narrowed_down(sign_in, manager, today, query, count):
    client = sign_in(manager)
    act(client, today, "check_in", today.here[0])
    assert len(people(client.get(path(today) + query))) == count


def test_search_finds_without_accents_by_company_and_person(sign_in, manager, today):
    Participant.objects.filter(pk=today.here[0].pk).update(company="Łódź Öljy", person="Željko Ågren")
    client = sign_in(manager)
    for typed in ("lodz", "OLJY", "zeljko", "agren"):
        found = people(client.get(path(today) + f"?q={typed}"))
        assert found == (["Łódź Öljy"] if typed != "lodz" else found)


def test_page_says_so_when_a_tap_is_not_heard(sign_in, manager, today):
    page = html.document_fromstring(sign_in(manager).get(path(today)).content)
    line = page.get_element_by_id(f"p{today.here[0].pk}")
    assert set(line.xpath(".//form//*[@data-autosave-status]/@data-failed")) == {"Not saved. Tap again."}
    assert {button.get("hx-target") for button in line.xpath(".//button[@hx-post]")} == {f"#p{today.here[0].pk}"}
    assert not page.xpath("//*[contains(@hx-trigger, 'every')]"), "nothing here waits for polling"


def test_page_of_120_people_is_small(sign_in, manager, home):
    g = running(each=60)
    content = sign_in(manager).get(path(g)).content
    assert len(gzip.compress(content)) < 60_000


def test_list_asks_a_constant_number_of_questions(sign_in, manager, home):
    g = running(each=1, slots=1)

    Participant.objects.all().delete()
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(path(g)),
        lambda: add_a_person_of_nobody(g),
        at_most=12,
        shows=lambda response: len(people(response)),
    )


def add_a_person_of_nobody(g: Ground) -> Participant:
    from tests.factories.matchmaking import ParticipantFactory

    return ParticipantFactory(round=g.round)


@pytest.mark.parametrize("who", ["outsider", "evaluator", "owner", "viewer"])
@pytest.mark.parametrize(
    "name", ["day", "day_meetings", "walk_in", "check_in", "no_show", "undo_check_in", "late", "refill", "mark"]
)
def test_pages_of_the_day_are_for_managers(sign_in, request, today, who, name):
    user = request.getfixturevalue(who)
    more = {"check_in": [today.here[0].pk], "no_show": [today.here[0].pk], "undo_check_in": [today.here[0].pk],
            "late": [today.here[0].pk], "mark": [Meeting.objects.first().pk]}  # fmt: skip
    url = path(today, name, *more.get(name, []))
    client = sign_in(user)
    assert client.get(url).status_code in {403, 405}
    assert client.post(url).status_code in {403, 405}
    assert not AuditEvent.objects.exists()


def test_person_of_another_round_is_not_there(sign_in, manager, today):
    other = ground(each=1)
    url = path(today, "check_in", other.here[0].pk)
    assert sign_in(manager).post(url).status_code == 404


# --- walk-ins --------------------------------------------------------------------------------------------------------

TYPED = {
    "company": "Späte GmbH",
    "person": "Sven Spät",
    "email": "Sven@Spaete.example",
    "offers": "Nitrate sensors",
    "seeks": "Pumps",
}


def test_walk_in_is_here_and_free_from_now_on_and_gets_meetings(sign_in, manager, home, today, time_machine):
    time_machine.move_to(in_slot(today, 0), tick=False)
    Participant.objects.filter(round=today.round).update(offers="Pumps for treatment plants", seeks="Nitrate sensors")
    client = sign_in(manager)
    for _ in range(2):
        response = client.post(path(today, "walk_in"), TYPED | {"cluster": home.pk}, follow=True)
    person = Participant.objects.get(email="sven@spaete.example")
    assert (person.is_walk_in, person.is_in, person.time_zone) == (True, True, today.round.time_zone)
    assert person.checked_in_at is not None
    assert list(person.away.all()) == [today.slots[0]]
    assert "is in, with" in response.content.decode()
    assert AuditEvent.objects.filter(action="matchmaking.walked_in").count() == 1


def test_names_of_a_walk_in_stand_in_one_line(sign_in, manager, home, today):
    typed = TYPED | {"cluster": home.pk, "company": "Späte\r\n\r\nGmbH", "person": "Sven\x07\nSpät"}
    sign_in(manager).post(path(today, "walk_in"), typed)
    person = Participant.objects.get(email="sven@spaete.example")
    assert (person.company, person.person) == ("Späte GmbH", "Sven Spät")


def test_list_of_a_round_that_is_over_offers_nothing_that_can_only_be_refused(sign_in, manager, today):
    Participant.objects.filter(pk=today.here[0].pk).update(checked_in_at=timezone.now())
    page = sign_in(manager).get(path(today, "day")).content.decode()
    assert page.count("Undo</button>") == 1
    today.round.status = "over"
    today.round.save()
    page = html.document_fromstring(sign_in(manager).get(path(today, "day")).content)

    assert "Here since" in page.text_content()
    assert page.xpath("//main//form[@method='post']") == []
    assert page.xpath("//main//a[contains(@href, 'walk-in')]") == []


def test_walk_in_with_an_address_that_is_on_the_list_is_refused_in_words(sign_in, manager, home, today):
    typed = TYPED | {"email": today.here[0].email, "cluster": home.pk}
    response = sign_in(manager).post(path(today, "walk_in"), typed)
    assert "is on the list already" in response.content.decode()
    assert "Späte GmbH" in response.content.decode(), "what was typed stays"


@pytest.mark.parametrize("missing", ["company", "person", "email", "cluster", "offers", "seeks"])
def test_walk_in_needs_its_six_answers(sign_in, manager, home, today, missing):
    typed = TYPED | {"cluster": home.pk}
    typed.pop(missing)
    page = html.document_fromstring(sign_in(manager).post(path(today, "walk_in"), typed).content)
    assert page.xpath(f"//*[@name='{missing}'][@aria-invalid='true']")
    assert not Participant.objects.filter(is_walk_in=True).exists()


def test_walk_in_comes_with_a_cluster_of_the_round(sign_in, manager, today, organisation):
    page = html.document_fromstring(
        sign_in(manager).post(path(today, "walk_in"), TYPED | {"cluster": organisation.pk}).content
    )
    assert page.xpath("//*[@name='cluster'][@aria-invalid='true']")


# --- how meetings went -----------------------------------------------------------------------------------------------


def test_meetings_that_have_begun_are_marked_once(sign_in, manager, today, time_machine):
    time_machine.move_to(in_slot(today, 0), tick=False)
    client, meeting = sign_in(manager), Meeting.objects.filter(slot=today.slots[0]).first()
    page = html.document_fromstring(client.get(path(today, "day_meetings")).content)
    assert len(page.xpath("//ul[@class='rows']/li")) == 6
    for _ in range(2):
        answer = client.post(path(today, "mark", meeting.pk), {"status": "no_show"}, headers=htmx(f"m{meeting.pk}"))
    assert "Somebody did not come" in answer.content.decode()
    assert Meeting.objects.get(pk=meeting.pk).status == "no_show"
    assert AuditEvent.objects.filter(action="matchmaking.meeting_marked").count() == 1


@pytest.mark.parametrize("status", ["cancelled", "", "nonsense"])
def test_mark_that_is_none_is_refused(sign_in, manager, today, time_machine, status):
    time_machine.move_to(in_slot(today, 0), tick=False)
    meeting = Meeting.objects.filter(slot=today.slots[0]).first()
    response = sign_in(manager).post(path(today, "mark", meeting.pk), {"status": status}, follow=True)
    assert "Choose whether the meeting was held." in response.content.decode()
    assert Meeting.objects.get(pk=meeting.pk).status == "planned"


def test_meeting_to_come_is_not_marked(sign_in, manager, today):
    meeting = Meeting.objects.first()
    response = sign_in(manager).post(path(today, "mark", meeting.pk), {"status": "held"}, follow=True)
    assert "This meeting has not begun yet." in response.content.decode()


def test_sides_that_differ_are_noted_for_the_cluster_team(sign_in, manager, today, time_machine):
    time_machine.move_to(in_slot(today, 0), tick=False)
    one, other = Meeting.objects.filter(slot=today.slots[0]).first().seats.all()
    for seat, held in ((one, "yes"), (other, "no_show")):
        seat.held = held
        seat.save()
    page = sign_in(manager).get(path(today, "day_meetings")).content.decode()
    assert "One side says that it took place" in page
