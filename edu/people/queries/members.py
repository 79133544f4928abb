"""Members: who they are and in which unit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from edu.base.actor import Actor, Permission
from edu.base.db import db
from edu.base.errors import NotFound
from edu.people.models import Member, Unit
from edu.people.names import fold_login
from edu.people.queries.units import Called, within

#: Values in one IN list. SQLite takes 32,766 variables in a statement, PostgreSQL 65,535; chosen well below both.
IN_LIST = 5_000


def in_parts(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + IN_LIST] for start in range(0, len(ordered), IN_LIST)]


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: int
    login: str
    name: str
    name_en: str | None
    unit_id: int
    unit_name: str
    unit_name_en: str | None
    #: The unit's number, and that of the branch where the member is known by name.
    position: int
    home_first: int
    is_active: bool

    @property
    def unit(self) -> Called:
        return Called(self.unit_name, self.unit_name_en)


_MEMBERS: Select[*tuple[Any, ...]] = select(
    Member.id,
    Member.login,
    Member.name,
    Member.name_en,
    Unit.id,
    Unit.name,
    Unit.name_en,
    Unit.first,
    Unit.home_first,
    Member.is_active,
).join(Unit, Unit.id == Member.unit_id)


def member(member_id: int) -> MemberRow:
    """Any member, whoever asks."""
    row = db.session.execute(_MEMBERS.where(Member.id == member_id)).one_or_none()
    if row is None:
        raise NotFound
    return MemberRow(*row)


def member_within(actor: Actor, permission: Permission, member_id: int) -> MemberRow:
    """The member, if the actor has the permission over their unit; else NotFound."""
    found = member(member_id)
    if not actor.may_at(permission, found.position):
        raise NotFound
    return found


def find_member(login: str) -> MemberRow | None:
    """Who signs in with this name, already folded."""
    row = db.session.execute(_MEMBERS.where(Member.login == login)).one_or_none()
    return MemberRow(*row) if row else None


def members_in(first: int, last: int) -> list[MemberRow]:
    """Active members of the units numbered first..last, in the tree's order, then by login."""
    rows = db.session.execute(
        _MEMBERS.where(Unit.first.between(first, last), Member.is_active).order_by(Unit.first, Member.login)
    )
    return [MemberRow(*row) for row in rows]


def members_found(
    ranges: Iterable[tuple[int, int]], *, text: str, is_active: bool, skip: int, most: int
) -> tuple[list[MemberRow], int]:
    """Members in the unit ranges whose name or login contains the text, by login: some of them, and how many in all."""
    conditions = [within(Unit.first, ranges), Member.is_active.is_(is_active)]
    if text:
        contains = [Member.login.contains(fold_login(text), autoescape=True)]
        contains += [column.icontains(text, autoescape=True) for column in (Member.name, Member.name_en)]
        conditions.append(or_(*contains))
    found = select(func.count()).select_from(Member).join(Unit, Unit.id == Member.unit_id).where(*conditions)
    total = db.session.scalar(found) or 0
    rows = db.session.execute(_MEMBERS.where(*conditions).order_by(Member.login).offset(skip).limit(most))
    return [MemberRow(*row) for row in rows], total


def headcounts(first: int, last: int) -> dict[int, int]:
    """Active members directly in each of the units numbered first..last; a unit with none is left out."""
    rows = db.session.execute(
        select(Member.unit_id, func.count())
        .join(Unit, Unit.id == Member.unit_id)
        .where(Unit.first.between(first, last), Member.is_active)
        .group_by(Member.unit_id)
    )
    return {unit_id: count for unit_id, count in rows}


def all_member_ids() -> list[int]:
    """Every member, active or not, in a fixed order."""
    return list(db.session.scalars(select(Member.id).order_by(Member.id)))


def lock_members(member_ids: Sequence[int]) -> dict[int, int]:
    """The unit of each active member, held against other writers until the transaction ends."""
    units: dict[int, int] = {}
    for part in in_parts(member_ids):
        rows = db.session.execute(
            select(Member.id, Member.unit_id)
            .where(Member.id.in_(part), Member.is_active)
            .order_by(Member.id)
            .with_for_update()
        )
        units |= {member_id: unit_id for member_id, unit_id in rows}
    return units
