"""A matchmaking round of 120 participants of three clusters in three time zones, from its set-up to the report."""

import re
from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from cluster_portal.sample import load
from cluster_portal.sample.round_over import move_back
from cluster_portal.sample.round_steps import content
from core.models import Mail
from matchmaking import affinity, announcing, links, timetables
from matchmaking.actions import feedback, participants
from matchmaking.guests import Guest
from matchmaking.models import Affinity, Meeting, Participant, Round, Seat, Timetable, Wish
from matchmaking.waiting_list import warm_up
from members.models import Organisation, User

pytestmark = pytest.mark.slow
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LIISI, SAGA = "liisi.raudjarv@vetikas-sensoorika.example", "saga.lindeborg@klarflod.example"
PHONES = {LIISI, SAGA}
OF_EACH = 40
IN_SECONDS = 30_000
GUESTS = content()["guest"]

Visit = Callable[..., Page]


@pytest.fixture
def people(transactional_db) -> dict[str, User]:
    """A manager, the owner of a member, and those of two foreign clusters, by their first names."""
    warm_up()  # as a web server does before its first visitor: compiling takes longer than a page waits
    load.organisations()
    users = User.objects.in_bulk(
        [
            "ylva.stromqvist@havsbris.example",
            SAGA,
            "kart.ounapuu@emajoe-water.example",
            "leonor.brandao@maresia.example",
        ],
        field_name="email",
    )
    return {email.partition(".")[0]: user for email, user in users.items()}


def test_round_goes_from_set_up_to_the_report(visit: Visit, people: dict[str, User]) -> None:
    desk = visit(people["ylva"], "/matchmaking/new/")
    round_ = set_up(desk)
    add_partners(desk, round_)
    open_with_members(desk, round_)
    partner_brings_companies(visit(people["kart"], round_.get_absolute_url()), round_)
    everybody_else_comes(round_, people)
    assert round_.participants.confirmed().count() == 3 * OF_EACH - 2

    guest = phone(visit, round_, LIISI)
    sign_up(guest, offers="Nutrient sensors that need no reagents", seeks="A testbed with real wastewater")
    member = phone(visit, round_, SAGA)
    sign_up(member)
    everybody_else_chooses(round_)
    fill_in_ballot(guest, expected="Klarflod Vattenteknik")
    fill_in_ballot(member, expected="Vetikas Sensoorika")
    others_stay_hidden(visit(people["leonor"], round_.get_absolute_url()), round_)

    solve_and_publish(desk, round_)
    agendas_are_on_own_clocks(guest, round_)
    the_day(desk, round_)
    move_back(round_, weeks=8)
    say_how_it_went(guest, round_)
    report(desk, round_)


# The organiser sets up


def set_up(desk: Page) -> Round:
    desk.get_by_label("Name").fill("Clean Water Meets, Karlskrona")
    desk.get_by_label("Aim").fill("Each member finds two partners on another coast.")
    desk.get_by_label("On site and online").check()
    desk.get_by_label("Venue").fill("Kulturhuset Fyren, Karlskrona")
    desk.get_by_role("button", name="Save and make the programme").click()
    desk.wait_for_url("**/programme/")
    desk.get_by_label("From").fill("09:00")
    desk.get_by_label("To", exact=True).fill("13:10")
    desk.get_by_role("button", name="Add it").click()
    expect(desk.get_by_text("10 slots of 20 minutes, 5 between")).to_be_visible()
    desk.get_by_label("Number of tables").fill("60")
    desk.get_by_label("Rooms").fill("Fyren: 40\nGalleriet: 20")
    desk.get_by_label("Video links").fill("https://video.havsbris.example/{number}")
    desk.get_by_role("button", name="Save the tables").click()
    round_ = Round.objects.get()
    assert (round_.slots.count(), round_.tables.count()) == (10, 60)
    return round_


def add_partners(desk: Page, round_: Round) -> None:
    for name in ("Emajõe Water Cluster", "Maresia Clean Ocean Cluster"):
        desk.goto(f"{round_.get_absolute_url()}partners/")
        desk.locator("select[name=organisation]").select_option(label=name)
        desk.get_by_label("Places", exact=True).fill(str(OF_EACH))
        desk.get_by_role("button", name="Add the partner").click()
        expect(desk.get_by_role("cell", name=f"0 of {OF_EACH}").first).to_be_visible()


def open_with_members(desk: Page, round_: Round) -> None:
    desk.goto(f"{round_.get_absolute_url()}participants/members/")
    for name in ("Klarflod Vattenteknik", "Ankarfast"):
        desk.get_by_label(name, exact=False).first.check()
    desk.get_by_role("button", name="Invite those that are ticked").click()
    expect(desk.get_by_text("2 are on the list")).to_be_visible()
    assert not Mail.objects.exists()
    desk.goto(round_.get_absolute_url())
    desk.get_by_role("button", name="Open the round").click()
    expect(desk.get_by_text("The round is open")).to_be_visible()
    round_.refresh_from_db()


def partner_brings_companies(office: Page, round_: Round) -> None:
    office.get_by_role("link", name="Invite your companies").click()
    office.get_by_label("One guest a line").fill(
        "Vetikas Sensoorika; Liisi Raudjärv; liisi.raudjarv@vetikas-sensoorika.example\n"
        "Puhasjõgi\tMarek Sõrmus\tmarek.sormus@puhasjogi.example\n"
        "Kopra Projekt; Andres Nõmmik; no address"
    )
    office.get_by_role("button", name="Invite them").click()
    expect(office.get_by_text("1 line was left out")).to_be_visible()
    expect(office.get_by_label("One guest a line")).to_have_value(re.compile("Kopra Projekt"))
    office.goto(round_.get_absolute_url())
    expect(office.get_by_text(f"Emajõe Water Cluster: 2 of {OF_EACH} places are taken.")).to_be_visible()
    expect(office.get_by_role("row", name=re.compile("Puhasjõgi"))).to_be_visible()
    expect(office.get_by_text("Klarflod")).to_have_count(0)


# The others, by the same actions


def everybody_else_comes(round_: Round, people: dict[str, User]) -> None:
    """Fills each cluster up to its number; they say yes, save the two whose phones are looked at."""
    members = Organisation.objects.filter(is_member=True, kind="company").exclude(profile__offers="").order_by("pk")
    there = round_.participants.exclude(organisation=None).values("organisation")
    rows = [(each, f"Contact of {each}", f"contact@{each.slug}.example") for each in members.exclude(pk__in=there)]
    participants.invite_members(round_=round_, members=rows[: OF_EACH - 2], by=people["ylva"])
    for owner in (people["kart"], people["leonor"]):
        cluster = owner.own_membership.organisation
        left = OF_EACH - round_.participants.filter(cluster=cluster).count()
        names = [f"{cluster.country} company {number}" for number in range(left)]
        guests = [
            Guest(name, f"Contact of {name}", f"{name.lower().replace(' ', '-')}@guest.example") for name in names
        ]
        participants.invite_guests(round_=round_, cluster=cluster, guests=guests, by=owner)
    announcing.send_due()
    rows = list(round_.participants.exclude(email__in=PHONES).order_by("pk"))
    texts = cycle(GUESTS)
    for row in rows:
        told = next(texts)
        row.offers = row.offers or "\n".join(told["offers"])
        row.seeks = row.seeks or "\n".join(told["seeks"])
        row.status = Participant.Status.CONFIRMED
    Participant.objects.bulk_update(rows, ["offers", "seeks", "status"])


def everybody_else_chooses(round_: Round) -> None:
    """Each must meet the best three and would like to meet some more."""
    affinity.compute(round_)
    for participant in round_.participants.confirmed().exclude(email__in=PHONES):
        best = Affinity.objects.of(participant).order_by("-score", "pk")[:8]
        others = [row.b_id if row.a_id == participant.pk else row.a_id for row in best]
        Wish.objects.bulk_create(
            Wish(participant=participant, other_id=other, kind="must" if n < 3 else "nice")
            for n, other in enumerate(others)
        )


# Participants on their phones


def phone(visit: Visit, round_: Round, email: str) -> Page:
    """The page that the link in the mail opens, on a phone, without an account."""
    mail = Mail.objects.get(to=email, kind="round-invitation")
    path = re.search(r"https?://[^/\s]+(/matchmaking/p/\S+)", mail.text)
    assert path, mail.text
    return visit(None, path[1], **PHONE)


def sign_up(page: Page, *, offers: str = "", seeks: str = "") -> None:
    if offers:
        page.get_by_label("What you offer").fill(offers)
        page.get_by_label("What you look for").fill(seeks)
    page.get_by_label("Show our name to the other participants").check()
    page.get_by_role("button", name="Take part").click()
    expect(page.get_by_text("You take part.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def fill_in_ballot(page: Page, *, expected: str) -> None:
    page.reload()
    card = page.locator("article", has=page.get_by_role("heading", name=expected))
    expect(card.locator(".reasons li").first).to_be_visible()
    card.get_by_role("button", name="Must").click()
    expect(card.get_by_role("button", name="Must")).to_have_attribute("aria-pressed", "true")
    other = page.locator("article").filter(has_not=page.get_by_role("heading", name=expected)).first
    other.get_by_role("button", name="Nice").click()
    expect(page.locator("#ballot-state")).to_contain_text("1 of 8 musts")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("button", name="Hand in again")).to_be_visible()


def others_stay_hidden(office: Page, round_: Round) -> None:
    """A partner sees its own companies, and of the others a name only where they agreed to it."""
    expect(office.get_by_role("rowheader", name="PT company 1", exact=True)).to_be_visible()
    expect(office.get_by_role("heading", name=f"{2 * OF_EACH} others take part")).to_be_visible()
    expect(office.get_by_text("EE company")).to_have_count(0)
    expect(office.get_by_text("Contact of EE")).to_have_count(0)


# Timetable, agenda, day


def solve_and_publish(desk: Page, round_: Round) -> None:
    desk.goto(f"{round_.get_absolute_url()}timetables/")
    desk.get_by_role("button", name="Solve").click()
    desk.wait_for_url("**/timetables/1/")
    timetables.execute(Timetable.objects.get().pk)
    expect(desk.get_by_text("The timetable is made.")).to_be_visible(timeout=IN_SECONDS)
    desk.get_by_role("link", name="Look at it").click()
    desk.get_by_role("link", name="Publish").click()
    desk.get_by_role("button", name="Publish and send the mails").click()
    round_.refresh_from_db()
    assert round_.status == "published"
    mutual = Seat.objects.standing().filter(participant__email__in=PHONES, meeting__a__email__in=PHONES)
    assert mutual.filter(meeting__b__email__in=PHONES).count() == 2
    assert Mail.objects.filter(kind="agenda").count() == 3 * OF_EACH


def agendas_are_on_own_clocks(page: Page, round_: Round) -> None:
    guest = Participant.objects.get(email=LIISI)
    assert guest.time_zone == "Europe/Tallinn"
    page.goto(f"/matchmaking/p/{links.token_of(guest)}/agenda/")
    for seat in guest.seats.standing().select_related("slot"):
        at = seat.slot.starts_at
        row = page.locator(".agenda-row", has_text=f"{at.astimezone(guest.zone):%H:%M}–")
        expect(row).to_contain_text(f"{at.astimezone(round_.zone):%H:%M} in")
    expect(page.locator(".agenda-row", has_text="Klarflod Vattenteknik")).to_be_visible()


def the_day(desk: Page, round_: Round) -> None:
    """Two are here; one does not come, and its slots are filled at once with others who hear of it."""
    Mail.objects.filter(kind="agenda").delete()
    gone = Participant.objects.get(company="Ankarfast")
    freed = Meeting.objects.standing().filter(seats__participant=gone)
    assert freed.exists()
    desk.goto(f"{round_.get_absolute_url()}day/")
    for company in ("Klarflod Vattenteknik", "Vetikas Sensoorika"):
        at_door(desk, company).get_by_role("button", name="Here").click()
        expect(at_door(desk, company).get_by_role("button", name="Here")).to_have_count(0)
    at_door(desk, "Ankarfast").get_by_role("button", name="Does not come").click()
    expect(at_door(desk, "Ankarfast").get_by_role("button", name="Undo")).to_be_visible(timeout=IN_SECONDS)
    assert not freed.exists()
    refilled = Meeting.objects.standing().filter(origin=Meeting.Origin.REFILL)
    assert refilled.exists()
    concerned = Participant.objects.filter(seats__meeting__in=refilled).values_list("email", flat=True)
    written_to = set(Mail.objects.filter(kind="agenda").values_list("to", flat=True))
    assert set(concerned) <= written_to
    assert len(written_to) < OF_EACH


def at_door(desk: Page, company: str):
    return desk.locator("li.at-door", has=desk.get_by_role("heading", name=company, exact=True))


# Afterwards


def say_how_it_went(page: Page, round_: Round) -> None:
    guest = Participant.objects.get(email=LIISI)
    page.goto(f"/matchmaking/p/{links.token_of(guest)}/feedback/")
    row = page.locator("li", has=page.get_by_role("heading", name="Klarflod Vattenteknik"))
    row.get_by_role("link", name="Tell").click()
    for name, value in (("held", "yes"), ("relevance", "5"), ("next_step", "project")):
        page.locator("label", has=page.locator(f"input[name={name}][value='{value}']")).click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="How did your meetings go?")).to_be_visible()
    seat = Seat.objects.get(participant=guest, relevance=5)
    assert (seat.held, seat.next_step) == ("yes", "project")
    for seat in Seat.objects.standing().filter(told_at=None).order_by("pk")[:150]:
        feedback.tell(seat=seat, held="yes", relevance=3 + seat.pk % 3, next_step="contact")


def report(desk: Page, round_: Round) -> None:
    desk.goto(round_.get_absolute_url())
    desk.get_by_text("Finish, stop or take back").click()
    desk.get_by_role("button", name="Finish the round").click()
    expect(desk.get_by_text("The round is over.")).to_be_visible()
    desk.goto(f"{round_.get_absolute_url()}results/")
    desk.get_by_role("link", name="Report for a funder").click()
    expect(desk.get_by_role("heading", name=round_.name)).to_be_visible()
    expect(desk.get_by_text(re.compile(r"1\d\d participants took part"))).to_be_visible()
    expect(desk.get_by_text("Each member finds two partners on another coast.")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
