"""Numbers a tree of units so that a unit with all below it is one range."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    parent_id: int | None
    #: Its people are known by name there (a branch).
    is_home: bool


@dataclass(frozen=True, slots=True)
class Number:
    first: int
    last: int
    home_first: int


def number(nodes: Iterable[Node]) -> dict[int, Number]:
    """Pre-order numbers from 1 for every node; siblings in the order given.

    home_first is `first` of the nearest home at or above, else of the node itself.
    A node that hangs below itself is left out; `hangs_below` refuses such a tree before it is built.
    """
    below: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        below[node.parent_id].append(node)
    firsts: dict[int, tuple[int, int]] = {}
    numbers: dict[int, Number] = {}
    counter = 0
    # A stack instead of recursion: depth is data. `entering` False is the way back up, when the last number is known.
    stack = [(node, 0, True) for node in reversed(below[None])]
    while stack:
        node, home, entering = stack.pop()
        if entering:
            counter += 1
            own_home = counter if node.is_home else home
            firsts[node.id] = (counter, own_home or counter)
            stack.append((node, home, False))
            stack += [(child, own_home, True) for child in reversed(below[node.id])]
        else:
            first, home_first = firsts[node.id]
            numbers[node.id] = Number(first, counter, home_first)
    return numbers


def hangs_below(unit_id: int, upper_id: int, parents: dict[int, int | None]) -> bool:
    """Whether `unit_id` is `upper_id` or lies anywhere below it."""
    at: int | None = unit_id
    while at is not None:
        if at == upper_id:
            return True
        at = parents.get(at)
    return False
