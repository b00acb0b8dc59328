"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from django.urls import reverse
from django.utils import timezone

from core import mail
from core.clocks import span_in
from core.models import Mail
from members.emails import write
from programme import links, registration_links
from programme.models import Endorsement, Registration


def send_strategy(*, endorsement: Endorsement, why: str = "") -> None:
    """Read it, and say whether you stand behind it: once for each version. `why`: what is new in this one."""
    _write(endorsement, key=f"strategy:{endorsement.pk}", why=why, is_again=endorsement.number > 1)


def send_strategy_again(*, endorsement: Endorsement) -> Mail | None:
    """The same link once more; none if that was done today."""
    return _write(endorsement, key=f"strategy-again:{endorsement.pk}:{timezone.localdate()}", why="", is_again=False)


def _write(endorsement: Endorsement, *, key: str, **about: object) -> Mail | None:
    context = {"endorsement": endorsement, "strategy": endorsement.strategy, "url": links.url_of(endorsement)}
    return write("strategy", to=endorsement.email, key=key, **context, **about)


def _about(template: str, registration: Registration, *, key: str, kind: str = "activity-news", **more: object) -> None:
    activity = registration.activity
    context = {
        "registration": registration,
        "activity": activity,
        "when": span_in(activity.starts_at, activity.ends_at, activity.time_zone),
        "url": mail.absolute(activity.get_absolute_url()),
        "calendar_url": mail.absolute(reverse("programme:activity_ics", args=[activity.slug], query={"save": ""})),
        "cancel_url": registration_links.url_of(registration),
        "list_url": mail.absolute(reverse("programme:activities")),
    }
    write(template, to=registration.email, key=f"{key}:{registration.pk}", kind=kind, **context | more)


def send_registration(*, registration: Registration, came_free: bool = False) -> None:
    """A place, a place on the waiting list, or a place that came free; once for each state."""
    key = f"activity-registration:{registration.status}"
    _about("activity_registration", registration, key=key, kind="activity-registration", came_free=came_free)


def send_unregistered(*, registration: Registration) -> None:
    """Somebody else has cancelled for this person."""
    _about("activity_unregistered", registration, key="activity-unregistered")


def send_activity_changed(*, registration: Registration) -> None:
    """It takes place at another time or elsewhere; once for each change."""
    _about("activity_changed", registration, key=f"activity-changed:{registration.activity.revision}")


def send_activity_cancelled(*, registration: Registration) -> None:
    """It does not take place, in the manager's own words."""
    _about("activity_cancelled", registration, key="activity-cancelled")


def send_activity_reminder(*, registration: Registration) -> None:
    """It begins in two days; once for each day that it is planned for."""
    _about("activity_reminder", registration, key=f"activity-reminder:{registration.activity.starts_at.isoformat()}")
