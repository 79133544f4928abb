"""AUC, Brier and ECE, against what can be counted by hand."""

from itertools import product
from random import Random

import pytest

from edu.quizzes.reliability import auc, binned, reliability


def pairs_in_order(predictions):
    """The AUC from its definition: every pair of a right and a wrong answer."""
    right = [chance for chance, came in predictions if came]
    wrong = [chance for chance, came in predictions if not came]
    return sum((a > b) + (a == b) / 2 for a, b in product(right, wrong)) / (len(right) * len(wrong))


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_share_of_pairs_in_order(seed):
    random = Random(seed)
    predictions = [(round(random.random(), 1), random.random() < 0.6) for _ in range(80)]
    assert auc(predictions) == pytest.approx(pairs_in_order(predictions))


def test_the_area_of_perfect_useless_and_reversed_predictions():
    assert auc([(0.9, True), (0.1, False)]) == 1
    assert auc([(0.5, True), (0.5, False)]) == 0.5
    assert auc([(0.1, True), (0.9, False)]) == 0
    assert auc([(0.5, True)]) is None


def test_brier_and_ece_by_hand():
    """Of ten at .8 seven come, of twenty at .25 five do."""
    predictions = [(0.8, n < 7) for n in range(10)] + [(0.25, n < 5) for n in range(20)]
    found = reliability(predictions)
    assert found.brier == pytest.approx((7 * 0.04 + 3 * 0.64 + 5 * 0.5625 + 15 * 0.0625) / 30)
    assert found.error == pytest.approx((10 * 0.1 + 20 * 0) / 30)
    assert [(one.count, one.predicted, one.seen) for one in found.bins] == [
        (20, pytest.approx(0.25), pytest.approx(0.25)),
        (10, pytest.approx(0.8), pytest.approx(0.7)),
    ]


def test_too_few_say_nothing():
    assert reliability([(0.5, True)] * 29) is None
    assert reliability([(0.5, True)] * 30).auc is None


def test_certainty_lies_in_the_last_bin():
    assert binned([(1.0, True), (0.95, True)])[0].count == 2
