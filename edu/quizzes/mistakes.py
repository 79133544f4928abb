"""The mistakes notebook: which questions a member still gets wrong. Pure.

A question enters it with a wrong answer, in whatever kind of attempt, and leaves it after two right answers on
different days: one may come from having just read the explanation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: Right answers, each on a day of its own, after which a question leaves the notebook.
DAYS_TO_LEAVE = 2


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to a question, over all its versions."""

    question_id: int
    is_right: bool
    on: date
    #: Where it stands.
    attempt_id: int
    position: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question in the notebook."""

    question_id: int
    #: The last wrong answer.
    wrong: Given
    #: The days since on which it was answered right, fewer than DAYS_TO_LEAVE.
    right_on: tuple[date, ...]

    def can_go_on(self, on: date) -> bool:
        """Whether a right answer on that day brings it nearer to leaving."""
        return on not in self.right_on


def notebook(answers: Iterable[Given]) -> list[Mistake]:
    """What is in the notebook, the oldest mistake first. `answers` come in the order in which they were given."""
    wrong: dict[int, Given] = {}
    right: dict[int, set[date]] = {}
    for one in answers:
        if not one.is_right:
            wrong.pop(one.question_id, None)  # it goes to the end
            wrong[one.question_id] = one
            right[one.question_id] = set()
        elif one.question_id in wrong:
            right[one.question_id].add(one.on)
    return [
        Mistake(question_id, last, tuple(sorted(right[question_id])))
        for question_id, last in wrong.items()
        if len(right[question_id]) < DAYS_TO_LEAVE
    ]


def to_practise(mistakes: Iterable[Mistake], *, on: date, most: int) -> list[Mistake]:
    """What to ask today: not what was right today already; the oldest mistakes first."""
    return [mistake for mistake in mistakes if mistake.can_go_on(on)][:most]
