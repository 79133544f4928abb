"""When enough has been asked: of a topic, and of the whole test. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from edu.gaps.ladder import MISSED_COST

#: How sure it must be that a required layer lacks, or is held; and either for a quick check (design choices). To be
#: wrong about "held" costs twice as much (MISSED_COST), so that half the doubt is left there.
SURE, SURE_HELD, QUICK_SURE = 0.95, 0.975, 0.90
#: Most questions of one topic and of one test (design choices): people tire.
MOST_IN_TOPIC, MOST_IN_TEST = 12, 48
#: Fewest questions of a topic of which nothing was known before (design choice).
LEAST_IN_TOPIC = 2
#: What one more question costs, in minutes of study (design choice; docs/gap-engine.md).
QUESTION_COST = 2.0


class End(StrEnum):
    """Why nothing more is asked of a topic."""

    SURE = "sure"
    """Every required layer is sure."""
    CHEAP = "cheap"
    """What could still go wrong costs less than another question."""
    LONG = "long"
    """As many questions as a topic or a test may have."""
    EMPTY = "empty"
    """No question is left."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a test ends."""

    sure: float = SURE
    sure_held: float = SURE_HELD
    #: None: end by certainty. Minutes: end when the risk falls below them.
    question_cost: float | None = None
    #: No topic is sure or cheap enough before so many questions.
    least_in_topic: int = 0
    most_in_topic: int = MOST_IN_TOPIC
    most_in_test: int = MOST_IN_TEST


def short(questions: int, topics: int, rule: Rule | None = None) -> Rule:
    """A test that is over after `questions`, fewer than certainty would take: `topics` share them.

    A topic may have its share and one more, so that a hard one leaves something for the others.
    """
    rule = rule or Rule()
    share = math.ceil(questions / max(topics, 1)) + 1
    return replace(rule, most_in_test=questions, most_in_topic=min(rule.most_in_topic, share))


BY_CERTAINTY = Rule()
QUICK = Rule(sure=QUICK_SURE, sure_held=QUICK_SURE)
BY_COST = Rule(question_cost=QUESTION_COST)
#: How a diagnostic ends: by cost, but one answer alone, lucky or not, never decides a topic of which nothing was known.
SHIPPED = replace(BY_COST, least_in_topic=LEAST_IN_TOPIC)


def is_sure(q: Sequence[float], required: int, rule: Rule = BY_CERTAINTY) -> bool:
    """Whether every layer up to the required one is held, or lacks, with more certainty than the rule asks."""
    return not unsure(q, required, rule)


def unsure(q: Sequence[float], required: int, rule: Rule = BY_CERTAINTY) -> tuple[int, ...]:
    """The required layers, from 1, that would be shown as "not sure"; they stay in the plan and are asked again."""
    lacks, held = 1 - rule.sure, rule.sure_held
    return tuple(layer for layer, chance in enumerate(q[:required], 1) if not (chance < lacks or chance > held))


def risk(q: Sequence[float], minutes: Sequence[float]) -> float:
    """The minutes that a topic's decision is expected to cost as things stand (Bayes risk).

    minutes   of the module of each required layer, from 1; as many as layers are required.

    sum over k of m_k min(q_k, lambda (1 - q_k)): a needless module costs its minutes, a missed one lambda times them.
    """
    return sum(m * min(chance, MISSED_COST * (1 - chance)) for m, chance in zip(minutes, q, strict=False))


def topic_end(
    q: Sequence[float],
    minutes: Sequence[float],
    *,
    asked: int,
    left: int,
    rule: Rule = BY_CERTAINTY,
) -> End | None:
    """Why a topic is finished, or None: go on asking.

    minutes   of the modules of the required layers, from 1; only their number counts when ending by certainty.
    asked     questions of this topic so far.
    left      questions of its required layers not asked yet.
    """
    if asked >= rule.least_in_topic:
        if rule.question_cost is None:
            if is_sure(q, len(minutes), rule):
                return End.SURE
        elif risk(q, minutes) < rule.question_cost:
            return End.CHEAP
    if asked >= rule.most_in_topic:
        return End.LONG
    return None if left else End.EMPTY


def is_over(ends: Sequence[End | None], *, asked: int, rule: Rule = BY_CERTAINTY) -> bool:
    """Whether the test is over: every topic is finished, or it has had as many questions as it may."""
    return asked >= rule.most_in_test or all(ends)
