"""What reviewers are written. No mail names an application or who applies: mails are read by others, too."""

from django.urls import reverse
from django.utils import timezone

from core import mail
from core.clocks import moment_in
from core.models import Mail
from funding.models import Reviewer
from members.emails import letterhead


def send_assigned(*, reviewer: Reviewer, count: int, event: int) -> Mail | None:
    """Applications wait for a review, once for each time that some are sent out."""
    key = f"review-assigned:{reviewer.pk}:{event}"
    return _to(reviewer, "review_assigned", kind="review-assigned", key=key, count=count)


def send_reminder(*, reviewer: Reviewer, count: int) -> Mail | None:
    """Reviews are still missing: at most once a day, whoever asks for it. None when it went out today already."""
    key = f"review-reminder:{reviewer.pk}:{timezone.localdate():%Y-%m-%d}"
    return _to(reviewer, "review_reminder", kind="review-reminder", key=key, count=count)


def send_reopened(*, reviewer: Reviewer, why: str, event: int) -> Mail | None:
    """A review is open again, and why; once for each time."""
    key = f"review-reopened:{reviewer.pk}:{event}"
    return _to(reviewer, "review_reopened", kind="review-assigned", key=key, count=1, why=why)


def _to(reviewer: Reviewer, template: str, *, kind: str, key: str, count: int, **more: object) -> Mail | None:
    call = reviewer.call
    until = moment_in(call.review_until, call.time_zone) if call.review_until else ""
    is_late = bool(call.review_until and call.review_until < timezone.now())
    context = letterhead() | {
        "call": call,
        "count": count,
        "until": until,
        "is_late": is_late,
        "url": mail.absolute(reverse("funding:reviews")),
        **more,
    }
    return mail.queue(to=reviewer.user.email, kind=kind, key=key, template=template, context=context)
