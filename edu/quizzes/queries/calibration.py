"""What a calibration reads: the live questions of a topic, the first answers to them, and how diagnostics ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, and_, func, or_, select

from edu.base.db import AnySelect, db
from edu.quizzes.models import (
    DIAGNOSTIC,
    QUIZ,
    Attempt,
    AttemptQuestion,
    Question,
    QuestionAlarm,
    QuestionParameters,
    QuestionVersion,
)
from edu.quizzes.queries.parameters import GUESS, HOLDS_NOW, SLIP

#: The latest members of a topic that a calibration looks at: what fits into memory, and more than it needs.
MOST_MEMBERS = 10_000


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """One live question as it is now."""

    question_version_id: int
    question_id: int
    layer: int
    #: As published, and as used until this night, 0–1.
    first_guess: float
    slip: float
    guess: float
    #: Drift is counted from here: its publication, or when someone last closed an alarm.
    watched_since: datetime
    #: Someone has looked at an alarm of this version.
    was_looked_at: bool


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The first answer ever of a member to a question, given without help."""

    member_id: int
    question_version_id: int
    #: 'right', 'wrong' or 'unknown'.
    outcome: str
    #: The chance of a right answer as it was believed before, 0–1; None in a closing quiz.
    predicted: float | None
    at: datetime


def live_questions(topic_id: int) -> list[LiveQuestion]:
    """The live questions of a topic, in an order of their own."""
    closed = (
        select(QuestionAlarm.question_version_id, func.max(QuestionAlarm.closed_at).label("at"))
        .where(QuestionAlarm.closed_at.is_not(None))
        .group_by(QuestionAlarm.question_version_id)
        .subquery()
    )
    rows: AnySelect = (
        select(
            QuestionVersion.id,
            Question.id,
            Question.layer,
            QuestionVersion.guess,
            SLIP,
            GUESS,
            func.coalesce(closed.c.at, QuestionVersion.published_at),
            closed.c.at.is_not(None),
        )
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(QuestionParameters, HOLDS_NOW)
        .outerjoin(closed, closed.c.question_version_id == QuestionVersion.id)
        .where(Question.topic_id == topic_id, Question.is_retired.is_(False), QuestionVersion.is_current)
        .order_by(QuestionVersion.id)
    )
    return [LiveQuestion(*row) for row in db.session.execute(rows)]


def first_answers(topic_id: int) -> list[FirstAnswer]:
    """First answers to the live questions of a topic, in the order given; of its MOST_MEMBERS latest members.

    A member's first answer to any version of a question, in a closing quiz or a diagnostic that is closed, not given
    too fast to have been read; of those the ones to the version that is live now. A blank in a closing quiz was
    submitted as not known and is wrong; in a diagnostic it was never answered.
    """
    answers = _numbered(topic_id)
    is_answer = or_(answers.c.outcome.in_(("right", "wrong", "unknown")), answers.c.kind == QUIZ)
    rows: AnySelect = (
        select(
            answers.c.member_id,
            answers.c.question_version_id,
            answers.c.outcome,
            answers.c.predicted,
            answers.c.closed_at,
        )
        .where(
            answers.c.turn == 1,
            answers.c.is_current,
            answers.c.kind.in_((QUIZ, DIAGNOSTIC)),
            or_(answers.c.weight.is_(None), answers.c.weight > 0),
            is_answer,
        )
        .order_by(answers.c.attempt_id, answers.c.position)
    )
    return [
        FirstAnswer(member_id, version_id, "wrong" if outcome == "blank" else outcome, predicted, at)
        for member_id, version_id, outcome, predicted, at in db.session.execute(rows)
    ]


def _numbered(topic_id: int) -> Subquery:
    """Every answer of the latest members to the topic's questions, numbered for each member and question."""
    return (
        select(
            Attempt.member_id,
            Attempt.kind,
            Attempt.closed_at,
            AttemptQuestion.attempt_id,
            AttemptQuestion.position,
            AttemptQuestion.question_version_id,
            AttemptQuestion.outcome,
            AttemptQuestion.weight,
            AttemptQuestion.predicted,
            QuestionVersion.is_current,
            func.row_number()
            .over(
                partition_by=(Attempt.member_id, QuestionVersion.question_id),
                order_by=(AttemptQuestion.attempt_id, AttemptQuestion.position),
            )
            .label("turn"),
        )
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Question.topic_id == topic_id,
            Question.is_retired.is_(False),
            Attempt.closed_at.is_not(None),
            Attempt.member_id.in_(_latest_members(topic_id)),
        )
        .subquery()
    )


def _latest_members(topic_id: int) -> AnySelect:
    latest = (
        select(Attempt.member_id, func.max(Attempt.id).label("last"))
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
        .join(Question, and_(Question.id == QuestionVersion.question_id, Question.topic_id == topic_id))
        .group_by(Attempt.member_id)
        .order_by(func.max(Attempt.id).desc())
        .limit(MOST_MEMBERS)
        .subquery()
    )
    return select(latest.c.member_id)


def first_diagnostics() -> Iterator[tuple[int, int, tuple[float, ...]]]:
    """(member, topic, chance of each layer from 1) of the first believable diagnostic of each member in each topic.

    Of the latest diagnostics, MOST_MEMBERS of them.
    """
    rows: AnySelect = (
        select(Attempt.member_id, Attempt.change)
        .where(
            Attempt.kind == DIAGNOSTIC,
            Attempt.closed_at.is_not(None),
            or_(Attempt.validity.is_(None), Attempt.validity != "not_valid"),
        )
        .order_by(Attempt.id.desc())
        .limit(MOST_MEMBERS)
    )
    seen: dict[tuple[int, int], tuple[float, ...]] = {}
    for member_id, change in db.session.execute(rows):
        for one in change["topics"]:
            seen[member_id, one["topic_id"]] = tuple(one["q"])  # latest first, so that the first one stays
    for (member_id, topic_id), q in seen.items():
        yield member_id, topic_id, q


def parameters_now(question_version_ids: list[int]) -> dict[int, QuestionParameters]:
    """The current row of each question version that has one. For the action that replaces it."""
    rows = select(QuestionParameters).where(
        QuestionParameters.is_current, QuestionParameters.question_version_id.in_(question_version_ids)
    )
    return {row.question_version_id: row for row in db.session.scalars(rows)}
