"""Who reviews for a call: brought in, changed, taken out."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding.actions.locks import held_call
from funding.models import Assignment, Funder, FundingCall, Reviewer
from funding.permissions import can_run_calls
from members.actions.invitations import invite
from members.models import Invitation, Membership, Organisation, User
from members.permissions import insist

ROLES = (Membership.Role.REVIEWER, Membership.Role.MANAGER)


@transaction.atomic
def bring(
    *, call: FundingCall, user: User, by: User, employer: str = "", expertise: Sequence[str] = (),
    most_applications: int = 10, is_on_panel: bool = False, funder: Funder | None = None,
) -> Reviewer:  # fmt: skip
    """Somebody with the role of a reviewer reviews for this call. Who was taken out comes back with what is done."""
    insist(can_run_calls(by))
    held_call(call)
    if not user.is_active or not user.memberships.filter(organisation__is_home=True, role__in=ROLES).exists():
        raise Refused(_("%(name)s does not have the role of a reviewer.") % {"name": user})
    facts = _facts(call, employer, expertise, most_applications, is_on_panel, funder)
    reviewer, is_new = Reviewer.objects.get_or_create(call=call, user=user, defaults=facts)
    if not is_new:
        if reviewer.left_at is None:
            raise Refused(_("%(name)s reviews for this call already.") % {"name": user})
        Reviewer.objects.filter(pk=reviewer.pk).update(left_at=None, **facts)
        reviewer.refresh_from_db()
    record("funding.reviewer_brought", by=by, on=reviewer, call=call.name)
    return reviewer


@transaction.atomic
def change(*, reviewer: Reviewer, by: User, **facts: object) -> list[str]:
    """Changes what is given, and returns what did change."""
    insist(can_run_calls(by))
    held_call(reviewer.call)
    current = Reviewer.objects.get(pk=reviewer.pk)
    wanted = _facts(current.call, **facts)
    changed = {name: value for name, value in wanted.items() if getattr(current, name) != value}
    if changed:
        Reviewer.objects.filter(pk=current.pk).update(**changed)
        record("funding.reviewer_changed", by=by, on=current, fields=sorted(changed))
    return sorted(changed)


def _facts(
    call: FundingCall, employer: str, expertise: Sequence[str], most_applications: int, is_on_panel: bool,
    funder: Funder | None,
) -> dict[str, object]:  # fmt: skip
    if funder and funder.call_id != call.pk:
        raise Refused(_("Choose a funder of this call."))
    return {
        "employer": employer.strip(),
        "expertise": list(dict.fromkeys(each.strip() for each in expertise if each.strip())),
        "most_applications": most_applications,
        "is_on_panel": is_on_panel,
        "funder": funder,
    }


@transaction.atomic
def take_out(*, reviewer: Reviewer, by: User | None) -> int:
    """Ends somebody's part at once. Reviews that are done stay; returns how many others go back to the team.

    `by` is None when the person is erased.
    """
    if by is not None:
        insist(can_run_calls(by))
    held_call(reviewer.call)
    if not Reviewer.objects.filter(pk=reviewer.pk, left_at=None).update(left_at=timezone.now()):
        return 0
    Assignment.objects.filter(reviewer=reviewer, status=Assignment.Status.PROPOSED).delete()
    given_back = Assignment.objects.filter(reviewer=reviewer).unfinished().update(status=Assignment.Status.WITHDRAWN)
    record("funding.reviewer_taken_out", by=by, on=reviewer, call=reviewer.call.name, given_back=given_back)
    return given_back


@transaction.atomic
def invite_reviewer(*, email: str, name: str, by: User) -> Invitation:
    """Invites somebody new to the home cluster, with the role of a reviewer and no other."""
    insist(can_run_calls(by))
    home = Organisation.objects.filter(is_home=True).first()
    if home is None:
        raise Refused(_("The portal has no cluster organisation yet."))
    return invite(email=email, name=name, organisation=home, role=Membership.Role.REVIEWER, by=by)
