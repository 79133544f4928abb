"""The closing quiz: as it is taken, and as it is read afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from edu.base.db import AnySelect, db
from edu.base.errors import NotFound
from edu.base.i18n import LANGUAGES, mark
from edu.courses.models import Module
from edu.quizzes.models import QUIZ, Attempt, AttemptQuestion, Question, QuestionVersion
from edu.quizzes.selection import Candidate


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question of an open attempt: what the member may see, and what they answered."""

    position: int
    kind: str
    face: dict[str, Any]
    #: Option names in the order shown.
    order: tuple[str, ...]
    answer: dict[str, Any] | None
    answered_at: datetime | None
    #: Answered in the first round; it can no longer change.
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that is being taken. Holds no key and no explanation."""

    id: int
    module_id: int
    version_id: int
    opened_at: datetime
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True, slots=True)
class GradedQuestion:
    """One question of a closed attempt, with everything that may now be seen."""

    position: int
    kind: str
    face: dict[str, Any]
    order: tuple[str, ...]
    answer: dict[str, Any] | None
    outcome: str
    key: dict[str, Any]
    lesson: dict[str, Any]
    sources: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ClosedAttempt:
    id: int
    module_id: int
    version_id: int
    closed_at: datetime
    share: float
    passed: bool
    change: dict[str, Any]
    questions: tuple[GradedQuestion, ...]

    @property
    def right(self) -> int:
        return sum(question.outcome == "right" for question in self.questions)


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One closed attempt in a list."""

    id: int
    module_id: int
    closed_at: datetime
    share: float
    passed: bool


def _no_such_quiz() -> NotFound:
    return NotFound(mark("There is no such quiz."))


def face_in(faces: dict[str, Any], language: str) -> Any:
    """The part in a language, else in the leading one."""
    return faces.get(language) or faces[LANGUAGES[0]]


#: Hot: taken on every quiz page.
OPEN_ATTEMPT = (
    select(
        Attempt.id,
        Attempt.module_id,
        Attempt.version_id,
        Attempt.opened_at,
        AttemptQuestion.position,
        QuestionVersion.kind,
        QuestionVersion.faces,
        AttemptQuestion.order,
        AttemptQuestion.answer,
        AttemptQuestion.answered_at,
        AttemptQuestion.outcome,
    )
    .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
    .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
    .where(
        Attempt.id == bindparam("attempt_id"),
        Attempt.member_id == bindparam("member_id"),
        Attempt.kind == QUIZ,
        Attempt.closed_at.is_(None),
    )
    .order_by(AttemptQuestion.position)
)


def open_attempt(member_id: int, attempt_id: int, language: str) -> OpenAttempt:
    """The member's own open attempt. One statement. Raises NotFound."""
    rows = db.session.execute(OPEN_ATTEMPT, {"attempt_id": attempt_id, "member_id": member_id}).all()
    if not rows:
        raise _no_such_quiz()
    questions = tuple(
        AskedQuestion(position, kind, face_in(faces, language), tuple(order), answer, answered_at, outcome is not None)
        for *_attempt, position, kind, faces, order, answer, answered_at, outcome in rows
    )
    first = rows[0]
    return OpenAttempt(first.id, first.module_id, first.version_id, first.opened_at, questions)


@dataclass(frozen=True, slots=True)
class Keyed:
    """One question of an attempt with its key. Never for a page: pages get keys of closed attempts only."""

    position: int
    kind: str
    face: dict[str, Any]
    key: dict[str, Any]


def keyed(attempt_id: int) -> list[Keyed]:
    """The questions of an attempt that can still be answered, with their keys: for filling the demo world."""
    rows = (
        select(AttemptQuestion.position, QuestionVersion.kind, QuestionVersion.faces, QuestionVersion.key)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
        .where(AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.outcome.is_(None))
        .order_by(AttemptQuestion.position)
    )
    return [
        Keyed(position, kind, face_in(faces, LANGUAGES[0]), key)
        for position, kind, faces, key in db.session.execute(rows)
    ]


def is_closed(member_id: int, attempt_id: int) -> bool:
    """Whether the member's own attempt is closed. Raises NotFound."""
    row = db.session.execute(
        select(Attempt.closed_at).where(Attempt.id == attempt_id, Attempt.member_id == member_id, Attempt.kind == QUIZ)
    ).first()
    if row is None:
        raise _no_such_quiz()
    return row.closed_at is not None


def closed_attempt(member_id: int, attempt_id: int, language: str) -> ClosedAttempt:
    """The member's own closed attempt with keys and explanations. Raises NotFound, also while it is open."""
    attempt: Any = db.session.execute(
        select(
            Attempt.module_id, Attempt.version_id, Attempt.closed_at, Attempt.share, Attempt.passed, Attempt.change
        ).where(
            Attempt.id == attempt_id,
            Attempt.member_id == member_id,
            Attempt.kind == QUIZ,
            Attempt.closed_at.is_not(None),
        )
    ).first()
    if attempt is None:
        raise _no_such_quiz()
    questions = graded(attempt_id, language)
    module_id, version_id, closed_at, share, passed, change = attempt
    return ClosedAttempt(attempt_id, module_id, version_id, closed_at, share, passed, change or {}, questions)


def graded(attempt_id: int, language: str) -> tuple[GradedQuestion, ...]:
    """The questions of a closed attempt, keys and explanations with them. The caller has seen that it is closed."""
    return tuple(question for _place, question in graded_where(AttemptQuestion.attempt_id == attempt_id, language))


def graded_where(where: ColumnElement[bool], language: str) -> list[tuple[tuple[int, int], GradedQuestion]]:
    """(attempt, position) → such questions of closed attempts, in order. The caller has seen that they are closed."""
    rows = db.session.execute(
        select(
            AttemptQuestion.attempt_id,
            AttemptQuestion.position,
            QuestionVersion.kind,
            QuestionVersion.faces,
            AttemptQuestion.order,
            AttemptQuestion.answer,
            AttemptQuestion.outcome,
            QuestionVersion.key,
            QuestionVersion.lessons,
            QuestionVersion.sources,
        )
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
        .where(where)
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.position)
    )
    return [
        (
            (attempt_id, position),
            GradedQuestion(
                position,
                kind,
                face_in(faces, language),
                tuple(order),
                answer,
                outcome,
                key,
                face_in(lessons, language),
                face_in(sources, language),
            ),
        )
        for attempt_id, position, kind, faces, order, answer, outcome, key, lessons, sources in rows
    ]


def open_attempt_of(member_id: int, module_id: int) -> int | None:
    """The attempt this member has under way in a module; None when there is none."""
    return db.session.scalar(
        select(Attempt.id).where(
            Attempt.member_id == member_id, Attempt.module_id == module_id, Attempt.closed_at.is_(None)
        )
    )


def open_attempts(member_id: int) -> dict[int, int]:
    """module → attempt under way."""
    rows: AnySelect = select(Attempt.module_id, Attempt.id).where(
        Attempt.member_id == member_id, Attempt.kind == QUIZ, Attempt.closed_at.is_(None)
    )
    return {module_id: attempt_id for module_id, attempt_id in db.session.execute(rows)}


def attempts(member_ids: Sequence[int]) -> dict[int, list[AttemptLine]]:
    """Closed attempts by member, latest first."""
    rows: AnySelect = (
        select(Attempt.member_id, Attempt.id, Attempt.module_id, Attempt.closed_at, Attempt.share, Attempt.passed)
        .where(Attempt.member_id.in_(member_ids), Attempt.kind == QUIZ, Attempt.closed_at.is_not(None))
        .order_by(Attempt.closed_at.desc(), Attempt.id.desc())
    )
    found: dict[int, list[AttemptLine]] = {}
    for member_id, *line in db.session.execute(rows):
        found.setdefault(member_id, []).append(AttemptLine(*line))
    return found


def candidates(member_id: int, topic_id: int, layer: int) -> list[Candidate]:
    """The live questions of a cell, with when this member last had each."""
    last = (
        select(QuestionVersion.question_id, func.max(Attempt.opened_at).label("at"))
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(Attempt.member_id == member_id)
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    rows = (
        select(QuestionVersion.id, QuestionVersion.kind, last.c.at)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(last, last.c.question_id == Question.id)
        .where(
            Question.topic_id == topic_id,
            Question.layer == layer,
            Question.is_retired.is_(False),
            QuestionVersion.is_current,
        )
    )
    return [Candidate(*row) for row in db.session.execute(rows)]


def last_shown(member_id: int, question_version_ids: Sequence[int]) -> dict[int, datetime]:
    """When the answer of each question (of any version of it) was last shown to this member, by version asked now."""
    asked = (
        select(QuestionVersion.id, QuestionVersion.question_id)
        .where(QuestionVersion.id.in_(question_version_ids))
        .subquery()
    )
    rows = (
        select(asked.c.id, func.max(Attempt.closed_at))
        .join(QuestionVersion, QuestionVersion.question_id == asked.c.question_id)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .join(Attempt, and_(Attempt.id == AttemptQuestion.attempt_id, Attempt.member_id == member_id))
        .where(Attempt.closed_at.is_not(None))
        .group_by(asked.c.id)
    )
    return {version_id: at for version_id, at in db.session.execute(rows)}


def module_of_attempt(member_id: int, attempt_id: int) -> str:
    """The key of the module whose quiz this is. Raises NotFound."""
    row = db.session.scalar(
        select(Module.key)
        .join(Attempt, Attempt.module_id == Module.id)
        .where(Attempt.id == attempt_id, Attempt.member_id == member_id)
    )
    if row is None:
        raise _no_such_quiz()
    return row
