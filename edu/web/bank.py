"""Questions: which need a look, what is known of each and of its topic, and how much rests on it."""

from dataclasses import dataclass
from math import sqrt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from edu.base.actor import Permission
from edu.base.clock import day_of, now
from edu.courses import queries as courses
from edu.gaps.choose import ENOUGH, FEWEST, IMAGINED
from edu.quizzes import actions
from edu.quizzes.queries import bank
from edu.quizzes.queries.bank import BankQuestion
from edu.quizzes.reliability import FEWEST_PREDICTIONS, reliability
from edu.web.filters import language
from edu.web.guard import actor, allow
from edu.web.words import kind_names

bp = Blueprint("bank", __name__, url_prefix="/questions")

#: Questions on one page of a list, and calibrations in a question's history.
ON_A_PAGE, HISTORY = 50, 20
#: Fewer members than this are not spoken of in figures (docs/statistics.md).
FEWEST_MEMBERS = 5
#: More holes than this: the layers of a topic are not a ladder (docs/gap-engine.md).
NO_LADDER = 0.25
#: Standard deviations of an interval that holds nine times out of ten.
NINE_OF_TEN = 1.645


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate with what it may well be, all 0–1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is shown."""

    number: int
    pages: int
    topic_key: str

    def url_for_page(self, number: int) -> str:
        return url_for(".topic", topic_key=self.topic_key, page=number)


def interval(value: float, effective: float) -> Interval:
    """theta ± 1.645 sqrt(theta (1 - theta) / (n + 20)), cut to 0–1; n the answers that it rests on."""
    spread = NINE_OF_TEN * sqrt(value * (1 - value) / (effective + IMAGINED))
    return Interval(value, max(0.0, value - spread), min(1.0, value + spread))


def power_of(question: BankQuestion, slip: Interval, guess: Interval) -> Interval:
    """The power with its interval: slip and guess err independently of each other."""
    spread = sqrt((slip.high - slip.value) ** 2 + (guess.high - guess.value) ** 2)
    return Interval(question.power, max(-1.0, question.power - spread), min(1.0, question.power + spread))


@bp.get("")
@allow(Permission.PUBLISH)
def index() -> ResponseReturnValue:
    """What needs a look, and the cells of the bank."""
    return render_template(
        "bank/index.html",
        alarmed=bank.alarmed_questions(language(), most=ON_A_PAGE),
        topics=courses.topics(),
        layers=courses.layers(),
        counts=bank.bank_counts(),
        required=required_layers(),
        fewest=FEWEST,
        enough=ENOUGH,
        alarm_words=alarm_words(),
    )


def required_layers() -> dict[int, int]:
    """topic → the highest layer that any role requires."""
    highest: dict[int, int] = {}
    for layers in courses.requirements(on=day_of(now())).values():
        for topic_id, layer in layers.items():
            highest[topic_id] = max(layer, highest.get(topic_id, 0))
    return highest


@bp.get("/topics/<topic_key>")
@allow(Permission.PUBLISH)
def topic(topic_key: str) -> ResponseReturnValue:
    """One topic: whether it is a ladder, how good its predictions are, and its questions."""
    here = courses.topic_called(topic_key)
    total = sum(count for (topic_id, _layer), count in bank.bank_counts().items() if topic_id == here.id)
    pages = max(1, -(-total // ON_A_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    findings = bank.topic_findings(here.id)
    predictions = bank.predictions(here.id)
    return render_template(
        "bank/topic.html",
        topic=here,
        layers=courses.layers(),
        findings=findings if findings and findings.members >= FEWEST_MEMBERS else None,
        no_ladder=NO_LADDER,
        live=reliability(predictions),
        predictions=len(predictions),
        wanted=FEWEST_PREDICTIONS,
        endings=bank.not_sure_endings(here.id),
        fewest_members=FEWEST_MEMBERS,
        questions=bank.questions_of(here.id, language(), first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE),
        page=Page(number, pages, topic_key),
        kind_names=kind_names(),
        alarm_words=alarm_words(),
    )


@bp.get("/<key>")
@allow(Permission.PUBLISH)
def show(key: str) -> ResponseReturnValue:
    """One question: its parameters, its alarms, what rests on it."""
    question = bank.question_called(key, language())
    slip, guess = interval(question.slip, question.by_holders), interval(question.guess, question.by_others)
    return render_template(
        "bank/show.html",
        question=question,
        topic=next(one for one in courses.topics(also_retired=True) if one.id == question.topic_id),
        slip=slip,
        guess=guess,
        power=power_of(question, slip, guess),
        past=bank.past_parameters(question.id, most=HISTORY),
        alarms=bank.alarms_of(question.id),
        decisions=bank.decisions_on(question.id),
        kind_names=kind_names(),
        alarm_words=alarm_words(),
    )


@bp.post("/<key>/looked")
@allow(Permission.PUBLISH)
def looked(key: str) -> ResponseReturnValue:
    """Someone has looked at the question."""
    actions.close_alarm(actor(), key, at=now())
    flash(_("Noted. Its answers weigh whole again, and drift is counted from now."), "notice")
    return redirect(url_for(".show", key=key), 303)


def alarm_words() -> dict[str, str]:
    """What an alarm says, in words."""
    return {
        "easier": _("It has become easier: perhaps its answer is known."),
        "harder": _("It has become harder: perhaps the rule behind it has changed."),
        "weak": _("It hardly tells who holds the layer from who does not."),
    }
