"""Grading: from answers to a grade, and from a grade to evidence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edu.gaps import evidence, ladder
from edu.gaps.evidence import Answer, Observation, Study, Verdict
from edu.quizzes.kinds import KINDS

RIGHT, WRONG, BLANK = "right", "wrong", "blank"

#: A closing quiz asks three questions; two of three right leaves it open, and two more decide (docs/gap-engine.md:
#: from a prior of .70, 3/3 gives .99, 4/5 .98, 2/3 .80).
FIRST_ROUND = 3
SECOND_ROUND = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of an attempt with the answer given, as grading needs it."""

    question_version_id: int
    kind: str
    key: dict[str, Any]
    #: None: left blank.
    answer: dict[str, Any] | None
    slip: float
    guess: float
    #: Days since its answer was last shown to this member; None: never.
    seen_days_ago: float | None
    #: Someone must look at it.
    has_alarm: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """What an attempt came to."""

    right: int
    asked: int
    passed: bool

    @property
    def share(self) -> float:
        """Of the questions right, 0–1."""
        return self.right / self.asked


def outcome(question: Answered) -> str:
    """'right', 'wrong' or 'blank'."""
    if question.answer is None:
        return BLANK
    return RIGHT if KINDS[question.kind].share(question.key, question.answer) == 1 else WRONG


def grade(questions: Sequence[Answered]) -> Grade:
    """All right passes; of five, four do."""
    right = sum(outcome(question) == RIGHT for question in questions)
    asked = len(questions)
    spared = 1 if asked >= FIRST_ROUND + SECOND_ROUND else 0
    return Grade(right, asked, passed=asked > 0 and right >= asked - spared)


def is_open(grade: Grade) -> bool:
    """Whether a first round leaves the matter open: one of its three questions missed."""
    return grade.asked == FIRST_ROUND and grade.right == FIRST_ROUND - 1


def observations(
    questions: Sequence[Answered], result: Grade, *, layer: int, version_id: int, attempt_id: int, learned: float
) -> list[Observation]:
    """What a closing quiz shows: what was studied before it, its answers, and how it ended.

    learned    chance that the layer was learned since the last evidence, 0–1 (`learned_before`).
    """
    answers = [
        Answer(
            layer,
            right=outcome(question) == RIGHT,
            slip=question.slip,
            guess=_guess(question),
            weight=evidence.alarmed(evidence.OPEN_BOOK, has_alarm=question.has_alarm),
            attempt_id=attempt_id,
            question_version_id=question.question_version_id,
        )
        for question in questions
    ]
    verdict = Verdict(layer, version_id, result.passed, result.share, attempt_id)
    studied = [Study(layer, version_id, learned)] if learned else []
    return [*studied, *answers, verdict]


def learned_before(*, is_first: bool, failed_last: bool) -> float:
    """Chance that the layer was learned before this submission, 0–1.

    The module itself teaches once a version, at the first submission; the explanations of a failed quiz teach
    before the next one; after a pass there is nothing to wait for.
    """
    if is_first:
        return ladder.LEARNING
    return ladder.FEEDBACK if failed_last else 0.0


def _guess(question: Answered) -> float:
    if question.seen_days_ago is None:
        return question.guess
    return evidence.guess_when_seen(question.guess, question.seen_days_ago)
