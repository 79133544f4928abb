"""Diagnostics, checks and reviews: one question at a time, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.base.errors import Invalid
from edu.courses import queries as courses
from edu.courses.queries import TopicRow
from edu.gaps import queries as gaps
from edu.gaps.rungs import LACK, UNSURE
from edu.gaps.stop import End
from edu.quizzes import actions
from edu.quizzes import queries as quizzes
from edu.quizzes.asking import CHECK_QUESTIONS, FIRMEST
from edu.quizzes.queries import diagnostic
from edu.quizzes.queries.diagnostic import AttemptRow, TopicEnd
from edu.web.errors import say
from edu.web.filters import in_language, language
from edu.web.guard import actor, allow
from edu.web.home import Picture, pictures

bp = Blueprint("diagnose", __name__)

#: Minutes that a question takes, on average (design choice: forty seconds; 22 questions are a quarter of an hour).
MINUTES_A_QUESTION = 0.67


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a diagnostic of so many topics usually takes."""

    questions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Firm:
    """One topic's ladder while a diagnostic goes on: how firm each required rung is, not whether it is held."""

    name: str
    rungs: tuple[str, ...]
    note: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A rung of which it is not sure, and how that will be settled."""

    topic_name: str
    topic_key: str
    layer: int
    module_key: str
    module_title: str


def estimate(layers: Sequence[int]) -> Estimate:
    """What a diagnostic of topics usually takes that require so many layers each and have questions.

    A question for each topic and one for each of its layers, and the control question: within two of what was simulated
    for each role that ships (docs/gap-engine.md).
    """
    questions = len(layers) + sum(layers) + 1
    return Estimate(questions, ceil(questions * MINUTES_A_QUESTION))


@bp.get("/diagnostic")
@allow(Permission.LEARN)
def index() -> ResponseReturnValue:
    """Begin, go on, or look back."""
    member_id = actor().member_id
    ladders = [ladder for ladder in gaps.ladders(member_id, on=day_of(now())) if ladder.required]
    topics = {topic.id: topic for topic in courses.topics()}
    bank = quizzes.bank_counts()
    has_questions = {
        one.topic_id for one in ladders if any(bank.get((one.topic_id, n + 1)) for n in range(one.required))
    }
    return render_template(
        "diagnose/index.html",
        topics=list(zip([topics[one.topic_id] for one in ladders], pictures(ladders, topics), strict=True)),
        has_questions=has_questions,
        estimate=estimate([one.required for one in ladders if one.topic_id in has_questions]),
        open=next((row for row in diagnostic.under_way(member_id) if row.kind == "diagnostic"), None),
        past=[row for row in diagnostic.closed(member_id) if row.kind == "diagnostic"],
        names={topic.id: in_language(topic.names) for topic in topics.values()},
    )


@bp.post("/diagnostic")
@allow(Permission.LEARN)
def start() -> ResponseReturnValue:
    attempt_id = actions.start_diagnostic(actor(), request.form.get("topic") or None, at=now())
    return redirect(url_for(".show", attempt_id=attempt_id), 303)


@bp.post("/review")
@allow(Permission.LEARN)
def review() -> ResponseReturnValue:
    return redirect(url_for(".show", attempt_id=actions.start_review(actor(), at=now())), 303)


@bp.get("/diagnostic/<int:attempt_id>")
@allow(Permission.LEARN)
def show(attempt_id: int) -> ResponseReturnValue:
    if diagnostic.attempt(actor().member_id, attempt_id).closed_at:
        return redirect(url_for(".result", attempt_id=attempt_id))
    return page(attempt_id)


def page(attempt_id: int, **more: object) -> str:
    """The question that is asked now. When it was first shown is remembered in this browser, to tell haste."""
    taken = diagnostic.taken(actor().member_id, attempt_id, language(), at=now())
    here = [attempt_id, taken.number]
    if session.get("shown", [])[:2] != here:
        session["shown"] = [*here, now().timestamp()]
    topics = {topic.id: topic for topic in courses.topics(also_retired=True)}
    return render_template(
        "diagnose/show.html",
        taken=taken,
        asked=taken.question,
        heading=heading(taken.attempt, topics),
        topic_name=in_language(topics[taken.topic_id].names),
        firm=firm(taken, topics),
        done=sum(one.end is not None for one in taken.firmness if one.questions),
        all=sum(one.questions > 0 for one in taken.firmness),
        firmness=sum(sum(one.rungs) for one in taken.firmness),
        firmest=sum(FIRMEST * len(one.rungs) for one in taken.firmness if one.questions),
        estimate=estimate([len(one.rungs) for one in taken.firmness if one.questions]),
        check_questions=CHECK_QUESTIONS,
        **more,
    )


def heading(attempt: AttemptRow, topics: dict[int, TopicRow]) -> str:
    """What an attempt is, in words."""
    name = in_language(topics[attempt.topic_id].names) if attempt.topic_id in topics else ""
    if attempt.kind == "check":
        return _("Three questions: %(topic)s, layer %(layer)s", topic=name, layer=attempt.layer)
    if attempt.kind == "review":
        return _("Review")
    if attempt.kind == "practice":
        return _("Practice: %(topic)s", topic=name)
    return _("Diagnostic: %(topic)s", topic=name) if name else _("Diagnostic")


def firm(taken: diagnostic.Taken, topics: dict[int, TopicRow]) -> list[Firm]:
    return [
        Firm(
            in_language(topics[one.topic_id].names),
            tuple(f"firm{step}" for step in one.rungs),
            firm_note(one),
            one.topic_id == taken.topic_id,
        )
        for one in taken.firmness
    ]


def firm_note(one: diagnostic.Firmness) -> str:
    if not one.questions:
        return _("no questions yet")
    if one.end in (End.SURE, End.CHEAP):
        return _("settled")
    return _("no question left") if one.end else ""


@bp.post("/diagnostic/<int:attempt_id>")
@allow(Permission.LEARN)
def answer(attempt_id: int) -> ResponseReturnValue:
    """Keep one answer and go on. What cannot be read brings the question back with what was typed."""
    at, position = now(), request.form.get("position", 0, type=int)
    try:
        is_over = actions.answer(
            actor(),
            attempt_id,
            position,
            request.form.getlist(f"q{position}"),
            is_unknown="unknown" in request.form,
            seconds=seconds_since_shown(attempt_id, position, at),
            at=at,
        )
    except Invalid as fault:
        return page(attempt_id, fault=say(fault), typed=request.form), 422
    return redirect(url_for(".result" if is_over else ".show", attempt_id=attempt_id), 303)


def seconds_since_shown(attempt_id: int, position: int, at: datetime) -> float | None:
    """Since this browser first showed the question; None when it did not."""
    shown = session.get("shown", [])
    return at.timestamp() - shown[2] if shown[:2] == [attempt_id, position] else None


@bp.post("/diagnostic/<int:attempt_id>/end")
@allow(Permission.LEARN)
def end(attempt_id: int) -> ResponseReturnValue:
    """End by hand; what was answered counts."""
    actions.end(actor(), attempt_id, at=now())
    flash(_("Ended. What you answered counts."), "notice")
    return redirect(url_for(".result", attempt_id=attempt_id), 303)


@bp.get("/diagnostic/<int:attempt_id>/result")
@allow(Permission.LEARN)
def result(attempt_id: int) -> ResponseReturnValue:
    member_id = actor().member_id
    if not diagnostic.attempt(member_id, attempt_id).closed_at:
        return redirect(url_for(".show", attempt_id=attempt_id))
    ended = diagnostic.ended(member_id, attempt_id, language())
    topics = {topic.id: topic for topic in courses.topics(also_retired=True)}
    return render_template(
        "diagnose/result.html",
        ended=ended,
        heading=heading(ended.attempt, topics),
        before=drawn(ended.topics, topics, after=False),
        after=drawn(ended.topics, topics, after=True),
        doubts=doubts(ended.topics, topics),
        topic_key=topics[ended.attempt.topic_id].key if ended.attempt.topic_id in topics else "",
        right=sum(question.outcome == "right" for question in ended.questions),
        odd=topics.get(ended.odd[0]) if ended.odd else None,
        lacking=sum(one.after.count(LACK) for one in ended.topics),
        unsure=sum(one.after.count(UNSURE) for one in ended.topics),
    )


def drawn(ends: Sequence[TopicEnd], topics: dict[int, TopicRow], *, after: bool) -> list[Picture]:
    """The ladders as they were, or as they are now."""
    return [
        Picture(
            in_language(topics[one.topic_id].names),
            one.after if after else one.before,
            result_note(one) if after else "",
            "",
        )
        for one in ends
    ]


def result_note(one: TopicEnd) -> str:
    """What the result says of one topic in a few words."""
    lacking, unsure = one.after.count(LACK), one.after.count(UNSURE)
    if lacking:
        return ngettext("%(num)s rung lacking", "%(num)s rungs lacking", lacking)
    if unsure:
        return ngettext("%(num)s rung not sure", "%(num)s rungs not sure", unsure)
    return _("Requirement met")


def doubts(ends: Sequence[TopicEnd], topics: dict[int, TopicRow]) -> list[Doubt]:
    """Every rung that is not sure, with the module whose closing quiz settles it, where there is one."""
    modules = courses.catalogue(language())
    found = []
    for one in ends:
        topic = topics[one.topic_id]
        for layer in [layer for layer, state in enumerate(one.after, 1) if state == UNSURE]:
            cell = (one.topic_id, layer)
            module = next((row for row in modules if (row.topic_id, row.layer) == cell), None)
            names = (module.key, module.title) if module else ("", "")
            found.append(Doubt(in_language(topic.names), topic.key, layer, *names))
    return found
