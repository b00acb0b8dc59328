"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from django.utils import timezone

from core.models import Mail
from members.emails import write
from programme import links
from programme.models import Endorsement


def send_strategy(*, endorsement: Endorsement, why: str = "") -> None:
    """Read it, and say whether you stand behind it: once for each version. `why`: what is new in this one."""
    _write(endorsement, key=f"strategy:{endorsement.pk}", why=why, is_again=endorsement.number > 1)


def send_strategy_again(*, endorsement: Endorsement) -> Mail | None:
    """The same link once more; none if that was done today."""
    return _write(endorsement, key=f"strategy-again:{endorsement.pk}:{timezone.localdate()}", why="", is_again=False)


def _write(endorsement: Endorsement, *, key: str, **about: object) -> Mail | None:
    context = {"endorsement": endorsement, "strategy": endorsement.strategy, "url": links.url_of(endorsement)}
    return write("strategy", to=endorsement.email, key=key, **context, **about)
