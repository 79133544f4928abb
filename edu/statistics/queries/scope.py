"""Whose figures an actor may see, and how: by name in the own branch, published above it."""

from datetime import datetime

from edu.base.actor import Actor, Permission
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.people import queries as people
from edu.people.queries import MemberRow, UnitRow
from edu.statistics.queries.shapes import Scope


def topmost_units(actor: Actor) -> list[UnitRow]:
    """The units where the actor's view of figures begins."""
    ranges = set(actor.ranges(Permission.VIEW_STATISTICS))
    tops = [
        (first, last)
        for first, last in sorted(ranges)
        if not any(a <= first and last <= b and (a, b) != (first, last) for a, b in ranges)
    ]
    return [unit for first, _last in tops for unit in people.units_in(first, first)]


def member_within(actor: Actor, unit_id: int, member_id: int) -> tuple[UnitRow, MemberRow]:
    """A member whom the actor knows by name, in that unit. Raises NotFound for anyone else."""
    unit = people.unit_within(actor, Permission.VIEW_STATISTICS, unit_id)
    member = people.member_within(actor, Permission.VIEW_PERSONS, member_id)
    if not member.is_active or not unit.first <= member.position <= unit.last:
        raise NotFound(mark("This page does not exist."))
    return unit, member


def scope_of(actor: Actor, unit_id: int, *, itself: bool, at: datetime) -> Scope:
    unit = people.unit_within(actor, Permission.VIEW_STATISTICS, unit_id)
    units = tuple(people.units_in(unit.first, unit.last))
    is_one_home = all(row.home_first == unit.home_first for row in units)
    is_own = people.knows_persons(actor, unit) and (itself or is_one_home)
    if not is_own and (unit.home_first != unit.first or (itself and is_one_home)):
        raise NotFound(mark("These figures are known in the branch only."))
    return Scope(unit, tuple(people.path(unit, actor=actor)), units, is_own, itself, at)
