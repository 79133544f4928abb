"""The ladder for many members at once: the same numbers as `ladder`, for a million in bounded memory. Pure; numpy.

For calibration, what-if and rebuilding; pages about one person use `ladder`. Rows are members, columns are states.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edu.gaps import ladder

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
Progress = Callable[[int, int], None]

#: Members worked on at a time: 16 states of 8 bytes make 1 MB, which a processor's cache holds (measured).
CHUNK = 1 << 13


def silent(done: int, total: int) -> None:
    """The progress that nobody watches."""


def held_in(layers: int) -> Floats:
    """states × layers: 1 where the state holds the layer."""
    return np.array([[ladder.holds(state, k) for k in range(1, layers + 1)] for state in range(1 << layers)], float)


def priors(members: int, prior: ladder.Belief) -> Floats:
    """members × states: everybody at the same prior."""
    return np.tile(np.array(prior), (members, 1))


def pieces(total: int, chunk: int, progress: Progress) -> Iterator[slice]:
    """Slices of at most `chunk` rows; `progress(done, total)` is called after each."""
    for start in range(0, total, chunk):
        end = min(start + chunk, total)
        yield slice(start, end)
        progress(end, total)


def update(
    beliefs: Floats,
    layer: ArrayLike,
    right: ArrayLike,
    slip: ArrayLike,
    guess: ArrayLike,
    weight: ArrayLike = 1.0,
    *,
    chunk: int = CHUNK,
    progress: Progress = silent,
) -> None:
    """One answer of every member, in place; `ladder.update` for each row. One value for each member or for all."""
    hit = np.asarray(right, bool)
    slips, guesses, w = (np.asarray(part, float) for part in (slip, guess, weight))
    weigh(
        beliefs,
        layer,
        np.where(hit, 1 - slips, slips) ** w,
        np.where(hit, guesses, 1 - guesses) ** w,
        chunk=chunk,
        progress=progress,
    )


def weigh(
    beliefs: Floats,
    layer: ArrayLike,
    if_held: ArrayLike,
    if_not: ArrayLike,
    *,
    chunk: int = CHUNK,
    progress: Progress = silent,
) -> None:
    """Bayes' rule for anything seen at one layer of every member, in place; `ladder.weigh` for each row."""
    members, states = beliefs.shape
    holding = held_in(ladder.layers_of(tuple(beliefs[0]))).T if members else np.empty((1, states))
    at = np.broadcast_to(np.asarray(layer, int) - 1, members)
    yes, no = (np.broadcast_to(np.asarray(part, float), members) for part in (if_held, if_not))
    for rows in pieces(members, chunk, progress):
        weighed = holding[at[rows]]
        weighed *= (yes[rows] - no[rows])[:, None]
        weighed += no[rows, None]
        weighed *= beliefs[rows]
        total = weighed @ np.ones(states)
        possible = total > 0
        np.divide(weighed, total[:, None], out=beliefs[rows], where=possible[:, None])


def marginals(beliefs: Floats) -> Floats:
    """members × layers: the chance that each layer is held, 0–1."""
    return beliefs @ held_in((beliefs.shape[1] - 1).bit_length())


def from_evidence(
    members: int,
    prior: ladder.Belief,
    member: ArrayLike,
    layer: ArrayLike,
    if_held: ArrayLike,
    if_not: ArrayLike,
    *,
    chunk: int = CHUNK,
    progress: Progress = silent,
) -> Floats:
    """Everybody's belief from all answers of one topic, in whatever order they came.

    member            row of who answered, sorted upwards; one entry an answer.
    layer             of the question, from 1.
    if_held, if_not   likelihood of what was answered, weights applied, above 0.

    The answers of one layer add up: p(S) is proportional to prior(S) * exp(sum over k in S of A_k), with A_k the sum of
    ln(if_held / if_not). So a rebuild costs one pass over the answers and L numbers a member.
    """
    layers = ladder.layers_of(prior)
    who, at = np.asarray(member, np.int64), np.asarray(layer, np.int64)
    told = np.log(np.asarray(if_held, float)) - np.log(np.asarray(if_not, float))
    beliefs = np.empty((members, len(prior)))
    for rows in pieces(members, chunk, progress):
        first, last = np.searchsorted(who, (rows.start, rows.stop))
        count = rows.stop - rows.start
        cell = (who[first:last] - rows.start) * layers + at[first:last] - 1
        sums = np.bincount(cell, told[first:last], count * layers).astype(float).reshape(count, layers)
        beliefs[rows] = _posterior(sums, prior)
    return beliefs


def _posterior(sums: Floats, prior: ladder.Belief) -> Floats:
    """prior(S) * exp(sum of A_k over the layers held), scaled so that the largest exponent is 0, and to sum 1."""
    exponents = sums @ held_in(ladder.layers_of(prior)).T
    exponents -= exponents.max(axis=1, keepdims=True)
    weighed = np.exp(exponents) * np.array(prior)
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))


def held(q: Floats, shown: Truth, failed: Truth | bool = False) -> Truth:
    """members × layers: held, as `evidence.held` has it.

    shown    evidence for the layer: an answer at it, or a right one above it.
    failed   the last closing quiz of the layer was failed.
    """
    return np.asarray((q >= ladder.THRESHOLD) & shown & ~np.asarray(failed, bool))


def evident(answered: Truth, right: Truth) -> Truth:
    """members × layers: an answer at the layer, or a right answer at any layer above it."""
    above = np.zeros_like(right)
    above[:, :-1] = np.logical_or.accumulate(right[:, :0:-1], axis=1)[:, ::-1]
    return answered | above


def lacking(
    beliefs: Floats,
    required: ArrayLike,
    shown: Truth,
    failed: Truth | bool = False,
    *,
    chunk: int = CHUNK,
    progress: Progress = silent,
) -> Truth:
    """members × layers: the gap list, True where a required layer is not held.

    required   highest layer required, 0 for none; one a member, or one for all.
    """
    members, states = beliefs.shape
    layers = (states - 1).bit_length()
    highest = np.broadcast_to(np.asarray(required, int), members)
    fails = np.broadcast_to(np.asarray(failed, bool), (members, layers))
    gaps = np.empty((members, layers), bool)
    for rows in pieces(members, chunk, progress):
        asked_for = np.arange(1, layers + 1) <= highest[rows, None]
        gaps[rows] = asked_for & ~held(marginals(beliefs[rows]), shown[rows], fails[rows])
    return gaps
