"""The steps that each sample round goes through, each through the room's own actions.

What is chosen at random is chosen from names, so that one day's sample is always the same.
"""

import random
import tomllib
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cluster_portal.sample import CONTENT
from matchmaking import affinity, timetables
from matchmaking.actions import ballots, participants, sign_up
from matchmaking.actions import rounds as actions
from matchmaking.actions.tables import set_tables
from matchmaking.guests import Guest
from matchmaking.models import Affinity, Participant, Round, Session, Timetable, Wish
from members.models import Membership, Organisation, User

SIGN_UP_ENDS, CHOOSING_ENDS = 14, 7  # days before the round
MUSTS, BALLOT, CURIOUS = 3, 8, 3

Told = dict[str, Any]


def content() -> Told:
    """The content file of the rounds."""
    return tomllib.loads((CONTENT / "rounds.toml").read_text(encoding="utf-8"))


def chance(*names: str) -> random.Random:
    """Chance that is the same for the same names."""
    return random.Random(" ".join(names))  # noqa: S311 - nothing secret hangs on it


# Setting up


def set_up(told: Told, *, today: date, by: User) -> Round:
    """The round with its programme, tables and partners, as an organiser sets it up."""
    day = day_of(told, today)
    rules = ("name", "aim", "place", "venue", "time_zone", "mode", "quota", "minimum")
    round_ = actions.add_round(**{name: told[name] for name in rules}, **deadlines(told, day), by=by)
    for session in told["sessions"]:
        span = {name: moment(told, day, session[key]) for name, key in (("starts_at", "from"), ("ends_at", "to"))}
        cut = {name: session[name] for name in ("slot_minutes", "pause_minutes") if name in session}
        kind = Session.Kind(session["kind"])
        actions.add_session(round_=round_, kind=kind, name=session["name"], **span, **cut, by=by)
    set_tables(round_=round_, tables=tables(told), by=by)
    for partner in told["partners"]:
        organisation = Organisation.objects.get(name=partner["name"])
        participants.add_partner(round_=round_, organisation=organisation, places=partner["places"], by=by)
    return round_


def day_of(told: Told, today: date) -> date:
    """The day of the programme: so many weeks from this one, always on the same day of the week."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=told["weeks"], days=told["weekday"] - 1)


def moment(told: Told, day: date, at: str) -> datetime:
    """A time of that day on the round's clocks."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(at)), Round(time_zone=told["time_zone"]).zone)


def deadlines(told: Told, day: date) -> dict[str, datetime]:
    """Until when people sign up and choose."""
    ends = {"register_until": SIGN_UP_ENDS, "choose_until": CHOOSING_ENDS}
    return {name: moment(told, day - timedelta(days=days), "18:00") for name, days in ends.items()}


def tables(told: Told) -> list[tuple[str, str]]:
    """Each table with its room, and with its link where people meet by video."""
    rooms, count = told["rooms"] or [""], told["tables"]
    by_video = told["place"] != Round.Place.ON_SITE
    link = f"https://video.havsbris.example/{told['key']}/%d" if by_video else ""
    return [(rooms[n * len(rooms) // count], link and link % (n + 1)) for n in range(count)]


# Who takes part


def invite(round_: Round, told: Told, guests: list[Told], *, by: User) -> list[Participant]:
    """Members in the name of the home cluster, guests by the owners of theirs; they are invited, and no more."""
    found = Organisation.objects.in_bulk(told["members"], field_name="name")
    people = [(found[name], _contact(found[name])) for name in told["members"]]
    rows = [(organisation, person.name, person.email) for organisation, person in people]
    invited, refused = participants.invite_members(round_=round_, members=rows, by=by)
    for partner in round_.partners.select_related("organisation").order_by("pk"):
        own = [guest for guest in guests if guest["cluster"] == partner.organisation.name]
        lines = [Guest(guest["company"], guest["person"], guest["email"]) for guest in own]
        if not lines:
            continue
        added, not_added = participants.invite_guests(
            round_=round_, cluster=partner.organisation, guests=lines, by=_contact(partner.organisation)
        )
        invited, refused = invited + added, refused + not_added
    if refused:
        raise RuntimeError(f"The sample could not invite {refused}.")
    return invited


def _contact(organisation: Organisation) -> User:
    return User.objects.filter(memberships__organisation=organisation, memberships__role=Membership.Role.OWNER).get()


def confirm(participant: Participant, told: Told | None) -> None:
    """The page that the link opens, filled in and sent. `told` is what a guest writes; a member's profile is known."""
    dice = chance(participant.round.slug, participant.email)
    slots = list(participant.round.slots.order_by("starts_at"))
    free = slots if dice.random() < 0.75 else dice.choice([slots[: len(slots) // 2], slots[len(slots) // 3 :]])
    answers = told and {
        "town": told["town"],
        "website": f"https://{told['email'].partition('@')[2]}",
        "size_class": told["size"],
        "summary": told["summary"],
        "offers": "\n".join(told["offers"]),
        "seeks": "\n".join(told["seeks"]),
        "nace_codes": told["nace"],
        "languages": told["languages"],
    }
    consents = {"shows_name": dice.random() < 0.7, "keeps_profile": dice.random() < 0.6}
    sign_up.save(participant=participant, **(answers or {}), **consents, slots=[slot.pk for slot in free])
    sign_up.confirm(participant=participant)


def choose(participant: Participant, fits: list[Participant], others: list[Participant]) -> None:
    """A ballot: must for the best, nice for the next and out of curiosity, seldom a never for who has nothing to do."""
    dice = chance("ballot", participant.round.slug, participant.email)
    best = fits[:BALLOT]
    musts = best[: dice.randint(1, MUSTS)]
    strangers = [other for other in others if other not in fits]
    curious = dice.sample(strangers, min(len(strangers), CURIOUS))
    nice = [other for other in best[len(musts) :] if dice.random() < 0.8] + curious[1:]
    wishes = dict.fromkeys(musts, Wish.Kind.MUST) | dict.fromkeys(nice, Wish.Kind.NICE)
    if dice.random() < 0.3:
        wishes |= dict.fromkeys(curious[:1], Wish.Kind.NEVER)
    for other, kind in wishes.items():
        ballots.wish(participant=participant, other=other, kind=kind)
    ballots.hand_in(participant=participant)


def fitting(round_: Round) -> dict[int, list[int]]:
    """For each participant the others by how well they fit, best first."""
    found: dict[int, list[int]] = {pk: [] for pk in round_.participants.values_list("pk", flat=True)}
    pairs = Affinity.objects.filter(a__round=round_).order_by("-score", "a", "b").values_list("a", "b")
    for a, b in pairs:
        found[a].append(b)
        found[b].append(a)
    return found


def hand_in_ballots(round_: Round, *, undecided: int = 0) -> None:
    """Everybody's ballot, except for one in so many, who have not chosen yet."""
    affinity.refresh(round_.pk)
    people = {each.pk: each for each in Participant.objects.confirmed().filter(round=round_).order_by("pk")}
    fits = fitting(round_)
    for number, participant in enumerate(people.values(), start=1):
        if undecided and number % undecided == 0:
            continue
        participant.round = round_
        others = [each for each in people.values() if each.cluster_id != participant.cluster_id]
        choose(participant, [people[pk] for pk in fits[participant.pk]], others)


def solve(round_: Round, *, by: User) -> Timetable:
    """A draft, made here and now."""
    timetable = timetables.start(round_=round_, by=by)
    timetables.execute(timetable.pk)
    timetable.refresh_from_db()
    if timetable.status != Timetable.Status.DONE:
        raise RuntimeError(f"The sample's timetable could not be made: {timetable.error}")
    return timetable
