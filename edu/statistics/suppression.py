"""What may be shown of units to those who do not know their people by name. Pure; the reasons: docs/statistics.md.

Nodes are the places where people are known by name (a branch with its groups, or a unit above the branches with those
directly in it), and the units above them. Figures are made from the leaves up, once, so that a number is the same on
every page that shows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

#: A figure about fewer people than this is hidden (chosen; the threshold of many statistical offices is 3 to 5).
FEWEST = 5


class Cell(NamedTuple):
    """One rung: a layer of a topic."""

    topic_id: int
    layer: int


class Count(NamedTuple):
    """Rungs required and rungs held. In one cell, `required` is also the number of people counted."""

    required: int
    held: int

    @property
    def lacking(self) -> int:
        return self.required - self.held


class RoleCount(NamedTuple):
    """The people of one role, the rungs that the role requires of them, and how many of these they hold."""

    people: int
    required: int
    held: int


@dataclass(frozen=True, slots=True)
class Direct:
    """What is counted of the people directly in a node."""

    people: int = 0
    cells: Mapping[Cell, Count] = field(default_factory=dict)
    roles: Mapping[int, RoleCount] = field(default_factory=dict)


class Node(NamedTuple):
    """`parent` is the position of the node above; None at the top. Positions are pre-order numbers."""

    position: int
    parent: int | None
    direct: Direct


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown of some people. `people` 0: nobody, or nobody who may be shown."""

    people: int = 0
    cells: Mapping[Cell, Count] = field(default_factory=dict)
    #: Cells in which people are counted but too few to show. The value is what may join a pool one level up.
    withheld: Mapping[Cell, Count] = field(default_factory=dict)
    roles: Mapping[int, RoleCount] = field(default_factory=dict)
    withheld_roles: frozenset[int] = frozenset()
    #: There are people, but none of them may be in any figure.
    is_suppressed: bool = False

    @property
    def total(self) -> Count:
        """All rungs shown: the sum of the cells, so that no total knows more than its parts."""
        return total(self.cells.values())


@dataclass(frozen=True, slots=True)
class Published:
    """One node: its figures, and what they are the sum of besides the nodes below."""

    figures: Figures
    #: Those directly in the node, where there are nodes below it; else the same as `figures`.
    direct: Figures
    #: Cells that several parts hide and that are many enough together.
    pooled: Mapping[Cell, Count]
    #: Nodes here and below whose people are in no figure.
    left_out: int
    #: By role: those directly in the node and in the leaves directly below, together.
    here: Figures = field(default_factory=Figures)
    #: A leaf's roles, for the node above to add up; a leaf itself publishes none.
    kept: Mapping[int, RoleCount] | None = None


def total(counts: Iterable[Count]) -> Count:
    required = held = 0
    for count in counts:
        required += count.required
        held += count.held
    return Count(required, held)


def publish(nodes: Sequence[Node], asked: Mapping[Cell, frozenset[int]]) -> dict[int, Published]:
    """What may be shown of every node, by position.

    nodes   in pre-order: each after the one above it.
    asked   the roles that require a cell.
    """
    published: dict[int, Published] = {}
    below: dict[int, list[Published]] = {}
    for node in reversed(nodes):
        made = _node(node, list(reversed(below.pop(node.position, []))), asked)
        published[node.position] = made
        if node.parent is not None:
            below.setdefault(node.parent, []).append(made)
    return published


def _node(node: Node, children: Sequence[Published], asked: Mapping[Cell, frozenset[int]]) -> Published:
    direct = _direct(node.direct)
    left_out = int(direct.is_suppressed) + sum(child.left_out for child in children)
    kept = node.direct.roles if direct.people else {}
    if not children:
        return Published(direct, direct, {}, left_out, kept=kept)
    whole, pooled = _together([direct, *(child.figures for child in children)], left_out)
    inner = [child.figures for child in children if child.kept is None]
    here = _here([kept, *(child.kept for child in children if child.kept)], whole, inner, asked)
    roles = _sum_roles([here.roles, *(figures.roles for figures in inner)])
    withheld = frozenset().union(here.withheld_roles, *(figures.withheld_roles for figures in inner)) - roles.keys()
    return Published(replace(whole, roles=roles, withheld_roles=withheld), direct, pooled, left_out, here)


def _direct(direct: Direct) -> Figures:
    """The people of one node by themselves: hidden when fewer than FEWEST, as a whole or in a cell."""
    if direct.people < FEWEST:
        return Figures(is_suppressed=direct.people > 0)
    counted = {cell: count for cell, count in direct.cells.items() if count.required}
    shown = {cell: count for cell, count in counted.items() if count.required >= FEWEST}
    withheld = {cell: count for cell, count in counted.items() if cell not in shown}
    return Figures(direct.people, shown, withheld)


def _together(parts: Sequence[Figures], left_out: int) -> tuple[Figures, dict[Cell, Count]]:
    """The sum of the parts that may be shown, and what they hide where that is many enough together."""
    shown: dict[Cell, list[Count]] = {}
    hidden: dict[Cell, list[Count]] = {}
    for part in parts:
        for cell, count in part.cells.items():
            shown.setdefault(cell, []).append(count)
        for cell, count in part.withheld.items():
            hidden.setdefault(cell, []).append(count)
    pooled = {cell: total(counts) for cell, counts in hidden.items() if _may_add([n.required for n in counts])}
    for cell, count in pooled.items():
        shown.setdefault(cell, []).append(count)
    cells = {cell: total(counts) for cell, counts in shown.items()}
    people = sum(part.people for part in parts)
    withheld = {cell: Count(0, 0) for cell in hidden if cell not in cells}
    return Figures(people, cells, withheld, is_suppressed=people == 0 and left_out > 0), pooled


def _may_add(people: Sequence[int]) -> bool:
    """Whether several hidden groups may be shown as one: FEWEST people even without any one of the groups.

    A secretary who also sees the page above can subtract what they know of their own branch.
    """
    return sum(people) - max(people) >= FEWEST


# By role. Roles overlap and a branch has few people of each, so they are published above the branches only, for all
# leaves directly below a node together.


def _sum_roles(parts: Iterable[Mapping[int, RoleCount]]) -> dict[int, RoleCount]:
    roles: dict[int, RoleCount] = {}
    for part in parts:
        for role, count in part.items():
            before = roles.get(role, RoleCount(0, 0, 0))
            roles[role] = RoleCount(*(a + b for a, b in zip(before, count, strict=True)))
    return roles


def _here(
    leaves: Sequence[Mapping[int, RoleCount]],
    whole: Figures,
    inner: Sequence[Figures],
    asked: Mapping[Cell, frozenset[int]],
) -> Figures:
    """The roles of the people in these leaves together.

    whole, inner    the node's figures and those of the nodes below that are no leaves: the difference of their cells
                    is what a reader knows of the leaves.
    """
    summed = {role: count for role, count in _sum_roles(leaves).items() if count.people}
    large = {
        role: count
        for role, count in summed.items()
        if count.people >= FEWEST and _leaves_others([leaf[role].people for leaf in leaves if role in leaf])
    }
    cells = [
        (count.required - sum(figures.cells[cell].required for figures in inner if cell in figures.cells), cell)
        for cell, count in whole.cells.items()
    ]
    known = [(people, asked.get(cell, frozenset())) for people, cell in cells if people]
    roles = _apart(large, known)
    return Figures(roles=roles, withheld_roles=frozenset(summed.keys() - roles.keys()))


def _leaves_others(people: Sequence[int]) -> bool:
    """Whether the secretary of any one leaf learns nothing about few others: there are none, or FEWEST."""
    return sum(people) == max(people) or _may_add(people)


def _apart(roles: Mapping[int, RoleCount], cells: Sequence[tuple[int, frozenset[int]]]) -> dict[int, RoleCount]:
    """The roles that may be shown beside the cells: no sum of them leaves 1 to FEWEST - 1 people of a cell.

    cells   (people counted, roles that require it) of every cell shown.

    Larger roles come first. `sums` holds, as bits, all numbers of people that the roles shown so far can add up to.
    """
    shown: dict[int, RoleCount] = {}
    sums = dict.fromkeys(cells, 1)
    for role, count in sorted(roles.items(), key=lambda item: (-item[1].people, item[0])):
        grown = {cell: bits | bits << count.people if role in cell[1] else bits for cell, bits in sums.items()}
        if all(_leaves_enough(people, bits) for (people, _), bits in grown.items()):
            shown[role], sums = count, grown
    return shown


def _leaves_enough(people: int, sums: int) -> bool:
    return not any(sums >> (people - rest) & 1 for rest in range(1, FEWEST))
