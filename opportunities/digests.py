"""The weekly digest: what is new in a member's list, three items at most, to each person who answers for it."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.models import Mail, MailStop
from members.models import Membership, Organisation, User
from opportunities import actions, emails, reading
from opportunities.models import Showing

KIND = "digest"
MOST = 3
GRACE_HOURS = 6  # who was away in the morning still writes before the day is over


def send_due() -> None:
    """Writes this week's digests, when it is their day and hour where the cluster is."""
    now = timezone.localtime()
    if is_their_time(now):
        send(now)


def is_their_time(now: datetime) -> bool:
    """Whether it is the day and the hours of weekly mails, on the clocks of `now`."""
    begins = settings.DIGEST_HOUR
    return settings.WEEKDAYS[now.weekday()] == settings.DIGEST_DAY and begins <= now.hour < begins + GRACE_HOURS


def send(now: datetime) -> None:
    """Writes to everybody who has got none in this week, and whose organisation has something new.

    Who stops in the middle loses nothing: an organisation's mails and the traces of what they show are one transaction.
    """
    week = f"{now:%G-W%V}"
    for organisation, people in _waiting(week).items():
        with transaction.atomic():
            _send(organisation, people, week)


def _key(week: str, user: User) -> str:
    return f"{KIND}:{week}:{user.pk}"


def _waiting(week: str) -> dict[Organisation, list[User]]:
    """Members, each with the people who answer for it and wait for the digest of this week."""
    stopped = set(MailStop.objects.filter(kind=KIND).values_list("address", flat=True))
    written = set(Mail.objects.filter(key__startswith=f"{KIND}:{week}:").values_list("key", flat=True))
    rows = Membership.objects.filter(user__is_active=True, organisation__is_home=False)
    found: dict[Organisation, list[User]] = defaultdict(list)
    seen: set[int] = set()
    for membership in rows.select_related("user", "organisation").order_by("pk"):
        user = membership.user
        is_own = user.pk not in seen  # the first is the one whose feed the person works with
        seen.add(user.pk)
        answers = membership.organisation.is_member and membership.role != Membership.Role.VIEWER
        if is_own and answers and user.email.lower() not in stopped and _key(week, user) not in written:
            found[membership.organisation].append(user)
    return found


def _send(organisation: Organisation, people: list[User], week: str) -> None:
    cards = _new(organisation)
    if not cards:
        return
    queued = [
        emails.send_digest(to=user, organisation=organisation, cards=cards, key=_key(week, user)) for user in people
    ]
    if any(queued):
        actions.note_shown(showings=reading.as_showings(organisation, cards, [Showing.Channel.DIGEST] * len(cards)))


def _new(organisation: Organisation) -> list[dict[str, object]]:
    """What the feed would show and nobody there has had before their eyes, in the feed's order."""
    page = reading.feed(organisation)
    seen = set(
        Showing.objects.filter(organisation=organisation)
        .exclude(channel=Showing.Channel.FOLDED)
        .values_list("opportunity_id", flat=True)
    )
    fresh = (card for card in [*page["cards"], *page["older"]] if card["id"] not in seen)
    return [card for card in fresh if not card["answer"] and not card["opened"]][:MOST]
