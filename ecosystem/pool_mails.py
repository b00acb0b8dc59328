"""The weekly mail to partners: what is new in their pool, on the day and at the hour of the members' digest."""

from django.db import transaction
from django.utils import timezone

from ecosystem.actions import pool
from ecosystem.models import Partnership, SharedOpportunity
from opportunities import digests


def send_due() -> None:
    """Writes what is new, when it is the day for it where the cluster is."""
    if digests.is_their_time(timezone.localtime()):
        send()


def send() -> None:
    """Writes to each partner that wants a mail a week what it has not heard of yet; nothing new is no mail."""
    for partnership in Partnership.objects.filter(pool_mail=Partnership.PoolMail.WEEKLY).order_by("pk"):
        with transaction.atomic():
            news = SharedOpportunity.objects.shared_with(partnership).filter(told_at=None, answer="")
            if rows := list(news.select_for_update(of=("self",)).order_by("-at", "-pk")):
                pool.tell(rows)
