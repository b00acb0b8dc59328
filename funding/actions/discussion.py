"""What is said of an application by those who have reviewed it, the panel and the team, and the score agreed on."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding.actions.locks import held_call
from funding.models import Application, Criterion, FundingCall, ModeratedScore, Remark
from funding.permissions import can_run_calls
from funding.reviewing import criteria_of, in_review, sees_scores
from members.models import User
from members.permissions import insist


@transaction.atomic
def remark(*, application: Application, words: str, by: User) -> Remark:
    """One contribution. The same words of the same person twice in a row are one."""
    _open(application, by)
    if not words.strip():
        raise Refused(_("Write what you want to say."))
    last = application.remarks.order_by("-at", "-pk").first()
    if last and (last.by_id, last.words) == (by.pk, words.strip()):
        return last
    made = Remark.objects.create(application=application, by=by, words=words.strip())
    record("funding.remark_made", by=by, on=made, application=application.reference)
    return made


@transaction.atomic
def moderate(*, application: Application, criterion: Criterion, value: Decimal, words: str, by: User) -> ModeratedScore:
    """The score of a criterion on which the reviewers agreed, with the reason. It takes the place of the mean."""
    insist(can_run_calls(by))
    _open(application, by)
    if criterion not in criteria_of(application):
        raise Refused(_("This application is not judged by this criterion."))
    if not 0 <= value <= criterion.most:
        raise Refused(_("Give a number from 0 to %(most)s.") % {"most": criterion.most})
    if not words.strip():
        raise Refused(_("Write why, in a sentence: the applicant may ask."))
    before = ModeratedScore.objects.filter(application=application, criterion=criterion).first()
    score, _is_new = ModeratedScore.objects.update_or_create(
        application=application,
        criterion=criterion,
        defaults={"value": value, "words": words.strip(), "by": by, "at": timezone.now()},
    )
    if before is None or (before.value, before.words) != (value, words.strip()):
        record(
            "funding.score_moderated", by=by, on=score, application=application.reference,
            value=str(value), before=str(before.value) if before else None, why=words.strip(),
        )  # fmt: skip
    return score


@transaction.atomic
def take_moderation_back(*, application: Application, criterion: Criterion, by: User) -> None:
    """The mean of the reviewers counts again. Twice is once."""
    insist(can_run_calls(by))
    _open(application, by)
    score = ModeratedScore.objects.filter(application=application, criterion=criterion).first()
    if score:
        record("funding.moderation_taken_back", by=by, on=score, application=application.reference)
        score.delete()


def _open(application: Application, by: User) -> FundingCall:
    insist(sees_scores(by, application))
    current = held_call(application.call)
    if not (may := in_review(current)):
        raise Refused(str(may.reason))
    return current
