"""Whether a test can be believed: do the answers fit each other, and were the questions read. Pure."""

import math
from collections.abc import Sequence
from enum import StrEnum

from edu.gaps.ladder import Unknown

#: Below this, in standard deviations, answers fit the belief too badly (docs/gap-engine.md).
MISFIT = -2.5
#: Share of a test answered faster than reading takes, from which it is not valid (docs/gap-engine.md).
MOST_RAPID = 0.20


class Validity(StrEnum):
    """What may be made of a test."""

    VALID = "valid"
    RECHECK = "recheck"
    """The answers contradict each other: a few more questions, no accusation."""
    NOT_VALID = "not_valid"
    """Too many questions were not read."""


def chance_right(q: float, slip: float, guess: float, unknown: Unknown | None = None) -> float:
    """The chance of a right answer by someone who holds the layer with chance q: g + (1 - s - g) q, 0–1.

    unknown   where "I don't know" is offered, which is no right answer: (1 - u_held) (1-s) q + (1 - u_lacking) g (1-q).
    """
    if unknown is None:
        return guess + (1 - slip - guess) * q
    return (1 - unknown.held) * (1 - slip) * q + (1 - unknown.lacking) * guess * (1 - q)


def person_fit(answers: Sequence[tuple[bool, float]]) -> float:
    """How well answers fit, in standard deviations; 0 is as expected, far below is odd. 0 when nothing could be odd.

    answers   (right, chance of a right answer after all evidence); those left out by "I don't know" do not stand here.

    l_z = (l - E l) / sqrt(V l), l = sum ln P(x), E l = sum P ln P + (1-P) ln(1-P), V l = sum P (1-P) ln(P/(1-P))^2
    (Drasgow, Levine & Williams 1985).
    """
    surprises = variance = 0.0
    for right, chance in answers:
        surprises += surprise(chance, right=right)
        p = _inside(chance)
        variance += p * (1 - p) * (math.log(p) - math.log(1 - p)) ** 2
    return surprises / math.sqrt(variance) if variance > 1e-12 else 0.0


def surprise(chance: float, *, right: bool) -> float:
    """How far an answer lies below what was expected of it: ln P(x) - E ln P, in nats."""
    p = _inside(chance)
    hit, miss = math.log(p), math.log(1 - p)
    return (hit if right else miss) - (p * hit + (1 - p) * miss)


def _inside(chance: float) -> float:
    return min(max(chance, 1e-9), 1 - 1e-9)


def validity(answers: Sequence[tuple[bool, float]], *, rapid: int) -> Validity:
    """The verdict on a test of which `rapid` answers, not among `answers`, came too fast to have been read."""
    if rapid > MOST_RAPID * (len(answers) + rapid):
        return Validity.NOT_VALID
    return Validity.RECHECK if person_fit(answers) < MISFIT else Validity.VALID
