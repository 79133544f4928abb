"""Diagnostics, checks and reviews: what they are about, the question that is asked now, and how they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from edu.base.clock import day_of
from edu.base.db import AnySelect, db
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.gaps import ladder
from edu.gaps import queries as gaps
from edu.gaps.choose import Item
from edu.gaps.ladder import Unknown
from edu.quizzes import asking
from edu.quizzes.asking import Asked, Live, Subject
from edu.quizzes.models import (
    CHECK,
    DIAGNOSTIC,
    PRACTICE,
    QUIZ,
    Attempt,
    AttemptQuestion,
    Question,
    QuestionParameters,
    QuestionVersion,
    TopicParameters,
)
from edu.quizzes.queries.closing import AskedQuestion, GradedQuestion, face_in, graded, last_shown
from edu.quizzes.queries.parameters import GUESS, HOLDS_NOW, SLIP

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt that asks one question at a time."""

    id: int
    member_id: int
    kind: str
    #: None: of all topics that the roles require.
    topic_id: int | None
    #: Of a check.
    layer: int | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Firmness:
    """How far one topic is decided."""

    topic_id: int
    #: Of each required layer, from 1: 0 open, 1 and 2 on the way, 3 settled. Not whether it is held.
    rungs: tuple[int, ...]
    #: A name of stop.End; None: it goes on.
    end: str | None
    #: Of its required layers; without any there is nothing to ask.
    questions: int


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt that is being taken: the question asked now, and how far it is. Holds no key."""

    attempt: AttemptRow
    question: AskedQuestion
    topic_id: int
    #: Number of the question asked now, from 1.
    number: int
    firmness: tuple[Firmness, ...]


@dataclass(frozen=True, slots=True)
class TopicEnd:
    """How an attempt ended in one topic."""

    topic_id: int
    required: int
    #: Rung states before and after.
    before: tuple[str, ...]
    after: tuple[str, ...]
    #: Chance that each layer is held, from 1.
    q: tuple[float, ...]
    #: A name of stop.End; None: it was ended by hand.
    end: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A closed attempt with everything that may now be seen."""

    attempt: AttemptRow
    #: A name of fit.Validity; None: too few answers to tell.
    validity: str | None
    topics: tuple[TopicEnd, ...]
    #: (topic, layer) whose answers fit least; None: they fit.
    odd: tuple[int, int] | None
    questions: tuple[GradedQuestion, ...]


ROW: AnySelect = select(
    Attempt.id,
    Attempt.member_id,
    Attempt.kind,
    Attempt.topic_id,
    Attempt.layer,
    Attempt.opened_at,
    Attempt.closed_at,
).where(Attempt.kind != QUIZ)


def attempt(member_id: int, attempt_id: int) -> AttemptRow:
    """The member's own attempt, open or closed. Raises NotFound."""
    row = db.session.execute(ROW.where(Attempt.id == attempt_id, Attempt.member_id == member_id)).first()
    if row is None:
        raise NotFound(mark("There is no such quiz."))
    return AttemptRow(*row)


def under_way(member_id: int) -> list[AttemptRow]:
    """The member's open diagnostics, checks and reviews, latest first."""
    rows = ROW.where(Attempt.member_id == member_id, Attempt.closed_at.is_(None)).order_by(Attempt.id.desc())
    return [AttemptRow(*row) for row in db.session.execute(rows)]


def closed(member_id: int) -> list[AttemptRow]:
    """The member's closed diagnostics, checks and reviews, latest first."""
    rows = ROW.where(Attempt.member_id == member_id, Attempt.closed_at.is_not(None)).order_by(Attempt.id.desc())
    return [AttemptRow(*row) for row in db.session.execute(rows)]


def subjects(row: AttemptRow) -> list[Subject]:
    """The topics that an attempt is about, in the topics' order, as they stood on the day it was opened."""
    on = day_of(row.opened_at)
    asks = gaps.required_of_member(row.member_id, on=on)
    required = {topic_id: layer for topic_id, (layer, _role) in asks.items()}
    if row.kind in (CHECK, PRACTICE) and row.topic_id:
        required[row.topic_id] = max(required.get(row.topic_id, 0), row.layer or 1)
    minutes, unknown = gaps.minutes_by_cell(), _unknown()
    return [
        Subject(
            topic_id,
            required[topic_id],
            known,
            tuple(float(minutes.get((topic_id, n), asking.UNTAUGHT_MINUTES)) for n in range(1, required[topic_id] + 1)),
            unknown.get(topic_id, ladder.OFFERED),
        )
        for topic_id, known in gaps.pictures(row.member_id, asks, on=on).items()
        if required.get(topic_id) and row.topic_id in (None, topic_id)
    ]


def _unknown() -> dict[int, Unknown]:
    """topic → how often "I haven't learned this yet" is said, as calibration found it."""
    rows = select(TopicParameters.topic_id, TopicParameters.unknown_held, TopicParameters.unknown_lacking).where(
        TopicParameters.is_current
    )
    return {topic_id: Unknown(held, lacking) for topic_id, held, lacking in db.session.execute(rows)}


def cell_of(attempt_id: int, position: int) -> tuple[int, int]:
    """(topic, layer) of one question of an attempt."""
    row: Any = db.session.execute(
        select(Question.topic_id, Question.layer)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .where(AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.position == position)
    ).one()
    return row.topic_id, row.layer


def asked(row: AttemptRow) -> list[Asked]:
    """The questions of an attempt in order, with their parameters as they are now.

    The guess rate of a question whose answer this member was shown before is raised by that.
    """
    rows: AnySelect = (
        select(
            QuestionVersion.id,
            Question.topic_id,
            Question.layer,
            SLIP,
            GUESS,
            AttemptQuestion.purpose,
            AttemptQuestion.outcome,
            AttemptQuestion.weight,
        )
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(QuestionParameters, HOLDS_NOW)
        .where(AttemptQuestion.attempt_id == row.id)
        .order_by(AttemptQuestion.position)
    )
    found = [Asked(*values) for values in db.session.execute(rows)]
    shown = last_shown(row.member_id, [one.question_version_id for one in found])
    return [
        asking.seen(one, (row.opened_at - shown[one.question_version_id]) / DAY)
        if one.question_version_id in shown
        else one
        for one in found
    ]


def live(row: AttemptRow, about: Sequence[Subject], *, at: datetime, is_choosing: bool = False) -> list[Live]:
    """The questions that a diagnostic may ask. Two statements.

    is_choosing     one is to be chosen: how often each was asked of late counts; one statement more.
    """
    rows: AnySelect = (
        select(
            QuestionVersion.id,
            Question.id,
            Question.topic_id,
            Question.layer,
            SLIP,
            GUESS,
            func.coalesce(QuestionParameters.by_holders, 0.0),
            func.coalesce(QuestionParameters.by_others, 0.0),
            func.coalesce(QuestionParameters.answers, 0),
        )
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(QuestionParameters, HOLDS_NOW)
        .where(
            Question.topic_id.in_([subject.topic_id for subject in about]),
            Question.is_retired.is_(False),
            QuestionVersion.is_current,
            func.coalesce(QuestionParameters.is_flagged, False).is_(False),
        )
        .order_by(QuestionVersion.id)
    )
    met, shares = _met(row, at=at), exposure() if is_choosing else {}
    return [
        Live(
            Item(version_id, topic_id, layer, *asking.cautious(slip, guess, by_holders, by_others)),
            slip,
            guess,
            answers,
            question_id in met,
            shares.get(question_id, 0.0),
        )
        for version_id, question_id, topic_id, layer, slip, guess, by_holders, by_others, answers in db.session.execute(
            rows
        )
    ]


def _met(row: AttemptRow, *, at: datetime) -> set[int]:
    """Questions asked of this member, in whatever kind of attempt, within NO_REPEAT."""
    rows = (
        select(QuestionVersion.question_id)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(Attempt.member_id == row.member_id, Attempt.opened_at > at - asking.NO_REPEAT)
    )
    return set(db.session.scalars(rows))


def exposure() -> dict[int, float]:
    """question → share of the latest diagnostics that asked its cell in which it was asked, 0–1."""
    latest = (
        select(Attempt.id)
        .where(Attempt.kind == DIAGNOSTIC)
        .order_by(Attempt.id.desc())
        .limit(asking.RECENT_TESTS)
        .subquery()
    )
    asked: AnySelect = (
        select(Question.id, Question.topic_id, Question.layer, AttemptQuestion.attempt_id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .where(AttemptQuestion.attempt_id.in_(select(latest.c.id)))
    )
    each = asked.subquery()
    tests = (
        select(each.c.topic_id, each.c.layer, func.count(each.c.attempt_id.distinct()).label("tests"))
        .group_by(each.c.topic_id, each.c.layer)
        .subquery()
    )
    rows: AnySelect = (
        select(each.c.id, func.count(), func.max(tests.c.tests))
        .join(tests, (tests.c.topic_id == each.c.topic_id) & (tests.c.layer == each.c.layer))
        .group_by(each.c.id)
    )
    return {question_id: count / of for question_id, count, of in db.session.execute(rows)}


def taken(member_id: int, attempt_id: int, language: str, *, at: datetime) -> Taken:
    """The question that an open attempt asks now. Raises NotFound."""
    row = attempt(member_id, attempt_id)
    current: Any = db.session.execute(CURRENT.where(AttemptQuestion.attempt_id == attempt_id)).first()
    if row.closed_at is not None or current is None:
        raise NotFound(mark("There is no such quiz."))
    question = AskedQuestion(
        current.position, current.kind, face_in(current.faces, language), tuple(current.order), None, None, False
    )
    return Taken(row, question, current.topic_id, current.position, _firmness(row, at=at))


CURRENT: AnySelect = (
    select(
        AttemptQuestion.position,
        QuestionVersion.kind,
        QuestionVersion.faces,
        AttemptQuestion.order,
        Question.topic_id,
    )
    .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
    .join(Question, Question.id == QuestionVersion.question_id)
    .where(AttemptQuestion.outcome.is_(None))
    .order_by(AttemptQuestion.position)
    .limit(1)
)


def _firmness(row: AttemptRow, *, at: datetime) -> tuple[Firmness, ...]:
    if row.kind != DIAGNOSTIC:
        return ()
    about, so_far = subjects(row), asked(row)
    askable = live(row, about, at=at)
    over = asking.ends(about, so_far, askable)
    found = []
    for one in about:
        questions = sum(known.item.topic == one.topic_id and known.item.layer <= one.required for known in askable)
        rungs = asking.firmness(one, so_far, over[one.topic_id]) if questions else (0,) * one.required
        found.append(Firmness(one.topic_id, rungs, over[one.topic_id], questions))
    return tuple(found)


def ended(member_id: int, attempt_id: int, language: str) -> Ended:
    """The member's own closed attempt with keys and explanations. Raises NotFound, also while it is open."""
    row = attempt(member_id, attempt_id)
    if row.closed_at is None:
        raise NotFound(mark("There is no such quiz."))
    validity, change = db.session.execute(
        select(Attempt.validity, Attempt.change).where(Attempt.id == attempt_id)
    ).one()
    topics = tuple(
        TopicEnd(
            one["topic_id"], one["required"], tuple(one["before"]), tuple(one["after"]), tuple(one["q"]), one["end"]
        )
        for one in (change or {}).get("topics", ())
    )
    odd = (change or {}).get("odd")
    return Ended(row, validity, topics, odd and tuple(odd), graded(attempt_id, language))
