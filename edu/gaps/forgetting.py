"""What time does to a belief: held layers fade, reviews bring them back and make them last longer. Pure.

The memory model is FSRS-6 (Ye, Su & Cao 2022 and the open-spaced-repetition project), taken from the package `fsrs`.
It is computed when something is read; nothing is written because time has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from fsrs import Card, Rating, Scheduler, State

from edu.gaps.ladder import Belief, layers_of

#: A review is due when a required layer is believed held by less than this (design choice).
DUE = 0.80
#: Days until a skill is recalled with .9, after it was first shown (design choice, no published value: flashcards
#: start with 2.3). Reviews adapt it.
FIRST_STABILITY = 60.0
#: Recalled with this chance after `stability` days: what FSRS means by stability.
RECALL = 0.9

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
#: w20, how fast forgetting slows down, fitted by FSRS on some 350 million reviews of flashcards; and the factor that
#: makes R(stability) = .9.
DECAY = _SCHEDULER.parameters[20]
FACTOR = RECALL ** (-1 / DECAY) - 1


class Recall(IntEnum):
    """How a review went, in the numbers of FSRS."""

    WRONG = 1
    HINTED = 2
    RIGHT = 3
    FAST = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """How well one layer of one topic is remembered by one member."""

    #: Days until it is recalled with chance .9.
    stability: float
    #: 1–10; how hard it is to make it last.
    difficulty: float
    #: The last time it was shown.
    last_at: datetime


def first(at: datetime, recall: Recall = Recall.RIGHT, *, stability: float = FIRST_STABILITY) -> Memory:
    """The memory of a layer shown for the first time. Difficulty as FSRS gives it to a first review."""
    return Memory(stability, _reviewed(Card(card_id=0, due=at), recall, at).difficulty, at)


def review(memory: Memory, recall: Recall, at: datetime) -> Memory:
    """The memory after a review: a pass makes it last longer, a fail shorter. `at` in UTC.

    Within a day of the last one FSRS counts it as part of the same sitting.
    """
    card = Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=at,
        last_review=memory.last_at,
    )
    return _reviewed(card, recall, at)


def _reviewed(card: Card, recall: Recall, at: datetime) -> Memory:
    after, _log = _SCHEDULER.review_card(card, Rating(int(recall)), at)
    if after.stability is None or after.difficulty is None:
        raise ValueError("a reviewed card has a stability")
    return Memory(after.stability, after.difficulty, at)


def rating(*, right: bool, hinted: bool = False, fast: bool = False) -> Recall:
    """The rating of one review question."""
    if not right:
        return Recall.WRONG
    if hinted:
        return Recall.HINTED
    return Recall.FAST if fast else Recall.RIGHT


def retrievability(stability: float, days: float) -> float:
    """The chance to recall after `days`, 0–1: R(t) = (1 + F t / S)^(-w20), F = .9^(-1/w20) - 1."""
    return float((1 + FACTOR * max(days, 0.0) / stability) ** -DECAY)


def days_until(stability: float, chance: float) -> float:
    """Days until something is recalled with `chance`, above 0: retrievability the other way round."""
    return float(stability * (chance ** (-1 / DECAY) - 1) / FACTOR)


def recalled(memory: Memory, at: datetime) -> float:
    """The chance that a layer is recalled at a moment, 0–1."""
    return retrievability(memory.stability, (at - memory.last_at) / timedelta(days=1))


def faded(belief: Belief, recalls: Sequence[float]) -> Belief:
    """The belief at a later time: each held layer is lost with chance 1 - R. Nothing is gained by waiting.

    recalls   the chance to recall each layer, from 1, 0–1; 1 for a layer that was never shown.

    Exact, and layers may be taken in any order: p(S - k) += (1 - R_k) p(S), p(S) *= R_k for every S that holds k.
    """
    if len(recalls) != layers_of(belief):
        raise ValueError("one chance for each layer")
    fading = list(belief)
    for layer, chance in enumerate(recalls):
        bit = 1 << layer
        for state, p in enumerate(fading):
            if state & bit:
                fading[state ^ bit] += (1 - chance) * p
                fading[state] = chance * p
    return tuple(fading)


def due(q: Sequence[float], required: int) -> tuple[int, ...]:
    """The required layers to review, from 1: those believed held by less than DUE at the time asked about."""
    return tuple(layer for layer, chance in enumerate(q[:required], 1) if chance < DUE)
