"""The sample cluster's matchmaking rounds: one over, one open and one being planned, through the room's own actions.

What is chosen at random is chosen from names, so that one day's sample is always the same.
"""

import random
import tomllib
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cluster_portal.sample import CONTENT
from core import mail
from core.models import Mail
from matchmaking import affinity, announcing, timetables
from matchmaking.actions import ballots, participants, requests, sign_up
from matchmaking.actions import rounds as actions
from matchmaking.free_slots import free_for_both
from matchmaking.guests import Guest
from matchmaking.models import Affinity, Participant, Round, Session, Slot, Timetable, Wish
from members.models import Membership, Organisation, User

SIGN_UP_ENDS, CHOOSING_ENDS = 14, 7  # days before the round
MUSTS, NICE, BALLOT = 3, 5, 8
# Of those invited to the open round: who has not answered yet, who has declined, whose ballot is still empty.
SILENT, DECLINED, UNDECIDED = 9, 17, 6

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
    actions.set_tables(round_=round_, tables=tables(told), by=by)
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
    """A ballot: must for the best, nice for some more, never for one in three of those who have nothing in common."""
    dice = chance("ballot", participant.round.slug, participant.email)
    best = fits[:BALLOT]
    musts = best[: dice.randint(1, MUSTS)]
    rest = [other for other in best[len(musts) :] if dice.random() < 0.8][:NICE]
    never = [other for other in others if other not in fits]
    wishes = [(other, Wish.Kind.MUST) for other in musts] + [(other, Wish.Kind.NICE) for other in rest]
    if never and dice.random() < 0.3:
        wishes.append((dice.choice(never), Wish.Kind.NEVER))
    for other, kind in wishes:
        ballots.wish(participant=participant, other=other, kind=kind)
    if wishes:
        ballots.hand_in(participant=participant)
