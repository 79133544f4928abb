"""A unit's report as sheets: the numbers of the page, for calculating on."""

from flask_babel import gettext as _

from edu.base.sheets import Cell as SheetCell
from edu.base.sheets import Percent, Sheet
from edu.statistics.queries import Row, UnitReport
from edu.statistics.report import heat, rungs_of, share_held
from edu.statistics.suppression import Count, Figures
from edu.web.filters import called, in_language, moment
from edu.web.units_lines import crumbs, due_lines, notes
from edu.web.units_lists import rung_name


def sheets(report: UnitReport) -> list[Sheet]:
    """Units, topics and layers, roles, in the own branch persons too, and what the figures mean."""
    made = [_units(report)] if report.rows else []
    made += [_rungs(report), _roles(report)]
    if report.scope.is_own:
        made += [_persons(report), _forecast(report)]
    return [*made, _notes(report)]


def _sheet(
    report: UnitReport,
    name: str,
    headers: list[str],
    rows: list[list[SheetCell]],
    total: list[SheetCell] | None = None,
) -> Sheet:
    title = " › ".join(label for label, _url in crumbs(report.scope))
    return Sheet(name, title, headers, rows, total, _("As of %(moment)s", moment=moment(report.scope.at)))


def _rung_headers() -> list[str]:
    return [_("Required"), _("Held"), _("Lacking"), _("Share held")]


def _rung_cells(count: Count) -> list[SheetCell]:
    share = share_held(count)
    return [count.required, count.held, count.lacking, None if share is None else Percent(share)]


def _units(report: UnitReport) -> Sheet:
    topics = [in_language(topic.names) for topic in report.framework.topics]
    lacking = [_("Lacking: %(topic)s", topic=topic) for topic in topics]
    headers = [_("Unit"), _("Members"), *_rung_headers(), *lacking]
    rows = [_unit_cells(report, row) for row in report.rows]
    total = [_("Together"), *_figures_cells(report, report.figures)]
    return _sheet(report, _("Units"), headers, rows, total)


def _unit_cells(report: UnitReport, row: Row) -> list[SheetCell]:
    if row.kind == "pooled":
        name, cells = _("Few people each in several units"), _figures_cells(report, row.figures)
        cells[0] = None  # people of other rows: they are counted there
    else:
        assert row.unit is not None
        name = called(row.unit) if row.kind == "unit" else _("Directly in this unit")
        cells = _figures_cells(report, row.figures)
    return [name, *cells]


def _figures_cells(report: UnitReport, figures: Figures) -> list[SheetCell]:
    topics = heat(figures, report.framework.topic_ids)
    if figures.is_suppressed:
        return [_("hidden")] * (5 + len(topics))
    lacking: list[SheetCell] = [
        _("hidden") if cell.is_hidden else (cell.lacking if cell.required else None) for cell in topics
    ]
    return [figures.people, *_rung_cells(figures.total), *lacking]


def _rungs(report: UnitReport) -> Sheet:
    names = {topic.id: in_language(topic.names) for topic in report.framework.topics}
    rows: list[list[SheetCell]] = []
    for topic_id, rungs in rungs_of(report.figures, report.framework.topic_ids, report.framework.layer_numbers):
        for rung in rungs:
            if rung.shown or rung.is_hidden:
                cells = _rung_cells(rung.shown) if rung.shown else [_("hidden")] * 4
                rows.append([names[topic_id], rung.cell.layer, *cells])
    total = [_("Together"), None, *_rung_cells(report.figures.total)]
    return _sheet(report, _("Topics and layers"), [_("Topic"), _("Layer"), *_rung_headers()], rows, total)


def _roles(report: UnitReport) -> Sheet:
    """Without a total: a person may have several roles."""
    rows: list[list[SheetCell]] = []
    for role in report.framework.roles:
        if found := report.figures.roles.get(role.id):
            cells: list[SheetCell] = [found.people, *_rung_cells(Count(found.required, found.held))]
            rows.append([in_language(role.names), *cells])
        elif role.id in report.figures.withheld_roles:
            rows.append([in_language(role.names), *[_("hidden")] * 5])
    return _sheet(report, _("Roles"), [_("Role"), _("Members"), *_rung_headers()], rows)


def _persons(report: UnitReport) -> Sheet:
    short = {topic.id: in_language(topic.short_names) for topic in report.framework.topics}
    rows: list[list[SheetCell]] = [
        [
            called(row.member),
            called(row.member.unit),
            *_rung_cells(row.count),
            "\n".join(rung_name(cell, short) for cell in row.cells),
        ]
        for row in report.persons
    ]
    headers = [_("Member"), _("Unit"), *_rung_headers(), _("What is lacking")]
    total = [_("Together"), None, *_rung_cells(report.figures.total), None]
    return _sheet(report, _("Members"), headers, rows, total)


def _forecast(report: UnitReport) -> Sheet:
    """Without a total: a member may have rungs in several topics."""
    rows: list[list[SheetCell]] = [
        [line.name, line.members, line.due, line.coming, line.lapsing] for line in due_lines(report)
    ]
    headers = [_("Topic"), _("Members"), _("Due now"), _("Coming due"), _("Lapsing")]
    return _sheet(report, _("Next quarter"), headers, rows)


def _notes(report: UnitReport) -> Sheet:
    lines = [
        _("As of %(moment)s", moment=moment(report.scope.at)),
        _("Members are those who are in the unit now."),
        _("Required counts, for each member, every layer that a role requires; members under relief are not counted."),
        _("Held counts those of them that are held by evidence. The share is rounded down to whole percent."),
        *notes(report),
    ]
    return _sheet(report, _("Notes"), [_("What these figures mean")], [[line] for line in lines])
