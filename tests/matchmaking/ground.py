"""A small round that tests of timetables share: four slots, two tables, companies of two clusters."""

from dataclasses import dataclass

from matchmaking.models import Meeting, Participant, Round, Slot, Table, Timetable
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.factories.members import OrganisationFactory


@dataclass
class Ground:
    """A round with a draft, and who takes part in it."""

    round: Round
    timetable: Timetable
    slots: list[Slot]
    tables: list[Table]
    here: list[Participant]
    there: list[Participant]

    def publish(self) -> None:
        """Makes the draft the one that participants see, without telling anybody."""
        self.round.status, self.round.timetable = Round.Status.PUBLISHED, self.timetable
        self.round.save()

    def meeting(self, here: int, there: int, slot: int, table: int = 0, **facts: object) -> Meeting:
        """A meeting by the positions of its parts."""
        return meeting_of(
            self.timetable, self.here[here], self.there[there], self.slots[slot], self.tables[table], **facts
        )


def ground(*, each: int = 2, slots: int = 4, tables: int = 2, **facts: object) -> Ground:
    """A round of two clusters with so many companies each."""
    round_ = RoundFactory(**facts)
    with_programme(round_, slots=slots, tables=tables)
    clusters = [OrganisationFactory(partner=True) for _ in range(2)]
    # Names that sort as they are numbered, in whatever order tests run.
    here, there = (
        [ParticipantFactory(round=round_, cluster=cluster, company=f"{name} company {n:02}") for n in range(each)]
        for name, cluster in zip(("Here", "There"), clusters, strict=True)
    )
    return Ground(
        round=round_,
        timetable=TimetableFactory(round=round_, number=1),
        slots=list(round_.slots.order_by("starts_at")),
        tables=list(round_.tables.order_by("number")),
        here=here,
        there=there,
    )
