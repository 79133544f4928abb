"""Which question comes next."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.gaps import choose
from edu.gaps.choose import Item, Sitting, Standing, bank
from edu.gaps.ladder import OFFERED, Outcome, likelihoods

HALF = Standing(topic=1, q=(0.5, 0.5, 0.5, 0.5), required=4)
shares = st.floats(0.02, 0.40)


def cell(topic, layer, count=10, slip=0.1, guess=0.25):
    return [Item(1000 * topic + 100 * layer + n, topic, layer, slip, guess) for n in range(count)]


def told(q, item, unknown=None):
    ((row,),) = bank([item]).values()
    return choose.informed(q, [row], unknown)[0]


@given(st.floats(0, 1), shares, shares)
def test_information_is_the_expected_fall_of_entropy(q, slip, guess):
    """By the other definition: h(q) less what is left on average after the answer."""
    left = 0.0
    for if_held, if_not in ((1 - slip, guess), (slip, 1 - guess)):
        seen = q * if_held + (1 - q) * if_not
        left += seen * choose.entropy(q * if_held / seen)
    assert told(q, Item(1, 1, 1, slip, guess)) == pytest.approx(choose.entropy(q) - left, abs=1e-9)


@given(st.floats(0.001, 0.999), shares, shares)
def test_information_of_three_outcomes_is_the_expected_fall_of_entropy(q, slip, guess):
    left = 0.0
    for outcome in Outcome:
        if_held, if_not = likelihoods(outcome, slip=slip, guess=guess, unknown=OFFERED)
        seen = q * if_held + (1 - q) * if_not
        left += seen * choose.entropy(min(q * if_held / seen, 1))
    assert told(q, Item(1, 1, 1, slip, guess), OFFERED) == pytest.approx(choose.entropy(q) - left, abs=1e-9)


def test_a_perfect_question_at_one_half_tells_one_bit():
    assert told(0.5, Item(1, 1, 1, 1e-9, 1e-9)) == pytest.approx(math.log(2), abs=1e-4)


def test_the_least_certain_required_cell_is_asked():
    standing = Standing(topic=1, q=(0.97, 0.6, 0.1, 0.5), required=3)
    item = choose.choose(bank([i for k in range(1, 5) for i in cell(1, k)]), [standing], Sitting(1), step=0)
    assert item.layer == 2


def test_what_is_not_required_is_not_asked():
    items = bank(cell(1, 4) + cell(2, 1))
    assert choose.choose(items, [replace(HALF, required=3)], Sitting(1), step=0) is None
    assert choose.choose(items, [], Sitting(1), step=0) is None


def test_of_equal_cells_the_first_topic_as_listed_and_the_lowest_layer_come_first():
    items = bank([i for topic in (1, 2) for k in (2, 1) for i in cell(topic, k)])
    two = [replace(HALF, topic=2), HALF]
    item = choose.choose(items, two, Sitting(1), step=0)
    assert (item.topic, item.layer) == (2, 1)


def test_one_of_the_five_best_is_asked_each_as_often_and_the_seed_repeats_it():
    graded = [Item(n, 1, 1, 0.02 + n / 50, 0.25) for n in range(10)]
    questions = bank(graded)
    picked = [choose.choose(questions, [HALF], Sitting(seed), step=3).id for seed in range(2000)]
    assert set(picked) == {0, 1, 2, 3, 4}
    assert min(picked.count(n) for n in range(5)) > 320
    assert picked[:50] == [choose.choose(questions, [HALF], Sitting(seed), step=3).id for seed in range(50)]


def test_what_was_asked_is_not_asked_again_until_nothing_is_left():
    questions, asked = bank(cell(1, 1, 4)), set()
    for step in range(4):
        asked.add(choose.choose(questions, [HALF], Sitting(7, asked), step=step).id)
    assert len(asked) == 4
    assert choose.choose(questions, [HALF], Sitting(7, asked), step=4) is None


def test_a_question_asked_too_often_is_held_back_in_proportion():
    items = cell(1, 1, 10)
    exposure = {items[0].id: 0.70}
    rows = bank(items)[1, 1]
    kept = sum(
        items[0].id in {row[0].id for row in choose.eligible(rows, Sitting(s, exposure=exposure))} for s in range(4000)
    )
    assert kept / 4000 == pytest.approx(0.35 / 0.70, abs=0.03)
    assert len(choose.eligible(rows, Sitting(1, exposure=dict.fromkeys((i.id for i in items), 0.3)))) == 10


def test_a_cell_of_which_all_was_asked_too_often_is_asked_all_the_same():
    items = cell(1, 1, 6)
    exposure = dict.fromkeys((item.id for item in items), 1e9)
    assert choose.choose(bank(items), [HALF], Sitting(1, exposure=exposure), step=0) is not None


def test_questions_that_hardly_tell_are_left_out():
    assert bank([Item(1, 1, 1, 0.4, 0.52)]) == {}
    assert list(bank([Item(1, 1, 1, 0.4, 0.49)])) == [(1, 1)]


def test_the_control_question_comes_from_any_required_layer():
    items = cell(1, 1) + cell(1, 2) + cell(2, 1) + cell(3, 1)
    sittings = [Sitting(seed, asked={1100}) for seed in range(500)]
    picked = [choose.control(items, {1: 2, 2: 1}, sitting) for sitting in sittings]
    assert {(item.topic, item.layer) for item in picked} == {(1, 1), (1, 2), (2, 1)}
    assert 1100 not in {item.id for item in picked}
    assert choose.control(items, {}, sittings[0]) is None


def test_a_newcomer_is_tried_until_it_has_eighty_answers():
    items = cell(1, 1, 3)
    answers = {items[0].id: 80, items[1].id: 79}
    assert {choose.newcomer(items, answers, {1: 1}, seed).id for seed in range(50)} == {items[1].id, items[2].id}


def test_chance_is_even():
    rolls = [choose.roll(seed, step) for seed in range(100) for step in range(100)]
    assert 0 <= min(rolls) < max(rolls) < 1
    assert sum(rolls) / len(rolls) == pytest.approx(0.5, abs=0.01)
    assert len(set(rolls)) == len(rolls)
