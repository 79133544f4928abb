"""Do what a roster's plan says. New members come in by the thousand, hence in few statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert as plain_insert
from sqlalchemy import select

from edu.base import audit
from edu.base.db import db
from edu.people.actions.duties import appoint, end_role, give_role
from edu.people.actions.members import change_member, move_member
from edu.people.actions.sign_ins import ONE_TIME_LASTS
from edu.people.actions.units import change_unit, hold_tree, insert_unit, move_unit, renumber
from edu.people.models import Duty, Member, MemberRole, Membership, Unit
from edu.people.roster_rows import MemberChange, Plan, UnitChange


def carry_out(plan: Plan, hashes: Mapping[str, str], *, by: int | None, on: date, at: datetime) -> list[int]:
    """Make people what the plan says. Returns the ids of the members whose unit or roles changed.

    hashes   login → hash of the one-time password, for every new member. Made before: it takes long.
    """
    hold_tree()
    units = _put_units(plan.units, by=by, at=at)
    added = _add_members([m for m in plan.members if m.id is None], units, hashes, by=by, on=on, at=at)
    changed = [member for member in plan.members if member.id is not None]
    for member in changed:
        _change(member, units, by=by, on=on, at=at)
    return added + [member.id for member in changed if member.id is not None]


def _put_units(units: Sequence[UnitChange], *, by: int | None, at: datetime) -> dict[str, int]:
    """Add, name and hang units; returns code → id of all units."""
    ids = {code: unit_id for code, unit_id in db.session.execute(select(Unit.code, Unit.id))}
    for unit in units:
        parent_id = ids[unit.parent] if unit.parent else None
        if unit.id is None:
            ids[unit.code] = insert_unit(
                code=unit.code,
                name=unit.name,
                name_en=unit.name_en,
                kind=unit.kind,
                parent_id=parent_id,
                by=by,
                at=at,
            )
            continue
        if unit.is_renamed:
            change_unit(unit.id, name=unit.name, name_en=unit.name_en, kind=unit.kind, by=by, at=at)
        if unit.is_moved:
            move_unit(unit.id, parent_id, by=by, at=at)
    renumber()
    return ids


def _add_members(
    members: Sequence[MemberChange],
    units: Mapping[str, int],
    hashes: Mapping[str, str],
    *,
    by: int | None,
    on: date,
    at: datetime,
) -> list[int]:
    if not members:
        return []
    rows = [
        {
            "login": member.login,
            "name": member.name,
            "name_en": member.name_en,
            "unit_id": units[member.unit],
            "password_hash": hashes[member.login],
            "must_change_password": True,
            "password_expires_at": at + ONE_TIME_LASTS,
            "is_active": True,
            "created_at": at,
        }
        for member in members
    ]
    ids = {
        login: member_id
        for login, member_id in db.session.execute(plain_insert(Member).returning(Member.login, Member.id), rows)
    }
    have = [(ids[member.login], member) for member in members]
    _insert(Membership, [{"member_id": id_, "unit_id": units[m.unit], "since_on": on} for id_, m in have])
    _insert(
        MemberRole,
        [{"member_id": id_, "role_id": role, "since_on": on} for id_, m in have for role in sorted(m.roles_given)],
    )
    _insert(
        Duty,
        [
            {"member_id": id_, "kind": kind, "unit_id": units[code], "since_on": on}
            for id_, m in have
            for kind, code in sorted(m.duties_given)
        ],
    )
    for id_, member in have:
        audit.record("member.added", by=by, about=f"member:{id_}", at=at, unit=units[member.unit])
    db.session.flush()
    return list(ids.values())


def _insert(table: type[Membership] | type[MemberRole] | type[Duty], rows: list[dict[str, object]]) -> None:
    if rows:
        db.session.execute(plain_insert(table), rows)


def _change(member: MemberChange, units: Mapping[str, int], *, by: int | None, on: date, at: datetime) -> None:
    assert member.id is not None
    if member.is_renamed:
        change_member(member.id, name=member.name, name_en=member.name_en, by=by, at=at)
    if member.moved_from:
        move_member(member.id, units[member.unit], by=by, on=on, at=at)
    for role_id in sorted(member.roles_given):
        give_role(member.id, role_id, by=by, on=on, at=at)
    for role_id in sorted(member.roles_ended):
        end_role(member.id, role_id, by=by, on=on, at=at)
    for kind, code in sorted(member.duties_given):
        appoint(member.id, kind, units[code], by=by, on=on, at=at)
