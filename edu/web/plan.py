"""The plan, line by line: why it is there, the answers behind it, three questions for who disagrees, what fits."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.gaps import queries as gaps
from edu.gaps.plan import fitting
from edu.gaps.rungs import HELD, to_refresh
from edu.quizzes import actions
from edu.quizzes import queries as quizzes
from edu.records import queries as records
from edu.web.filters import language
from edu.web.guard import actor, allow
from edu.web.home import plan_lines
from edu.web.reasons import reason

bp = Blueprint("plan", __name__)

#: Minutes that somebody may have: a coffee to a half day.
FEWEST, USUAL, MOST = 5, 15, 240
#: Nats from which an answer speaks clearly, and strongly, for or against: likelihoods of 2 and of 5 to 1.
CLEAR, STRONG = 0.7, 1.6


@bp.get("/plan/fit")
@allow(Permission.LEARN)
def fit() -> ResponseReturnValue:
    """What fits into the minutes somebody has now."""
    minutes = min(max(request.args.get("minutes", USUAL, type=int), FEWEST), MOST)
    member_id = actor().member_id
    ladders = gaps.ladders(member_id, on=day_of(now()))
    topics = {topic.id: topic for topic in courses.topics()}
    modules = courses.catalogue(language())
    due = to_refresh(ladders)
    steps = gaps.plan(ladders, modules)
    chosen = fitting(steps, minutes - due)
    lines = plan_lines(steps, ladders, topics, modules, records.places(member_id, language()))
    fitted = [line for line, step in zip(lines, steps, strict=True) if step in chosen]
    return render_template(
        "plan/fit.html",
        minutes=minutes,
        due=due,
        lines=fitted,
        total=sum(line.minutes for line in fitted),
        first=next((line for line in lines if line.url), None),
    )


@bp.get("/plan/<topic_key>/<int:layer>")
@allow(Permission.LEARN)
def why(topic_key: str, layer: int) -> ResponseReturnValue:
    """Why a rung is, or is not, in the plan, and the answers behind that, strongest first."""
    member_id, topic = actor().member_id, courses.topic_called(topic_key)
    ladder = gaps.ladder(member_id, topic.id, on=day_of(now()))
    if not 1 <= layer <= len(ladder.q):
        raise NotFound(mark("There is no such layer."))
    grounds = quizzes.grounds(member_id, topic.id, language())
    module = next(
        (row for row in courses.catalogue(language()) if (row.topic_id, row.layer) == (topic.id, layer)), None
    )
    is_held = ladder.states[layer - 1] == HELD
    return render_template(
        "plan/why.html",
        topic=topic,
        layer=layer,
        ladder=ladder,
        is_held=is_held,
        reason="" if is_held else reason(ladder, layer, topic, {role.id: role for role in courses.roles()}),
        here=[one for one in grounds.answers if one.layer == layer],
        elsewhere=[one for one in grounds.answers if one.layer != layer],
        failed_at=grounds.failed.get(layer),
        module=module,
        strength=strength,
    )


@bp.post("/plan/<topic_key>/<int:layer>/check")
@allow(Permission.LEARN)
def check(topic_key: str, layer: int) -> ResponseReturnValue:
    """I disagree: ask me three."""
    attempt_id = actions.start_check(actor(), topic_key, layer, at=now())
    return redirect(url_for("diagnose.show", attempt_id=attempt_id), 303)


def strength(nats: float) -> str:
    """How much an answer says, in words."""
    if nats == 0:
        return _("does not count")
    words = (
        (_("speaks strongly for it"), _("speaks strongly against it")),
        (_("speaks for it"), _("speaks against it")),
        (_("speaks faintly for it"), _("speaks faintly against it")),
    )
    step = 0 if abs(nats) >= STRONG else 1 if abs(nats) >= CLEAR else 2
    return words[step][nats < 0]
