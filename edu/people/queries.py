"""What is known of units, members, memberships, roles held, duties, sign-ins, views and relief."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select

from edu.base.actor import Actor, Permission
from edu.base.db import db
from edu.base.errors import NotFound
from edu.people.models import Duty, Member, Membership, MemberRole, Relief, SignIn, Throttle, Unit, UnitKind, View
from edu.people.permissions import Post, build_actor

#: Sign-out after this long without a request. Chosen: a working day, so that a shared office computer is signed out
#: the next morning. OWASP's 15–30 minutes (Session Management Cheat Sheet) would sign out a slow reader mid-page.
IDLE_LIMIT = timedelta(hours=12)
#: Sign-out in any case. NIST SP 800-63B 4.1.3: at the lowest assurance level at least once every 30 days.
SIGN_IN_LIMIT = timedelta(days=30)

#: Values in one IN list. SQLite takes 32,766 variables in a statement, PostgreSQL 65,535; chosen well below both.
IN_LIST = 5_000


def digest(secret: str) -> str:
    """What is stored of a token or counted of a login: SHA-256, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


# Who is signed in: read on every page, hence one statement, built once, on columns.


@dataclass(frozen=True, slots=True)
class SignedIn:
    actor: Actor
    sign_in_id: int
    login: str
    name: str
    name_en: str | None
    unit_id: int
    unit_name: str
    unit_name_en: str | None
    language: str | None
    must_change_password: bool
    seen_at: datetime


_sign_in = SignIn.__table__.c
_member = Member.__table__.c
_unit = Unit.__table__.c
_duty = Duty.__table__.c
_post_unit = Unit.__table__.alias("post_unit")
_post_kind = UnitKind.__table__.alias("post_kind")

_SIGNED_IN: Select[Any] = (
    select(
        _member.id,
        _sign_in.id,
        _member.login,
        _member.name,
        _member.name_en,
        _unit.id,
        _unit.name,
        _unit.name_en,
        _member.language,
        _member.must_change_password,
        _sign_in.seen_at,
        _unit.first,
        _duty.kind,
        _post_unit.c.first,
        _post_unit.c.last,
        _post_unit.c.home_first,
        _post_kind.c.is_home,
    )
    .select_from(
        SignIn.__table__.join(Member.__table__, _member.id == _sign_in.member_id)
        .join(Unit.__table__, _unit.id == _member.unit_id)
        .outerjoin(Duty.__table__, and_(_duty.member_id == _member.id, _duty.until_on.is_(None)))
        .outerjoin(_post_unit, _post_unit.c.id == _duty.unit_id)
        .outerjoin(_post_kind, _post_kind.c.key == _post_unit.c.kind)
    )
    .where(
        _sign_in.token_digest == bindparam("token_digest"),
        _sign_in.closed_at.is_(None),
        _sign_in.seen_at > bindparam("idle_since", type_=_sign_in.seen_at.type),
        _sign_in.opened_at > bindparam("opened_since", type_=_sign_in.opened_at.type),
        _member.is_active,
    )
)


def signed_in(token: str, *, at: datetime) -> SignedIn | None:
    """Whom a browser's token stands for, with what they may do; None when it was closed, has run out or never was."""
    rows = db.session.execute(
        _SIGNED_IN,
        {"token_digest": digest(token), "idle_since": at - IDLE_LIMIT, "opened_since": at - SIGN_IN_LIMIT},
    ).all()
    if not rows:
        return None
    posts = [
        Post(kind, first, last, is_home or home < first) for *_, kind, first, last, home, is_home in rows if kind
    ]
    member_id, *rest = rows[0][:11]
    return SignedIn(build_actor(member_id, rows[0][11], posts), *rest)


# The tree of units.


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


_UNITS = (
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
    rows = db.session.execute(select(UnitKind.key, UnitKind.names, UnitKind.is_home).order_by(UnitKind.rank))
    return [(key, names, is_home) for key, names, is_home in rows]


def knows_persons(actor: Actor, unit: UnitRow) -> bool:
    """Whether the actor sees the unit's people by name: a secretary of its home branch, or of a part of it with it in."""
    return any(
        grant.permission is Permission.VIEW_PERSONS
        and unit.home_first <= grant.first <= unit.first <= grant.last
        for grant in actor.grants
    )


# Members.


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


_MEMBERS = select(
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


def headcounts(first: int, last: int) -> dict[int, int]:
    """Active members directly in each of the units numbered first..last; a unit with none is left out."""
    rows = db.session.execute(
        select(Member.unit_id, func.count())
        .join(Unit, Unit.id == Member.unit_id)
        .where(Unit.first.between(first, last), Member.is_active)
        .group_by(Member.unit_id)
    )
    return {unit_id: count for unit_id, count in rows}


def home_of(member_id: int) -> UnitRow:
    """The unit where the member is known by name: the branch, or the member's own unit outside any."""
    for row in _units(
        Unit.first == select(Unit.home_first).join(Member, Member.unit_id == Unit.id).where(Member.id == member_id).scalar_subquery()
    ):
        return row
    raise NotFound


def all_member_ids() -> list[int]:
    """Every member, active or not, in a fixed order."""
    return list(db.session.scalars(select(Member.id).order_by(Member.id)))


def lock_members(member_ids: Sequence[int]) -> dict[int, int]:
    """The unit of each active member, held against other writers until the transaction ends."""
    units: dict[int, int] = {}
    for part in _parts(member_ids):
        rows = db.session.execute(
            select(Member.id, Member.unit_id)
            .where(Member.id.in_(part), Member.is_active)
            .order_by(Member.id)
            .with_for_update()
        )
        units |= {member_id: unit_id for member_id, unit_id in rows}
    return units


def _parts(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + IN_LIST] for start in range(0, len(ordered), IN_LIST)]


# What members have: roles, relief, duties, memberships, views.


def roles_of(member_id: int, *, on: date) -> frozenset[int]:
    return roles_by_member([member_id], on=on).get(member_id, frozenset())


def roles_by_member(member_ids: Collection[int], *, on: date) -> dict[int, frozenset[int]]:
    """The roles each member has on a day; who has none is left out."""
    found: dict[int, set[int]] = {}
    for part in _parts(member_ids):
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
    for part in _parts(member_ids):
        found |= set(
            db.session.scalars(select(Relief.member_id).where(Relief.member_id.in_(part), _lasts(Relief, on)))
        )
    return found


def _lasts(table: type[MemberRole] | type[Relief], on: date) -> ColumnElement[bool]:
    return and_(table.since_on <= on, or_(table.until_on.is_(None), table.until_on > on))


@dataclass(frozen=True, slots=True)
class DutyRow:
    id: int
    kind: str
    unit_id: int
    unit_name: str
    unit_name_en: str | None
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
    return [DutyRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class MembershipRow:
    unit_name: str
    unit_name_en: str | None
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
    return [MembershipRow(*row) for row in rows]


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
