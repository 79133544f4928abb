"""Change who the members are and where they belong."""

from datetime import date, datetime

from sqlalchemy import select, update

from edu.base import audit
from edu.base.db import db, insert
from edu.base.errors import Conflict, Invalid, NotFound
from edu.base.i18n import mark
from edu.people import queries
from edu.people.actions.duties import keep_one_administrator
from edu.people.actions.sign_ins import ONE_TIME_LASTS, sign_out_everywhere
from edu.people.days import not_in_future
from edu.people.models import Member, Membership
from edu.people.names import checked_login, checked_name


def add_member(
    *,
    login: str,
    name: str,
    name_en: str | None,
    unit_id: int,
    password_hash: str | None,
    must_change: bool,
    by: int | None,
    on: date,
    at: datetime,
) -> int:
    """Add a member to a unit. Returns the id.

    password_hash   None: this member cannot sign in until a password is set.
    must_change     the password is a one-time password, which opens nothing after ONE_TIME_LASTS.
    """
    not_in_future(on, at)
    queries.unit(unit_id)
    folded = checked_login(login)
    member_id = db.session.execute(
        insert(Member)
        .values(
            login=folded,
            name=checked_name(name),
            name_en=checked_name(name_en) if name_en else None,
            unit_id=unit_id,
            password_hash=password_hash,
            must_change_password=must_change,
            password_expires_at=at + ONE_TIME_LASTS if must_change else None,
            is_active=True,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Member.id)
    ).scalar_one_or_none()
    if member_id is None:
        raise Conflict(mark("The login name %(login)s is taken."), login=folded)
    db.session.execute(insert(Membership).values(member_id=member_id, unit_id=unit_id, since_on=on))
    audit.record("member.added", by=by, about=f"member:{member_id}", at=at, unit=unit_id)
    return int(member_id)


def change_member(member_id: int, *, name: str, name_en: str | None, by: int | None, at: datetime) -> None:
    """Give a member another name."""
    member = hold_member(member_id)
    member.name, member.name_en = checked_name(name), checked_name(name_en) if name_en else None
    db.session.flush()
    audit.record("member.renamed", by=by, about=f"member:{member_id}", at=at)


def set_language(member_id: int, language: str | None) -> None:
    db.session.execute(update(Member).where(Member.id == member_id).values(language=language))


def move_member(member_id: int, unit_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Close the open membership on a day and open one in another unit on the same day. What was stays readable."""
    not_in_future(on, at)
    queries.unit(unit_id)
    member = hold_member(member_id)
    if member.unit_id == unit_id:
        raise Conflict(mark("This member is already in that unit."))
    open_row = db.session.execute(
        select(Membership).where(Membership.member_id == member_id, Membership.until_on.is_(None))
    ).scalar_one()
    if on < open_row.since_on:
        raise Invalid(mark("The member came to the present unit after that day."))
    was, open_row.until_on, member.unit_id = member.unit_id, on, unit_id
    db.session.flush()
    db.session.execute(insert(Membership).values(member_id=member_id, unit_id=unit_id, since_on=on))
    audit.record("member.moved", by=by, about=f"member:{member_id}", at=at, was=was, unit=unit_id, on=on.isoformat())


def deactivate(member_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Close the member's access and count them no longer; everything they have done stays.

    Safe to repeat. Raises Conflict for the last administrator of the whole, and for oneself.
    """
    if by == member_id:
        raise Conflict(mark("Nobody can deactivate themselves. Ask another administrator."))
    member = hold_member(member_id)
    if not member.is_active:
        return
    keep_one_administrator(member_id)
    member.is_active = False
    db.session.flush()
    sign_out_everywhere(member_id, at=at)
    audit.record("member.deactivated", by=by, about=f"member:{member_id}", at=at, on=on.isoformat())


def reactivate(member_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Open the member's access again, in the unit they were in. Safe to repeat."""
    member = hold_member(member_id)
    if member.is_active:
        return
    if queries.is_closed(member.unit_id):
        raise Conflict(mark("The member's unit is closed. Move the member first."))
    member.is_active = True
    db.session.flush()
    audit.record("member.reactivated", by=by, about=f"member:{member_id}", at=at, on=on.isoformat())


def hold_member(member_id: int) -> Member:
    """The member's row, held against other writers until the transaction ends."""
    member = db.session.get(Member, member_id, with_for_update=True)
    if member is None:
        raise NotFound
    return member
