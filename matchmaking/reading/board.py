"""A timetable with all that stands around it, in a constant number of questions: what the grids are drawn from."""

from collections import Counter
from functools import cached_property
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking import wishes
from matchmaking.models import Affinity, ForbiddenPair, Meeting, Participant, Slot, Table, Timetable, Wish
from matchmaking.rules import may_meet

MUST = Wish.Kind.MUST
# So many are offered whom no ballot names: those who fit best by profile.
MOST_BY_PROFILE = 12


class Board:
    """Who meets whom, when and where, and what is free."""

    def __init__(self, timetable: Timetable) -> None:
        """Reads slots, tables, people, meetings, absences and wishes."""
        self.timetable, self.round = timetable, timetable.round
        self.slots: list[Slot] = list(self.round.slots.order_by("starts_at"))
        for slot in self.slots:
            slot.round = self.round
        self.tables: list[Table] = list(self.round.tables.order_by("number"))
        self.people = {each.pk: each for each in Participant.objects.filter(round=self.round).by_name()}
        self.meetings: list[Meeting] = list(timetable.meetings.standing())
        self.at: dict[tuple[int, int], Meeting] = {}
        self.at_table: dict[tuple[int, int], Meeting] = {}
        self.count: Counter[int] = Counter()
        slots, tables = ({each.pk: each for each in found} for found in (self.slots, self.tables))
        for meeting in self.meetings:
            meeting.slot, meeting.table = slots[meeting.slot_id], tables[meeting.table_id]
            meeting.a, meeting.b = self.people[meeting.a_id], self.people[meeting.b_id]
            self.at_table[meeting.table_id, meeting.slot_id] = meeting
            for each in (meeting.a_id, meeting.b_id):
                self.at[each, meeting.slot_id] = meeting
                self.count[each] += 1
        self.pairs = {(meeting.a_id, meeting.b_id): meeting for meeting in self.meetings}
        away = Participant.away.through.objects.filter(participant__round=self.round)
        self.away = set(away.values_list("participant_id", "slot_id"))
        told = wishes.told(self.round)
        self.wishes, self._nevers = told.wishes, told.nevers
        forbidden = ForbiddenPair.objects.filter(a__round=self.round).order_by("pk")
        self.forbidden = {(pair.a_id, pair.b_id): pair for pair in forbidden}

    @cached_property
    def here(self) -> list[Participant]:
        """Who takes part, and who does not any more but still has a meeting."""
        return [each for each in self.people.values() if each.is_in or self.count[each.pk]]

    def quota(self, participant: Participant) -> int:
        """The most meetings of a participant."""
        return self.round.quota if participant.quota is None else participant.quota

    def is_there(self, participant: Participant, slot: Slot) -> bool:
        """Takes part and can come in this slot."""
        if not participant.is_in or participant.no_show_at or (participant.pk, slot.pk) in self.away:
            return False
        return participant.arrives_at is None or participant.arrives_at <= slot.starts_at

    def is_free(self, participant: Participant, slot: Slot) -> bool:
        """Can come and has no meeting then."""
        return self.is_there(participant, slot) and (participant.pk, slot.pk) not in self.at

    def free_tables(self, slot: Slot) -> list[Table]:
        """Tables without a meeting in this slot."""
        return [table for table in self.tables if (table.pk, slot.pk) not in self.at_table]

    def wish(self, one: Participant, other: Participant) -> str:
        """What one says of the other, as far as anybody may know: must, nice or nothing."""
        return self.wishes.get((one.pk, other.pk), "")

    def proposals(self, participant: Participant) -> list[Participant]:
        """Whom the cluster team may add for a participant: whom a ballot names, then who fits best by profile.

        Any pair would do, and a never would be the only thing left that can speak against one: whoever tried would
        know it. So only what a ballot or a profile speaks for is offered, and most pairs are not, for many reasons.
        """
        wished = {other for pair in self.wishes for other in pair if participant.pk in pair} - {participant.pk}
        known = [other for pk, other in self.people.items() if pk in wished and self._may_meet(participant, other)]
        fits = [other for other in self._by_fit(participant) if other.pk not in wished]
        fitting = [other for other in fits if self._may_meet(participant, other)]
        return [*known, *fitting[:MOST_BY_PROFILE]]

    def _by_fit(self, participant: Participant) -> list[Participant]:
        rows = Affinity.objects.of(participant).filter(a__in=self.people, b__in=self.people).order_by("-score", "pk")
        pairs = rows.values_list("a_id", "b_id")
        return [self.people[b if a == participant.pk else a] for a, b in pairs]

    def _may_meet(self, one: Participant, other: Participant) -> bool:
        """The rules, the cluster team and both ballots allow it."""
        pair = ordered_pks(one, other)
        return pair not in self._nevers and pair not in self.forbidden and may_meet(self.round, one, other)

    def slots_for(self, one: Participant, other: Participant) -> list[Slot]:
        """Where a meeting of these two, one of the `proposals`, can be added now: both are free and a table is."""
        if ordered_pks(one, other) in self.pairs:
            return []
        if any(self.count[each.pk] >= self.quota(each) for each in (one, other)):
            return []
        return [slot for slot in self.upcoming if self._are_free(one, other, slot)]

    @cached_property
    def upcoming(self) -> list[Slot]:
        """Every slot of a draft; of the timetable that participants see, those that have not begun."""
        if self.round.timetable_id != self.timetable.pk:
            return self.slots
        now = timezone.now()
        return [slot for slot in self.slots if slot.starts_at > now]

    def _are_free(self, one: Participant, other: Participant, slot: Slot) -> bool:
        return self.is_free(one, slot) and self.is_free(other, slot) and bool(self.free_tables(slot))

    def places_for(self, meeting: Meeting) -> list[tuple[Slot, list[Table]]]:
        """Where a meeting can be moved: other slots in which both are free, and other tables of its own slot."""
        both = (meeting.a, meeting.b)
        found = [
            (slot, self.free_tables(slot))
            for slot in self.upcoming
            if slot == meeting.slot or all(self.is_free(each, slot) for each in both)
        ]
        return [(slot, tables) for slot, tables in found if tables]

    def fault(self, meeting: Meeting) -> str:
        """What speaks against a meeting that stands, in words; nothing that a ballot alone knows."""
        for each in (meeting.a, meeting.b):
            if not each.is_in:
                return _("%(company)s does not take part.") % {"company": each.company}
            if not self.is_there(each, meeting.slot):
                return _("%(company)s is not there at %(slot)s.") % {"company": each.company, "slot": meeting.slot}
        if ordered_pks(meeting.a, meeting.b) in self.forbidden:
            return _("The cluster team keeps these two apart.")
        if not may_meet(self.round, meeting.a, meeting.b):
            return _("The rules of the round do not let these two meet.")
        return ""

    # What is open

    @cached_property
    def open_musts(self) -> list[tuple[Participant, Participant]]:
        """Who must meet whom and does not, both of them taking part; by name."""
        pairs = [(self.people[one], self.people[other]) for (one, other), kind in self.wishes.items() if kind == MUST]
        found = [pair for pair in pairs if pair[0].is_in and pair[1].is_in and ordered_pks(*pair) not in self.pairs]
        place = {pk: place for place, pk in enumerate(self.people)}
        return sorted(found, key=lambda pair: (place[pair[0].pk], place[pair[1].pk]))

    def why_open(self, one: Participant, other: Participant) -> str:
        """Why a wish is open. Of a wish that meets a never nobody hears, so none is ever the reason."""
        words = {"one": one.company, "other": other.company, "n": self.quota(other), "m": self.quota(one)}
        common = [slot for slot in self.slots if self.is_there(one, slot) and self.is_there(other, slot)]
        if ordered_pks(one, other) in self.forbidden:
            return _("The cluster team keeps these two apart.")
        if not common or not may_meet(self.round, one, other):
            return _("There is no slot in which these two can meet.")
        if self.count[other.pk] >= self.quota(other):
            return _("%(other)s has its most meetings: %(n)s.") % words
        if self.count[one.pk] >= self.quota(one):
            return _("%(one)s has its most meetings: %(m)s.") % words
        both = [slot for slot in common if self.is_free(one, slot) and self.is_free(other, slot)]
        if not both:
            return _("Whenever both are there, one of them has another meeting.")
        free = [slot for slot in both if self.free_tables(slot)]
        if not free:
            return _("No table is free when both are.")
        return _("Both are free at %(slot)s. Add it by hand.") % {"slot": free[0]}

    @cached_property
    def below_minimum(self) -> list[Participant]:
        """Who takes part and has fewer meetings than the round promises."""
        return [
            each
            for each in self.people.values()
            if each.is_in and self.count[each.pk] < min(self.round.minimum, self.quota(each))
        ]

    @cached_property
    def spread(self) -> tuple[int, float, int]:
        """Fewest, median and most meetings of those who take part."""
        return spread([self.count[each.pk] for each in self.people.values() if each.is_in])


def spread(counts: list[int]) -> tuple[int, float, int]:
    """Fewest, median and most; zeros when there is nobody."""
    if not counts:
        return 0, 0, 0
    middle = median(counts)
    return min(counts), int(middle) if middle == int(middle) else middle, max(counts)


def ordered_pks(one: Participant, other: Participant) -> tuple[int, int]:
    """The pair as meetings name it."""
    return (one.pk, other.pk) if one.pk < other.pk else (other.pk, one.pk)
