"""Verbs: complete a module, hold a rung, restate where members stand; and people's moves with their tallies."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from edu.base.clock import day_of
from edu.base.db import db, insert
from edu.courses import queries as courses
from edu.people import actions as people_actions
from edu.people import queries as people
from edu.records import queries
from edu.records.models import Completion, Holding, HourPolicy, HoursEntry, Place, Standing, Tally
from edu.records.policies import HourPolicySpec
from edu.records.standings import Cell, TallyKey, difference, required_cells, tallies

Progress = Callable[[int, int], None]

#: The category that a module studied here counts to.
ONLINE = "online"
#: Members restated at a time: bounds the memory of a whole organisation's restating.
CHUNK = 500
#: A tally that moves: by how much its required and its held.
Move = tuple[TallyKey, int, int]
#: Moves kept before they are counted: many members of a unit move the same tallies, which are then written once.
MOST_MOVES = 500_000


def define_hour_policies(policies: Sequence[HourPolicySpec]) -> None:
    """Add the policies that are new; one that exists is changed in its words only, never removed."""
    for policy in policies:
        row = db.session.scalar(
            select(HourPolicy).where(HourPolicy.category == policy.category, HourPolicy.since_on == policy.since_on)
        )
        if row is None:
            row = HourPolicy(category=policy.category, since_on=policy.since_on)
            db.session.add(row)
        row.names, row.basis = dict(policy.names), dict(policy.basis)
        row.minutes_per_hour, row.round_down_to = policy.minutes_per_hour, policy.round_down_to
        row.year_starts = policy.year_starts
    db.session.flush()


def complete_module(
    member_id: int, module_id: int, version_id: int, *, unit_id: int, minutes: int, share: float, at: datetime
) -> None:
    """Record that a version was completed, and its minutes as study.

    Safe to repeat: the first completion of a version stands. It keeps the unit it was earned in.
    """
    added = db.session.execute(
        insert(Completion)
        .values(
            member_id=member_id,
            module_id=module_id,
            version_id=version_id,
            unit_id=unit_id,
            share=share,
            completed_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Completion.id)
    ).scalar_one_or_none()
    if added is not None:
        db.session.execute(
            insert(HoursEntry).values(
                member_id=member_id,
                unit_id=unit_id,
                completion_id=added,
                category=ONLINE,
                minutes=minutes,
                studied_on=day_of(at),
            )
        )


#: The days on which a rung that is held comes due and lapses; None: it is not held.
Span = tuple[date | None, date | None] | None


def hold(member_id: int, topic_id: int, spans: Sequence[Span], *, at: datetime) -> bool:
    """Set which layers of a topic a member holds, and how long, from layer 1.

    Returns whether that changed; if so, restate.
    """
    stored = {
        row.layer: row
        for row in db.session.scalars(
            select(Holding).where(Holding.member_id == member_id, Holding.topic_id == topic_id)
        )
    }
    before = {layer: (row.due_on, row.lapses_on) for layer, row in stored.items()}
    after = {layer: span for layer, span in enumerate(spans, start=1) if span is not None}
    if lost := before.keys() - after.keys():
        db.session.execute(
            delete(Holding).where(Holding.member_id == member_id, Holding.topic_id == topic_id, Holding.layer.in_(lost))
        )
    for layer, (due_on, lapses_on) in sorted(after.items()):
        if layer in stored:
            stored[layer].due_on, stored[layer].lapses_on = due_on, lapses_on
        else:
            key = {"member_id": member_id, "topic_id": topic_id, "layer": layer}
            db.session.add(Holding(**key, since_at=at, due_on=due_on, lapses_on=lapses_on))
    db.session.flush()
    return before != after


def restate(member_ids: Sequence[int], *, on: date, progress: Progress | None = None) -> None:
    """Make standings and tallies say what roles, requirements, relief, units and holdings say on a day.

    progress    called with (done, all) after every CHUNK members.
    """
    requirements = courses.requirements(on=on)
    moves: list[Move] = []
    for start in range(0, len(member_ids), CHUNK):
        part = member_ids[start : start + CHUNK]
        moves += _restate(part, requirements, on=on)
        if len(moves) > MOST_MOVES:
            count_tallies(moves)
            moves = []
        if progress:
            progress(start + len(part), len(member_ids))
    count_tallies(moves)


def restate_all(*, on: date, progress: Progress | None = None) -> None:
    """Restate everyone, after requirements changed or a day has passed."""
    restate(people.all_member_ids(), on=on, progress=progress)


def _restate(member_ids: Sequence[int], requirements: Mapping[int, Mapping[int, int]], *, on: date) -> list[Move]:
    """Rewrite the standings of those members whose standings change; returns how the tallies move."""
    units = people.lock_members(member_ids)
    roles = people.roles_by_member(member_ids, on=on)
    relieved = people.on_relief(member_ids, on=on)
    holdings = queries.holdings(member_ids, on=on)
    stored = queries.standings(member_ids)
    changed, rows, moves = [], [], []
    for member_id in member_ids:
        unit_id = units.get(member_id)  # None: no longer active, of whom nothing is required
        asked = required_cells(roles.get(member_id, ()), requirements)
        cells = set() if unit_id is None or member_id in relieved else asked
        after = {cell: (cell.topic_id, cell.layer) in holdings.get(member_id, set()) for cell in cells}
        old_unit, before = stored.get(member_id, (unit_id, {}))
        if (old_unit, before) != (unit_id, after):
            changed.append(member_id)
            rows += [
                {"member_id": member_id, "unit_id": unit_id, "is_held": is_held, **cell._asdict()}
                for cell, is_held in after.items()
            ]
            moves += _moved(old_unit, before, unit_id, after)
    if changed:
        db.session.execute(delete(Standing).where(Standing.member_id.in_(changed)))
    if rows:
        db.session.execute(insert(Standing), rows)
    return moves


def _moved(old_unit: int | None, before: dict[Cell, bool], unit_id: int | None, after: dict[Cell, bool]) -> list[Move]:
    """How the tallies move when one member's standings change."""
    was = tallies(old_unit, before) if old_unit is not None else tallies(0, {})
    now = tallies(unit_id, after) if unit_id is not None else tallies(0, {})
    return difference(was, now)


def count_tallies(moves: Iterable[Move]) -> None:
    """Add changes to the tallies, in one order for all writers, so that two of them never wait for each other."""
    totals: dict[TallyKey, list[int]] = {}
    for key, required, held in moves:
        total = totals.setdefault(key, [0, 0])
        total[0] += required
        total[1] += held
    for key in sorted(totals, key=lambda key: tuple(part or 0 for part in key)):
        _count(key, *totals[key])


def _count(key: TallyKey, required: int, held: int) -> None:
    role = Tally.role_id.is_(None) if key.role_id is None else Tally.role_id == key.role_id
    change = {"required": Tally.required + required, "held": Tally.held + held}
    done = db.session.execute(
        update(Tally)
        .where(Tally.unit_id == key.unit_id, role, Tally.topic_id == key.topic_id, Tally.layer == key.layer)
        .values(change)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]
        columns = [Tally.unit_id, Tally.topic_id, Tally.layer] + ([Tally.role_id] if key.role_id else [])
        db.session.execute(
            insert(Tally)
            .values(**key._asdict(), required=required, held=held)
            .on_conflict_do_update(index_elements=columns, index_where=_index_where(key), set_=change)
        )


def _index_where(key: TallyKey) -> Any:
    return Tally.role_id.is_(None) if key.role_id is None else Tally.role_id.is_not(None)


def forget_derived() -> None:
    """Empty everything here that can be rebuilt from the evidence. Only gaps.actions.rebuild calls it."""
    for table in (HoursEntry, Completion, Holding, Standing, Tally):
        db.session.execute(delete(table))


def remember_place(member_id: int, module_id: int, version_id: int, anchor: str, *, at: datetime) -> None:
    """Keep where a member stopped reading."""
    place = {"version_id": version_id, "anchor": anchor, "at": at}
    db.session.execute(
        insert(Place)
        .values(member_id=member_id, module_id=module_id, **place)
        .on_conflict_do_update(index_elements=[Place.member_id, Place.module_id], set_=place)
    )


def move_member(member_id: int, unit_id: int, *, by: int | None, on: date, at: datetime) -> None:
    """Move a member; what was earned stays where it was earned, what is required goes along."""
    people_actions.move_member(member_id, unit_id, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))


def give_role(member_id: int, role_id: int, *, by: int | None, on: date, at: datetime) -> None:
    people_actions.give_role(member_id, role_id, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))


def end_role(member_id: int, role_id: int, *, by: int | None, on: date, at: datetime) -> None:
    people_actions.end_role(member_id, role_id, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))


def deactivate(member_id: int, *, by: int | None, on: date, at: datetime) -> None:
    people_actions.deactivate(member_id, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))


def reactivate(member_id: int, *, by: int | None, on: date, at: datetime) -> None:
    people_actions.reactivate(member_id, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))


def grant_relief(member_id: int, reason: str, *, until_on: date | None, by: int, on: date, at: datetime) -> None:
    people_actions.grant_relief(member_id, reason, until_on=until_on, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))


def end_relief(member_id: int, *, by: int | None, on: date, at: datetime) -> None:
    people_actions.end_relief(member_id, by=by, on=on, at=at)
    restate([member_id], on=day_of(at))
