"""Our units: what a unit lacks, who or what is behind each number, the same as a sheet."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.base.sheets import write_xlsx
from edu.courses import queries as courses
from edu.gaps import queries as gaps
from edu.people import actions as people_actions
from edu.people import queries as people
from edu.quizzes import queries as quizzes
from edu.records import queries as records
from edu.statistics import queries as statistics
from edu.statistics.report import OPEN, Selection
from edu.web import units_lines, units_lists, units_sheets
from edu.web.filters import language
from edu.web.guard import actor, allow
from edu.web.home import pictures
from edu.web.transaction import afterwards

bp = Blueprint("units", __name__, url_prefix="/units")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@allow(Permission.VIEW_STATISTICS)
def index() -> ResponseReturnValue:
    tops = statistics.topmost_units(actor())
    if len(tops) == 1:
        return redirect(url_for(".show", unit_id=tops[0].id))
    return render_template("units/index.html", units=tops)


@bp.get("/<int:unit_id>")
@allow(Permission.VIEW_STATISTICS)
def show(unit_id: int) -> ResponseReturnValue:
    at = now()
    report = statistics.unit_report(actor(), unit_id, language=language(), at=at, itself=_itself())
    note_looks((need.member_id for need in report.support or ()), at=at)
    return render_template("units/show.html", report=report, page=units_lines.unit_page(report))


@bp.get("/<int:unit_id>/list")
@allow(Permission.VIEW_STATISTICS)
def behind(unit_id: int) -> ResponseReturnValue:
    at = now()
    listing = statistics.behind(actor(), unit_id, _selection(), at=at, itself=_itself())
    note_looks((person.member.id for person in listing.persons), at=at)
    return render_template("units/behind.html", listing=listing, page=units_lists.list_page(listing))


@bp.get("/<int:unit_id>/export.xlsx")
@allow(Permission.VIEW_STATISTICS)
def export(unit_id: int) -> ResponseReturnValue:
    at = now()
    report = statistics.unit_report(actor(), unit_id, language=language(), at=at, itself=_itself())
    note_looks((person.member.id for person in report.persons), at=at)
    name = f"{report.scope.unit.code}-{day_of(at).isoformat()}.xlsx"
    answer = Response(write_xlsx(units_sheets.sheets(report)), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.get("/<int:unit_id>/people/<int:member_id>")
@allow(Permission.VIEW_STATISTICS)
def person(unit_id: int, member_id: int) -> ResponseReturnValue:
    """One member of the own branch, as their secretary sees them. The member is told of every look."""
    at = now()
    unit, member = statistics.member_within(actor(), unit_id, member_id)
    note_looks([member_id], at=at)
    ladders = gaps.ladders(member_id, on=day_of(at))
    if people.on_relief([member_id], on=day_of(at)):  # as in the lists and figures, where they count for nothing
        ladders = [replace(ladder, required=0) for ladder in ladders]
    return render_template(
        "units/person.html",
        unit=unit,
        member=member,
        pictures=pictures(ladders, {topic.id: topic for topic in courses.topics()}),
        asked=sum(ladder.required for ladder in ladders),
        gaps=sum(len(ladder.lacking) for ladder in ladders),
        completions=records.completions(member_id, language()),
        attempts=quizzes.attempts([member_id]).get(member_id, []),
        modules={module.id: module for module in courses.catalogue(language())},
    )


def note_looks(member_ids: Iterable[int], *, at: datetime) -> None:
    """Note, once the page is made, that the actor saw these people's records."""
    seen, viewer_id, page = list(member_ids), actor().member_id, request.endpoint or ""
    if seen:
        afterwards(lambda: people_actions.log_views(viewer_id, seen, page, at=at))


def _itself() -> bool:
    return request.args.get("itself") == "1"


def _selection() -> Selection:
    return Selection(_number("topic"), _number("layer"), _number("role"), request.args.get("state", OPEN))


def _number(name: str) -> int | None:
    """A number from the address. What is no number names no figure."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotFound(mark("There is no such figure."))
    return int(text)
