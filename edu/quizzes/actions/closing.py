"""The closing quiz of a module: start an attempt, save an answer, submit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from edu.base import audit
from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.base.db import AnySelect, db, insert
from edu.base.errors import Conflict, NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.gaps import actions as gaps
from edu.gaps import queries as gap_queries
from edu.people import queries as people
from edu.quizzes import grading, queries, selection
from edu.quizzes.actions import put
from edu.quizzes.grading import FIRST_ROUND, SECOND_ROUND, Answered, Grade
from edu.quizzes.kinds import KINDS
from edu.quizzes.models import QUIZ, Attempt, AttemptQuestion, QuestionParameters, QuestionVersion
from edu.quizzes.queries.parameters import GUESS, HAS_ALARM, HOLDS_NOW, SLIP
from edu.records import actions as records


@dataclass(frozen=True, slots=True)
class Submission:
    """How a submission ended: graded, or extended by the questions that decide."""

    is_closed: bool
    grade: Grade


def start_attempt(actor: Actor, module_key: str, language: str, *, at: datetime) -> int:
    """The attempt at a module's closing quiz: the one under way, or a new one. Returns its id.

    Raises Conflict when the bank of the module's cell is empty.
    """
    page = courses.published(module_key, language)
    under_way = queries.open_attempt_of(actor.member_id, page.module_id)
    if under_way is not None:
        return under_way
    candidates = queries.candidates(actor.member_id, page.topic_id, page.layer)
    if not candidates:
        raise Conflict(mark("This module has no questions yet."))
    begun = insert(Attempt).values(
        member_id=actor.member_id, kind=QUIZ, module_id=page.module_id, version_id=page.version_id, opened_at=at
    )
    attempt_id = db.session.execute(begun.on_conflict_do_nothing().returning(Attempt.id)).scalar_one_or_none()
    if attempt_id is None:  # begun at the same moment, in another tab
        return start_attempt(actor, module_key, language, at=at)
    put.drawn(attempt_id, selection.draw(candidates, FIRST_ROUND, seed=attempt_id))
    return int(attempt_id)


#: Hot: one question of an open attempt of this member, with its face to read the answer by.
ASKED = (
    select(QuestionVersion.kind, QuestionVersion.faces, AttemptQuestion.outcome)
    .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
    .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
    .where(
        Attempt.id == bindparam("of_attempt"),
        Attempt.member_id == bindparam("of_member"),
        Attempt.kind == QUIZ,
        AttemptQuestion.position == bindparam("at_position"),
    )
)
_ANSWERS: Any = AttemptQuestion.__table__
SAVE = (
    update(_ANSWERS)
    .where(
        _ANSWERS.c.attempt_id == bindparam("of_attempt"),
        _ANSWERS.c.position == bindparam("at_position"),
        _ANSWERS.c.outcome.is_(None),  # asked again: on PostgreSQL a submission may have come in between
    )
    .values(answer=bindparam("new_answer"), answered_at=bindparam("new_at"))
)


def save_answer(actor: Actor, attempt_id: int, position: int, values: Sequence[str], *, at: datetime) -> None:
    """Keep one answer of an open attempt; the last one given counts, an empty one takes it back.

    Raises NotFound for another person's attempt, Conflict once it was submitted, Invalid for what cannot be an answer.
    """
    where = {"of_attempt": attempt_id, "at_position": position}
    asked = db.session.execute(ASKED, {**where, "of_member": actor.member_id}).first()
    if asked is None:
        raise NotFound(mark("There is no such question."))
    if asked.outcome is not None:
        raise _submitted()
    answer = KINDS[asked.kind].read(values, next(iter(asked.faces.values())))
    saved: Any = db.session.execute(SAVE, {**where, "new_answer": answer, "new_at": at})
    if not saved.rowcount:
        raise _submitted()


def _submitted() -> Conflict:
    return Conflict(mark("This answer has been submitted; it can no longer change."))


def submit_attempt(actor: Actor, attempt_id: int, *, at: datetime) -> Submission:
    """Grade an open attempt, hand the evidence on, and close it; or ask the two questions that decide.

    Safe to repeat: an attempt that is already closed returns its first grade. Raises NotFound.
    """
    attempt = _lock_attempt(actor.member_id, attempt_id)
    questions = _answered(attempt, at=at)
    grade = grading.grade(questions)
    if attempt.closed_at is not None:
        return Submission(is_closed=True, grade=grade)
    if grading.is_open(grade) and _extend(attempt, questions):
        return Submission(is_closed=False, grade=grade)

    page = courses.version(_version_of(attempt))
    unit_id = people.member(actor.member_id).unit_id
    before = gap_queries.ladder(actor.member_id, page.topic_id, on=day_of(at))
    observed = grading.observations(
        questions,
        grade,
        layer=page.layer,
        version_id=page.version_id,
        attempt_id=attempt_id,
        learned=grading.learned_before(
            is_first=not gap_queries.has_studied(actor.member_id, page.version_id),
            failed_last=any(here.failed for here in before.shown[page.layer - 1 : page.layer]),
        ),
    )
    gaps.observe(actor.member_id, page.topic_id, observed, unit_id=unit_id, at=at)
    after = gap_queries.ladder(actor.member_id, page.topic_id, on=day_of(at))
    if grade.passed:
        records.complete_module(
            actor.member_id,
            page.module_id,
            page.version_id,
            unit_id=unit_id,
            minutes=page.minutes,
            share=grade.share,
            at=at,
        )
    _close(attempt, questions, grade, {"before": before.states, "after": after.states}, at=at)
    audit.record(
        "attempt.submitted",
        by=actor.member_id,
        about=f"attempt:{attempt_id}",
        at=at,
        share=grade.share,
        passed=grade.passed,
    )
    return Submission(is_closed=True, grade=grade)


def hold_attempt(actor: Actor, attempt_id: int) -> bool:
    """Keep other submissions of this attempt waiting until the transaction ends. Returns whether it is closed.

    Raises NotFound for another person's.
    """
    return _lock_attempt(actor.member_id, attempt_id).closed_at is not None


def _lock_attempt(member_id: int, attempt_id: int) -> Attempt:
    attempt = db.session.scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.member_id == member_id, Attempt.kind == QUIZ)
        .with_for_update()
    )
    if attempt is None:
        raise NotFound(mark("There is no such quiz."))
    return attempt


def _version_of(attempt: Attempt) -> int:
    """The version whose quiz this is; the table holds that a quiz has one."""
    if attempt.version_id is None:
        raise ValueError("a closing quiz is of a version")
    return attempt.version_id


def _answered(attempt: Attempt, *, at: datetime) -> list[Answered]:
    """The attempt's questions with their answers and keys, as grading needs them; no answer can change meanwhile."""
    columns: AnySelect = (
        select(
            QuestionVersion.id,
            QuestionVersion.kind,
            QuestionVersion.key,
            AttemptQuestion.answer,
            SLIP,
            GUESS,
            HAS_ALARM,
        )
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .outerjoin(QuestionParameters, HOLDS_NOW)
        .where(AttemptQuestion.attempt_id == attempt.id)
        .order_by(AttemptQuestion.position)
        .with_for_update(of=AttemptQuestion)
    )
    rows = db.session.execute(columns).all()
    shown = queries.last_shown(attempt.member_id, [row.id for row in rows])
    # Never less than 0: a clock that was put back makes what was seen lie ahead.
    days = {version_id: max(0.0, (at - seen).total_seconds() / 86400) for version_id, seen in shown.items()}
    return [
        Answered(version_id, kind, key, answer, slip, guess, days.get(version_id), has_alarm)
        for version_id, kind, key, answer, slip, guess, has_alarm in rows
    ]


def _extend(attempt: Attempt, questions: Sequence[Answered]) -> bool:
    """Fix the first round and ask the second. False when the bank has no questions left to ask."""
    page = courses.version(_version_of(attempt))
    used = set(
        db.session.scalars(select(AttemptQuestion.question_version_id).where(AttemptQuestion.attempt_id == attempt.id))
    )
    pool = queries.candidates(attempt.member_id, page.topic_id, page.layer)
    left = [candidate for candidate in pool if candidate.question_version_id not in used]
    if len(left) < SECOND_ROUND:
        return False
    _fix_outcomes(attempt, questions)
    put.drawn(attempt.id, selection.draw(left, SECOND_ROUND, seed=attempt.id), after=len(questions))
    return True


def _fix_outcomes(attempt: Attempt, questions: Sequence[Answered]) -> None:
    """From now on these answers stand."""
    for position, question in enumerate(questions, start=1):
        db.session.execute(
            update(AttemptQuestion)
            .where(AttemptQuestion.attempt_id == attempt.id, AttemptQuestion.position == position)
            .values(outcome=grading.outcome(question))
        )


def _close(
    attempt: Attempt, questions: Sequence[Answered], grade: Grade, change: dict[str, object], *, at: datetime
) -> None:
    """Fix the outcome of every question and of the attempt, once."""
    _fix_outcomes(attempt, questions)
    attempt.closed_at, attempt.share, attempt.passed, attempt.change = at, grade.share, grade.passed, change
    db.session.flush()
