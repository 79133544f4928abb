"""Units: the tree, what an actor sees of it, and where persons are known by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from edu.base.actor import Actor, Permission
from edu.base.db import db
from edu.base.errors import NotFound
from edu.people.models import Member, Unit, UnitKind


@dataclass(frozen=True, slots=True)
class Called:
    """What something is called: its name, and its name on English screens where there is one."""

    name: str
    name_en: str | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    code: str
    name: str
    name_en: str | None
    kind: str
    kind_names: dict[str, str]
    parent_id: int | None
    first: int
    last: int
    home_first: int


_UNITS: Select[*tuple[Any, ...]] = (
    select(
        Unit.id,
        Unit.code,
        Unit.name,
        Unit.name_en,
        Unit.kind,
        UnitKind.names,
        Unit.parent_id,
        Unit.first,
        Unit.last,
        Unit.home_first,
    )
    .join(UnitKind, UnitKind.key == Unit.kind)
    .where(Unit.closed_on.is_(None))
    .order_by(Unit.first)
)


def _units(*conditions: ColumnElement[bool]) -> list[UnitRow]:
    return [UnitRow(*row) for row in db.session.execute(_UNITS.where(*conditions))]


def unit(unit_id: int) -> UnitRow:
    """Any unit that is open, whoever asks."""
    for row in _units(Unit.id == unit_id):
        return row
    raise NotFound


def is_closed(unit_id: int) -> bool:
    return db.session.scalar(select(Unit.closed_on).where(Unit.id == unit_id)) is not None


def unit_within(actor: Actor, permission: Permission, unit_id: int) -> UnitRow:
    """The unit, if the actor has the permission there; else it is NotFound: that it exists is not revealed."""
    found = unit(unit_id)
    if not actor.may_at(permission, found.first):
        raise NotFound
    return found


def unit_called(code: str) -> UnitRow | None:
    return next(iter(_units(Unit.code == code)), None)


def children(unit_id: int) -> list[UnitRow]:
    """The units directly below, in the tree's order."""
    return _units(Unit.parent_id == unit_id)


def units_in(first: int, last: int) -> list[UnitRow]:
    """The units numbered first..last, from the top down."""
    return _units(Unit.first.between(first, last))


def units_of(actor: Actor, permission: Permission) -> list[UnitRow]:
    """All units where the actor has the permission, from the top down."""
    return _units(within(Unit.first, actor.ranges(permission)))


def root_units() -> list[UnitRow]:
    return _units(Unit.parent_id.is_(None))


def path(
    unit: UnitRow, *, actor: Actor | None = None, permission: Permission = Permission.VIEW_STATISTICS
) -> list[UnitRow]:
    """From the top down to the unit itself; with an actor, only the units where they have the permission."""
    above = _units(Unit.first <= unit.first, Unit.last >= unit.first)
    return [row for row in above if actor is None or actor.may_at(permission, row.first)]


def within(position: Any, ranges: Iterable[tuple[int, int]]) -> ColumnElement[bool]:
    """The condition that a unit number lies in one of the ranges."""
    return or_(false(), *(position.between(first, last) for first, last in ranges))


def unit_kinds() -> list[tuple[str, dict[str, str], bool]]:
    """(key, names, is_home) of every kind, the largest first."""
    rows = db.session.execute(
        select(UnitKind.key, UnitKind.names, UnitKind.is_home).order_by(UnitKind.rank, UnitKind.key)
    )
    return [(key, names, is_home) for key, names, is_home in rows]


def knows_persons(actor: Actor, unit: UnitRow) -> bool:
    """Whether the actor sees the unit's people by name: secretary of its home branch, or of a part of that."""
    return any(
        grant.permission is Permission.VIEW_PERSONS and unit.home_first <= grant.first <= unit.first <= grant.last
        for grant in actor.grants
    )


def home_of(member_id: int) -> UnitRow:
    """The unit where the member is known by name: the branch, or the member's own unit outside any."""
    for row in _units(
        Unit.first
        == select(Unit.home_first)
        .join(Member, Member.unit_id == Unit.id)
        .where(Member.id == member_id)
        .scalar_subquery()
    ):
        return row
    raise NotFound
