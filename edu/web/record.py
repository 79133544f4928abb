"""My record: what is stored about me, how it came about, and who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.courses import queries as courses
from edu.gaps import queries as gaps
from edu.people import queries as people
from edu.people.queries.held import ViewRow
from edu.quizzes import queries as quizzes
from edu.quizzes.queries import diagnostic
from edu.records import queries as records
from edu.records.forecast import QUARTER, Fading, forecast
from edu.web.diagnose import heading
from edu.web.filters import in_language, language
from edu.web.guard import actor, allow
from edu.web.home import pictures

bp = Blueprint("record", __name__)


@dataclass(frozen=True, slots=True)
class Look:
    """Someone's looks at one page on one day: the last of them, and how many."""

    last: ViewRow
    times: int


def looks(views: Sequence[ViewRow]) -> list[Look]:
    """Views, latest first, a line a day, person and page."""
    days: dict[tuple[str, str, date], list[ViewRow]] = {}
    for view in views:
        days.setdefault((view.viewer_name, view.page, day_of(view.at)), []).append(view)
    return [Look(same[0], len(same)) for same in days.values()]


@dataclass(frozen=True, slots=True)
class Due:
    """A rung that comes due, in words; place is where on the quarter its day lies, 0–1."""

    name: str
    layer: int
    due_on: date
    lapses_on: date | None
    is_due: bool
    place: float


def dues(fading: Sequence[Fading], names: dict[int, str], *, on: date) -> list[Due]:
    return [
        Due(
            names[one.topic_id],
            one.layer,
            one.due_on,
            one.lapses_on if one.lapses_within(on) else None,
            one.is_due(on),
            max(0.0, (one.due_on - on) / QUARTER),
        )
        for one in fading
        if one.topic_id in names and one.due_on
    ]


@bp.get("/record")
@allow(Permission.LEARN)
def show() -> ResponseReturnValue:
    member_id = actor().member_id
    topics = {topic.id: topic for topic in courses.topics()}
    modules = {module.id: module for module in courses.catalogue(language())}
    return render_template(
        "record/show.html",
        pictures=pictures(gaps.ladders(member_id, on=day_of(now())), topics),
        dues=dues(
            forecast(records.spans(member_id), on=day_of(now())),
            {topic.id: in_language(topic.names) for topic in topics.values()},
            on=day_of(now()),
        ),
        until=day_of(now()) + QUARTER,
        completions=records.completions(member_id, language()),
        years=records.hours_by_year(member_id),
        attempts=quizzes.attempts([member_id]).get(member_id, []),
        asked=[(row, heading(row, topics)) for row in diagnostic.closed(member_id)],
        modules=modules,
        offered={module.key for module in modules.values()},
        looks=looks(people.views_of(member_id)),
        page_names={
            "units.person": _("Your record, as the secretary of your branch sees it"),
            "units.show": _("The list of members who need a hand"),
            "units.behind": _("A list of members behind a figure of your branch"),
            "units.export": _("The sheet of your branch, with its members"),
            "people.show": _("Your account, as an administrator sees it"),
        },
    )
