"""Change the tree of units."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, func, select, update

from edu.base import audit
from edu.base.db import db, insert
from edu.base.errors import Conflict, Invalid, NotFound
from edu.base.i18n import mark
from edu.people.models import Duty, Member, Unit, UnitKind
from edu.people.names import checked_code, checked_name
from edu.people.tree import Node, Number, hangs_below, number


@dataclass(frozen=True, slots=True)
class UnitKindSpec:
    key: str
    names: dict[str, str]
    is_home: bool


def define_unit_kinds(kinds: Sequence[UnitKindSpec]) -> None:
    """Make the kinds of unit these, the largest first. A kind that is gone but still in use is kept, last."""
    for rank, kind in enumerate(kinds):
        values = {"names": dict(kind.names), "rank": rank, "is_home": kind.is_home}
        db.session.execute(
            insert(UnitKind)
            .values(key=kind.key, **values)
            .on_conflict_do_update(index_elements=[UnitKind.key], set_=values)
        )
    gone = UnitKind.key.not_in([kind.key for kind in kinds])
    db.session.execute(
        delete(UnitKind)
        .where(gone, ~exists().where(Unit.kind == UnitKind.key))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(UnitKind).where(gone).values(rank=len(kinds)).execution_options(synchronize_session=False)
    )
    renumber()


def hold_tree() -> None:
    """Make other writers of the tree wait until this transaction ends: two renumberings at once would mix.

    PostgreSQL needs it; on SQLite a writing transaction is alone anyway.
    """
    db.session.execute(select(UnitKind.key).order_by(UnitKind.key).with_for_update()).all()


def add_unit(
    *,
    code: str,
    name: str,
    name_en: str | None,
    kind: str,
    parent_id: int | None,
    by: int | None,
    at: datetime,
) -> int:
    """Add a unit below another, or at the top. Returns its id."""
    hold_tree()
    added = insert_unit(code=code, name=name, name_en=name_en, kind=kind, parent_id=parent_id, by=by, at=at)
    renumber()
    return added


def insert_unit(
    *, code: str, name: str, name_en: str | None, kind: str, parent_id: int | None, by: int | None, at: datetime
) -> int:
    """Add a unit that has no numbers yet: whoever calls this holds the tree and renumbers."""
    if parent_id is not None:
        _open_unit(parent_id)
    _known_kind(kind)
    added = db.session.execute(
        insert(Unit)
        .values(
            code=checked_code(code),
            name=checked_name(name),
            name_en=checked_name(name_en) if name_en else None,
            kind=kind,
            parent_id=parent_id,
            **dict.fromkeys(("first", "last", "home_first"), 0),
        )
        .on_conflict_do_nothing()
        .returning(Unit.id)
    ).scalar_one_or_none()
    if added is None:
        raise Conflict(mark("There is already a unit with the code %(code)s."), code=code)
    audit.record("unit.added", by=by, about=f"unit:{added}", at=at, parent=parent_id)
    return int(added)


def change_unit(unit_id: int, *, name: str, name_en: str | None, kind: str, by: int | None, at: datetime) -> None:
    """Give a unit other names or another kind."""
    unit = _open_unit(unit_id)
    _known_kind(kind)
    other_kind = unit.kind != kind
    unit.name, unit.name_en, unit.kind = checked_name(name), checked_name(name_en) if name_en else None, kind
    db.session.flush()
    if other_kind:
        hold_tree()
        renumber()
    audit.record("unit.changed", by=by, about=f"unit:{unit_id}", at=at, name=unit.name)


def move_unit(unit_id: int, parent_id: int | None, *, by: int | None, at: datetime) -> None:
    """Hang a unit, with all below it, under another. Duties held there go along; history stays."""
    hold_tree()
    unit = _open_unit(unit_id)
    if parent_id is not None:
        _open_unit(parent_id)
        if hangs_below(parent_id, unit_id, _parents()):
            raise Conflict(mark("A unit cannot hang below itself."))
    was, unit.parent_id = unit.parent_id, parent_id
    db.session.flush()
    renumber()
    audit.record("unit.moved", by=by, about=f"unit:{unit_id}", at=at, was=was, parent=parent_id)


def close_unit(unit_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Close a unit in which nobody and below which nothing is left. Its history stays."""
    hold_tree()
    unit = _open_unit(unit_id)
    if _any(Unit.parent_id == unit_id, Unit.closed_on.is_(None)):
        raise Conflict(mark("There are still units below this one."))
    if _any(Member.unit_id == unit_id, Member.is_active):
        raise Conflict(mark("There are still members in this unit."))
    if _any(Duty.unit_id == unit_id, Duty.until_on.is_(None)):
        raise Conflict(mark("Somebody still has a duty for this unit."))
    unit.closed_on = on
    db.session.flush()
    audit.record("unit.closed", by=by, about=f"unit:{unit_id}", at=at)


def renumber() -> None:
    """Give every unit its pre-order numbers again; only rows that change are written."""
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id, UnitKind.is_home, Unit.first, Unit.last, Unit.home_first)
        .join(UnitKind, UnitKind.key == Unit.kind)
        .order_by(Unit.id)
    ).all()
    numbers = number(Node(row.id, row.parent_id, row.is_home) for row in rows)
    changed = [
        {"id": row.id, **asdict(numbers[row.id])}
        for row in rows
        if Number(row.first, row.last, row.home_first) != numbers[row.id]
    ]
    if changed:
        db.session.execute(update(Unit), changed)


def _open_unit(unit_id: int) -> Unit:
    unit = db.session.get(Unit, unit_id, with_for_update=True)
    if unit is None or unit.closed_on is not None:
        raise NotFound
    return unit


def _known_kind(kind: str) -> None:
    if not _any(UnitKind.key == kind):
        raise Invalid(mark("There is no kind of unit called %(kind)s."), kind=kind)


def _parents() -> dict[int, int | None]:
    return {unit_id: parent_id for unit_id, parent_id in db.session.execute(select(Unit.id, Unit.parent_id))}


def _any(*conditions: object) -> bool:
    """Whether a row of one table meets the conditions."""
    return bool(db.session.scalar(select(func.count()).where(*conditions)))  # type: ignore[arg-type]
