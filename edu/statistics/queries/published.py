"""Figures above the branches: published once, the same for everyone who may see the unit."""

from collections.abc import Sequence
from datetime import date

from edu.base.clock import day_of
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.people import queries as people
from edu.statistics.queries import rows
from edu.statistics.queries.shapes import Framework, Listing, Row, Scope, UnitReport
from edu.statistics.report import MEMBERS, Selection
from edu.statistics.suppression import Cell, Count, Direct, Figures, Node, Published, publish


def report(scope: Scope, framework: Framework) -> UnitReport:
    figures, parts, left_out = _shown(scope)
    return UnitReport(scope, framework, figures, parts, left_out)


def behind(scope: Scope, framework: Framework, selection: Selection) -> Listing:
    """The parts of the unit behind a number; of a unit without parts, its rungs."""
    figures, parts, left_out = _shown(scope, selection.role_id)
    if selection.role_id is not None and not parts:
        raise NotFound(mark("There is no such figure."))
    is_hidden = selection.is_hidden(figures)
    return Listing(
        scope,
        framework,
        selection,
        None if is_hidden else selection.number(figures),
        Count(0, 0) if is_hidden else selection.count(figures),
        rows=tuple(_chosen(scope, figures, parts, selection)),
        left_out=left_out,
    )


def _shown(scope: Scope, role_id: int | None = None) -> tuple[Figures, tuple[Row, ...], int]:
    """The figures, their parts, and how many units are left out of them."""
    tree = _tree(scope, on=day_of(scope.at))
    made = tree[scope.first]
    if scope.itself:
        return made.direct, (), int(made.direct.is_suppressed)
    parts = _parts(scope, tree)
    if role_id is not None and parts:
        parts = (*(row for row in parts if row.kind == "unit"), Row("here", made.here, scope.unit))
    return made.figures, parts, made.left_out


def _tree(scope: Scope, *, on: date) -> dict[int, Published]:
    """What may be shown of the unit and of all nodes below it, by position."""
    homes = {unit.id: unit.home_first for unit in scope.units}
    counts: dict[int, int] = {}
    for unit_id, count in people.headcounts(scope.unit.first, scope.unit.last).items():
        counts[homes[unit_id]] = counts.get(homes[unit_id], 0) + count
    cells = rows.cells(scope.unit.first, scope.unit.last)
    roles = rows.roles(scope.unit.first, scope.unit.last)
    nodes = [
        Node(
            unit.first,
            homes.get(unit.parent_id) if unit.parent_id else None,
            Direct(counts.get(unit.first, 0), cells.get(unit.first, {}), roles.get(unit.first, {})),
        )
        for unit in scope.units
        if unit.home_first == unit.first
    ]
    return publish(nodes, _asked(on=on))


def _asked(*, on: date) -> dict[Cell, frozenset[int]]:
    """The roles that require each rung."""
    asked: dict[Cell, set[int]] = {}
    for role_id, topics in courses.requirements(on=on).items():
        for topic_id, layer in topics.items():
            for rung in range(1, layer + 1):
                asked.setdefault(Cell(topic_id, rung), set()).add(role_id)
    return {cell: frozenset(roles) for cell, roles in asked.items()}


def _parts(scope: Scope, tree: dict[int, Published]) -> tuple[Row, ...]:
    """What the unit's figures are the sum of: units below, those directly in it, and the pool."""
    homes = {unit.id: unit.home_first for unit in scope.units}
    below = [
        Row("unit", tree[unit.first].figures, unit)
        for unit in scope.units
        if unit.first != scope.first
        and unit.home_first == unit.first
        and unit.parent_id
        and homes[unit.parent_id] == scope.first
    ]
    made = tree[scope.first]
    if not below:
        return ()
    if made.direct.people or made.direct.is_suppressed:
        below.insert(0, Row("itself", made.direct, scope.unit))
    if made.pooled:
        below.append(Row("pooled", Figures(0, made.pooled)))
    return tuple(below)


def _chosen(scope: Scope, figures: Figures, parts: Sequence[Row], selection: Selection) -> list[Row]:
    """The parts that the selection counts anyone of; of a unit without parts, its rungs."""
    if parts or selection.state == MEMBERS:
        found = parts or [Row("unit", figures, scope.unit)]
    else:
        found = [
            Row("cell", Figures(count.required, {cell: count}), scope.unit, cell)
            for cell, count in sorted(figures.cells.items())
            if selection.takes(cell)
        ]
    return [row for row in found if selection.is_hidden(row.figures) or selection.number(row.figures)]
