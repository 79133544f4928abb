"""What an import compares its file with: all units and members as they are."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from edu.base.db import db
from edu.people.models import Duty, Member, MemberRole, Unit, UnitKind
from edu.people.roster_rows import Existing, MemberState, UnitState, plain


def existing(role_words: Mapping[str, int]) -> Existing:
    """Everything at once, in five statements.

    role_words   what a file may call a role → its id; courses knows them.
    """
    kinds = db.session.execute(select(UnitKind.key, UnitKind.names, UnitKind.is_home)).all()
    columns = (Unit.id, Unit.code, Unit.name, Unit.name_en, Unit.kind, Unit.parent_id, Unit.closed_on)
    units = db.session.execute(select(*columns).order_by(Unit.first)).all()
    codes = {row.id: row.code for row in units}
    return Existing(
        units={
            row.code: UnitState(row.id, row.name, row.name_en, row.kind, codes.get(row.parent_id))
            for row in units
            if row.closed_on is None
        },
        members=_members(codes),
        kinds={plain(word): key for key, names, _home in kinds for word in (key, *names.values())},
        home_kinds=frozenset(key for key, _names, is_home in kinds if is_home),
        roles={plain(word): role_id for word, role_id in role_words.items()},
        closed=frozenset(row.code for row in units if row.closed_on is not None),
    )


def _members(codes: Mapping[int, str]) -> dict[str, MemberState]:
    roles: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, role_id in db.session.execute(
        select(MemberRole.member_id, MemberRole.role_id).where(MemberRole.until_on.is_(None))
    ):
        roles[member_id].add(role_id)
    duties: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for member_id, kind, unit_id in db.session.execute(
        select(Duty.member_id, Duty.kind, Duty.unit_id).where(Duty.until_on.is_(None))
    ):
        duties[member_id].add((kind, codes[unit_id]))
    rows = db.session.execute(
        select(Member.id, Member.login, Member.name, Member.name_en, Member.unit_id, Member.is_active)
    )
    return {
        row.login: MemberState(
            row.id,
            row.name,
            row.name_en,
            codes[row.unit_id],
            row.is_active,
            frozenset(roles[row.id]),
            frozenset(duties[row.id]),
        )
        for row in rows
    }
