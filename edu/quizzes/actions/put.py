"""Put questions into an attempt, each with its options in an order of its own."""

from collections.abc import Sequence

from sqlalchemy import select

from edu.base.db import AnySelect, db, insert
from edu.quizzes import selection
from edu.quizzes.asking import SCORED, Next
from edu.quizzes.kinds import KINDS
from edu.quizzes.models import AttemptQuestion, QuestionVersion
from edu.quizzes.selection import Candidate


def drawn(attempt_id: int, candidates: Sequence[Candidate], *, after: int = 0) -> None:
    """Questions that a draw has chosen, behind the first `after`; all of them count."""
    picked = [(candidate.question_version_id, SCORED, None) for candidate in candidates]
    _put(attempt_id, picked, after=after)


def chosen(attempt_id: int, question: Next, *, after: int) -> None:
    """The one question that the engine has chosen."""
    _put(attempt_id, [(question.question_version_id, question.purpose, question.predicted)], after=after)


def _put(attempt_id: int, questions: Sequence[tuple[int, str, float | None]], *, after: int) -> None:
    versions: AnySelect = select(QuestionVersion.id, QuestionVersion.kind, QuestionVersion.faces).where(
        QuestionVersion.id.in_([version_id for version_id, _purpose, _chance in questions])
    )
    shapes = {version_id: (kind, faces) for version_id, kind, faces in db.session.execute(versions)}
    rows = []
    for position, (version_id, purpose, predicted) in enumerate(questions, start=after + 1):
        kind, faces = shapes[version_id]
        options = next(iter(faces.values())).get("options", {})
        seed = f"{attempt_id}:{position}"
        rows.append(
            {
                "attempt_id": attempt_id,
                "position": position,
                "question_version_id": version_id,
                "purpose": purpose,
                "predicted": predicted,
                "order": selection.order(options, shuffles=KINDS[kind].SHUFFLES, seed=seed),
            }
        )
    db.session.execute(insert(AttemptQuestion), rows)
