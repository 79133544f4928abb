"""Nouns: the bank, and the closing quiz as it is taken and read. One module a noun."""

from edu.quizzes.queries.bank import bank_counts, review_dates
from edu.quizzes.queries.behind import Behind, Grounds, grounds
from edu.quizzes.queries.closing import (
    AskedQuestion,
    AttemptLine,
    ClosedAttempt,
    GradedQuestion,
    Keyed,
    OpenAttempt,
    attempts,
    candidates,
    closed_attempt,
    face_in,
    is_closed,
    keyed,
    last_shown,
    module_of_attempt,
    open_attempt,
    open_attempt_of,
    open_attempts,
)
from edu.quizzes.queries.diagnostic import cell_of
from edu.quizzes.queries.mistakes import Entry, entries, mistakes

__all__ = [
    "AskedQuestion",
    "AttemptLine",
    "Behind",
    "ClosedAttempt",
    "Entry",
    "GradedQuestion",
    "Grounds",
    "Keyed",
    "OpenAttempt",
    "attempts",
    "bank_counts",
    "candidates",
    "cell_of",
    "closed_attempt",
    "entries",
    "face_in",
    "grounds",
    "is_closed",
    "keyed",
    "last_shown",
    "mistakes",
    "module_of_attempt",
    "open_attempt",
    "open_attempt_of",
    "open_attempts",
    "review_dates",
]
