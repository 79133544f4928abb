"""What can be done: publish questions (bank), take a closing quiz (closing), be asked one by one (diagnostic)."""

from edu.quizzes.actions.bank import Changes, close_alarm, publish_questions
from edu.quizzes.actions.closing import (
    Submission,
    hold_attempt,
    save_answer,
    start_attempt,
    submit_attempt,
)
from edu.quizzes.actions.diagnostic import answer, end, start_check, start_diagnostic, start_practice, start_review

__all__ = [
    "Changes",
    "Submission",
    "answer",
    "close_alarm",
    "end",
    "hold_attempt",
    "publish_questions",
    "save_answer",
    "start_attempt",
    "start_check",
    "start_diagnostic",
    "start_practice",
    "start_review",
    "submit_attempt",
]
