"""The mistakes notebook: a member's wrong answers by topic, until each was right on two days."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.courses import queries as courses
from edu.quizzes import actions, queries
from edu.quizzes.mistakes import to_practise
from edu.web.filters import in_language, language
from edu.web.guard import actor, allow

bp = Blueprint("mistakes", __name__)


@bp.get("/mistakes")
@allow(Permission.LEARN)
def index() -> ResponseReturnValue:
    """One topic at a time: the one asked for, else the first that has something."""
    found = queries.mistakes(actor().member_id)
    topics = [topic for topic in courses.topics(also_retired=True) if topic.id in found]
    chosen = next((topic for topic in topics if topic.key == request.args.get("topic")), next(iter(topics), None))
    left = found[chosen.id] if chosen else []
    return render_template(
        "mistakes/index.html",
        topics=[(topic.key, in_language(topic.names), len(found[topic.id])) for topic in topics],
        chosen=chosen,
        entries=queries.entries(left, language()),
        today=len(to_practise(left, on=day_of(now()), most=len(left))),
    )


@bp.post("/mistakes/<topic_key>/practice")
@allow(Permission.LEARN)
def practise(topic_key: str) -> ResponseReturnValue:
    attempt_id = actions.start_practice(actor(), topic_key, at=now())
    return redirect(url_for("diagnose.show", attempt_id=attempt_id), 303)
