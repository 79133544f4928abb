"""How a picture stands on a day: what fades until then, what a submission adds, and when a rung lapses. Pure.

Days are calendar days of the organisation: everybody who looks on the same day sees the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from edu.base.clock import day_of
from edu.gaps import evidence, forgetting, ladder
from edu.gaps.evidence import Answer, Observation, Picture
from edu.gaps.forgetting import Memory


@dataclass(frozen=True, slots=True)
class Rung:
    """One layer as a submission left it."""

    held: bool
    #: A review is due from this day on, and from this one it is held no more. None: never.
    due_on: date | None = None
    lapses_on: date | None = None


def on_day(picture: Picture, day: date) -> Picture:
    """The picture on a later day: what was held may have been forgotten. On an earlier one it is left as it is."""
    if picture.on is None or day <= picture.on:
        return picture
    recalls = [1.0 if memory is None else kept(memory, picture.on, day) for memory in picture.memory]
    return replace(picture, belief=forgetting.faded(picture.belief, recalls), on=day)


def kept(memory: Memory, since: date, until: date) -> float:
    """The chance that a layer still recalled on one day is recalled on a later one, 0-1: R(until) / R(since)."""
    return recall(memory, until) / recall(memory, since)


def recall(memory: Memory, on: date) -> float:
    return forgetting.retrievability(memory.stability, (on - day_of(memory.last_at)).days)


def submitted(picture: Picture, observations: Sequence[Observation], at: datetime) -> Picture:
    """The picture after one submission: faded to its day, with its evidence, and each layer's memory brought up to it.

    A layer is first remembered when it is first held; after that, what a submission shows of it is a review, passed
    when the answers together speak for the layer.
    """
    after = on_day(picture, day_of(at))
    for observation in observations:
        after = evidence.add(after, observation)
    holds = evidence.held(after)
    memory = tuple(
        _remembered(before, spoken(observations, layer), holds=holds[layer - 1], at=at)
        for layer, before in enumerate(after.memory, 1)
    )
    return replace(after, memory=memory, on=day_of(at))


def spoken(observations: Sequence[Observation], layer: int) -> float | None:
    """What the answers of a submission say for a layer together, in nats; None: nothing was asked of it."""
    told = [
        evidence.strength(answer)
        for answer in observations
        if isinstance(answer, Answer) and answer.layer == layer and answer.weight > 0
    ]
    return sum(told) if told else None


def _remembered(memory: Memory | None, told: float | None, *, holds: bool, at: datetime) -> Memory | None:
    if memory is None:
        return forgetting.first(at) if holds else None
    return memory if told is None else forgetting.review(memory, forgetting.rating(right=told > 0), at)


def rungs(picture: Picture) -> tuple[Rung, ...]:
    """Each layer, from 1, with the days on which it comes due and lapses."""
    q = ladder.marginals(picture.belief)
    found = []
    for holds, chance, memory in zip(evidence.held(picture), q, picture.memory, strict=True):
        if holds and memory and picture.on:
            due_on = first_day_below(forgetting.DUE, chance, memory, picture.on)
            found.append(Rung(True, due_on, first_day_below(ladder.THRESHOLD, chance, memory, picture.on)))
        else:
            found.append(Rung(holds))
    return tuple(found)


def to_review(picture: Picture, required: int) -> tuple[int, ...]:
    """The required layers, from 1, that were shown once and have faded below what a review is due at.

    Both those still held and those that have lapsed; not one that a failed quiz or review put back, and not on the day
    on which it was shown.
    """
    q = ladder.marginals(picture.belief)
    known = evidence.evident(picture.shown)
    return tuple(
        layer
        for layer in forgetting.due(q, required)
        if known[layer - 1] and _has_faded(picture.memory[layer - 1], q[layer - 1], picture.on)
    )


def _has_faded(memory: Memory | None, chance: float, on: date | None) -> bool:
    """Whether a layer was held when it was last shown, q / R(since then), and time alone has passed since."""
    if memory is None or on is None or day_of(memory.last_at) >= on:
        return False
    return chance / recall(memory, on) >= ladder.THRESHOLD


def first_day_below(threshold: float, chance: float, memory: Memory, on: date) -> date | None:
    """The first day, from `on` on, on which a layer held with `chance` on that day is held with less than `threshold`.

    A layer fades by itself, q(t) = q R(t) / R(on), so that the day follows from R(t) = threshold R(on) / q. None: so
    far ahead that no calendar has it.
    """
    if chance < threshold:
        return on
    last = day_of(memory.last_at)
    days = forgetting.days_until(memory.stability, threshold * recall(memory, on) / chance)
    if days > (date.max - last).days - 2:
        return None
    day = max(last + timedelta(days=math.floor(days)), on)
    while chance * kept(memory, on, day) >= threshold:
        day += timedelta(days=1)
    return day
