"""What members have: roles, relief, duties, memberships, and who looked at them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from edu.base.db import db
from edu.people.models import Duty, Member, MemberRole, Membership, Relief, Unit, View
from edu.people.queries.members import in_parts
from edu.people.queries.units import Called


def roles_of(member_id: int, *, on: date) -> frozenset[int]:
    return roles_by_member([member_id], on=on).get(member_id, frozenset())


def roles_by_member(member_ids: Collection[int], *, on: date) -> dict[int, frozenset[int]]:
    """The roles each member has on a day; who has none is left out."""
    found: dict[int, set[int]] = {}
    for part in in_parts(member_ids):
        rows = db.session.execute(
            select(MemberRole.member_id, MemberRole.role_id).where(
                MemberRole.member_id.in_(part), _lasts(MemberRole, on)
            )
        )
        for member_id, role_id in rows:
            found.setdefault(member_id, set()).add(role_id)
    return {member_id: frozenset(role_ids) for member_id, role_ids in found.items()}


def on_relief(member_ids: Collection[int], *, on: date) -> set[int]:
    """Those of the members from whom nothing is required on that day."""
    found: set[int] = set()
    for part in in_parts(member_ids):
        found |= set(db.session.scalars(select(Relief.member_id).where(Relief.member_id.in_(part), _lasts(Relief, on))))
    return found


def _lasts(table: type[MemberRole] | type[Relief], on: date) -> ColumnElement[bool]:
    return and_(table.since_on <= on, or_(table.until_on.is_(None), table.until_on > on))


@dataclass(frozen=True, slots=True)
class DutyRow:
    id: int
    kind: str
    unit_id: int
    unit: Called
    #: The unit's number: who may dismiss is decided by it.
    position: int
    since_on: date


def duties_of(member_id: int) -> list[DutyRow]:
    """The duties a member has now."""
    rows = db.session.execute(
        select(Duty.id, Duty.kind, Unit.id, Unit.name, Unit.name_en, Unit.first, Duty.since_on)
        .join(Unit, Unit.id == Duty.unit_id)
        .where(Duty.member_id == member_id, Duty.until_on.is_(None))
        .order_by(Unit.first, Duty.kind)
    )
    return [
        DutyRow(id_, kind, unit_id, Called(name, name_en), position, since)
        for id_, kind, unit_id, name, name_en, position, since in rows
    ]


def duty_kinds_by_member(member_ids: Collection[int]) -> dict[int, set[str]]:
    """The kinds of duty each member has now, wherever; who has none is left out."""
    found: dict[int, set[str]] = {}
    for part in in_parts(member_ids):
        rows = db.session.execute(
            select(Duty.member_id, Duty.kind).where(Duty.member_id.in_(part), Duty.until_on.is_(None))
        )
        for member_id, kind in rows:
            found.setdefault(member_id, set()).add(kind)
    return found


def top_administrators() -> dict[int, set[int]]:
    """For every unit at the top, the active members who administer it."""
    rows = db.session.execute(
        select(Unit.id, Member.id)
        .join(Duty, and_(Duty.unit_id == Unit.id, Duty.kind == "administrator", Duty.until_on.is_(None)))
        .join(Member, and_(Member.id == Duty.member_id, Member.is_active))
        .where(Unit.parent_id.is_(None))
    )
    found: dict[int, set[int]] = {}
    for unit_id, member_id in rows:
        found.setdefault(unit_id, set()).add(member_id)
    return found


@dataclass(frozen=True, slots=True)
class MembershipRow:
    unit: Called
    since_on: date
    until_on: date | None


def memberships_of(member_id: int) -> list[MembershipRow]:
    """Where a member has been, the latest first."""
    rows = db.session.execute(
        select(Unit.name, Unit.name_en, Membership.since_on, Membership.until_on)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.member_id == member_id)
        .order_by(Membership.id.desc())
    )
    return [MembershipRow(Called(name, name_en), since, until) for name, name_en, since, until in rows]


@dataclass(frozen=True, slots=True)
class ViewRow:
    viewer_name: str
    viewer_name_en: str | None
    page: str
    at: datetime


def views_of(member_id: int, *, limit: int = 100) -> list[ViewRow]:
    """Who looked at a member's record, the latest first."""
    rows = db.session.execute(
        select(Member.name, Member.name_en, View.page, View.at)
        .join(Member, Member.id == View.viewer_id)
        .where(View.member_id == member_id)
        .order_by(View.id.desc())
        .limit(limit)
    )
    return [ViewRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ReliefRow:
    id: int
    #: The coded reason, for its approver; None for anyone else.
    reason: str | None
    since_on: date
    until_on: date | None


def relief_of(member_id: int, *, reader_id: int, on: date) -> list[ReliefRow]:
    """A member's relief that lasts or is still to come."""
    rows = db.session.execute(
        select(Relief.id, Relief.reason, Relief.since_on, Relief.until_on, Relief.approved_by)
        .where(Relief.member_id == member_id, or_(Relief.until_on.is_(None), Relief.until_on > on))
        .order_by(Relief.since_on, Relief.id)
    )
    return [
        ReliefRow(id_, reason if approver == reader_id else None, since, until)
        for id_, reason, since, until, approver in rows
    ]
