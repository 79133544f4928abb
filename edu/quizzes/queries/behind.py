"""The answers behind a belief: what was asked, what came of it, how much it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from edu.base.db import AnySelect, db
from edu.courses.models import Module
from edu.gaps import evidence
from edu.gaps import queries as gaps
from edu.gaps.evidence import Answer, Verdict
from edu.quizzes.models import Attempt, QuestionVersion
from edu.quizzes.queries.closing import face_in


@dataclass(frozen=True, slots=True)
class Behind:
    """One answer that a belief rests on."""

    layer: int
    #: 'right', 'wrong' or 'unknown'.
    outcome: str
    at: datetime
    #: How much it speaks for its layer, in nats; below 0 against it; 0: it does not count.
    strength: float
    #: Of the question as it was asked, cleaned HTML; empty for evidence from elsewhere.
    stem: str
    #: The attempt to read it in, its kind, and the module of a closing quiz.
    attempt_id: int | None
    attempt_kind: str | None
    module_key: str | None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a belief about one topic rests on."""

    #: Strongest first.
    answers: tuple[Behind, ...]
    #: layer → when its closing quiz was failed last, where that still stands.
    failed: dict[int, datetime]


def grounds(member_id: int, topic_id: int, language: str) -> Grounds:
    """What is behind the belief about a member in one topic. Three statements."""
    rows = gaps.evidence_of(member_id, topic_id)
    given = [(row, row.observation) for row in rows if isinstance(row.observation, Answer)]
    stems = _stems([answer.question_version_id for _row, answer in given], language)
    kinds = _attempts([answer.attempt_id for _row, answer in given])
    answers = [
        Behind(
            answer.layer,
            answer.outcome.value,
            row.at,
            evidence.strength(answer),
            stems.get(answer.question_version_id or 0, ""),
            answer.attempt_id,
            *kinds.get(answer.attempt_id or 0, (None, None)),
        )
        for row, answer in given
    ]
    failed: dict[int, datetime] = {}
    for row in rows:
        if isinstance(row.observation, Verdict):
            failed.pop(row.observation.layer, None)
            if not row.observation.passed:
                failed[row.observation.layer] = row.at
    return Grounds(tuple(sorted(answers, key=lambda one: -abs(one.strength))), failed)


def _stems(version_ids: Sequence[int | None], language: str) -> dict[int, str]:
    rows: AnySelect = select(QuestionVersion.id, QuestionVersion.faces).where(QuestionVersion.id.in_(set(version_ids)))
    return {version_id: str(face_in(faces, language)["stem"]) for version_id, faces in db.session.execute(rows)}


def _attempts(attempt_ids: Sequence[int | None]) -> dict[int, tuple[str, str | None]]:
    rows: Any = (
        select(Attempt.id, Attempt.kind, Module.key)
        .outerjoin(Module, Module.id == Attempt.module_id)
        .where(Attempt.id.in_(set(attempt_ids)))
    )
    return {attempt_id: (kind, key) for attempt_id, kind, key in db.session.execute(rows)}
