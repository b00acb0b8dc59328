"""What a member tells of interests, grants, introductions and more: by the link of a question, or on its own page."""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.ladder import fitting
from evaluations import links
from evaluations.groups import groups_of
from evaluations.models import FollowUp, Outcome
from members.models import User
from members.permissions import can_answer_for, insist

# The question after 12 months, and time to answer it.
CHANGED_WITHIN = relativedelta(months=14)


@transaction.atomic
def tell(*, follow_up: FollowUp, stage: str, amount: str = "", attribution: str = "", words: str = "") -> bool:
    """Whoever holds the link says how far it has come; saying so again changes it. Returns whether anything changed.

    There is no account to note as the one who did it.
    """
    if not links.is_follow_up_open(follow_up):
        raise Refused(_("This question was asked too long ago."))
    return _keep(follow_up, by=None, stage=stage, amount=amount, attribution=attribution, words=words)


@transaction.atomic
def correct(
    *, follow_up: FollowUp, by: User, stage: str, amount: str = "", attribution: str = "", words: str = ""
) -> bool:
    """Somebody who answers for the organisation tells it, or tells it anew. Returns whether anything changed."""
    insist(can_answer_for(by, follow_up.organisation))
    if not can_be_changed(follow_up):
        raise Refused(_("This was more than a year ago. What you told us then stays."))
    return _keep(follow_up, by=by, stage=stage, amount=amount, attribution=attribution, words=words)


def can_be_changed(follow_up: FollowUp) -> bool:
    """Until two months after the last question."""
    return timezone.localdate() <= follow_up.began_on + CHANGED_WITHIN


def _keep(follow_up: FollowUp, *, by: User | None, stage: str, amount: str, attribution: str, words: str) -> bool:
    locked = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("organisation__profile", "introduction__shortlist")
        .get(pk=follow_up.pk)
    )
    of = {
        "source": locked.source,
        "source_key": locked.source_key,
        "months": locked.months,
    }
    told = {"rung": stage, "words": words.strip()} | fitting(rung=stage, amount=amount, attribution=attribution)
    current = Outcome.objects.filter(**of).first()
    if current and all(getattr(current, name) == value for name, value in told.items()):
        return False
    of_whom = groups_of(locked.organisation) | {
        "organisation_id": locked.organisation_id,
        "opportunity_id": locked.introduced_for or locked.opportunity_id,
        "grant_id": locked.grant_id,
        "service_request_id": locked.service_request_id,
        "activity_id": locked.activity_id,
        "introduction_id": locked.introduction_id,
        "began_on": locked.began_on,
    }
    outcome, _is_new = Outcome.objects.update_or_create(
        **of,
        defaults=told | {"told_on": timezone.localdate()},
        create_defaults=told | of_whom | {"told_on": timezone.localdate()},
    )
    FollowUp.objects.filter(pk=locked.pk, answered_at=None).update(answered_at=timezone.now())
    record("evaluations.outcome_told", by=by, on=outcome, organisation_id=locked.organisation_id, months=locked.months)
    return True
