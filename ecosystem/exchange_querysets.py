"""Who may see which peers, packets and foreign cards: the cluster team, and nobody else."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from ecosystem.models import PacketSent
    from members.models import User


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "TeamQuerySet":
        """Managers see all."""
        return self if user.is_manager else self.none()


class PeerQuerySet(TeamQuerySet):
    def for_list(self) -> "PeerQuerySet":
        """In alphabetical order, with the partner's name."""
        return self.select_related("partnership__organisation").order_by("partnership__organisation__name")


class PacketQuerySet(TeamQuerySet):
    def for_list(self) -> "PacketQuerySet":
        """Newest first, without the bytes."""
        return self.select_related("peer__partnership__organisation").defer("raw").order_by("-pk")


class SentQuerySet(PacketQuerySet):
    def newest(self) -> "PacketSent | None":
        """The one that was written last, without its bytes."""
        return self.order_by("-sequence").defer("raw").first()


class ForeignCardQuerySet(TeamQuerySet):
    def for_list(self) -> "ForeignCardQuerySet":
        """What still counts first, then the newest."""
        return self.select_related("peer__partnership__organisation").order_by("is_withdrawn", "-changed_at", "pk")
