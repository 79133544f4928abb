"""The ladder: what answered questions say about the layers a member holds in one topic.

What a member holds is a hidden set of layers. A belief is a probability for each of the 2^L sets, as a tuple whose
index is the set: bit k-1 set = layer k held. It sums to 1. Everything here is pure and cheap: an update of 16 states
takes a few microseconds.

The family is measurement decision theory (Rudner 2009) over knowledge spaces (Doignon & Falmagne 1999): the states
are subsets instead of points on a scale, so that a hole in the middle of a ladder can be seen.
"""

from functools import cache

Belief = tuple[float, ...]

#: Share of members whose layers are not a ladder, at the start (design choice; refitted per topic once there is data).
HOLES = 0.10
#: A missed gap costs twice as much as a needless module: lambda = 2, and lambda / (1 + lambda) is what a rung needs.
MISSED_COST = 2.0
THRESHOLD = MISSED_COST / (1 + MISSED_COST)
#: Below this the evidence speaks against a rung; between the two it is not sure.
DOUBT = 1 - THRESHOLD
#: Chance that working through a module teaches its layer (design choice, LADDER "Learning").
LEARNING = 0.60
#: Chance that the explanations after a failed quiz taught it, before the next try (design choice, half of the module's:
#: docs/decisions/0014). Without it a fail would weigh as if nothing could be learned from it.
FEEDBACK = 0.30


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
    size = 1 << layers
    ladder = [0.0] * size
    for height in range(layers + 1):
        ladder[(1 << height) - 1] = 1 / (layers + 1)
    flipped = [sum(ladder[state ^ (1 << bit)] for bit in range(layers)) / layers for state in range(size)]
    return tuple((1 - holes) * pure + holes * near for pure, near in zip(ladder, flipped, strict=True))


def update(belief: Belief, layer: int, *, right: bool, slip: float, guess: float, weight: float = 1.0) -> Belief:
    """The belief after one answer to a question of `layer`, by Bayes' rule.

    slip     chance to miss though the layer is held, 0–1.
    guess    chance to hit though it is not, 0–1.
    weight   exponent of the likelihood, 0–1: open-book evidence counts for less (LADDER, evidence weights).

    p(S) <- p(S) * P(x|S)^weight / Z, with P(right|S) = 1 - slip if S holds the layer, else guess.
    """
    if_held = (1 - slip if right else slip) ** weight
    if_not = (guess if right else 1 - guess) ** weight
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
