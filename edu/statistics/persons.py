"""What is counted of people who are known by name: everything, down to the person. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from edu.records.forecast import Fading, forecast
from edu.statistics.suppression import Cell, Count, Figures, RoleCount


class Stand(NamedTuple):
    """One rung required of one member: by any role (role_id None) or by one."""

    member_id: int
    #: Number of the unit where the member is.
    position: int
    role_id: int | None
    topic_id: int
    layer: int
    is_held: bool
    #: From when on a review of a held rung is due, and it is held no more.
    due_on: date | None = None
    lapses_on: date | None = None

    @property
    def cell(self) -> Cell:
        return Cell(self.topic_id, self.layer)


def figures_of(people: int, stands: Iterable[Stand]) -> Figures:
    """The same figures as above the branches, with nothing hidden."""
    cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    roles: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    holders: dict[int, set[int]] = defaultdict(set)
    for stand in stands:
        count = cells[stand.cell] if stand.role_id is None else roles[stand.role_id]
        count[0] += 1
        count[1] += stand.is_held
        if stand.role_id is not None:
            holders[stand.role_id].add(stand.member_id)
    return Figures(
        people,
        {cell: Count(*count) for cell, count in cells.items()},
        roles={role: RoleCount(len(holders[role]), *count) for role, count in roles.items()},
    )


def by_member(stands: Iterable[Stand]) -> dict[int, list[Stand]]:
    found: dict[int, list[Stand]] = {}
    for stand in stands:
        found.setdefault(stand.member_id, []).append(stand)
    return found


def lacking(stands: Iterable[Stand]) -> dict[int, set[Cell]]:
    """The rungs that each member lacks, over all roles; who lacks nothing is left out."""
    found: dict[int, set[Cell]] = {}
    for stand in stands:
        if stand.role_id is None and not stand.is_held:
            found.setdefault(stand.member_id, set()).add(stand.cell)
    return found


def coming_due(stands: Iterable[Stand], *, on: date) -> list[Fading]:
    """The rungs, over all roles, that come due within a quarter."""
    held = (stand for stand in stands if stand.role_id is None and stand.is_held)
    return forecast(
        (Fading(stand.member_id, stand.topic_id, stand.layer, stand.due_on, stand.lapses_on) for stand in held), on=on
    )


def rungs(stands: Iterable[Stand], layers: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """topic → 'held' | 'lack' | 'open' for each layer, from the lowest; topics that are not required are absent."""
    states: dict[int, dict[int, str]] = {}
    for stand in stands:
        if stand.role_id is None:
            states.setdefault(stand.topic_id, {})[stand.layer] = "held" if stand.is_held else "lack"
    ordered = sorted(layers)
    return {topic: tuple(found.get(layer, "open") for layer in ordered) for topic, found in states.items()}
