"""Figures of the own branch, for those who know its people by name: nothing hidden, down to persons."""

from collections.abc import Callable, Sequence

from edu.base.clock import day_of
from edu.people import queries as people
from edu.people.queries import MemberRow, UnitRow
from edu.statistics.persons import Stand, by_member, coming_due, figures_of, lacking, rungs
from edu.statistics.queries import rows
from edu.statistics.queries.shapes import Framework, Listing, PersonRow, Row, Scope, UnitReport
from edu.statistics.report import HELD, MEMBERS, REQUIRED, Selection, number_of
from edu.statistics.support import Need, Progress, needs
from edu.statistics.suppression import Count, total


def report(scope: Scope, framework: Framework, *, language: str) -> UnitReport:
    members = people.members_in(scope.first, scope.last)
    stands = rows.stands(scope.first, scope.last)
    of_member = by_member(stands)
    persons = (_person(one, of_member.get(one.id, []), Selection(state=MEMBERS), framework) for one in members)
    return UnitReport(
        scope,
        framework,
        figures_of(len(members), stands),
        tuple(_own_parts(scope, members, stands)),
        left_out=0,
        support=_support(scope, members, stands, language=language),
        persons=tuple(persons),
        fading=tuple(coming_due(stands, on=day_of(scope.at))),
    )


def behind(scope: Scope, framework: Framework, selection: Selection) -> Listing:
    """The persons behind a number."""
    members = people.members_in(scope.first, scope.last)
    stands = rows.stands(scope.first, scope.last)
    of_member = by_member(stands)
    found = [_person(member, of_member.get(member.id, []), selection, framework) for member in members]
    persons = tuple(row for row in found if row.number)
    number, count = sum(row.number for row in persons), total(row.count for row in found)
    return Listing(scope, framework, selection, number, count, persons=persons)


def _own_parts(scope: Scope, members: Sequence[MemberRow], stands: Sequence[Stand]) -> list[Row]:
    """The units directly below, with all that is below them, and those directly in the unit."""
    below = [unit for unit in scope.units if unit.parent_id == scope.unit.id]
    if scope.itself or not below:
        return []

    def made(kind: str, unit: UnitRow, is_in: Callable[[int], bool]) -> Row:
        number = sum(is_in(member.position) for member in members)
        return Row(kind, figures_of(number, (stand for stand in stands if is_in(stand.position))), unit)

    parts = [made("unit", unit, lambda at, unit=unit: unit.first <= at <= unit.last) for unit in below]  # type: ignore[misc]
    direct = made("itself", scope.unit, lambda at: at == scope.first)
    return [direct, *parts] if direct.figures.people else parts


def _support(scope: Scope, members: Sequence[MemberRow], stands: Sequence[Stand], *, language: str) -> tuple[Need, ...]:
    gaps = lacking(stands)
    relieved = people.on_relief([member.id for member in members], on=day_of(scope.at))
    seen = rows.last_evidence(scope.first, scope.last)
    sittings = rows.sittings(scope.first, scope.last, language)
    found = needs(
        (
            Progress(
                member.id,
                member.id in relieved,
                gaps.get(member.id, frozenset()),
                seen.get(member.id),
                tuple(sittings.get(member.id, ())),
            )
            for member in members
        ),
        at=scope.at,
    )
    return tuple(found)


def _person(member: MemberRow, stands: Sequence[Stand], selection: Selection, framework: Framework) -> PersonRow:
    counted = [stand for stand in stands if stand.role_id == selection.role_id and selection.takes(stand.cell)]
    held = tuple(sorted(stand.cell for stand in counted if stand.is_held))
    open_ = tuple(sorted(stand.cell for stand in counted if not stand.is_held))
    count = Count(len(counted), len(held))
    cells = {HELD: held, REQUIRED: tuple(sorted(held + open_))}.get(selection.state, open_)
    is_there = bool(counted) or selection.role_id is None
    number = int(is_there) if selection.state == MEMBERS else number_of(count, selection.state)
    return PersonRow(member, number, cells, count, dict(rungs(stands, framework.layer_numbers)))
