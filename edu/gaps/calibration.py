"""What the answers of many say about the questions: slip and guess per question, heights and holes per topic. numpy.

One topic at a time, over first answers given without help. Runs at night; what it finds is blended in as answers come.
The model is a constrained latent class model: the BLIM (Falmagne & Doignon 1988), whose states here are sets of layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edu.gaps import choose, ladder
from edu.gaps.evidence import LEAST_POWER
from edu.gaps.many import Floats, Truth

#: What stands in a table of answers, members × questions.
NOT_ASKED, WRONG, RIGHT, UNKNOWN = -1, 0, 1, 2

#: Beta priors (docs/gap-engine.md; design choices): slip of mean .10; guess of mean 1 / m, worth 20 answers.
SLIP_PRIOR = (2.0, 18.0)
WEIGHT = choose.IMAGINED
#: A Beta below this could carry the estimate out of 0–1.
LEAST_BETA = 1.1
#: The guess rate of an answer that is typed.
TYPED = 0.02
#: Beta priors of "I don't know" among who holds a layer (mean .02) and who does not (mean .60): 50 imagined answers.
UNKNOWN_HELD_PRIOR, UNKNOWN_LACKING_PRIOR = (1.1, 48.9), (30.0, 20.0)
#: Beta prior of the share of holes: mean .10, 20 imagined members.
HOLES_PRIOR = (2.0, 18.0)
#: A question outside of these is not asked any more; someone looks at it.
MOST_SLIP, MOST_GUESS = 0.40, 0.50
#: Fewer answers than this count nothing, from this many they count fully (docs/gap-engine.md).
FEW, MANY = 40, 200
#: More holes than this: the layers of a topic are not a ladder.
NO_LADDER = 0.25
#: Drift: what is allowed in each answer, and when to ring, in standard deviations (docs/gap-engine.md).
SLACK, ALARM = 0.25, 8.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question as calibration sees it: its layer, and how it can be guessed."""

    layer: int
    guess_prior: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Priors:
    """Beta parameters a and b, one row a question."""

    slip: Floats
    guess: Floats


@dataclass(frozen=True, slots=True)
class Rates:
    """The parameters of the model."""

    #: One a question.
    slip: Floats
    guess: Floats
    #: One a state, sum 1.
    states: Floats
    #: None where "I don't know" was never said.
    unknown: ladder.Unknown | None
    #: Where the states are sets of layers: the shares of heights, from 0, and of holes, that make up `states`.
    rungs: "Rungs | None" = None


@dataclass(frozen=True, slots=True)
class Rungs:
    """A population on a ladder: a member stands at a height; with probability `holes` one layer, any, is flipped."""

    heights: Floats
    holes: float

    @property
    def prior(self) -> ladder.Belief:
        """What is believed of the next member of whom nothing is known."""
        pure = np.zeros(1 << (len(self.heights) - 1))
        pure[(1 << np.arange(len(self.heights))) - 1] = self.heights
        return ladder.softened(tuple(pure.tolist()), self.holes)

    def refined(self, members: Floats) -> "Rungs":
        """One EM step: heights and holes that explain better how many members are in each state."""
        layers = len(self.heights) - 1
        chain = (1 << np.arange(layers + 1)) - 1
        # (height, nothing or which layer is flipped) → the state it ends in
        ends = np.column_stack([chain, *(chain ^ (1 << bit) for bit in range(layers))])
        parts = self.heights[:, None] * np.array([1 - self.holes, *[self.holes / layers] * layers])
        per_state = np.bincount(ends.ravel(), parts.ravel(), len(members))
        parts *= (members / np.maximum(per_state, 1e-300))[ends]
        heights = (parts.sum(axis=1) + 1) / (parts.sum() + layers + 1)
        return Rungs(heights, _share(parts[:, 1:], parts[:, 0], HOLES_PRIOR))


@dataclass(frozen=True, slots=True)
class Fit:
    """What the EM found: the likeliest rates, and per question what to use."""

    rates: Rates
    log_likelihood: float
    rounds: int
    #: Expected answers by holders and by others: what slip and guess rest on.
    by_holders: Floats
    by_others: Floats
    #: The expected rates (mean of the Beta, whose mode stands in `rates`). Few answers hardly move them.
    slip: Floats
    guess: Floats


@dataclass(frozen=True, slots=True)
class Topic:
    """A calibrated topic."""

    fit: Fit
    rungs: Rungs
    #: First answers of each question.
    answers: NDArray[np.int64]
    #: Questions that must not be used, by their place.
    flagged: tuple[int, ...]

    @property
    def is_ladder(self) -> bool:
        return self.rungs.holes <= NO_LADDER


def guess_prior(kind: str, options: int = 4) -> tuple[float, float]:
    """The Beta prior of a guess rate: mean 1/m for one of m options, 1/(2^m - 1) for a set of them, .02 when typed."""
    return guess_prior_of({"one": 1 / options, "several": 1 / (2**options - 1), "typed": TYPED}[kind])


def guess_prior_of(mean: float) -> tuple[float, float]:
    """The Beta prior of a guess rate of this mean, worth WEIGHT answers."""
    a = max(WEIGHT * mean, LEAST_BETA)
    return a, max(WEIGHT - a, LEAST_BETA)


def flat(questions: int) -> Priors:
    """Priors that say nothing: the estimate is that of maximum likelihood."""
    return Priors(np.ones((questions, 2)), np.ones((questions, 2)))


def shipped(questions: Sequence[Question]) -> Priors:
    """The priors for our own questions."""
    slips = np.array([SLIP_PRIOR] * len(questions))
    return Priors(slips, np.array([[max(part, LEAST_BETA) for part in q.guess_prior] for q in questions]))


@dataclass(frozen=True, slots=True)
class _Table:
    """Answers as indicators, members × questions; how many members each row stands for; states × questions."""

    hit: Floats
    miss: Floats
    said: Floats
    weight: Floats
    can: Floats


def em(
    answers: ArrayLike,
    holding: ArrayLike,
    priors: Priors,
    *,
    counts: ArrayLike | None = None,
    layers: int | None = None,
    most_rounds: int = 500,
    tolerance: float = 1e-8,
) -> Fit:
    """Slip, guess and the shares of states that make the answers likeliest, given the priors (MAP by EM).

    answers    members × questions of RIGHT, WRONG, UNKNOWN, NOT_ASKED.
    holding    states × questions: 1 where who is in the state can answer the question.
    counts     how many members each row stands for.
    layers     when the states are the sets of that many layers: their shares are those of a ladder with holes.
               None: any states, each with a share of its own.
    tolerance  stop when a round adds less than this to the log likelihood per member.

    E: r_n(S) ~ pi(S) prod P(x_ni|S). M: s_i = (sum r_n b (1-x) + a_s - 1) / (sum r_n b + a_s + b_s - 2), the guess
    alike, pi(S) = sum r_n(S) / N.
    """
    table = _table(answers, holding, counts)
    rates = _start(priors, len(table.can), layers, has_unknown=bool(table.said.any()))
    before, rounds = -np.inf, 0
    while True:
        shares, likelihood = _posterior(table, rates)
        log_likelihood = float(table.weight @ likelihood)
        if rounds == most_rounds or log_likelihood - before < tolerance * table.weight.sum():
            break
        before, rounds = log_likelihood, rounds + 1
        rates = _maximised(_counted(table, shares), priors, rates)
    seen = _counted(table, shares)
    by_holders, by_others = seen.held_right + seen.held_wrong, seen.lack_right + seen.lack_wrong
    slip, guess = _mean(seen.held_wrong, by_holders, priors.slip), _mean(seen.lack_right, by_others, priors.guess)
    return Fit(rates, log_likelihood, rounds, by_holders, by_others, slip, guess)


def _table(answers: ArrayLike, holding: ArrayLike, counts: ArrayLike | None) -> _Table:
    given = np.asarray(answers)
    weight = np.ones(len(given)) if counts is None else np.asarray(counts, float)
    hit, miss, said = ((given == what).astype(float) for what in (RIGHT, WRONG, UNKNOWN))
    return _Table(hit, miss, said, weight, np.asarray(holding, float))


def _start(priors: Priors, states: int, layers: int | None, *, has_unknown: bool) -> Rates:
    """The means of the priors; .10 where they say nothing. All states, or all heights, alike."""
    slip, guess = (np.where(_is_flat(beta), 0.1, beta[:, 0] / beta.sum(axis=1)) for beta in (priors.slip, priors.guess))
    unknown = ladder.OFFERED if has_unknown else None
    if layers is None:
        return Rates(slip, guess, np.full(states, 1 / states), unknown)
    rungs = Rungs(np.full(layers + 1, 1 / (layers + 1)), ladder.HOLES)
    return Rates(slip, guess, np.array(rungs.prior), unknown, rungs)


def _posterior(table: _Table, rates: Rates) -> tuple[Floats, Floats]:
    """members × states: r_n(S), and each member's log likelihood. A few matrix products, whatever the answers."""
    can = table.can
    right = np.where(can > 0, 1 - rates.slip, rates.guess).clip(1e-12, 1 - 1e-12)
    logs = table.hit @ np.log(right).T + table.miss @ np.log1p(-right).T + np.log(rates.states.clip(1e-300))
    if rates.unknown:
        silent = np.where(can > 0, rates.unknown.held, rates.unknown.lacking)
        logs += table.said @ np.log(silent).T + (table.hit + table.miss) @ np.log1p(-silent).T
    top = logs.max(axis=1, keepdims=True)
    shares = np.exp(logs - top)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total
    return shares, (top + np.log(total))[:, 0]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Answers expected by who holds the question's layer and by who lacks it, one a question; members by state."""

    held_right: Floats
    held_wrong: Floats
    held_said: Floats
    lack_right: Floats
    lack_wrong: Floats
    lack_said: Floats
    members: Floats = field(kw_only=True)


def _counted(table: _Table, shares: Floats) -> _Seen:
    weighed = shares * table.weight[:, None]
    right, wrong, said = (weighed.T @ part for part in (table.hit, table.miss, table.said))
    return _Seen(
        *((table.can * part).sum(axis=0) for part in (right, wrong, said)),
        *(((1 - table.can) * part).sum(axis=0) for part in (right, wrong, said)),
        members=weighed.sum(axis=0),
    )


def _maximised(seen: _Seen, priors: Priors, before: Rates) -> Rates:
    """The M step: every rate from who is expected to have done what."""
    unknown = None
    if before.unknown:
        unknown = ladder.Unknown(
            _share(seen.held_said, seen.held_right + seen.held_wrong, UNKNOWN_HELD_PRIOR),
            _share(seen.lack_said, seen.lack_right + seen.lack_wrong, UNKNOWN_LACKING_PRIOR),
        )
    rungs = before.rungs and before.rungs.refined(seen.members)
    return Rates(
        _mode(seen.held_wrong, seen.held_right, priors.slip),
        _mode(seen.lack_right, seen.lack_wrong, priors.guess),
        np.array(rungs.prior) if rungs else seen.members / seen.members.sum(),
        unknown,
        rungs,
    )


def _share(yes: Floats, no: Floats, beta: tuple[float, float]) -> float:
    """The mean of a Beta over all questions together."""
    return float((yes.sum() + beta[0]) / (yes.sum() + no.sum() + sum(beta)))


def _mean(yes: Floats, both: Floats, beta: Floats) -> Floats:
    return np.asarray((yes + beta[:, 0]) / (both + beta.sum(axis=1)))


def _is_flat(beta: Floats) -> Truth:
    return np.asarray((beta == 1).all(axis=1))


def _mode(yes: Floats, no: Floats, beta: Floats) -> Floats:
    """The mode of a Beta after `yes` and `no`: (yes + a - 1) / (yes + no + a + b - 2)."""
    total = yes + no + beta.sum(axis=1) - 2
    return np.divide(yes + beta[:, 0] - 1, total, out=np.full_like(yes, 0.1), where=total > 1e-12).clip(0, 1)


def deviance(counts: ArrayLike, log_likelihood: float) -> float:
    """G2 of a fit to response patterns seen `counts` times: 2 (sum n ln(n/N) - log likelihood)."""
    seen = np.asarray(counts, float)
    seen = seen[seen > 0]
    return float(2 * (seen @ np.log(seen / seen.sum()) - log_likelihood))


def calibrate(answers: ArrayLike, questions: Sequence[Question], *, layers: int = 4) -> Topic:
    """One topic from the first answers given without help, members × questions.

    Of at most some ten thousand members: the table is held in memory, 16 numbers a member beside it.
    """
    table = np.asarray(answers)
    holding = np.array([[ladder.holds(state, q.layer) for q in questions] for state in range(1 << layers)], float)
    fit = em(table, holding, shipped(questions), layers=layers)
    asked = ((table == RIGHT) | (table == WRONG)).sum(axis=0)
    rungs = fit.rates.rungs
    if rungs is None:
        raise ValueError("sets of layers have rungs")
    return Topic(fit, rungs, asked, flags(fit.rates))


def flags(rates: Rates) -> tuple[int, ...]:
    """Questions that are missed too often by holders, hit too often by others, or tell the two apart too badly."""
    bad = (rates.slip > MOST_SLIP) | (rates.guess > MOST_GUESS) | (1 - rates.slip - rates.guess < LEAST_POWER)
    return tuple(np.flatnonzero(bad).tolist())


def blended(default: ArrayLike, found: ArrayLike, answers: ArrayLike) -> Floats:
    """The default until FEW answers, the value found from MANY on, in between in proportion.

    For values without a prior of their own, such as an evidence weight. The slip and guess of `Fit` carry the weight of
    20 imagined answers already; blending them a second time costs a question a test (docs/gap-engine.md).
    """
    start = np.asarray(default, float)
    trust = np.clip((np.asarray(answers, float) - FEW) / (MANY - FEW), 0, 1)
    return np.asarray(start + trust * (np.asarray(found, float) - start))


def cautious(value: ArrayLike, effective: ArrayLike) -> Floats:
    """`choose.cautious` for many questions."""
    return np.asarray(choose.cautious(np.asarray(value, float), np.asarray(effective, float)))


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a question has moved since its parameters were made: easier (known, leaked) and harder, both from 0."""

    easier: float = 0.0
    harder: float = 0.0

    @property
    def rings(self) -> bool:
        """Someone should look, and its answers weigh half until then; nothing is deleted.

        Without any drift a false alarm comes in some 500 to 900 answers upwards and 300 to 700 downwards (simulated, by
        how hard the question is); when 15, 30 or 50 % know the key, after 160, 62 or 35.
        """
        return max(self.easier, self.harder) > ALARM


def drifted(drift: Drift, chance: float, *, right: bool) -> Drift:
    """One more answer that was expected to be right with `chance`, 0–1: a two-sided CUSUM (Page 1954).

    z = (x - p) / sqrt(p (1-p)), C+ = max(0, C+ + z - .25), C- = max(0, C- - z - .25); it rings above 8.
    """
    p = min(max(chance, 1e-6), 1 - 1e-6)
    z = (right - p) / float(np.sqrt(p * (1 - p)))
    return Drift(max(0.0, drift.easier + z - SLACK), max(0.0, drift.harder - z - SLACK))


def facilities(answers: ArrayLike, layer: ArrayLike, layers: int) -> tuple[float | None, ...]:
    """The share of right answers at each layer, from 1; None where nothing was answered. They should fall."""
    table, at = np.asarray(answers), np.asarray(layer)
    shares: list[float | None] = []
    for k in range(1, layers + 1):
        right, wrong = (int((table[:, at == k] == what).sum()) for what in (RIGHT, WRONG))
        shares.append(right / (right + wrong) if right + wrong else None)
    return tuple(shares)
