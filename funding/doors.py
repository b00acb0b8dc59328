"""How somebody came to a partner's own part."""

from dataclasses import dataclass

from django.urls import reverse

from funding import links
from funding.models import Partner
from members.models import User


@dataclass(frozen=True)
class Door:
    """How somebody came to a partner's own part: by the signed link, or as one of the lead's people."""

    partner: Partner
    user: User | None

    @property
    def key(self) -> str:
        """What stands in the addresses."""
        return self.partner.application.reference if self.user else links.token_of(self.partner)

    @property
    def signed(self) -> str:
        """Who did something here, as it is kept."""
        if self.user:
            return str(self.user)
        return f"{self.partner.person}, {self.partner.name}" if self.partner.person else self.partner.name

    def url(self, page: str, *args: object) -> str:
        """One of the part's pages: figures, files ... The lead has its budget among those of its partners."""
        if self.user and page == "budget":
            return reverse("funding:budget", args=[self.key])
        return reverse(f"funding:{'own' if self.user else 'partner'}_{page}", args=[self.key, *args])

    @property
    def part_url(self) -> str:
        return self.url("part")

    @property
    def budget_url(self) -> str:
        return self.url("budget")

    @property
    def questions_url(self) -> str:
        return self.url("questions")

    @property
    def confirm_url(self) -> str:
        return self.url("confirm")

    @property
    def decline_url(self) -> str:
        return self.url("decline")
