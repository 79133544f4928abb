"""Quizzes: start one, answer it, see the result."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.base.clock import now
from edu.base.errors import Invalid, NotFound
from edu.courses import queries as courses
from edu.quizzes import actions, queries
from edu.quizzes.grading import FIRST_ROUND, SECOND_ROUND
from edu.quizzes.queries import OpenAttempt
from edu.web.errors import say
from edu.web.filters import language
from edu.web.forms import BaseForm
from edu.web.guard import actor, allow

bp = Blueprint("quiz", __name__)


def values_at(position: int) -> list[str]:
    """What was posted for one question; a blank text field counts as posted."""
    return request.form.getlist(f"q{position}")


def shown() -> int:
    """How many questions the page had that was posted."""
    return request.form.get("shown", FIRST_ROUND + SECOND_ROUND, type=int)


@bp.post("/modules/<key>/quiz")
@allow(Permission.LEARN)
def start(key: str) -> ResponseReturnValue:
    attempt_id = actions.start_attempt(actor(), key, language(), at=now())
    return redirect(url_for(".show", attempt_id=attempt_id), 303)


@bp.get("/quiz/<int:attempt_id>")
@allow(Permission.LEARN)
def show(attempt_id: int) -> ResponseReturnValue:
    try:
        attempt = queries.open_attempt(actor().member_id, attempt_id, language())
    except NotFound:
        if queries.is_closed(actor().member_id, attempt_id):
            return redirect(url_for(".result", attempt_id=attempt_id))
        raise
    return page(attempt, asks_about_blanks="blank" in request.args)


def page(attempt: OpenAttempt, **more: object) -> str:
    words = courses.page_of_version(attempt.version_id, language())
    return render_template("quiz/show.html", attempt=attempt, words=words, form=BaseForm(), **more)


@bp.post("/quiz/<int:attempt_id>/answers/<int:position>")
@allow(Permission.LEARN)
def save(attempt_id: int, position: int) -> ResponseReturnValue:
    """Keep one answer. The words "saved" travel after the commit: `transaction.finish` runs before this is sent."""
    at = now()
    actions.save_answer(actor(), attempt_id, position, values_at(position), at=at)
    return jsonify(saved=_("Saved at %(time)s", time=format_time(at, "medium")))


@bp.post("/quiz/<int:attempt_id>")
@allow(Permission.LEARN)
def submit(attempt_id: int) -> ResponseReturnValue:
    """Keep every answer on the page, and submit if that was asked for.

    An answer that cannot be read brings the page back with everything typed; a blank that may be an oversight is
    asked about once, when all other answers are on disk. A second click, or a page from before the questions that
    decide, neither submits nor empties what it does not show.
    """
    if actions.hold_attempt(actor(), attempt_id):
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    faults = save_all(attempt_id)
    attempt = queries.open_attempt(actor().member_id, attempt_id, language())
    if faults:
        return page(attempt, faults=faults, typed=request.form), 422
    if request.form.get("do") == "save":
        flash(_("Your answers are saved. You can go on later, on any device."), "notice")
        return redirect(url_for(".show", attempt_id=attempt_id), 303)
    if len(attempt.questions) > shown():
        return redirect(url_for(".show", attempt_id=attempt_id), 303)
    if any(question.answer is None for question in attempt.questions) and "confirmed" not in request.form:
        return redirect(url_for(".show", attempt_id=attempt_id, blank=1), 303)
    submission = actions.submit_attempt(actor(), attempt_id, at=now())
    if submission.is_closed:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    flash(_("Two of three are right. Two more questions decide."), "notice")
    return redirect(url_for(".show", attempt_id=attempt_id), 303)


def save_all(attempt_id: int) -> dict[int, str]:
    """Save what the page posted; returns what could not be read, by position, in words."""
    faults = {}
    for question in queries.open_attempt(actor().member_id, attempt_id, language()).questions:
        if question.is_fixed or question.position > shown():
            continue
        try:
            actions.save_answer(actor(), attempt_id, question.position, values_at(question.position), at=now())
        except Invalid as fault:
            faults[question.position] = say(fault)
    return faults


@bp.get("/quiz/<int:attempt_id>/result")
@allow(Permission.LEARN)
def result(attempt_id: int) -> ResponseReturnValue:
    if not queries.is_closed(actor().member_id, attempt_id):
        return redirect(url_for(".show", attempt_id=attempt_id))
    attempt = queries.closed_attempt(actor().member_id, attempt_id, language())
    words = courses.page_of_version(attempt.version_id, language())
    topic = next(topic for topic in courses.topics(also_retired=True) if topic.id == words.topic_id)
    return render_template("quiz/result.html", attempt=attempt, words=words, topic=topic)
