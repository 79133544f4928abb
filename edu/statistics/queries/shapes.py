"""The shapes that reports and lists come in."""

from dataclasses import dataclass
from datetime import datetime

from edu.courses.queries import LayerRow, RoleRow, TopicRow
from edu.people.queries import MemberRow, UnitRow
from edu.records.forecast import Fading
from edu.statistics.report import Selection
from edu.statistics.support import Need
from edu.statistics.suppression import Cell, Count, Figures


@dataclass(frozen=True, slots=True)
class Framework:
    """What is taught and asked, in the order of the screens."""

    topics: tuple[TopicRow, ...]
    layers: tuple[LayerRow, ...]
    roles: tuple[RoleRow, ...]

    @property
    def topic_ids(self) -> list[int]:
        return [topic.id for topic in self.topics]

    @property
    def layer_numbers(self) -> list[int]:
        return [layer.number for layer in self.layers]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures, for whom."""

    unit: UnitRow
    #: From the top of what the actor may see, down to the unit.
    path: tuple[UnitRow, ...]
    units: tuple[UnitRow, ...]
    #: The actor knows these people by name: nothing is hidden, and lists go down to persons.
    is_own: bool
    #: Only those directly in the unit.
    itself: bool
    at: datetime

    @property
    def first(self) -> int:
        return self.unit.first

    @property
    def last(self) -> int:
        return self.unit.first if self.itself else self.unit.last


@dataclass(frozen=True, slots=True)
class Row:
    """Some of the unit's people. kind 'unit': those of a unit below · 'itself': those directly in the unit ·
    'pooled': what several units hide, together · 'here': of one role, those directly in it and in the branches
    directly below · 'cell': those of the unit of whom one rung is required.
    """

    kind: str
    figures: Figures
    unit: UnitRow | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person behind a number."""

    member: MemberRow
    #: How many of the rungs counted are this person's, and which; of a list of members 1, and the rungs lacking.
    number: int
    cells: tuple[Cell, ...]
    count: Count
    #: Topic → state of each layer, from the lowest.
    rungs: dict[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class UnitReport:
    scope: Scope
    framework: Framework
    figures: Figures
    #: The parts that the figures are the sum of; empty when the unit has no parts.
    rows: tuple[Row, ...]
    #: Units whose people are in no figure.
    left_out: int
    #: Who needs a hand; None where the actor does not know the people by name.
    support: tuple[Need, ...] | None = None
    persons: tuple[PersonRow, ...] = ()
    #: Rungs that come due within a quarter; None where the actor does not know the people by name.
    fading: tuple[Fading, ...] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What is behind one number: persons in the own branch, units above it."""

    scope: Scope
    framework: Framework
    selection: Selection
    #: The number, equal to the sum over the rows. None: hidden.
    number: int | None
    count: Count
    rows: tuple[Row, ...] = ()
    persons: tuple[PersonRow, ...] = ()
    left_out: int = 0
