"""Diagnostics, checks, reviews and practice: start one, answer the question asked, end it.

An answer is final: the next question rests on it. What the answers say becomes evidence when the attempt ends.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from edu.base import audit
from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.base.db import db, insert
from edu.base.errors import Conflict, Invalid, NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.gaps import actions as gaps
from edu.gaps import evidence
from edu.gaps import queries as gap_queries
from edu.gaps.evidence import Observation
from edu.gaps.fit import Validity
from edu.gaps.rungs import Ladder
from edu.gaps.stop import End
from edu.people import queries as people
from edu.quizzes import asking, queries, selection
from edu.quizzes.actions import put
from edu.quizzes.asking import Asked, Subject
from edu.quizzes.kinds import KINDS
from edu.quizzes.mistakes import to_practise
from edu.quizzes.models import CHECK, DIAGNOSTIC, PRACTICE, REVIEW, Attempt, AttemptQuestion, QuestionVersion
from edu.quizzes.queries import diagnostic
from edu.quizzes.queries.diagnostic import AttemptRow
from edu.quizzes.queries.mistakes import current_versions
from edu.quizzes.queries.parameters import HAS_ALARM


def start_diagnostic(actor: Actor, topic_key: str | None, *, at: datetime) -> int:
    """The member's diagnostic: the one under way, or a new one of all topics required, or of one. Returns its id.

    Raises NotFound for a topic that does not exist, Conflict when there is nothing to ask.
    """
    topic_id = None if topic_key is None else courses.topic_called(topic_key).id
    required = gap_queries.required_of_member(actor.member_id, on=day_of(at))
    if not (required if topic_id is None else required.get(topic_id)):
        raise Conflict(mark("Your roles require nothing here, so there is nothing to ask."))
    with db.session.begin_nested():  # refused, it leaves no empty attempt behind
        row, is_new = _open(actor, DIAGNOSTIC, at=at, topic_id=topic_id)
        if is_new and not _ask_next(row, at=at):
            message = mark("There is no question to ask now: all is sure enough, or you have had them all lately.")
            raise Conflict(message)
    return row.id


def start_check(actor: Actor, topic_key: str, layer: int, *, at: datetime) -> int:
    """Three questions of one rung, because the member disagrees with what is said of it. Returns the attempt's id.

    Raises NotFound for a rung that does not exist, Conflict when its bank is empty.
    """
    topic_id = courses.topic_called(topic_key).id
    if not 1 <= layer <= gap_queries.layer_count():
        raise NotFound(mark("There is no such layer."))
    candidates = queries.candidates(actor.member_id, topic_id, layer)
    if not candidates:
        raise Conflict(mark("There are no questions for this rung yet."))
    row, is_new = _open(actor, CHECK, at=at, topic_id=topic_id, layer=layer)
    if is_new:
        put.drawn(row.id, selection.draw(candidates, asking.CHECK_QUESTIONS, seed=row.id))
    return row.id


def start_review(actor: Actor, *, at: datetime) -> int:
    """One or two questions of each rung that has faded. Returns the attempt's id. Raises Conflict when none has."""
    with db.session.begin_nested():
        row, is_new = _open(actor, REVIEW, at=at)
        if is_new and not _ask_next(row, at=at):
            raise Conflict(mark("Nothing is due for review now."))
    return row.id


def start_practice(actor: Actor, topic_key: str, *, at: datetime) -> int:
    """Some questions of one topic that the member got wrong, asked again. Returns the attempt's id.

    Raises NotFound for a topic that does not exist, Conflict when the notebook has nothing to ask today.
    """
    topic_id = courses.topic_called(topic_key).id
    with db.session.begin_nested():
        row, is_new = _open(actor, PRACTICE, at=at, topic_id=topic_id)
        if is_new:
            left = queries.mistakes(actor.member_id).get(topic_id, [])
            chosen = to_practise(left, on=day_of(at), most=asking.PRACTICE_QUESTIONS)
            versions = current_versions([one.question_id for one in chosen])
            picked = [selection.Candidate(*versions[one.question_id], None) for one in chosen]
            if not picked:
                raise Conflict(mark("There is nothing to practise in this topic today."))
            put.drawn(row.id, picked)
    return row.id


def _open(
    actor: Actor, kind: str, *, at: datetime, topic_id: int | None = None, layer: int | None = None
) -> tuple[AttemptRow, bool]:
    """The attempt under way, or a new one; whether it is new. Two tabs that begin at once get the same."""
    begun = insert(Attempt).values(member_id=actor.member_id, kind=kind, topic_id=topic_id, layer=layer, opened_at=at)
    attempt_id = db.session.execute(begun.on_conflict_do_nothing().returning(Attempt.id)).scalar_one_or_none()
    if attempt_id is not None:
        return AttemptRow(attempt_id, actor.member_id, kind, topic_id, layer, at, None), True
    same = [
        row
        for row in diagnostic.under_way(actor.member_id)
        if row.kind == kind and (kind != CHECK or (row.topic_id, row.layer) == (topic_id, layer))
    ]
    return same[0], False


def answer(
    actor: Actor,
    attempt_id: int,
    position: int,
    values: Sequence[str],
    *,
    is_unknown: bool = False,
    seconds: float | None = None,
    at: datetime,
) -> bool:
    """Keep the answer to the question asked now, and ask the next or end. Returns whether the attempt is over.

    values      as posted.
    is_unknown  "I haven't learned this yet" was said instead.
    seconds     since the question was first shown, if known; it enters the weight and is not stored.

    An answer to a question that is not asked now changes nothing: a second click, or the page before.
    Raises NotFound for another person's attempt, Invalid for what cannot be an answer.
    """
    row = _lock(actor.member_id, attempt_id)
    if row.closed_at is not None:
        return True
    current = _current(attempt_id)
    if current is None or current.position != position:
        return False
    given = None if is_unknown else KINDS[current.kind].read(values, next(iter(current.faces.values())))
    if given is None and not is_unknown:
        raise Invalid(mark("Choose or type an answer, or say that you haven’t learned this yet."))
    right = given is not None and KINDS[current.kind].share(current.key, given) == 1
    outcome = "unknown" if given is None else ("right" if right else "wrong")
    # Who says that they have not learned it need not read to the end: it is no guess, and never too fast.
    situation = evidence.PRACTICE if row.kind == PRACTICE else evidence.UNPROVEN
    weight = evidence.weight_of(situation, seconds=None if is_unknown else seconds)
    weight = evidence.alarmed(weight, has_alarm=current.has_alarm)
    db.session.execute(
        update(AttemptQuestion)
        .where(AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.position == position)
        .values(answer=given, answered_at=at, outcome=outcome, weight=weight)
    )
    if _ask_next(row, at=at):
        return False
    _close(row, at=at)
    return True


def end(actor: Actor, attempt_id: int, *, at: datetime) -> None:
    """End an attempt before it ends by itself; what was answered counts. Raises NotFound. Safe to repeat."""
    row = _lock(actor.member_id, attempt_id)
    if row.closed_at is None:
        _close(row, at=at)


def _lock(member_id: int, attempt_id: int) -> AttemptRow:
    db.session.execute(
        select(Attempt.id).where(Attempt.id == attempt_id, Attempt.member_id == member_id).with_for_update()
    )
    return diagnostic.attempt(member_id, attempt_id)


def _current(attempt_id: int) -> Any:
    return db.session.execute(
        diagnostic.CURRENT.add_columns(QuestionVersion.key, HAS_ALARM.label("has_alarm")).where(
            AttemptQuestion.attempt_id == attempt_id
        )
    ).first()


def _ask_next(row: AttemptRow, *, at: datetime) -> bool:
    """Put the next question into the attempt, unless one is waiting. False: there is none."""
    asked = diagnostic.asked(row)
    if any(one.outcome is None for one in asked):
        return True
    if row.kind == DIAGNOSTIC:
        subjects = diagnostic.subjects(row)
        live = diagnostic.live(row, subjects, at=at, is_choosing=True)
        found = asking.next_question(subjects, asked, live, seed=row.id)
        if found:
            put.chosen(row.id, found, after=len(asked))
        return found is not None
    return row.kind == REVIEW and _ask_review(row, asked)


def _ask_review(row: AttemptRow, asked: Sequence[Asked]) -> bool:
    used = {one.question_version_id for one in asked}
    for topic_id, layer in asking.to_review(diagnostic.subjects(row), asked):
        pool = queries.candidates(row.member_id, topic_id, layer)
        left = [candidate for candidate in pool if candidate.question_version_id not in used]
        if left:
            put.drawn(row.id, selection.draw(left, 1, seed=row.id), after=len(asked))
            return True
    return False


def _close(row: AttemptRow, *, at: datetime) -> None:
    """Hand the evidence on, topic by topic, and keep what changed."""
    subjects, asked = diagnostic.subjects(row), diagnostic.asked(row)
    validity = asking.validity(subjects, asked) if row.kind == DIAGNOSTIC else None
    on = day_of(at)
    before = {ladder.topic_id: ladder for ladder in gap_queries.ladders(row.member_id, on=on)}
    unit_id = people.member(row.member_id).unit_id
    for subject in subjects:
        found: list[Observation] = []
        found += asking.observations(subject, asked, attempt_id=row.id, counts=validity != Validity.NOT_VALID)
        if row.kind == CHECK and row.layer:
            found += asking.verdict(row.layer, asking.answers(subject, asked), row.id)
        if found:
            gaps.observe(row.member_id, subject.topic_id, found, unit_id=unit_id, at=at)
    after = {ladder.topic_id: ladder for ladder in gap_queries.ladders(row.member_id, on=on)}
    ends = asking.ends(subjects, asked, diagnostic.live(row, subjects, at=at)) if row.kind == DIAGNOSTIC else {}
    about = {one.topic_id for one in asked}
    topics = [
        _changed(subject, before, after, ends.get(subject.topic_id))
        for subject in subjects
        if row.kind == DIAGNOSTIC or subject.topic_id in about
    ]
    odd = asking.oddest(subjects, asked) if validity == Validity.RECHECK else None
    db.session.execute(
        update(AttemptQuestion)
        .where(AttemptQuestion.attempt_id == row.id, AttemptQuestion.outcome.is_(None))
        .values(outcome="blank", weight=0.0)
    )
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == row.id)
        .values(closed_at=at, validity=validity and validity.value, change={"topics": topics, "odd": odd})
    )
    audit.record(f"{row.kind}.ended", by=row.member_id, about=f"attempt:{row.id}", at=at, asked=len(asked))


def _changed(subject: Subject, before: dict[int, Ladder], after: dict[int, Ladder], end: End | None) -> dict[str, Any]:
    """One topic of the result, as it is kept (Attempt.change)."""
    was, now = (replace(ladders[subject.topic_id], required=subject.required) for ladders in (before, after))
    return {
        "topic_id": subject.topic_id,
        "required": subject.required,
        "before": was.states,
        "after": now.states,
        "q": now.q,
        "end": end and end.value,
    }
