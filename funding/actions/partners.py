"""The consortium: who takes part, asked by a signed link, and what each partner says of itself."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.actions import Refused
from core.marks import mark_of
from funding import checking, checklist, emails
from funding.actions.locks import answerable_part, open_part, writable
from funding.actions.trail import of_part
from funding.actions.unconfirming import ask_again
from funding.models import ActivityType, Application, Partner, Question
from members.models import Organisation, User

Status = Partner.Status
# What a partner has confirmed, in words: a change of it by the lead is asked about again.
CONFIRMED_FIELDS = {
    "name": gettext_lazy("its name"),
    "country": gettext_lazy("its country"),
    "kind": gettext_lazy("its kind"),
    "region": gettext_lazy("its region"),
    "registration_number": gettext_lazy("its registration number"),
    "activity_types": gettext_lazy("its activities"),
    "funder": gettext_lazy("who pays"),
}


@transaction.atomic
def add(*, application: Application, by: User, activity_types: Iterable[ActivityType] = (), **said: object) -> Partner:
    """One more organisation. Who pays for it is filled in where only one funder can."""
    current = writable(application, by=by)
    partner = Partner(application=current, position=current.partners.count(), **said)
    _look(partner)
    partner.save()
    partner.activity_types.set(activity_types)
    _touch(current)
    of_part("funding.partner_added", partner, by=by)
    return partner


@transaction.atomic
def change(
    *, partner: Partner, by: User, activity_types: Iterable[ActivityType] | None = None, **said: object
) -> list[str]:
    """Changes what the lead says of a partner; returns which did change. A confirmed part is asked again.

    Activities stay where none are named, as every field does.
    """
    current = _held(partner, by=by)
    before = {name: getattr(current, name) for name in said}
    for name, value in said.items():
        setattr(current, name, value)
    if not current.is_lead and before.get("email", "") != said.get("email", "").lower():
        # What the profile of the organisation says would be read by whoever is asked now: it is looked for anew.
        current.organisation = None
    _look(current)
    changed = [name for name in {*said, "funder"} if before.get(name, partner.funder) != getattr(current, name)]
    if "email" in changed and not current.is_lead and _has_spoken(current):
        said = _(
            "It has filled in its part by the link to this address. To ask somebody else, remove it and add it anew."
        )
        raise Refused(said, field="email")
    other_address = "email" in changed and current.status != Status.DRAFT and not current.is_lead
    if other_address:
        current.link_version += 1
    current.save()
    if activity_types is not None and _sets_activities(current, activity_types):
        changed.append("activity_types")
    if told := [words for name, words in CONFIRMED_FIELDS.items() if name in changed]:
        ask_again(current, by=by, what=told)
    if other_address:
        emails.send_partner_invitation(partner=current)
    if changed:
        _touch(current.application)
        of_part("funding.partner_changed", current, by=by, fields=sorted(changed))
    return sorted(changed)


def _sets_activities(partner: Partner, chosen: Iterable[ActivityType]) -> bool:
    """Whether others are chosen now than before."""
    before, wanted = set(partner.activity_types.all()), set(chosen)
    partner.activity_types.set(wanted)
    return before != wanted


def _has_spoken(partner: Partner) -> bool:
    """Whether there is something in the part that its link shows and the lead does not read."""
    said = (partner.enterprise, partner.previous_grants, partner.declared_aid)
    return any(each is not None for each in said) or partner.answers.exists() or partner.attachments.kept().exists()


def _held(partner: Partner, *, by: User) -> Partner:
    application = writable(partner.application, by=by)
    rows = application.partners.select_for_update(no_key=True, of=["self"]).select_related("funder")
    current = rows.filter(pk=partner.pk).first()
    if current is None:
        raise Refused(_("This partner is not in the consortium any more."))
    current.application = application
    return current


def _touch(application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(changed_at=timezone.now())


def _look(partner: Partner) -> None:
    """Refuses an organisation that is in this consortium already, or in another one where the call forbids that."""
    partner.name = " ".join(partner.name.split())
    partner.email = partner.email.lower()
    if partner.organisation_id is None:
        partner.organisation = _known(partner)
    others = partner.application.partners.exclude(pk=partner.pk).select_related("organisation")
    for other in others:
        if same := _same(partner, other):
            raise Refused(_twice(other), field=same)
    if partner.application.call.one_consortium_only and checking.is_in_another_consortium(partner):
        said = _("It is in another consortium of this call. The call allows each organisation one.")
        raise Refused(said, field="name")
    if partner.funder_id is None or partner.funder not in checking.funders_for(partner):
        partner.funder = checking.only_funder(partner)


def _twice(other: Partner) -> str:
    if other.is_lead:
        return _("This is your own organisation. It leads, and is in the consortium already.")
    return _("%(name)s is in the consortium already.") % {"name": other.name}


def _same(one: Partner, other: Partner) -> str:
    """The field that shows that two parts are of one organisation; "" when they are not."""
    number = _folded(one.registration_number)
    if number and one.country == other.country and number == _folded(other.registration_number):
        return "registration_number"
    if one.name.casefold() == other.name.casefold():
        return "name"
    return "name" if one.organisation_id and one.organisation_id == other.organisation_id else ""


def _folded(number: str) -> str:
    return "".join(sign for sign in number.casefold() if sign.isalnum())


def _known(partner: Partner) -> Organisation | None:
    """The portal's organisation whose owner or editor the address is of: that person is asked for it."""
    if not partner.email:
        return None
    theirs = Organisation.objects.filter(
        memberships__user__email=partner.email, memberships__role__in=emails.IN_CHARGE, is_home=False
    ).distinct()
    named = theirs.filter(name__iexact=partner.name).first()
    others = list(theirs.exclude(pk=partner.application.lead_id)[:2])
    return named or (others[0] if len(others) == 1 else None)


@transaction.atomic
def invite(*, partner: Partner, by: User) -> None:
    """Sends the link. A second time it makes a new one, and the older ones open nothing any more."""
    current = _held(partner, by=by)
    if current.is_lead:
        raise Refused(_("The lead needs no invitation."))
    if not current.email:
        raise Refused(_("Give an e-mail address first."))
    if not current.application.title:
        raise Refused(_("Give the project a title first: the partner reads it in the invitation."))
    if current.status != Status.DRAFT:
        current.link_version += 1
    if current.status in {Status.DRAFT, Status.DECLINED}:
        current.status, current.answered_at, current.why_declined = Status.INVITED, None, ""
    current.invited_at = timezone.now()
    current.save()
    emails.send_partner_invitation(partner=current)
    of_part("funding.partner_invited", current, by=by, version=current.link_version)


@transaction.atomic
def stop_link(*, partner: Partner, by: User) -> None:
    """Switches the link off without sending another: it went to the wrong person. What was confirmed is open again."""
    current = _held(partner, by=by)
    if current.is_lead or current.status == Status.DRAFT:
        return
    current.status, current.link_version = Status.DRAFT, current.link_version + 1
    current.answered_at, current.declared_at, current.answered_by = None, None, ""
    current.save()
    of_part("funding.partner_link_stopped", current, by=by)


@transaction.atomic
def remove(*, partner: Partner, by: User) -> None:
    """Out of the consortium, with all that was said of it. Its files stay for the trail, without it.

    One that was handed in stays as a row that has declined: until the amended application is handed in, it counts.
    """
    current = _held(partner, by=by)
    if current.is_lead:
        raise Refused(_("The lead cannot leave its own application. Withdraw it instead."))
    now = timezone.now()
    current.attachments.filter(removed_at=None).update(removed_at=now)
    of_part("funding.partner_removed", current, by=by, status=current.status)
    if current.status in {Status.INVITED, Status.CONFIRMED} and current.email:
        emails.send_removed(partner=current)
    _touch(current.application)
    if _was_handed_in(current):
        # Its link opens nothing any more; a new invitation brings a new one.
        current.status, current.link_version = Status.DECLINED, current.link_version + 1
        current.answered_at, current.answered_by, current.declared_at = now, str(by), None
        current.save(update_fields=["status", "link_version", "answered_at", "answered_by", "declared_at"])
        return
    current.attachments.update(partner=None)
    current.delete()


def _was_handed_in(partner: Partner) -> bool:
    last = partner.application.submissions.order_by("-number").first()
    return last is not None and any(each["id"] == partner.pk for each in last.content.get("partners", []))


@transaction.atomic
def ask_for_new_link(*, partner: Partner) -> None:
    """Whoever holds an older link has the newest sent to the address on record, and nowhere else."""
    if partner.status != Status.DRAFT and partner.email:
        emails.send_new_link(partner=partner)


# --- what the partner says of itself ---------------------------------------------------------------------------------


@transaction.atomic
def say(*, partner: Partner, by: User | None, **said: object) -> bool:
    """Keeps figures, aid or earlier grants as the partner tells them; `by` is a person of the lead for its own part."""
    current = _own(partner, by)
    changed = {name: value for name, value in said.items() if getattr(current, name) != value}
    if not changed:
        return False
    Partner.objects.filter(pk=current.pk).update(**changed)
    _touch(current.application)
    ask_again(current, by=None, what=[])
    of_part("funding.part_said", current, by=by, fields=sorted(changed))
    return True


def _own(partner: Partner, by: User | None) -> Partner:
    """The part, held: through the lead's people when it is their own, otherwise through the link."""
    if by is None:
        return open_part(partner)
    current = _held(partner, by=by)
    if not current.is_lead:
        raise Refused(_("Only the partner itself says this."))
    return current


@transaction.atomic
def declare(*, partner: Partner, by: User) -> None:
    """The lead makes the declarations for its own part. Twice is once."""
    current = _own(partner, by)
    if current.declared_at is None:
        Partner.objects.filter(pk=current.pk).update(declared_at=timezone.now(), answered_by=str(by))
        of_part("funding.declared", current, by=by)


@transaction.atomic
def confirm(*, partner: Partner, name: str, seen: str = "") -> None:
    """The partner agrees to its part, its budget and the declarations, and signs with a name. Twice is once.

    `seen` is what it has read, as `state_of` tells it: what the lead has changed meanwhile is not agreed to.
    """
    current = answerable_part(partner)
    if current.status == Status.CONFIRMED:
        return
    if current.link_version != partner.link_version or current.status == Status.DRAFT:
        raise Refused(_("This link was replaced while the page was open. Open the newest mail."))
    if current.status == Status.DECLINED:
        raise Refused(_("You have declined. Ask %(lead)s to invite you again.") % {"lead": current.application.lead})
    if seen and seen != state_of(current):
        raise Refused(_("Your part was changed while you read it. Read it once more, then confirm."))
    if lacking := lacks(current):
        raise Refused(" ".join(lacking.values()))
    now = timezone.now()
    current.status, current.answered_at, current.declared_at, current.answered_by = Status.CONFIRMED, now, now, name
    current.save(update_fields=["status", "answered_at", "declared_at", "answered_by"])
    of_part("funding.part_confirmed", current, by=None, name=name)
    emails.send_partner_answered(partner=current)


def state_of(partner: Partner) -> str:
    """What changes with anything that a partner reads before it confirms: its page carries it."""
    application, costs = partner.application, partner.costs.order_by("category").values_list("category", "amount_eur")
    return mark_of(partner, application.title, application.summary, list(costs))


def lacks(partner: Partner) -> dict[str, str]:
    """What a partner has to say before it can confirm, by the page where it does: nothing is handed in without it."""
    found = {}
    if partner.grant_eur is None or partner.own_money_eur is None or not partner.costs.exists():
        found["budget"] = _("The budget is not complete: costs, grant and own money.")
    still = checklist.open_questions(partner)
    if files := sum(each.kind == Question.Kind.FILE for each in still):
        found["files"] = ngettext("A file is missing.", "%(n)s files are missing.", files) % {"n": files}
    if words := len(still) - files:
        found["questions"] = ngettext("A question is open.", "%(n)s questions are open.", words) % {"n": words}
    return found


@transaction.atomic
def decline(*, partner: Partner, name: str, why: str) -> None:
    """The partner does not take part. Twice is once."""
    current = answerable_part(partner)
    if current.status == Status.DECLINED:
        return
    current.status, current.answered_at, current.answered_by = Status.DECLINED, timezone.now(), name
    current.declared_at, current.why_declined = None, why
    current.save(update_fields=["status", "answered_at", "answered_by", "declared_at", "why_declined"])
    of_part("funding.part_declined", current, by=None, name=name, why=why)
    emails.send_partner_answered(partner=current)
