"""What can be done with questions: publish them (bank), take a closing quiz (closing)."""

from edu.quizzes.actions.bank import Changes, publish_questions
from edu.quizzes.actions.closing import (
    Submission,
    hold_attempt,
    save_answer,
    start_attempt,
    submit_attempt,
)

__all__ = [
    "Changes",
    "Submission",
    "hold_attempt",
    "publish_questions",
    "save_answer",
    "start_attempt",
    "submit_attempt",
]
