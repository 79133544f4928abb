"""The belief model: Bayes' rule over sets of layers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.gaps import ladder

LAYERS = 4
odds = st.tuples(st.floats(0.01, 0.40), st.floats(0.01, 0.50))
answers = st.lists(st.tuples(st.integers(1, LAYERS), st.booleans(), odds, st.floats(0.1, 1)), max_size=25)


def after(given_answers):
    belief = ladder.prior(LAYERS)
    for layer, right, (slip, guess), weight in given_answers:
        belief = ladder.update(belief, layer, right=right, slip=slip, guess=guess, weight=weight)
    return belief


def test_the_prior_is_a_ladder_of_unknown_height_with_a_tenth_of_holes():
    belief = ladder.prior(LAYERS)
    assert sum(belief) == pytest.approx(1)
    assert belief[0b0011] > belief[0b0101] > 0
    assert sum(belief[(1 << height) - 1] for height in range(5)) == pytest.approx(0.9 + 0.1 * pure_neighbours())
    assert ladder.marginals(belief)[0] > ladder.marginals(belief)[3]


def pure_neighbours():
    """Share of the softening that falls on pure ladders again: each has as many ladder neighbours as it has ends."""
    chain = [(1 << height) - 1 for height in range(5)]
    return sum(1 for a in chain for bit in range(4) if a ^ (1 << bit) in chain) / (5 * 4)


def test_one_layer_and_six_layers_work_too():
    for layers in (1, 6):
        assert sum(ladder.prior(layers)) == pytest.approx(1)
        assert ladder.layers_of(ladder.prior(layers)) == layers


@given(answers)
def test_a_belief_stays_a_probability(given_answers):
    belief = after(given_answers)
    assert sum(belief) == pytest.approx(1)
    assert all(0 <= p <= 1 for p in belief)


@given(answers, st.randoms())
def test_the_order_of_answers_does_not_matter(given_answers, random):
    shuffled = list(given_answers)
    random.shuffle(shuffled)
    assert after(shuffled) == pytest.approx(after(given_answers), abs=1e-9)


@given(answers, st.integers(1, LAYERS), odds)
def test_a_right_answer_never_lowers_its_layer(given_answers, layer, chance):
    before = after(given_answers)
    belief = ladder.update(before, layer, right=True, slip=chance[0], guess=chance[1])
    assert ladder.marginals(belief)[layer - 1] >= ladder.marginals(before)[layer - 1] - 1e-12


def test_two_lucky_true_false_answers_prove_nothing():
    belief = ladder.prior(LAYERS)
    for _ in range(2):
        belief = ladder.update(belief, 3, right=True, slip=0.1, guess=0.5)
    assert ladder.marginals(belief)[2] < 0.95


def test_the_published_quiz_table_holds():
    """docs/gap-engine.md: prior .70, slip .10, guess .25."""
    table = {"11": 0.968, "111": 0.991, "110": 0.801, "1110": 0.936, "11110": 0.981, "10": 0.53}
    for marks, expected in table.items():
        belief = (0.30, 0.70)  # one layer: not held, held
        for mark in marks:
            belief = ladder.update(belief, 1, right=mark == "1", slip=0.10, guess=0.25)
        assert belief[1] == pytest.approx(expected, abs=0.005), marks


def test_weight_is_the_exponent_of_the_likelihood():
    belief = ladder.update((0.5, 0.5), 1, right=True, slip=0.1, guess=0.25, weight=0.8)
    assert belief[1] / belief[0] == pytest.approx((0.9 / 0.25) ** 0.8)


def test_learning_lifts_only_who_holds_the_layers_below():
    belief = [0.0] * 16
    belief[0b0000], belief[0b0001] = 0.5, 0.5
    learned = ladder.learn(tuple(belief), 2, chance=0.6)
    assert learned[0b0010] == 0
    assert learned[0b0000] == 0.5
    assert learned[0b0011] == pytest.approx(0.3)
    assert learned[0b0001] == pytest.approx(0.2)


def test_an_impossible_answer_changes_nothing():
    sure = (0.0, 1.0)
    assert ladder.update(sure, 1, right=False, slip=0.0, guess=0.2) == sure


def test_the_level_is_where_the_unbroken_rungs_end():
    assert ladder.level((0.9, 0.8, 0.4, 0.6)) == 2
    assert ladder.level((0.4, 0.9)) == 0
    assert ladder.level((0.9, 0.9)) == 2


@pytest.mark.parametrize(("chance", "shown"), [(0.5, 50), (0.912, 90), (0.04, 95), (0.999999, 95), (0.776, 80)])
def test_certainty_is_rounded_and_never_complete(chance, shown):
    assert ladder.certainty(chance) == shown


def test_thresholds_come_from_the_cost_of_a_missed_gap():
    assert math.isclose(ladder.THRESHOLD, 2 / 3)
    assert math.isclose(ladder.DOUBT, 1 / 3)
