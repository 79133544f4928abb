"""The words and addresses of the units' pages: ready lines, so that a template only writes them down."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from edu.base.clock import day_of
from edu.records.forecast import by_topic
from edu.statistics.queries import Framework, Row, Scope, UnitReport
from edu.statistics.report import HELD, MEMBERS, Selection, best_meeting, has_hidden, heat, rungs_of, step
from edu.statistics.report import share_held as share_of
from edu.statistics.support import Reason
from edu.statistics.suppression import Count, Figures
from edu.web.filters import called, day, in_language


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of a heat table, ready to be drawn. An empty text: nothing is required there."""

    text: str
    step: int = 0
    url: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of figures."""

    name: str
    url: str
    #: The number at the head of the row: members, gaps, or what a list counts.
    number: Square
    squares: tuple[Square, ...]
    required: int
    held: int
    share: float | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class RoleLine:
    name: str
    people: Square
    gaps: Square
    required: int
    share: float | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """The one rung that most people lack."""

    topic: str
    layer: int
    closes: int
    url: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """What comes due in one topic."""

    name: str
    members: int
    due: int
    coming: int
    lapsing: int


@dataclass(frozen=True, slots=True)
class UnitPage:
    crumbs: list[tuple[str, str]]
    units: list[Line]
    rungs: list[Line]
    roles: list[RoleLine]
    total: Line
    meeting: Meeting | None
    notes: list[str]
    #: Names and reasons of those who need a hand, by member.
    people: dict[int, str]
    reasons: dict[int, list[str]]
    gaps_url: str
    held_url: str
    export_url: str
    #: What comes due within a quarter, a topic each; None above the own branch.
    forecast: list[DueLine] | None


class Addresses:
    """Addresses of the lists behind the numbers of one unit. Built by hand: a page of 500 units has thousands."""

    def __init__(self, unit_id: int, *, itself: bool = False) -> None:
        self.show = url_for("units.show", unit_id=unit_id, itself="1" if itself else None)
        self.list = url_for("units.behind", unit_id=unit_id) + "?" + ("itself=1&" if itself else "")

    def of(self, selection: Selection) -> str:
        named = {"topic": selection.topic_id, "layer": selection.layer, "role": selection.role_id}
        chosen = "".join(f"{name}={value}&" for name, value in named.items() if value is not None)
        return f"{self.list}{chosen}state={selection.state}"


def unit_page(report: UnitReport) -> UnitPage:
    scope, framework = report.scope, report.framework
    addresses = Addresses(scope.unit.id, itself=scope.itself)
    topics = framework.topic_ids
    return UnitPage(
        crumbs(scope),
        [_line(row, scope, topics) for row in report.rows],
        _rung_lines(report.figures, framework, addresses),
        _role_lines(report.figures, framework, addresses),
        figures_line(_("Together"), "", report.figures, topics, addresses),
        _meeting(report.figures, framework, addresses),
        notes(report),
        {person.member.id: called(person.member) for person in report.persons},
        {need.member_id: [say_reason(reason) for reason in need.reasons] for need in report.support or ()},
        addresses.of(Selection()),
        addresses.of(Selection(state=HELD)),
        url_for("units.export", unit_id=scope.unit.id, itself="1" if scope.itself else None),
        None if report.fading is None else due_lines(report),
    )


def due_lines(report: UnitReport) -> list[DueLine]:
    names = {topic.id: in_language(topic.names) for topic in report.framework.topics}
    found = by_topic(report.fading or (), on=day_of(report.scope.at))
    return [DueLine(names[one.topic_id], one.members, one.due, one.coming, one.lapsing) for one in found]


def crumbs(scope: Scope, *more: str) -> list[tuple[str, str]]:
    """The way from the top of what the actor sees; `more` names the page below the unit's."""
    path = [(called(unit), url_for("units.show", unit_id=unit.id)) for unit in scope.path]
    if scope.itself:
        path.append((_("Directly in this unit"), Addresses(scope.unit.id, itself=True).show))
    return [*path, *((name, "") for name in more)]


def _line(row: Row, scope: Scope, topics: list[int]) -> Line:
    if row.kind == "pooled":
        return figures_line(_("Few people each in several units"), "", row.figures, topics, None)
    assert row.unit is not None
    if row.kind == "itself":
        addresses = Addresses(row.unit.id, itself=True)
        return figures_line(_("Directly in this unit"), addresses.show, row.figures, topics, addresses)
    addresses = Addresses(row.unit.id)
    return figures_line(called(row.unit), addresses.show, row.figures, topics, addresses)


def figures_line(name: str, url: str, figures: Figures, topics: list[int], at: Addresses | None) -> Line:
    squares = tuple(
        Square(
            str(cell.lacking) if cell.required else "",
            cell.step,
            at.of(Selection(cell.topic_id)) if at and cell.required else "",
            cell.is_hidden,
        )
        for cell in heat(figures, topics)
    )
    count = figures.total
    members = Square("", is_hidden=figures.is_suppressed)
    if not figures.is_suppressed and at:
        members = Square(str(figures.people), url=at.of(Selection(state=MEMBERS)) if figures.people else "")
    return Line(name, url, members, squares, count.required, count.held, share_of(count), figures.is_suppressed)


def _rung_lines(figures: Figures, framework: Framework, at: Addresses) -> list[Line]:
    """The table of topics and layers, with the sum of each topic."""
    names = {topic.id: in_language(topic.names) for topic in framework.topics}
    lines = []
    for topic_id, rungs in rungs_of(figures, framework.topic_ids, framework.layer_numbers):
        squares = tuple(
            Square(
                str(rung.shown.lacking) if rung.shown else "",
                step(rung.shown) if rung.shown else 0,
                at.of(Selection(rung.cell.topic_id, rung.cell.layer)) if rung.shown else "",
                rung.is_hidden,
            )
            for rung in rungs
        )
        count = Selection(topic_id).count(figures)
        gaps = Square(str(count.lacking), url=at.of(Selection(topic_id)), is_hidden=not count.required)
        lines.append(Line(names[topic_id], "", gaps, squares, count.required, count.held, share_of(count)))
    return lines


def _role_lines(figures: Figures, framework: Framework, at: Addresses) -> list[RoleLine]:
    lines = []
    for role in framework.roles:
        found = figures.roles.get(role.id)
        if found is None and role.id not in figures.withheld_roles:
            continue
        count = Count(found.required, found.held) if found else Count(0, 0)
        people = Square(str(found.people) if found else "", url=at.of(Selection(role_id=role.id, state=MEMBERS)))
        gaps = Square(str(count.lacking), url=at.of(Selection(role_id=role.id)))
        lines.append(RoleLine(in_language(role.names), people, gaps, count.required, share_of(count), found is None))
    return lines


def _meeting(figures: Figures, framework: Framework, at: Addresses) -> Meeting | None:
    best = best_meeting(figures)
    if best is None:
        return None
    cell, closes = best
    names = {topic.id: in_language(topic.names) for topic in framework.topics}
    return Meeting(names[cell.topic_id], cell.layer, closes, at.of(Selection(cell.topic_id, cell.layer)))


def notes(report: UnitReport) -> list[str]:
    notes = [left_out(report.left_out)] if report.left_out else []
    if has_hidden([report.figures, *(row.figures for row in report.rows)]):
        notes.append(_("Figures about fewer than five people are hidden and not counted."))
    return notes


def say_reason(reason: Reason) -> str:
    """The reason in the reader's language; a date among its values is written as a day."""
    values = {name: day(value) if isinstance(value, date) else value for name, value in reason.values.items()}
    return str(_(reason.message, **values))


def left_out(units: int) -> str:
    return ngettext(
        "%(num)s unit with fewer than five people is left out of every figure.",
        "%(num)s units with fewer than five people each are left out of every figure.",
        units,
    )
