"""The bank: make it say what the files say."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from edu.base import audit
from edu.base.actor import Actor
from edu.base.db import db
from edu.base.errors import Conflict, NotFound
from edu.base.i18n import mark
from edu.quizzes.drafts import QuestionDraft
from edu.quizzes.kinds import KINDS
from edu.quizzes.models import Question, QuestionAlarm, QuestionVersion

#: Chance to miss a question though the layer is held, until calibration knows better: the mean of the prior
#: Beta(2, 18) (docs/gap-engine.md).
DEFAULT_SLIP = 0.10
#: A guess rate is capped here, as calibration caps it (docs/gap-engine.md).
MOST_GUESS = 0.50


@dataclass(frozen=True, slots=True)
class Changes:
    """What a publication did to the bank."""

    added: int = 0
    changed: int = 0
    retired: int = 0


def publish_questions(
    module_id: int, topic_id: int, layer: int, drafts: Sequence[QuestionDraft], *, at: datetime
) -> Changes:
    """Make the bank of a module say what the drafts say: new versions of what changed, what is gone retired."""
    known = {q.key: q for q in db.session.scalars(select(Question).where(Question.module_id == module_id))}
    added = changed = 0
    for draft in drafts:
        question = known.get(draft.id) or db.session.scalar(select(Question).where(Question.key == draft.id))
        if question is None:
            question = Question(key=draft.id)
            db.session.add(question)
        question.module_id, question.topic_id, question.layer = module_id, topic_id, layer
        question.is_retired = False
        db.session.flush()
        number = _publish_version(question.id, draft, at=at)
        added += number == 1
        changed += number > 1
    gone = [q for key, q in known.items() if key not in {draft.id for draft in drafts} and not q.is_retired]
    for question in gone:
        question.is_retired = True
    db.session.flush()
    return Changes(added, changed, len(gone))


def _publish_version(question_id: int, draft: QuestionDraft, *, at: datetime) -> int:
    """Store the draft as the current version unless it already is. Returns its number, 0 when nothing changed."""
    current = db.session.scalar(
        select(QuestionVersion).where(QuestionVersion.question_id == question_id, QuestionVersion.is_current)
    )
    digest = draft.digest()
    if current and current.digest == digest:
        return 0
    if current:
        current.is_current = False
        db.session.flush()
    number = current.number + 1 if current else 1
    content = asdict(draft)
    guess = KINDS[draft.kind].guess(next(iter(draft.faces.values())))
    db.session.add(
        QuestionVersion(
            question_id=question_id,
            number=number,
            is_current=True,
            digest=digest,
            slip=DEFAULT_SLIP,
            guess=min(guess, MOST_GUESS),
            published_at=at,
            **{name: content[name] for name in ("kind", "faces", "key", "lessons", "sources", "review_by")},
        )
    )
    db.session.flush()
    return number


def close_alarm(actor: Actor, key: str, *, at: datetime) -> None:
    """Someone has looked at a question: its answers weigh whole again, and its drift is counted from now.

    Raises NotFound, Conflict when no alarm is open.
    """
    version_id = db.session.scalar(
        select(QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.key == key, QuestionVersion.is_current)
    )
    if version_id is None:
        raise NotFound(mark("There is no such question."))
    closed: Any = db.session.execute(
        update(QuestionAlarm)
        .where(QuestionAlarm.question_version_id == version_id, QuestionAlarm.closed_at.is_(None))
        .values(closed_at=at, closed_by_id=actor.member_id)
    )
    if not closed.rowcount:
        raise Conflict(mark("No alarm is open for this question."))
    audit.record("question.looked_at", by=actor.member_id, about=f"question:{key}", at=at)
