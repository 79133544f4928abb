"""Figures laid out as a page, a list and a sheet show them. Pure: one way to count, whoever asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from edu.statistics.suppression import Cell, Count, Figures, total

OPEN, HELD, REQUIRED, MEMBERS = "open", "held", "required", "members"
STATES = (OPEN, HELD, REQUIRED, MEMBERS)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the rungs a number counts: those of a topic, a layer, a role, in a state. None: of all."""

    topic_id: int | None = None
    layer: int | None = None
    role_id: int | None = None
    state: str = OPEN

    def takes(self, cell: Cell) -> bool:
        return self.topic_id in (None, cell.topic_id) and self.layer in (None, cell.layer)

    def number(self, figures: Figures) -> int:
        """The number that a page shows for this selection."""
        if self.state != MEMBERS:
            return number_of(self.count(figures), self.state)
        if self.role_id is None:
            return figures.people
        return figures.roles[self.role_id].people if self.role_id in figures.roles else 0

    def count(self, figures: Figures) -> Count:
        if self.role_id is not None:
            role = figures.roles.get(self.role_id)
            return Count(role.required, role.held) if role else Count(0, 0)
        return total(count for cell, count in figures.cells.items() if self.takes(cell))

    def is_hidden(self, figures: Figures) -> bool:
        """Nothing can be shown, though there is something."""
        if figures.is_suppressed:
            return True
        if self.role_id is not None:
            return self.role_id in figures.withheld_roles
        if self.state == MEMBERS:
            return False
        return not any(map(self.takes, figures.cells)) and any(map(self.takes, figures.withheld))


def number_of(count: Count, state: str) -> int:
    return {OPEN: count.lacking, HELD: count.held, REQUIRED: count.required}[state]


def share_held(count: Count) -> float | None:
    """Share of the required rungs that is held, in whole percent, 0–1, rounded down: all only when it is all.

    None when nothing is required.
    """
    return count.held * 100 // count.required / 100 if count.required else None


def step(count: Count) -> int:
    """Shade of a heat cell by the share that is lacking, 0 (nothing) to 9 (more than eight ninths)."""
    return ceil(9 * count.lacking / count.required) if count.required else 0


class Heat(NamedTuple):
    """Gaps in one topic: how many, of how many rungs required."""

    topic_id: int
    lacking: int
    required: int
    is_hidden: bool

    @property
    def step(self) -> int:
        return step(Count(self.required, self.required - self.lacking))


def heat(figures: Figures, topic_ids: Sequence[int]) -> tuple[Heat, ...]:
    """The gaps of some people, one cell a topic."""
    counts: dict[int, list[int]] = {topic_id: [0, 0] for topic_id in topic_ids}
    for cell, count in figures.cells.items():
        if cell.topic_id in counts:
            counts[cell.topic_id][0] += count.lacking
            counts[cell.topic_id][1] += count.required
    hidden = {cell.topic_id for cell in figures.withheld}
    return tuple(
        Heat(topic, lacking, required, figures.is_suppressed or (not required and topic in hidden))
        for topic, (lacking, required) in counts.items()
    )


class Rung(NamedTuple):
    """One cell of the table of topics and layers."""

    cell: Cell
    #: None: nothing is required, or it is hidden.
    shown: Count | None
    is_hidden: bool


def rungs_of(figures: Figures, topic_ids: Iterable[int], layers: Sequence[int]) -> list[tuple[int, list[Rung]]]:
    """(topic, its rungs from the lowest) for every topic of which something is required."""
    table = []
    for topic_id in topic_ids:
        line = [
            Rung(cell, figures.cells.get(cell), cell in figures.withheld)
            for cell in (Cell(topic_id, layer) for layer in layers)
        ]
        if any(rung.shown or rung.is_hidden for rung in line):
            table.append((topic_id, line))
    return table


def best_meeting(figures: Figures) -> tuple[Cell, int] | None:
    """The rung that most people lack, and how many: a meeting on it could close most gaps. None: nothing is lacking."""
    cell = max(figures.cells, key=lambda cell: (figures.cells[cell].lacking, -cell.layer, -cell.topic_id), default=None)
    if cell is None or not figures.cells[cell].lacking:
        return None
    return cell, figures.cells[cell].lacking


def has_hidden(figures: Iterable[Figures]) -> bool:
    """Whether a cell or a role is hidden anywhere in these."""
    return any(one.withheld or one.withheld_roles for one in figures)
