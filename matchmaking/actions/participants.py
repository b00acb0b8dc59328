"""Who takes part in a round: inviting, reminding, withdrawing, and the partners that bring companies."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import zones
from core.actions import Refused, record
from core.clocks import moment_in
from matchmaking import affinity, announcing, emails
from matchmaking.actions import leaving
from matchmaking.guests import Guest
from matchmaking.models import Participant, Round, RoundPartner
from matchmaking.permissions import can_bring_companies, can_look_after, can_run_rounds
from members.actions.invitations import invite
from members.actions.organisations import add_organisation
from members.models import Membership, Organisation, User
from members.permissions import insist

# What a guest has agreed to be kept from one round to the next.
KEPT = (
    "phone", "country", "town", "website", "time_zone", "size_class", "summary", "offers", "seeks", "nace_codes",
    "languages", "keeps_profile", "keeps_profile_at",
)  # fmt: skip
LONGEST_SUMMARY = 1000
PARTNER_KINDS = (Organisation.Kind.CLUSTER, Organisation.Kind.INTERMEDIARY)
Refusals = list[tuple["Wanted", str]]


class Wanted(NamedTuple):
    """Somebody who is to be invited, with the facts that are known already."""

    email: str
    facts: dict[str, object]


# Inviting


@transaction.atomic
def invite_member(*, round_: Round, organisation: Organisation, person: str, email: str, by: User) -> Participant:
    """Puts a member of the home cluster on the list, with what its profile says. The mail goes to an open round."""
    added, refused = invite_members(round_=round_, members=[(organisation, person, email)], by=by)
    return _only(added, refused)


@transaction.atomic
def invite_guest(
    *, round_: Round, cluster: Organisation, company: str, person: str, email: str, by: User, **facts: object
) -> Participant:
    """Puts a company that is no member on the list, in the name of the cluster that brings it."""
    wanted = Wanted(email.strip().lower(), {"company": company, "person": person, **facts})
    return _only(*_add(round_, cluster, [wanted], by=by))


def _only(added: list[Participant], refused: Refusals) -> Participant:
    if refused:
        raise Refused(refused[0][1])
    return added[0]


@transaction.atomic
def invite_members(
    *, round_: Round, members: Iterable[tuple[Organisation, str, str]], by: User
) -> tuple[list[Participant], Refusals]:
    """Many members at once, each with the name and address of its contact person. Those that do not fit come back."""
    wanted = [Wanted(email.strip().lower(), _of_member(each, person)) for each, person, email in members]
    return _add(round_, Organisation.objects.get(is_home=True), wanted, by=by)


def _of_member(organisation: Organisation, person: str) -> dict[str, object]:
    profile = organisation.profile
    return {
        "organisation": organisation,
        "company": organisation.name,
        "person": person,
        "country": organisation.country,
        "town": organisation.town,
        "website": organisation.website,
        "size_class": organisation.size_class,
        "summary": profile.summary[:LONGEST_SUMMARY],
        "offers": profile.offers,
        "seeks": profile.seeks,
        "nace_codes": profile.nace_codes,
        "languages": profile.languages,
    }


@transaction.atomic
def invite_guests(
    *, round_: Round, cluster: Organisation, guests: Iterable[Guest], by: User
) -> tuple[list[Participant], Refusals]:
    """Many guests at once. Those that do not fit come back with the reason; the others are invited."""
    wanted = [Wanted(each.email, {"company": each.company, "person": each.person}) for each in guests]
    return _add(round_, cluster, wanted, by=by)


def _add(
    round_: Round, cluster: Organisation, wanted: Sequence[Wanted], *, by: User
) -> tuple[list[Participant], Refusals]:
    """Whom the round has a place for. The round's row is held: two who invite the same person do it once."""
    insist(can_bring_companies(by, round_, cluster))
    current = Round.objects.select_for_update().get(pk=round_.pk)
    _insist_on_time(current)
    places = _places(current, cluster)
    there = _there(current, cluster, [each.email for each in wanted], by)
    earlier = _kept_profiles(by, wanted)
    added: list[Participant] = []
    refused: Refusals = []
    for each in wanted:
        if each.email in there:
            refused.append((each, _("%(email)s is in this round already.") % {"email": each.email}))
        elif places is not None and len(added) >= places:
            refused.append((each, _("No place is left for %(cluster)s.") % {"cluster": cluster}))
        else:
            there.add(each.email)
            added.append(_participant(current, cluster, each, earlier.get(each.email)))
    Participant.objects.bulk_create(added)
    if added:
        companies = [each.company for each in added]
        record(
            "matchmaking.invited", by=by, on=current, organisation_id=cluster.pk, count=len(added), companies=companies
        )
        announcing.after_commit()
    return added, refused


def _there(round_: Round, cluster: Organisation, addresses: Iterable[str], by: User) -> set[str]:
    """The addresses that cannot be invited again: to the cluster team any, to a partner those that it brought.

    Whom others have invited is not a partner's to know. It is invited by both then, and takes part for one of them.
    """
    rows = round_.participants.filter(email__in=addresses)
    if not can_run_rounds(by):
        rows = rows.filter(cluster=cluster)
    return set(rows.values_list("email", flat=True))


def _insist_on_time(round_: Round) -> None:
    if round_.status not in {Round.Status.PLANNED, Round.Status.OPEN}:
        words = {"state": round_.get_status_display().lower()}
        raise Refused(_("Nobody can be invited any more: the round is %(state)s.") % words)
    if round_.register_until < timezone.now():
        words = {"until": moment_in(round_.register_until, round_.time_zone)}
        raise Refused(_("Sign-up ended %(until)s. Move that deadline first.") % words)


def _places(round_: Round, cluster: Organisation) -> int | None:
    """How many more the cluster may bring; None for the home cluster, which has no limit."""
    if cluster.is_home:
        return None
    partner = round_.partners.filter(organisation=cluster).first()
    if partner is None:
        raise Refused(_("%(cluster)s is no partner of this round. Add it first.") % {"cluster": cluster})
    return max(0, partner.places - taken(partner))


def taken(partner: RoundPartner) -> int:
    """How many of a partner's places are taken: who has declined or withdrawn takes none."""
    here = Participant.objects.filter(round=partner.round_id, cluster=partner.organisation_id)
    return here.filter(status__in=[Participant.Status.INVITED, Participant.Status.CONFIRMED]).count()


def _kept_profiles(by: User, wanted: Sequence[Wanted]) -> dict[str, Participant]:
    """What people agreed to be kept from an earlier round, as far as whoever invites them now may see it."""
    seen = Participant.objects.visible_to(by).filter(keeps_profile=True, email__in=[each.email for each in wanted])
    return {each.email: each for each in seen.order_by("created_at", "pk")}


def _participant(round_: Round, cluster: Organisation, wanted: Wanted, earlier: Participant | None) -> Participant:
    country = str(wanted.facts.get("country") or cluster.country)
    known: dict[str, Any] = {
        "country": country,
        "time_zone": zones.of_country(country) or round_.time_zone,
    }
    if earlier and "organisation" not in wanted.facts:
        known |= {name: value for name in KEPT if (value := getattr(earlier, name))}
    return Participant(round=round_, cluster=cluster, email=wanted.email, **(known | wanted.facts))


def note_export(*, round_: Round, count: int, by: User) -> None:
    """Notes that a manager has taken the list of participants along."""
    insist(can_run_rounds(by))
    record("matchmaking.participants_exported", by=by, on=round_, count=count)


# Reminding, and links


@transaction.atomic
def remind(*, round_: Round, whom: str, by: User) -> int:
    """Asks those once more who have not answered ("answer"), or not chosen yet ("choices"): once a day at most."""
    insist(can_run_rounds(by))
    if round_.status != Round.Status.OPEN:
        raise Refused(_("Reminders go out while the round is open."))
    found = remindable(round_, whom)
    # Whole seconds: they are part of the mail's key.
    count = found.update(reminded_at=timezone.now().replace(microsecond=0))
    if count:
        record("matchmaking.reminded", by=by, on=round_, whom=whom, count=count)
        announcing.after_commit()
    return count


def remindable(round_: Round, whom: str) -> QuerySet[Participant]:
    """Whom a reminder would reach now."""
    rows = Participant.objects.filter(round=round_)
    return (rows.without_choices() if whom == "choices" else rows.unanswered()).remindable()


@transaction.atomic
def resend_link(*, participant: Participant, by: User) -> None:
    """Sends a new link and switches the older ones off; it also lets somebody in again who was out."""
    insist(can_look_after(by, participant.cluster))
    round_ = participant.round
    if round_.status in {Round.Status.PLANNED, Round.Status.CANCELLED}:
        raise Refused(_("Links go out while a round runs. This one is %(state)s.") % {"state": _state(round_)})
    Participant.objects.filter(pk=participant.pk).update(link_version=F("link_version") + 1)
    record("matchmaking.link_sent_again", by=by, on=participant, organisation_id=participant.cluster_id)
    emails.send_round_invitation(participant=_with_span(participant))


def _state(round_: Round) -> str:
    return round_.get_status_display().lower()


def _with_span(participant: Participant) -> Participant:
    return Participant.objects.select_related("cluster", "round").with_span().get(pk=participant.pk)


# Changing and withdrawing


@transaction.atomic
def change_participant(*, participant: Participant, by: User, **facts: object) -> list[str]:
    """Another quota, side or name for one participant, by the cluster team."""
    insist(can_run_rounds(by))
    current = Participant.objects.select_for_update().get(pk=participant.pk)
    changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
    if changed:
        Participant.objects.filter(pk=current.pk).update(**changed)
        record(
            "matchmaking.participant_changed",
            by=by,
            on=current,
            organisation_id=current.cluster_id,
            fields=sorted(changed),
        )
    if current.is_in and "side" in changed:
        affinity.ask_for(participant.round)
    return sorted(changed)


@transaction.atomic
def withdraw(*, participant: Participant, why: str, by: User) -> None:
    """Takes a participant out: meetings and requests end, those concerned are told, the link is off. Twice is once.

    Who leaves of one's own accord does so by actions.leaving.
    """
    insist(can_look_after(by, participant.cluster))
    current = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    current.round = Round.objects.select_related("timetable").get(pk=current.round_id)
    if current.status == Participant.Status.WITHDRAWN:
        return
    if current.status == Participant.Status.DECLINED:
        raise Refused(_("%(company)s has declined already.") % {"company": current.company})
    if current.round.is_past:
        raise Refused(_("This round is %(state)s. Its list stays as it is.") % {"state": _state(current.round)})
    Participant.objects.filter(pk=current.pk).update(
        status=Participant.Status.WITHDRAWN, status_at=timezone.now(), link_version=F("link_version") + 1
    )
    record("matchmaking.withdrawn", by=by, on=current, organisation_id=current.cluster_id, why=why)
    if current.is_in:
        said = _("%(company)s cannot come.") % {"company": current.company}
        leaving.give_everything_up(participant=current, why=f"{said} {why}".strip())
        emails.send_round_withdrawn(participant=_with_span(current), why=why)
    participant.refresh_from_db()


# Partners


@transaction.atomic
def add_partner(
    *,
    round_: Round,
    organisation: Organisation | None,
    places: int,
    by: User,
    new: Mapping[str, str] | None = None,
    contact: Mapping[str, str] | None = None,
) -> RoundPartner:
    """Lets a cluster or intermediary bring companies: one that is there, or a new one of the facts in `new`.

    A `contact` of name and email is invited to the portal as its owner. Those in charge are told once it is open.
    """
    insist(can_run_rounds(by))
    if round_.status not in {Round.Status.PLANNED, Round.Status.OPEN}:
        words = {"state": round_.get_status_display().lower()}
        raise Refused(_("No partner can be added any more: the round is %(state)s.") % words)
    organisation = organisation or add_organisation(**(new or {}), is_member=False, by=by)
    if organisation.is_home or organisation.kind not in PARTNER_KINDS:
        raise Refused(_("A partner is another cluster or an intermediary."))
    try:
        with transaction.atomic():
            partner = RoundPartner.objects.create(round=round_, organisation=organisation, places=places)
    except IntegrityError:
        raise Refused(_("%(name)s is a partner of this round already.") % {"name": organisation}) from None
    record("matchmaking.partner_added", by=by, on=partner, organisation_id=organisation.pk, places=places)
    if contact:
        invite(**contact, organisation=organisation, role=Membership.Role.OWNER, by=by)
    if round_.status == Round.Status.OPEN:
        announcing.to_partners(round_, partner)
    return partner


@transaction.atomic
def change_places(*, partner: RoundPartner, places: int, by: User) -> None:
    """More or fewer places for a partner, but not fewer than are taken."""
    insist(can_run_rounds(by))
    current = RoundPartner.objects.select_for_update().get(pk=partner.pk)
    if places < (used := taken(current)):
        raise Refused(
            ngettext(
                "%(n)s place is taken. Give at least as many.",
                "%(n)s places are taken. Give at least as many.",
                used,
            )
            % {"n": used}
        )
    if places != current.places:
        RoundPartner.objects.filter(pk=current.pk).update(places=places)
        record("matchmaking.places_changed", by=by, on=current, organisation_id=current.organisation_id, places=places)


@transaction.atomic
def remove_partner(*, partner: RoundPartner, by: User) -> None:
    """A partner that has brought nobody leaves the round. Twice is once."""
    insist(can_run_rounds(by))
    Round.objects.select_for_update().get(pk=partner.round_id)
    if Participant.objects.filter(round=partner.round_id, cluster=partner.organisation_id).exists():
        raise Refused(_("%(name)s has companies in this round already.") % {"name": partner.organisation})
    if RoundPartner.objects.filter(pk=partner.pk).exists():
        record("matchmaking.partner_removed", by=by, on=partner, organisation_id=partner.organisation_id)
        RoundPartner.objects.filter(pk=partner.pk).delete()
