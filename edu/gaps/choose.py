"""Which question comes next: the one whose answer is expected to tell most about what is required. Pure.

Sees topic, layer, slip and guess of a question, and never its text. Chance is a number in the arguments, made from the
attempt and the step, so that a test can be replayed to the letter.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edu.gaps.evidence import LEAST_POWER
from edu.gaps.ladder import Unknown

#: Chance decides among this many best questions of a cell, so that no question is met by everybody (design choice).
BEST = 5
#: A question is held back once this share of the last tests that asked its cell had it (design choice).
MOST_EXPOSED = 0.35
#: Answers that a new question gathers in an unscored place before it counts (docs/gap-engine.md).
SETTLED = 80
#: Fewest questions of a cell that can be asked from, and how many are needed to keep them unknown.
FEWEST, ENOUGH = 6, 10
#: A question starts with the experience of this many imagined answers (docs/gap-engine.md).
IMAGINED = 20.0
#: Differences in information below this, in nats, are rounding.
PLACES = 9
#: No question is without any slip or luck; it keeps logarithms finite.
SMALLEST = 1e-6


#: A float, or an array of them.
Number = Any


@dataclass(frozen=True, slots=True)
class Item:
    """A question as the choice sees it: chance to miss it though the layer is held, to hit it though it is not."""

    id: int
    topic: int
    layer: int
    slip: float
    guess: float


#: A question with what follows from its slip and guess alone: guess, power = 1 - s - g, h(s), h(g).
Prepared = tuple[Item, float, float, float, float]
#: (topic, layer) → its questions. Prepared once for many choices.
Bank = Mapping[tuple[int, int], Sequence[Prepared]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One topic that is not decided: the chance that each layer is held, from 1, and the highest layer required."""

    topic: int
    q: tuple[float, ...]
    required: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """What is particular to one attempt."""

    seed: int
    #: Questions already asked, also those that this person met within 90 days.
    asked: Collection[int] = frozenset()
    #: question → share of the last 200 tests that asked its cell in which it was asked, 0–1. Absent: never.
    exposure: Mapping[int, float] | None = None
    #: How often "I don't know" is said, where it is offered.
    unknown: Unknown | None = None


def cautious(value: Number, effective: Number) -> Number:
    """The value used for choosing: one standard error worse, so that no question is chosen because it was lucky.

    effective   answers that the value rests on: by holders for a slip, by others for a guess.

    theta + SE, SE = sqrt(theta (1 - theta) / (n + 20)). Of numbers, and of numpy's arrays of them.
    """
    return value + (value * (1 - value) / (effective + IMAGINED)) ** 0.5


def bank(items: Sequence[Item]) -> Bank:
    """The questions that tell holders from others well enough to be asked, by cell."""
    cells: dict[tuple[int, int], list[Prepared]] = {}
    for item in items:
        slip, guess = max(item.slip, SMALLEST), max(item.guess, SMALLEST)
        if 1 - slip - guess >= LEAST_POWER:
            row = (item, guess, 1 - slip - guess, entropy(slip), entropy(guess))
            cells.setdefault((item.topic, item.layer), []).append(row)
    return cells


def choose(questions: Bank, standings: Sequence[Standing], sitting: Sitting, *, step: int) -> Item | None:
    """The next question, or None when nothing is left to ask.

    The cell (topic, layer <= required) whose questions tell most on average; of the cell one of the BEST questions.
    Of cells that tell equally much, the first in the order of `standings`, then the lowest layer.
    """
    best: tuple[Sequence[Prepared], Sequence[float]] = ((), ())
    most = -1.0
    for standing in standings:
        for layer in range(1, standing.required + 1):
            cell = eligible(questions.get((standing.topic, layer), ()), sitting)
            if not cell:
                continue
            told = informed(standing.q[layer - 1], cell, sitting.unknown)
            mean = round(sum(told) / len(told), PLACES)
            if mean > most:
                most, best = mean, (cell, told)
    return _one_of_the_best(*best, chance=roll(sitting.seed, step))


def _one_of_the_best(cell: Sequence[Prepared], told: Sequence[float], *, chance: float) -> Item | None:
    ranked = sorted((-round(much, PLACES), row[0].id, row[0]) for much, row in zip(told, cell, strict=True))[:BEST]
    return ranked[int(chance * len(ranked))][2] if ranked else None


def eligible(cell: Sequence[Prepared], sitting: Sitting) -> Sequence[Prepared]:
    """The questions of a cell not asked yet and not asked of others too often; the latter too when no other is left.

    A question asked in a share above MOST_EXPOSED stays in with probability MOST_EXPOSED / share.
    """
    asked, exposure, seed = sitting.asked, sitting.exposure, sitting.seed
    left = [row for row in cell if row[0].id not in asked]
    if not exposure:
        return left
    fresh = []
    for row in left:
        share = exposure.get(row[0].id, 0.0)
        if share <= MOST_EXPOSED or roll(seed, -1 - row[0].id) * share <= MOST_EXPOSED:
            fresh.append(row)
    return fresh or left


def informed(q: float, cell: Sequence[Prepared], unknown: Unknown | None = None) -> list[float]:
    """What an answer to each question of one cell is expected to tell about "the layer is held", in nats.

    q   chance that the layer is held, 0–1.

    Mutual information: I = h(g + (1-s-g) q) - q h(s) - (1-q) h(g), h(p) = -p ln p - (1-p) ln(1-p). For layers up to
    the required one the answer depends on the state only through this layer, so that this is exact. Where "I don't
    know" is offered, saying it or not tells first, and then, in its share of cases, the answer (chain rule).
    """
    said, answers = 0.0, 1.0
    if unknown is not None:
        said, answers, q = _answering(q, unknown)
    log, lacking = math.log, 1 - q
    return [
        said - answers * ((p := guess + power * q) * log(p) + (1 - p) * log(1 - p) + q * at_slip + lacking * at_guess)
        for _item, guess, power, at_slip, at_guess in cell
    ]


def _answering(q: float, unknown: Unknown) -> tuple[float, float, float]:
    """What saying "I don't know" or not tells; the chance of an answer; q given that there is one."""
    answers = q * (1 - unknown.held) + (1 - q) * (1 - unknown.lacking)
    told = entropy(answers) - q * entropy(unknown.held) - (1 - q) * entropy(unknown.lacking)
    return told, answers, q * (1 - unknown.held) / answers


def entropy(p: float) -> float:
    """h(p) of a yes or no with chance p, in nats."""
    return -p * math.log(p) - (1 - p) * math.log(1 - p) if 0 < p < 1 else 0.0


def control(items: Sequence[Item], required: Mapping[int, int], sitting: Sitting) -> Item | None:
    """The one question of a test that decides nothing: any of the required layers, each equally likely.

    Its answer is set against the prediction made before it, for the live figures beside the simulated ones.
    """
    left = [item for item in items if item.layer <= required.get(item.topic, 0) and item.id not in sitting.asked]
    return _any(left, sitting.seed)


def newcomer(items: Sequence[Item], answers: Mapping[int, int], required: Mapping[int, int], seed: int) -> Item | None:
    """A new question for the unscored place of a test: of those with fewer than SETTLED answers, any required one."""
    return _any([i for i in items if answers.get(i.id, 0) < SETTLED and i.layer <= required.get(i.topic, 0)], seed)


def _any(items: Sequence[Item], seed: int) -> Item | None:
    return items[int(roll(seed, -1) * len(items))] if items else None


def roll(seed: int, step: int) -> float:
    """A fixed chance number for one step of one attempt, 0 up to but not 1.

    SplitMix64 (Steele, Lea & Flood 2014) of both; the same on every machine, and in numpy.
    """
    mixed = (seed * 0x9E3779B97F4A7C15 + (step + 1) * 0xD1B54A32D192ED03) & _WORD
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
    return ((mixed ^ (mixed >> 31)) >> 11) / (1 << 53)


_WORD = (1 << 64) - 1
