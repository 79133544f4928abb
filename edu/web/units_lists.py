"""The words and addresses of the lists behind the units' numbers."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from edu.statistics.queries import Framework, Listing, PersonRow, Row, Scope
from edu.statistics.report import HELD, OPEN, REQUIRED, Selection
from edu.statistics.report import share_held as share_of
from edu.statistics.suppression import Cell
from edu.web.filters import called, in_language
from edu.web.units_lines import Addresses, Line, Square, crumbs, left_out


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    unit: str
    url: str
    number: int
    gaps: int
    rungs: list[str]
    #: One picture a topic: the states of its layers, and the same in words.
    ladders: list[tuple[tuple[str, ...], str]]


@dataclass(frozen=True, slots=True)
class ListPage:
    title: str
    crumbs: list[tuple[str, str]]
    facts: list[str]
    lines: list[Line]
    persons: list[PersonLine]
    notes: list[str]


def rung_name(cell: Cell, names: dict[int, str]) -> str:
    return _("%(topic)s, layer %(layer)s", topic=names[cell.topic_id], layer=cell.layer)


def headline(listing: Listing) -> str:
    """The number, as the title of the list behind it."""
    if listing.number is None:
        return _("Too few people to show")
    state, number = listing.selection.state, listing.number
    if state == OPEN:
        return ngettext("%(num)s open gap", "%(num)s open gaps", number)
    if state == HELD:
        return ngettext("%(num)s required layer held", "%(num)s required layers held", number)
    if state == REQUIRED:
        return ngettext("%(num)s layer required", "%(num)s layers required", number)
    return ngettext("%(num)s member", "%(num)s members", number)


def list_page(listing: Listing) -> ListPage:
    scope, framework, selection = listing.scope, listing.framework, listing.selection
    facts = [in_language(topic.names) for topic in framework.topics if topic.id == selection.topic_id]
    if selection.layer is not None:
        facts.append(_("Layer %(layer)s", layer=selection.layer))
    facts += [in_language(role.names) for role in framework.roles if role.id == selection.role_id]
    title = headline(listing)
    return ListPage(
        title,
        crumbs(scope, title),
        facts,
        [_list_line(row, scope, framework, selection) for row in listing.rows],
        [_person_line(row, scope, framework) for row in listing.persons],
        [left_out(listing.left_out)] if listing.left_out else [],
    )


def _list_line(row: Row, scope: Scope, framework: Framework, selection: Selection) -> Line:
    count, is_hidden = selection.count(row.figures), selection.is_hidden(row.figures)
    name, url, deeper = _("Few people each in several units"), "", ""
    if row.kind == "cell" and row.cell:
        name = rung_name(row.cell, {topic.id: in_language(topic.names) for topic in framework.topics})
    elif row.kind == "here":
        name = _("Here and in the branches directly below, together")
    elif row.unit is not None:
        itself = row.kind == "itself"
        at = Addresses(row.unit.id, itself=itself)
        name, url = _("Directly in this unit") if itself else called(row.unit), at.show
        deeper = at.of(selection) if itself or row.unit.id != scope.unit.id else ""
    number = Square(str(selection.number(row.figures)), url=deeper, is_hidden=is_hidden)
    return Line(name, url, number, (), count.required, count.held, share_of(count), is_hidden)


def _person_line(row: PersonRow, scope: Scope, framework: Framework) -> PersonLine:
    short = {topic.id: in_language(topic.short_names) for topic in framework.topics}
    ladders = []
    for topic in framework.topics:
        states = row.rungs.get(topic.id, ("open",) * len(framework.layers))
        ladders.append((states, _ladder_words(in_language(topic.names), states)))
    url = url_for("units.person", unit_id=scope.unit.id, member_id=row.member.id)
    rungs = [rung_name(cell, short) for cell in row.cells]
    return PersonLine(called(row.member), called(row.member.unit), url, row.number, row.count.lacking, rungs, ladders)


def _ladder_words(topic: str, states: tuple[str, ...]) -> str:
    held, asked = states.count("held"), len(states) - states.count("open")
    return _("%(topic)s: %(held)s of %(asked)s required layers held", topic=topic, held=held, asked=asked)
