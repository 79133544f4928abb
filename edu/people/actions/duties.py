"""Change what members have: roles, duties, relief."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update

from edu.base import audit
from edu.base.db import db, insert
from edu.base.errors import Conflict, Invalid
from edu.base.i18n import mark
from edu.people import queries
from edu.people.actions.units import hold_tree
from edu.people.days import not_in_future
from edu.people.models import Duty, MemberRole, Relief
from edu.people.permissions import GRANTS

#: Why nothing is required of a member, as the table knows it. Coarse on purpose: no reason tells of health.
RELIEF_REASONS = ("age", "leave", "posting", "other")


def give_role(member_id: int, role_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Give a member a role from a day on. Safe to repeat: a role that is held stays as it is."""
    not_in_future(on, at)
    queries.lock_members([member_id])
    if _added(MemberRole, member_id=member_id, role_id=role_id, since_on=on):
        audit.record("role.given", by=by, about=f"member:{member_id}", at=at, role=role_id)


def end_role(member_id: int, role_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """End a member's role on a day; on that day it is no longer held. Safe to repeat."""
    not_in_future(on, at)
    queries.lock_members([member_id])
    since = db.session.scalar(
        select(MemberRole.since_on).where(
            MemberRole.member_id == member_id, MemberRole.role_id == role_id, MemberRole.until_on.is_(None)
        )
    )
    if since is None:
        return
    db.session.execute(
        update(MemberRole)
        .where(MemberRole.member_id == member_id, MemberRole.role_id == role_id, MemberRole.until_on.is_(None))
        .values(until_on=max(on, since))
    )
    audit.record("role.ended", by=by, about=f"member:{member_id}", at=at, role=role_id)


def appoint(member_id: int, kind: str, unit_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Give a member a duty for a unit and all below it. Safe to repeat."""
    not_in_future(on, at)
    queries.unit(unit_id)
    if kind not in GRANTS:
        raise Invalid(mark("There is no duty called %(duty)s."), duty=kind)
    if _added(Duty, member_id=member_id, kind=kind, unit_id=unit_id, since_on=on):
        audit.record("duty.appointed", by=by, about=f"member:{member_id}", at=at, duty=kind, unit=unit_id)


def dismiss(member_id: int, kind: str, unit_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """End a member's duty for a unit. Safe to repeat. Raises Conflict for the last administrator of the whole."""
    not_in_future(on, at)
    hold_tree()
    mine = (Duty.member_id == member_id, Duty.kind == kind, Duty.unit_id == unit_id, Duty.until_on.is_(None))
    since = db.session.scalar(select(Duty.since_on).where(*mine))
    if since is None:
        return
    if kind == "administrator":
        keep_one_administrator(member_id, unit_id)
    db.session.execute(update(Duty).where(*mine).values(until_on=max(on, since)))
    audit.record("duty.dismissed", by=by, about=f"member:{member_id}", at=at, duty=kind, unit=unit_id)


def keep_one_administrator(member_id: int, unit_id: int | None = None) -> None:
    """Raises Conflict when, without this member, nobody could administer a top unit any more.

    unit_id   look at this unit only; None: at every top unit the member administers.
    """
    hold_tree()
    holders = queries.top_administrators()
    for top, members in holders.items():
        if members == {member_id} and unit_id in (None, top):
            raise Conflict(mark("This is the last administrator of the whole. Appoint another one first."))


def grant_relief(member_id: int, reason: str, *, until_on: date | None, by: int, on: date, at: datetime) -> None:
    """Require nothing of a member from a day until a day, or without end. The reason is a code, never health."""
    if reason not in RELIEF_REASONS:
        raise Invalid(mark("Please choose one of the reasons."))
    if until_on is not None and until_on <= on:
        raise Invalid(mark("The last day lies before the first."))
    queries.lock_members([member_id])
    ends_after = or_(Relief.until_on.is_(None), Relief.until_on > on)
    if db.session.scalar(select(Relief.id).where(Relief.member_id == member_id, ends_after).limit(1)):
        raise Conflict(mark("This member has relief already. End it first."))
    db.session.execute(
        insert(Relief).values(member_id=member_id, reason=reason, approved_by=by, since_on=on, until_on=until_on)
    )
    audit.record("relief.granted", by=by, about=f"member:{member_id}", at=at)


def end_relief(member_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """End a member's relief on a day; one that has not begun by then never lasts a day. Safe to repeat."""
    queries.lock_members([member_id])
    open_rows = db.session.execute(
        select(Relief.id, Relief.since_on).where(
            Relief.member_id == member_id, or_(Relief.until_on.is_(None), Relief.until_on > on)
        )
    ).all()
    for relief_id, since in open_rows:
        db.session.execute(update(Relief).where(Relief.id == relief_id).values(until_on=max(on, since)))
    if open_rows:
        audit.record("relief.ended", by=by, about=f"member:{member_id}", at=at)


def _added(table: type[MemberRole] | type[Duty], **values: Any) -> bool:
    """Insert the row unless an open one is there. Says whether it was inserted."""
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(table.id)
    return db.session.execute(statement).scalar_one_or_none() is not None
