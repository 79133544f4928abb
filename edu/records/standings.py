"""Which rungs are required of a member, and what the tallies count of them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Cell(NamedTuple):
    """One rung asked of one member: by any role (role_id None) or by one."""

    role_id: int | None
    topic_id: int
    layer: int


class TallyKey(NamedTuple):
    """What one tally row counts."""

    unit_id: int
    role_id: int | None
    topic_id: int
    layer: int


def required_cells(roles: Iterable[int], requirements: Mapping[int, Mapping[int, int]]) -> set[Cell]:
    """Every rung that the roles ask for, once for each role and once over all of them.

    requirements    role → topic → layer; layers 1..layer are asked.
    """
    cells = set()
    for role_id in roles:
        for topic_id, layer in requirements.get(role_id, {}).items():
            for rung in range(1, layer + 1):
                cells.add(Cell(role_id, topic_id, rung))
                cells.add(Cell(None, topic_id, rung))
    return cells


def tallies(unit_id: int, standings: Mapping[Cell, bool]) -> Counter[tuple[TallyKey, str]]:
    """What one member's standings add to the tallies: +1 required a rung, and +1 held where it is.

    standings   cell → whether it is held.
    """
    counts: Counter[tuple[TallyKey, str]] = Counter()
    for cell, is_held in standings.items():
        key = TallyKey(unit_id, *cell)
        counts[key, "required"] += 1
        counts[key, "held"] += is_held
    return counts


def difference(
    before: Counter[tuple[TallyKey, str]], after: Counter[tuple[TallyKey, str]]
) -> list[tuple[TallyKey, int, int]]:
    """(key, change of required, change of held) for every tally that moves, in an order all writers share."""
    keys = {key for key, _what in before} | {key for key, _what in after}
    moves = [
        (key, after[key, "required"] - before[key, "required"], after[key, "held"] - before[key, "held"])
        for key in keys
    ]
    return sorted((move for move in moves if move[1] or move[2]), key=lambda move: tuple(x or 0 for x in move[0]))
