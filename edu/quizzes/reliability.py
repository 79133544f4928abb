"""How well predictions were: of right answers to questions that decided nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

#: Fewer predictions than this say too little to be shown (design choice).
FEWEST_PREDICTIONS = 30
BINS = 10

#: (chance of a right answer as predicted, 0–1; whether it came).
Prediction = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same chance."""

    count: int
    #: Their mean, and the share that came true, 0–1.
    predicted: float
    seen: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Predictions beside what came."""

    count: int
    #: Chance that of a right and a wrong answer the right one was predicted higher, .5–1; None: only one sort came.
    auc: float | None
    #: Mean squared difference, 0–1; .25 is a coin.
    brier: float
    #: Mean distance of chance and share over bins of equal width, weighed by their size, 0–1 (ECE).
    error: float
    bins: tuple[Bin, ...]


def reliability(predictions: Sequence[Prediction]) -> Reliability | None:
    """The figures of some predictions; None when there are too few."""
    if len(predictions) < FEWEST_PREDICTIONS:
        return None
    count = len(predictions)
    brier = sum((chance - came) ** 2 for chance, came in predictions) / count
    bins = binned(predictions)
    error = sum(one.count * abs(one.predicted - one.seen) for one in bins) / count
    return Reliability(count, auc(predictions), brier, error, bins)


def auc(predictions: Sequence[Prediction]) -> float | None:
    """Area under the ROC curve: the share of pairs (right, wrong) in the right order, ties half (Mann & Whitney 1947).

    From the ranks of the right ones: (R - n (n + 1) / 2) / (n m), ties sharing their mean rank.
    """
    right = sum(came for _chance, came in predictions)
    wrong = len(predictions) - right
    if not right or not wrong:
        return None
    ordered = sorted(predictions)
    ranks, place = 0.0, 0
    while place < len(ordered):
        end = place
        while end < len(ordered) and ordered[end][0] == ordered[place][0]:
            end += 1
        ranks += (place + 1 + end) / 2 * sum(came for _chance, came in ordered[place:end])
        place = end
    return (ranks - right * (right + 1) / 2) / (right * wrong)


def binned(predictions: Sequence[Prediction]) -> tuple[Bin, ...]:
    """Predictions by tenths of chance, those that have any."""
    bins: dict[int, list[Prediction]] = {}
    for chance, came in predictions:
        bins.setdefault(min(int(chance * BINS), BINS - 1), []).append((chance, came))
    return tuple(_bin(inside) for _place, inside in sorted(bins.items()))


def _bin(inside: Sequence[Prediction]) -> Bin:
    count = len(inside)
    return Bin(count, sum(chance for chance, _came in inside) / count, sum(came for _chance, came in inside) / count)
