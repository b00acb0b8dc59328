"""What tests of requests share: who asks whom for which slot, and what the pages show under each heading."""

from datetime import timedelta

from django.utils import timezone
from lxml import html

from matchmaking.actions import requests
from matchmaking.models import MeetingRequest, Participant, Round, Slot


def slots(round_: Round) -> list[Slot]:
    return list(round_.slots.order_by("starts_at"))


def ask(one: Participant, other: Participant, at: int = 0, sentence: str = "We make pumps.") -> MeetingRequest:
    slot = slots(one.round)[at]
    return requests.ask(participant=one, other=other, slot=slot, sentence=sentence)


def asked_at_once(sender: Participant, receiver: Participant, slot: Slot) -> MeetingRequest:
    """A request that looked free when it was sent, as two that are sent at the same time do."""
    return MeetingRequest.objects.create(
        sender=sender, receiver=receiver, turn=receiver, slot=slot, sentence="Hello",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def sections(response) -> dict[str, list[str]]:
    """The titles of the cards under each heading."""
    page = html.document_fromstring(response.content)
    found = page.xpath("//section[@aria-labelledby]")
    return {each.get("aria-labelledby"): each.xpath(".//h3[@class='title']/text()") for each in found}
