"""What participants say of themselves: profile, times, what may be shown, and whether they take part."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import zones
from core.actions import Refused
from matchmaking import affinity
from matchmaking.actions.participants import taken
from matchmaking.actions.trail import by_participant
from matchmaking.models import Participant, Round, Seat, Slot
from members.actions.consents import give_consent, withdraw_consent
from members.models import Consent

# What affinities rest on.
READ_BY_THE_ENGINE = frozenset({"summary", "offers", "seeks", "nace_codes", "languages", "country", "company", "side"})


def save(*, participant: Participant, **answers: object) -> None:
    """Saves the answers of the page, whatever they are about. What is refused stops none of the others."""
    for name, consent in (("shows_name", show_name), ("keeps_profile", keep_profile)):
        if name in answers:
            consent(participant=participant, agreed=bool(answers.pop(name)))
    if "surveys" in answers:
        _agree_to_surveys(participant, agreed=bool(answers.pop("surveys")))
    slots = answers.pop("slots", None)
    if answers:
        change_profile(participant=participant, **answers)
    if slots is not None:
        set_availability(participant=participant, free=slots)


def _agree_to_surveys(participant: Participant, *, agreed: bool) -> None:
    """The link has proved the address."""
    act = give_consent if agreed else withdraw_consent
    act(address=participant.email, purpose=Consent.Purpose.SURVEYS, how=Consent.How.ROUND, by=None)


@transaction.atomic
def change_profile(*, participant: Participant, **answers: object) -> list[str]:
    """Saves the answers given and leaves the others as they are; returns which did change."""
    current = _locked(participant)
    _insist_on_a_round_to_come(current)
    changed = _changed(current, answers)
    if current.organisation_id:  # the cluster keeps the names of its members
        changed.pop("company", None)
    if "country" in changed and "time_zone" not in changed:
        changed |= _guessed_zone(current, str(changed["country"]))
    if changed:
        Participant.objects.filter(pk=current.pk).update(**changed)
        by_participant("matchmaking.profile_changed", current, fields=sorted(changed))
    if current.is_in and READ_BY_THE_ENGINE & set(changed):
        affinity.ask_for(current.round)
    return sorted(changed)


def _changed(current: Participant, answers: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in answers.items() if getattr(current, name) != value}


def _guessed_zone(current: Participant, country: str) -> dict[str, object]:
    """The zone follows the country as long as nobody has chosen another than the usual one."""
    usual = {zones.of_country(current.country), current.round.time_zone}
    guess = zones.of_country(country)
    return {"time_zone": guess} if guess and current.time_zone in usual and guess != current.time_zone else {}


@transaction.atomic
def set_availability(*, participant: Participant, free: Collection[int]) -> bool:
    """Notes in which slots the participant can come; returns whether that changed. A slot with a meeting stays free."""
    current = _locked(participant)
    _insist_on_a_round_to_come(current)
    away = list(Slot.objects.filter(round=current.round).exclude(pk__in=free))
    if {slot.pk for slot in away} == set(current.away.values_list("pk", flat=True)):
        return False
    meetings = Seat.objects.standing().filter(timetable=current.round.timetable_id, participant=current)
    if taken := meetings.filter(slot__in=away).select_related("slot").order_by("slot__starts_at").first():
        time = f"{timezone.localtime(taken.slot.starts_at, current.zone):%H:%M}"
        raise Refused(_("You have a meeting at %(time)s. Say first that you cannot come to it.") % {"time": time})
    current.away.set(away)
    by_participant("matchmaking.availability_changed", current, away=len(away))
    return True


@transaction.atomic
def show_name(*, participant: Participant, agreed: bool) -> None:
    """The company agrees that other participants see who it is, or takes that back. Twice is once."""
    _consent(participant, "shows_name", agreed=agreed)


@transaction.atomic
def keep_profile(*, participant: Participant, agreed: bool) -> None:
    """The company agrees that its answers are kept for the next round, or takes that back. Twice is once."""
    _consent(participant, "keeps_profile", agreed=agreed)


def _consent(participant: Participant, name: str, *, agreed: bool) -> None:
    rows = Participant.objects.filter(pk=participant.pk, **{name: not agreed})
    if rows.update(**{name: agreed, f"{name}_at": timezone.now()}):
        action = f"matchmaking.{name}" if agreed else f"matchmaking.{name}_taken_back"
        by_participant(action, participant)


@transaction.atomic
def confirm(*, participant: Participant) -> None:
    """The participant takes part. Twice is once."""
    # The round first, as whoever invites does: the last place of a partner is given once.
    round_ = Round.objects.select_for_update(no_key=True).get(pk=participant.round_id)
    current = _locked(participant)
    if current.is_in:
        return
    if not current.round.takes_sign_ups:
        raise Refused(_("The time to sign up is over. Write to the cluster team."))
    if lacking := lacks(current):
        raise Refused(" ".join(lacking.values()))
    _insist_on_one_for_the_address(current)
    if current.status != Participant.Status.INVITED:
        _insist_on_a_place(round_, current)
    Participant.objects.filter(pk=current.pk).update(
        status=Participant.Status.CONFIRMED, status_at=timezone.now(), no_show_at=None
    )
    by_participant("matchmaking.confirmed", current, before=current.status)
    affinity.ask_for(current.round)


def _insist_on_one_for_the_address(participant: Participant) -> None:
    other = Participant.objects.confirmed().filter(round=participant.round_id, email=participant.email).first()
    if other:
        words = {"company": other.company, "cluster": other.cluster}
        raise Refused(_("You take part already for %(company)s, invited by %(cluster)s. Leave there first.") % words)


def _insist_on_a_place(round_: Round, participant: Participant) -> None:
    """Who had said no gave the place back, and somebody else may have it now."""
    partner = round_.partners.filter(organisation=participant.cluster_id).first()
    if partner and taken(partner) >= partner.places:
        words = {"cluster": participant.cluster}
        raise Refused(
            _("All places of %(cluster)s are taken by now. Ask %(cluster)s whether there is one more.") % words
        )


def lacks(participant: Participant) -> dict[str, str]:
    """What is missing before a participant can take part: a sentence for each answer that is."""
    sides = participant.round.meets == Round.Meets.OTHER_SIDE
    slots = participant.round.slots.count()
    told = {
        "person": (participant.person, _("Write your name, so that people know whom they meet.")),
        "side": (participant.side or not sides, _("Choose your side.")),
        "offers": (participant.offer_lines, _("Write at least one thing that you offer.")),
        "seeks": (participant.seek_lines, _("Write at least one thing that you look for.")),
        "slots": (
            not slots or participant.away.count() < slots,
            _("Tick at least one time at which you can come."),
        ),
    }
    return {name: sentence for name, (is_there, sentence) in told.items() if not is_there}


@transaction.atomic
def decline(*, participant: Participant, sentence: str) -> None:
    """The participant does not take part, with a sentence of its own or without. Twice is once."""
    current = _locked(participant)
    if current.is_in:
        raise Refused(_("You take part already. You can withdraw instead."))
    if current.status != Participant.Status.INVITED:
        return
    Participant.objects.filter(pk=current.pk).update(status=Participant.Status.DECLINED, status_at=timezone.now())
    by_participant("matchmaking.declined", current, sentence=sentence)


def _locked(participant: Participant) -> Participant:
    """The participant's row, held until the end, with the round as it is then."""
    current = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    current.round = Round.objects.get(pk=current.round_id)
    return current


def _insist_on_a_round_to_come(participant: Participant) -> None:
    if participant.round.is_past:
        raise Refused(_("This round is over. Your answers stay as they are."))
