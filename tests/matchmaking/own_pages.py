"""The addresses of a participant's own pages."""

from django.urls import reverse

from matchmaking import links
from matchmaking.models import Participant


def url(participant: Participant, name: str, *args: object) -> str:
    return reverse(f"matchmaking:{name}", args=[links.token_of(participant), *args])
