"""What a round still needs before people can be asked to choose: for its page and for the refusal alike."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.clocks import moment_in
from matchmaking.models import Round


def missing(round_: Round) -> list[str]:
    """A sentence for each thing to do before the round can be opened; none when it is ready."""
    return [*_programme(round_), *_people(round_), *_deadlines(round_)]


def _programme(round_: Round) -> list[str]:
    found = []
    if not round_.slots.exists():
        found.append(_("Add a session of meetings to the programme."))
    tables = round_.tables.all()
    if not tables:
        found.append(_("Say how many tables there are."))
    elif round_.place == Round.Place.ONLINE and any(not table.link for table in tables):
        found.append(_("Give each table a video link, as the round is online."))
    return found


def _people(round_: Round) -> list[str]:
    has_partner = round_.partners.exists()
    if not has_partner and round_.meets == Round.Meets.OTHER_CLUSTER:
        return [_("Add a partner cluster, or let anyone meet: only companies of another cluster may meet now.")]
    if not has_partner and not round_.participants.exists():
        return [_("Add a partner, or choose the members to invite.")]
    return []


def _deadlines(round_: Round) -> list[str]:
    found = []
    first = round_.slots.order_by("starts_at").first()
    if round_.register_until <= timezone.now():
        found.append(_("Move the end of sign-up: it has passed."))
    if first and round_.choose_until > first.starts_at:
        words = {"at": moment_in(first.starts_at, round_.time_zone)}
        found.append(_("Let choosing end before the first meeting, which begins %(at)s.") % words)
    return found
