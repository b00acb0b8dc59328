"""The companies that a participant chooses among: suggestions with reasons, then all, searched and narrowed down."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from django.core.paginator import Page
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from core.codelists import nace
from core.pages import paginate
from core.templatetags.portal import country
from matchmaking import affinity, cards
from matchmaking.forms.ballots import OthersForm
from matchmaking.models import Meeting, MeetingRequest, Participant, Wish
from matchmaking.permissions import can_choose
from matchmaking.reading.others import affinities_of, others_of
from members import codes

SUGGESTED = 8
OPEN_AT_FIRST = 3
PER_PAGE = 20


class _Other(NamedTuple):
    """What narrows the companies down: a few facts of each, so that a thousand are no burden."""

    pk: int
    country: str
    cluster: int
    cluster_name: str
    nace_codes: list[str]


def division(code: str) -> str:
    """The division of NACE that a code stands under; "" for one that is not known."""
    return code[:2] if code[:2] in nace() else ""


class Ballot:
    """One participant's view of the others, in a constant number of queries."""

    def __init__(self, participant: Participant, query: QueryDict | None = None) -> None:
        self.participant = participant
        self._affinities = affinities_of(participant)
        self._wishes = dict(Wish.objects.filter(participant=participant).values_list("other", "kind"))
        self._known = cards.names_known_to(participant)
        self.form = OthersForm(query or QueryDict(), choices=self._choices())
        self._asked = self.form.asked()

    @cached_property
    def _others(self) -> list[_Other]:
        """All of them: what fits best first, then in no order that says a name."""
        names = ("pk", "country", "cluster_id", "cluster__name", "nace_codes")
        found = [_Other(*row) for row in others_of(self.participant).values_list(*names)]
        return sorted(found, key=lambda other: (-self._score(other.pk), other.pk))

    def _score(self, pk: int) -> float:
        return self._affinities[pk].score if pk in self._affinities else 0.0

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        fields = {field for other in self._others for field in map(division, other.nace_codes) if field}
        return {
            "country": codes.in_order(
                {other.country: country(other.country) for other in self._others if other.country}
            ),
            "cluster": codes.in_order({str(other.cluster): other.cluster_name for other in self._others}),
            "field": codes.in_order({field: nace()[field].label for field in fields}),
        }

    @property
    def is_narrowed(self) -> bool:
        """Somebody searches or filters: suggestions would be in the way."""
        return bool(self._asked)

    @cached_property
    def _suggested(self) -> list[int]:
        return [other.pk for other in self._others if other.pk in self._affinities][:SUGGESTED]

    def suggestions(self) -> list[dict[str, object]]:
        """The cards of those who fit best, with reasons."""
        return [] if self.is_narrowed else self.cards(self._suggested, is_open=OPEN_AT_FIRST)

    def page(self, request: HttpRequest) -> Page:
        """The ids of the others, as far as they are asked for."""
        if not self.is_narrowed:
            suggested = set(self._suggested)
            return paginate(request, [each.pk for each in self._others if each.pk not in suggested], per_page=PER_PAGE)
        found = self._found()
        return paginate(request, [each.pk for each in self._others if each.pk in found], per_page=PER_PAGE)

    def _found(self) -> set[int]:
        asked = self._asked
        found = {other.pk for other in self._others if _fits(other, asked)}
        if words := asked.get("q", "").split():
            found &= set(others_of(self.participant).filter(self._says(words)).values_list("pk", flat=True))
        return found

    def _says(self, words: Sequence[str]) -> Q:
        """Every word stands in what the card shows: a name that is not shown is not found either."""
        told = Q()
        for word in words:
            lines = Q(offers__unaccent__icontains=word) | Q(seeks__unaccent__icontains=word)
            named = Q(company__unaccent__icontains=word) | Q(summary__unaccent__icontains=word)
            told &= lines | (named & (Q(shows_name=True) | Q(pk__in=self._known)))
        return told

    def cards(self, ids: Sequence[int], *, is_open: int = 0) -> list[dict[str, object]]:
        """The cards of these, in their order; the first `is_open` of them unfolded."""
        rows = Participant.objects.select_related("cluster").in_bulk(ids)
        asked = _requests(self.participant) if self.participant.round.takes_requests else {}
        return [
            self._card(rows[pk]) | {"is_open": number < is_open, "request": asked.get(pk)}
            for number, pk in enumerate(ids)
        ]

    def _card(self, other: Participant) -> dict[str, object]:
        fit = self._affinities.get(other.pk)
        reasons = affinity.sentences(fit, self.participant) if fit else ()
        by_name = other.shows_name or other.pk in self._known
        told = cards.card(other, by_name=by_name, reasons=reasons)
        return told | {"wish": self._wishes.get(other.pk, "")}

    @property
    def state(self) -> dict[str, object]:
        """How far the ballot is: musts, answers, and whether it may still be changed."""
        there = {other.pk for other in self._others}
        given = [kind for pk, kind in self._wishes.items() if pk in there]
        round_ = self.participant.round
        return {
            "musts": given.count(Wish.Kind.MUST),
            "most_musts": self.participant.most_meetings,
            "answered": len(given),
            "total": len(there),
            "may_choose": bool(can_choose(round_)) and self.participant.is_in,
            "has_ended": timezone.now() > round_.choose_until,
        }


def _fits(other: _Other, asked: Mapping[str, str]) -> bool:
    if asked.get("country") and other.country != asked["country"]:
        return False
    if asked.get("cluster") and str(other.cluster) != asked["cluster"]:
        return False
    return not asked.get("field") or asked["field"] in map(division, other.nace_codes)


def _requests(participant: Participant) -> dict[int, MeetingRequest]:
    """The newest request between the participant and each other that is waited for or accepted."""
    alive = (MeetingRequest.Status.WAITING, MeetingRequest.Status.ACCEPTED)
    rows = MeetingRequest.objects.of(participant).filter(status__in=alive).order_by("pk")
    rows = rows.exclude(meeting__status=Meeting.Status.CANCELLED)
    return {row.receiver_id if row.sender_id == participant.pk else row.sender_id: row for row in rows}
