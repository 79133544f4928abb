"""The ladder: what answered questions say about the layers a member holds in one topic.

What a member holds is a hidden set of layers. A belief is a probability for each of the 2^L sets, as a tuple whose
index is the set: bit k-1 set = layer k held. It sums to 1. Everything here is pure and cheap: an update of 16 states
takes a few microseconds.

The family is measurement decision theory (Rudner 2009) over knowledge spaces (Doignon & Falmagne 1999): the states
are subsets instead of points on a scale, so that a hole in the middle of a ladder can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise

Belief = tuple[float, ...]

#: Share of members whose layers are not a ladder, at the start (design choice; refitted per topic once there is data).
HOLES = 0.10
#: From this many members of a role on, their heights are the prior of the next one (design choice).
ROLE_KNOWN = 30
#: A missed gap costs twice as much as a needless module: lambda = 2, and lambda / (1 + lambda) is what a rung needs.
MISSED_COST = 2.0
THRESHOLD = MISSED_COST / (1 + MISSED_COST)
#: Below this the evidence speaks against a rung; between the two it is not sure.
DOUBT = 1 - THRESHOLD
#: Chance that working through a module teaches its layer (design choice, docs/gap-engine.md).
LEARNING = 0.60
#: Chance that the explanations after a failed quiz taught it, before the next try (design choice, half of the module's:
#: docs/decisions/0012). Without it a fail would weigh as if nothing could be learned from it.
FEEDBACK = 0.30


class Outcome(StrEnum):
    """What came of a question."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unknown:
    """How often "I don't know" is said where it is offered, 0–1: by who holds the layer, and by who does not.

    At the start .02 and .60 (docs/gap-engine.md: a design choice); refitted per topic by `calibration`.
    """

    held: float = 0.02
    lacking: float = 0.60


OFFERED = Unknown()


def layers_of(belief: Belief) -> int:
    """How many layers a belief is about."""
    return (len(belief) - 1).bit_length()


def holds(state: int, layer: int) -> bool:
    return bool(state >> (layer - 1) & 1)


@cache
def prior(layers: int, holes: float = HOLES) -> Belief:
    """What is believed before any evidence: a ladder of unknown height, softened by `holes`.

    layers   1–6.
    holes    0–1: this share is spread over the states one layer away from a pure ladder.
    """
    return prior_from((0,) * (layers + 1), holes)


def prior_from(heights: Sequence[int], holes: float = HOLES) -> Belief:
    """The prior of a role that is known: `heights[l]` members stood at height l, from 0.

    (n_l + 1) / (N + L + 1), one imagined member at every height (Laplace's rule of succession), then softened; with
    fewer than ROLE_KNOWN members every height is as likely as any other.
    """
    known = heights if sum(heights) >= ROLE_KNOWN else (0,) * len(heights)
    ladder = [0.0] * (1 << (len(known) - 1))
    for height, members in enumerate(known):
        ladder[(1 << height) - 1] = (members + 1) / (sum(known) + len(known))
    return softened(ladder, holes)


def softened(ladder: Sequence[float], holes: float) -> Belief:
    """(1 - holes) of a distribution over states stays, `holes` moves to the states one layer away."""
    size = len(ladder)
    layers = (size - 1).bit_length()
    flipped = [sum(ladder[state ^ (1 << bit)] for bit in range(layers)) / layers for state in range(size)]
    return tuple((1 - holes) * pure + holes * near for pure, near in zip(ladder, flipped, strict=True))


def update(belief: Belief, layer: int, *, right: bool, slip: float, guess: float, weight: float = 1.0) -> Belief:
    """The belief after one answer to a question of `layer`, by Bayes' rule.

    slip     chance to miss though the layer is held, 0–1.
    guess    chance to hit though it is not, 0–1.
    weight   exponent of the likelihood, 0–1: open-book evidence counts for less (docs/gap-engine.md).

    p(S) <- p(S) * P(x|S)^weight / Z, with P(right|S) = 1 - slip if S holds the layer, else guess.
    """
    if_held = (1 - slip if right else slip) ** weight
    if_not = (guess if right else 1 - guess) ** weight
    return weigh(belief, layer, if_held, if_not)


def update_offered(
    belief: Belief,
    layer: int,
    outcome: Outcome,
    *,
    slip: float,
    guess: float,
    unknown: Unknown = OFFERED,
    weight: float = 1.0,
) -> Belief:
    """The belief after a question that offered "I don't know": the same rule with three outcomes.

    slip and guess are conditional on answering: P(unknown|held) = unknown.held, P(right|held) = (1 - unknown.held)
    (1 - slip), P(wrong|held) = (1 - unknown.held) slip, and the same with `lacking` and guess for not held.
    """
    if_held, if_not = likelihoods(outcome, slip=slip, guess=guess, unknown=unknown)
    return weigh(belief, layer, if_held**weight, if_not**weight)


def likelihoods(outcome: Outcome, *, slip: float, guess: float, unknown: Unknown) -> tuple[float, float]:
    """P(outcome | layer held) and P(outcome | layer not held), 0–1, where "I don't know" is offered."""
    if outcome is Outcome.UNKNOWN:
        return unknown.held, unknown.lacking
    if outcome is Outcome.RIGHT:
        return (1 - unknown.held) * (1 - slip), (1 - unknown.lacking) * guess
    return (1 - unknown.held) * slip, (1 - unknown.lacking) * (1 - guess)


def weigh(belief: Belief, layer: int, if_held: float, if_not: float) -> Belief:
    """Bayes' rule for anything seen at `layer`: p(S) <- p(S) * (if_held if S holds the layer else if_not) / Z."""
    bit = 1 << (layer - 1)
    weighed = [p * (if_held if state & bit else if_not) for state, p in enumerate(belief)]
    total = sum(weighed)
    if total <= 0:
        return belief  # a sure belief met an impossible answer: neither can be trusted over the other
    return tuple(p / total for p in weighed)


def learn(belief: Belief, layer: int, chance: float = LEARNING) -> Belief:
    """The belief after a module of `layer` was worked through: who held the layers below may now hold this one.

    p(S + k) += chance * p(S), p(S) *= 1 - chance, for every S that lacks k and holds all layers below it.
    """
    bit = 1 << (layer - 1)
    below = bit - 1
    moved = list(belief)
    for state, p in enumerate(belief):
        if not state & bit and state & below == below:
            moved[state] -= chance * p
            moved[state | bit] += chance * p
    return tuple(moved)


def marginals(belief: Belief) -> tuple[float, ...]:
    """q_1 … q_L: the chance that each layer is held, 0–1."""
    return tuple(
        sum(p for state, p in enumerate(belief) if holds(state, layer)) for layer in range(1, layers_of(belief) + 1)
    )


def level(q: tuple[float, ...]) -> int:
    """The level shown: the largest l with q_1 … q_l all above one half; 0 when even the first is not."""
    for reached, chance in enumerate(q):
        if chance <= 0.5:
            return reached
    return len(q)


def certainty(chance: float) -> int:
    """How sure a verdict is, in percent as people are told: rounded to 5, never 100."""
    return min(95, round(max(chance, 1 - chance) * 20) * 5)


def falls(shares: Sequence[float | None]) -> bool:
    """Whether each layer is harder than the one below, as far as there are answers."""
    known = [share for share in shares if share is not None]
    return all(low > high for low, high in pairwise(known))
