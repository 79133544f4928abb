"""The bank: how many questions each cell has, and when they must be looked at again."""

from datetime import date

from sqlalchemy import func, select

from edu.base.db import db
from edu.quizzes.models import Question, QuestionVersion


def bank_counts() -> dict[tuple[int, int], int]:
    """Live questions by (topic, layer)."""
    rows = (
        select(Question.topic_id, Question.layer, func.count())
        .where(Question.is_retired.is_(False))
        .group_by(Question.topic_id, Question.layer)
    )
    return {(topic_id, layer): count for topic_id, layer, count in db.session.execute(rows)}


def review_dates() -> dict[int, date]:
    """module → the earliest day on which one of its live questions must be looked at again."""
    rows = (
        select(Question.module_id, func.min(QuestionVersion.review_by))
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.is_retired.is_(False), QuestionVersion.is_current)
        .group_by(Question.module_id)
    )
    return {module_id: day for module_id, day in db.session.execute(rows)}
