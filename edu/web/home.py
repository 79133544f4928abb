"""Today: what do I lack, and what next?"""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.courses import queries as courses
from edu.courses.queries import ModuleRow
from edu.gaps import queries as gaps
from edu.gaps.plan import Step
from edu.gaps.rungs import Ladder, to_refresh
from edu.people import queries as people
from edu.quizzes.queries import diagnostic
from edu.records import queries as records
from edu.records.queries import Reading
from edu.web.filters import in_language, language
from edu.web.guard import actor, allow
from edu.web.reasons import note, reason

bp = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plan, in the reader's words."""

    title: str
    url: str
    reason: str
    facts: tuple[str, ...]
    minutes: int
    key: str
    #: The answers behind it, and where three questions are asked of who disagrees.
    why_url: str = ""
    check_url: str = ""
    #: The module was opened before: its place, and the section's title.
    place_url: str = ""
    place_title: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One ladder with its words."""

    name: str
    rungs: tuple[str, ...]
    note: str
    url: str


@bp.get("/")
@allow(Permission.LEARN)
def show() -> ResponseReturnValue:
    member_id, today = actor().member_id, day_of(now())
    ladders = gaps.ladders(member_id, on=today)
    topics = {topic.id: topic for topic in courses.topics()}
    modules = courses.catalogue(language())
    steps = gaps.plan(ladders, modules)
    lines = plan_lines(steps, ladders, topics, modules, records.places(member_id, language()))
    return render_template(
        "home/show.html",
        lines=[line for line in lines if line.url],
        untaught=untaught(steps, topics),
        count=len(lines),
        next=next_line(lines),
        total=sum(line.minutes for line in lines),
        pictures=pictures(ladders, topics),
        asked=sum(ladder.required for ladder in ladders),
        held=sum(ladder.required - len(ladder.lacking) for ladder in ladders),
        due=to_refresh(ladders),
        under_way={row.kind: row.id for row in diagnostic.under_way(member_id)},
        is_new=not any(here.right + here.wrong for ladder in ladders for here in ladder.shown),
        is_relieved=member_id in people.on_relief([member_id], on=today),
    )


def plan_lines(
    steps: Sequence[Step],
    ladders: Sequence[Ladder],
    topics: dict[int, courses.TopicRow],
    modules: Sequence[ModuleRow],
    places: dict[int, Reading],
) -> list[Line]:
    by_topic = {ladder.topic_id: ladder for ladder in ladders}
    by_id = {module.id: module for module in modules}
    roles = {role.id: role for role in courses.roles()}
    lines = []
    for step in steps:
        topic, module = topics[step.topic_id], by_id.get(step.module_id or 0)
        facts = (in_language(topic.names), _("Layer %(layer)s", layer=step.layer))
        why = reason(by_topic[step.topic_id], step.layer, topic, roles)
        if module is None:
            lines.append(Line("", "", why, facts, 0, ""))
            continue
        address = url_for("learn.show", key=module.key)
        place = places.get(module.id)
        begun = place is not None and place.version_id == module.version_id and place.section
        lines.append(
            Line(
                module.title,
                address,
                why,
                facts,
                module.minutes,
                module.key,
                url_for("plan.why", topic_key=topic.key, layer=step.layer),
                url_for("plan.check", topic_key=topic.key, layer=step.layer),
                f"{address}#{place.anchor}" if place and begun else "",
                place.section if place and begun else "",
            )
        )
    return lines


def untaught(steps: Sequence[Step], topics: dict[int, courses.TopicRow]) -> list[str]:
    """What is lacking and taught by no module yet, a topic and its layers each."""
    layers: dict[int, list[int]] = {}
    for step in steps:
        if step.module_id is None:
            layers.setdefault(step.topic_id, []).append(step.layer)
    return [
        ngettext(
            "%(topic)s, layer %(layers)s",
            "%(topic)s, layers %(layers)s",
            len(found),
            topic=in_language(topics[topic_id].names),
            layers=format_list([str(layer) for layer in sorted(found)], locale=get_locale()),
        )
        for topic_id, found in layers.items()
    ]


def next_line(lines: Sequence[Line]) -> Line | None:
    """What to do now: what was begun, else the first that can be studied; None when nothing can."""
    begun = [line for line in lines if line.place_url]
    offered = [line for line in lines if line.url]
    return next(iter([*begun, *offered]), None)


def pictures(ladders: Sequence[Ladder], topics: dict[int, courses.TopicRow]) -> list[Picture]:
    return [
        Picture(
            in_language(topics[ladder.topic_id].names),
            ladder.states,
            note(ladder),
            url_for("learn.catalogue", _anchor=topics[ladder.topic_id].key),
        )
        for ladder in ladders
    ]
