"""What can be shown, and how each piece moves the picture of one member in one topic. Pure; replay uses the same."""

import math
from dataclasses import dataclass, replace
from datetime import date

from edu.gaps import ladder
from edu.gaps.forgetting import Memory

#: A module's closing quiz is taken with the books open (docs/gap-engine.md).
OPEN_BOOK = 0.8
#: Share of the way to certainty that a question just seen with its answer adds to the guess, and its fading in days.
SEEN_BEFORE = 0.5
SEEN_FADES = 30.0
#: Weights of the other situations (docs/gap-engine.md; design choices, to be fitted by held-out log loss):
#: a first answer in a diagnostic; the same until the questions have shown that they can be relied on; practice.
SUPERVISED = 1.0
UNPROVEN = 0.8
PRACTICE = 0.5
#: What a hint leaves of the chance to miss.
HINT_LEAVES = 0.5
#: A question must tell holders from others by at least this much: 1 - slip - guess.
LEAST_POWER = 0.10
#: Seconds. Nobody reads and answers a question within them; the time enters the weight and is not stored.
RAPID = 3.0
#: What is left of the weight of a question under alarm (docs/gap-engine.md).
ALARMED = 0.5
#: No answer is impossible; it keeps logarithms finite.
LEAST_CHANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of `layer`, answered."""

    layer: int
    right: bool
    slip: float
    guess: float
    weight: float
    attempt_id: int | None = None
    question_version_id: int | None = None
    #: Where "I don't know" was offered: how often it is said. slip and guess are then conditional on answering.
    offered: ladder.Unknown | None = None
    #: It was said; `right` is then False.
    unknown: bool = False

    @property
    def outcome(self) -> ladder.Outcome:
        if self.unknown:
            return ladder.Outcome.UNKNOWN
        return ladder.Outcome.RIGHT if self.right else ladder.Outcome.WRONG


@dataclass(frozen=True, slots=True)
class Study:
    """The module of a version was worked through; `chance` that this taught its layer, 0–1."""

    layer: int
    version_id: int
    chance: float = ladder.LEARNING


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a closing quiz ended."""

    layer: int
    #: None: a review, or questions asked on demand.
    version_id: int | None
    passed: bool
    #: Of its questions right, 0–1.
    share: float
    attempt_id: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What was believed before anything was shown, where it is not the shipped prior."""

    states: ladder.Belief
    layer: int = 0


Observation = Answer | Study | Verdict | Start


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown at one layer."""

    right: int = 0
    wrong: int = 0
    #: The last closing quiz of this layer was failed.
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One member in one topic: the belief, and per layer from 1 what it rests on and how well it is remembered."""

    belief: ladder.Belief
    shown: tuple[Shown, ...]
    #: None: the layer was never held, so that nothing fades.
    memory: tuple[Memory | None, ...]
    #: The day on which the belief stands; None: it has no evidence yet.
    on: date | None = None


def blank(layers: int) -> Picture:
    """The picture before any evidence."""
    return Picture(ladder.prior(layers), (Shown(),) * layers, (None,) * layers)


def add(picture: Picture, observation: Observation) -> Picture:
    """The picture with one more piece of evidence. Of a layer that the ladder no longer has, evidence says nothing."""
    if isinstance(observation, Start):
        fits = len(observation.states) == len(picture.belief)
        return replace(picture, belief=tuple(observation.states)) if fits else picture
    if observation.layer > len(picture.shown):
        return picture
    here = picture.shown[observation.layer - 1]
    belief = picture.belief
    match observation:
        case Answer(layer=layer, right=right, slip=slip, guess=guess, weight=weight, offered=offered):
            if offered:
                belief = ladder.update_offered(
                    belief, layer, observation.outcome, slip=slip, guess=guess, unknown=offered, weight=weight
                )
            else:
                belief = ladder.update(belief, layer, right=right, slip=slip, guess=guess, weight=weight)
            if weight > 0:  # what counts nothing is no evidence either
                here = replace(here, right=here.right + right, wrong=here.wrong + (not right))
        case Study(layer=layer, chance=chance):
            belief = ladder.learn(belief, layer, chance)
        case Verdict(passed=passed):
            here = replace(here, failed=not passed)
    shown = (*picture.shown[: observation.layer - 1], here, *picture.shown[observation.layer :])
    return replace(picture, belief=belief, shown=shown)


def held(picture: Picture) -> tuple[bool, ...]:
    """Which layers count as held, from 1.

    A layer is held with q >= THRESHOLD, with evidence for it (an answer at it, or a right answer above it: on a
    ladder who stands higher stands here too), and when its closing quiz was not failed last: a failed quiz keeps
    its module in the plan until it is passed. A prior alone holds nothing.
    """
    q = ladder.marginals(picture.belief)
    return tuple(
        chance >= ladder.THRESHOLD and is_shown for chance, is_shown in zip(q, evident(picture.shown), strict=True)
    )


def evident(shown: tuple[Shown, ...]) -> tuple[bool, ...]:
    """Which layers have evidence that they are held, from 1, whatever the chance."""
    return tuple(
        not here.failed and (here.right + here.wrong > 0 or any(above.right for above in shown[index + 1 :]))
        for index, here in enumerate(shown)
    )


def strength(answer: Answer) -> float:
    """How much an answer speaks for its layer, in nats; below 0 against it: w ln(P(x|held) / P(x|not held))."""
    if answer.offered:
        if_held, if_not = ladder.likelihoods(
            answer.outcome, slip=answer.slip, guess=answer.guess, unknown=answer.offered
        )
    else:
        if_held = 1 - answer.slip if answer.right else answer.slip
        if_not = answer.guess if answer.right else 1 - answer.guess
    return answer.weight * math.log(max(if_held, LEAST_CHANCE) / max(if_not, LEAST_CHANCE))


def guess_after_hints(guess: float, hints: int, *, slip: float) -> float:
    """The guess rate after `hints` hints: 1 - (1 - g) * .5^h, kept below the slip's complement."""
    return capped(1 - (1 - guess) * HINT_LEAVES**hints, slip=slip)


def guess_on_retry(options: int, gone: int, *, slip: float) -> float:
    """The guess rate of a question of `options` options of which `gone` are known to be wrong: 1 / (m - j)."""
    return capped(1 / max(options - gone, 1), slip=slip)


def capped(guess: float, *, slip: float) -> float:
    """A raised guess rate never passes 1 - slip - .10: a right answer always says at least a little."""
    return min(guess, 1 - slip - LEAST_POWER)


def weight_of(
    weight: float, *, seconds: float | None = None, right: bool = False, solution_shown: bool = False
) -> float:
    """What an answer of a situation counts: nothing when it came too fast, or was right with the solution in view.

    seconds   from showing to answering, None where it was not measured; used here and not kept (nobody is timed).
    """
    is_empty = (right and solution_shown) or (seconds is not None and seconds < RAPID)
    return 0.0 if is_empty else weight


def alarmed(weight: float, *, has_alarm: bool) -> float:
    """What an answer counts to a question that someone must look at: half until then."""
    return weight * ALARMED if has_alarm else weight


def guess_when_seen(guess: float, days: float) -> float:
    """The guess rate of a question whose answer was shown `days` ago: g + (1 - g) * .5 * exp(-days / 30)."""
    return guess + (1 - guess) * SEEN_BEFORE * math.exp(-days / SEEN_FADES)
