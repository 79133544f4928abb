"""A member's mistakes notebook: what is in it, and each question as it was last answered wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, tuple_

from edu.base.clock import day_of
from edu.base.db import AnySelect, db
from edu.quizzes.mistakes import Given, Mistake, notebook
from edu.quizzes.models import Attempt, AttemptQuestion, Question, QuestionVersion
from edu.quizzes.queries.closing import GradedQuestion, graded_where


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the notebook, with everything that may be seen of it."""

    mistake: Mistake
    question: GradedQuestion


def mistakes(member_id: int) -> dict[int, list[Mistake]]:
    """topic → what is in the member's notebook, the oldest mistake first. One statement.

    Of closed attempts alone: an open one does not tell what is right. Questions no longer asked are left out.
    """
    when = func.coalesce(AttemptQuestion.answered_at, Attempt.closed_at)
    rows: AnySelect = (
        select(
            Question.topic_id,
            Question.id,
            AttemptQuestion.outcome,
            when,
            AttemptQuestion.attempt_id,
            AttemptQuestion.position,
        )
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(
            Attempt.member_id == member_id,
            Attempt.closed_at.is_not(None),
            AttemptQuestion.outcome.in_(("right", "wrong")),
            Question.is_retired.is_(False),
        )
        .order_by(when, AttemptQuestion.attempt_id, AttemptQuestion.position)
    )
    by_topic: dict[int, list[Given]] = {}
    for topic_id, question_id, outcome, at, attempt_id, position in db.session.execute(rows):
        given = Given(question_id, outcome == "right", day_of(at), attempt_id, position)
        by_topic.setdefault(topic_id, []).append(given)
    found = {topic_id: notebook(given) for topic_id, given in by_topic.items()}
    return {topic_id: left for topic_id, left in found.items() if left}


def entries(left: Sequence[Mistake], language: str) -> list[Entry]:
    """The questions of a notebook as they were last answered wrong. One statement."""
    places = [(one.wrong.attempt_id, one.wrong.position) for one in left]
    where = tuple_(AttemptQuestion.attempt_id, AttemptQuestion.position).in_(places)
    shown: dict[tuple[int, int], Any] = dict(graded_where(where, language)) if places else {}
    return [Entry(one, shown[one.wrong.attempt_id, one.wrong.position]) for one in left]


def current_versions(question_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """question → (id, kind) of its current version."""
    rows: AnySelect = select(QuestionVersion.question_id, QuestionVersion.id, QuestionVersion.kind).where(
        QuestionVersion.question_id.in_(question_ids), QuestionVersion.is_current
    )
    return {question_id: (version_id, kind) for question_id, version_id, kind in db.session.execute(rows)}
