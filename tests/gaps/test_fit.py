"""Whether a test can be believed."""

import math
from random import Random

import pytest

from edu.gaps import fit
from edu.gaps.fit import Validity

#: Twelve easy questions and twelve hard ones, for someone.
CHANCES = [0.9] * 12 + [0.25] * 12


def answered(random, chances=CHANCES):
    return [(random.random() < chance, chance) for chance in chances]


def test_the_formula():
    """Two questions by hand: .9 right, .3 right."""
    seen = math.log(0.9) + math.log(0.3)
    expected = sum(p * math.log(p) + (1 - p) * math.log(1 - p) for p in (0.9, 0.3))
    variance = 0.09 * math.log(9) ** 2 + 0.21 * math.log(3 / 7) ** 2
    assert fit.person_fit([(True, 0.9), (True, 0.3)]) == pytest.approx((seen - expected) / math.sqrt(variance))


def test_honest_answers_are_standard_normal():
    random = Random(1)
    values = [fit.person_fit(answered(random)) for _ in range(4000)]
    mean = sum(values) / len(values)
    assert mean == pytest.approx(0, abs=0.05)
    assert sum((v - mean) ** 2 for v in values) / len(values) == pytest.approx(1, abs=0.06)
    assert sum(v < fit.MISFIT for v in values) / len(values) < 0.02


def test_hard_ones_right_and_easy_ones_wrong_is_odd():
    odd = [(False, 0.9)] * 6 + [(True, 0.9)] * 6 + [(True, 0.25)] * 9 + [(False, 0.25)] * 3
    assert fit.person_fit(odd) < fit.MISFIT
    assert fit.validity(odd, rapid=0) is Validity.RECHECK


def test_nothing_answered_or_nothing_that_could_be_odd_is_no_misfit():
    assert fit.person_fit([]) == 0
    assert fit.person_fit([(True, 0.5), (False, 0.5)]) == 0


def test_a_certain_answer_that_fails_is_odd_and_finite():
    assert -1e6 < fit.person_fit([(False, 1.0)]) < fit.MISFIT


def test_more_than_a_fifth_unread_is_not_valid():
    good = [(True, 0.9)] * 8
    assert fit.validity(good, rapid=2) is Validity.VALID
    assert fit.validity(good[:7], rapid=2) is Validity.NOT_VALID


def test_the_chance_lies_between_guess_and_one_minus_slip():
    assert fit.chance_right(0, 0.1, 0.25) == 0.25
    assert fit.chance_right(1, 0.1, 0.25) == pytest.approx(0.9)
