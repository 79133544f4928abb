"""The parameters of questions, as they are used now. Columns and a condition for whoever joins them."""

from sqlalchemy import and_, exists, func

from edu.quizzes.models import QuestionAlarm, QuestionParameters, QuestionVersion

#: The parameters that hold now: those of the last calibration, else those that the version was published with.
SLIP = func.coalesce(QuestionParameters.slip, QuestionVersion.slip)
GUESS = func.coalesce(QuestionParameters.guess, QuestionVersion.guess)
HOLDS_NOW = and_(QuestionParameters.question_version_id == QuestionVersion.id, QuestionParameters.is_current)
HAS_ALARM = exists().where(QuestionAlarm.question_version_id == QuestionVersion.id, QuestionAlarm.closed_at.is_(None))
