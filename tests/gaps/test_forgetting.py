"""What time does to a belief."""

import json
import os
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.config import ROOT
from edu.gaps import forgetting, ladder
from edu.gaps.forgetting import Recall

START = datetime(2026, 1, 5, 4, tzinfo=UTC)
GOLDEN = ROOT.parent / "shared" / "fixtures" / "psychometrics" / "fsrs.json"
needs_fixture = pytest.mark.skipif(
    not GOLDEN.exists() and "CI" not in os.environ, reason="the shared fixtures are not here"
)


def golden():
    return json.loads(GOLDEN.read_text("utf-8"))


def replayed(ratings, gaps, parameters):
    """The memory after each review; `gaps[i]` days pass before (or, where due dates are given, after) review i."""
    at, memory = START, None
    for rating, days in zip(ratings, gaps, strict=True):
        at += timedelta(days=days)
        if memory is None:
            memory = forgetting.first(at, Recall(rating), stability=parameters[rating - 1])
        else:
            memory = forgetting.review(memory, Recall(rating), at)
        yield memory


@needs_fixture
def test_the_published_intervals_come_out():
    """Reviewed exactly when due: the interval is the stability in whole days; 0 stands for minutes of the same day."""
    known = golden()
    sequence = known["golden"][0]
    gaps = [0, *sequence["interval_days"][:-1]]
    for memory, expected in zip(
        replayed(sequence["ratings"], gaps, known["default_parameters"]), sequence["interval_days"], strict=True
    ):
        assert expected in (0, round(memory.stability))


@needs_fixture
def test_the_published_stability_and_difficulty_come_out():
    known = golden()
    sequence = known["golden"][1]
    *_, last = replayed(sequence["ratings"], sequence["elapsed_days"], known["default_parameters"])
    assert last.stability == pytest.approx(sequence["stability"], abs=sequence["tol"])
    assert last.difficulty == pytest.approx(sequence["difficulty"], abs=sequence["tol"])


@needs_fixture
def test_the_parameters_are_the_published_ones():
    assert golden()["default_parameters"][20] == forgetting.DECAY


def test_after_its_stability_a_layer_is_recalled_with_nine_tenths():
    assert forgetting.retrievability(60, 60) == pytest.approx(0.9)
    assert forgetting.retrievability(60, 0) == 1
    assert forgetting.retrievability(60, -1) == 1


def test_a_skill_starts_with_sixty_days_and_a_pass_makes_it_last_longer():
    memory = forgetting.first(START)
    assert memory.stability == 60
    later = START + timedelta(days=60)
    passed = forgetting.review(memory, Recall.RIGHT, later)
    failed = forgetting.review(memory, Recall.WRONG, later)
    assert (
        failed.stability < memory.stability < passed.stability < forgetting.review(memory, Recall.FAST, later).stability
    )
    assert forgetting.recalled(passed, later) == 1
    assert forgetting.recalled(memory, later) == pytest.approx(0.9)


def test_nothing_waits_for_the_clock():
    """The package can sleep to make its own numbers; we give them."""
    assert forgetting.first(START) == forgetting.first(START)


def test_ratings():
    assert forgetting.rating(right=False, hinted=True) is Recall.WRONG
    assert forgetting.rating(right=True, hinted=True, fast=True) is Recall.HINTED
    assert forgetting.rating(right=True) is Recall.RIGHT
    assert forgetting.rating(right=True, fast=True) is Recall.FAST


recalls = st.tuples(*[st.floats(0, 1)] * 4)


@given(recalls)
def test_a_faded_belief_is_a_probability_and_marginals_fall_by_exactly_what_is_forgotten(chances):
    belief = ladder.update(ladder.prior(4), 3, right=True, slip=0.1, guess=0.2)
    faded = forgetting.faded(belief, chances)
    assert sum(faded) == pytest.approx(1)
    expected = [q * r for q, r in zip(ladder.marginals(belief), chances, strict=True)]
    assert ladder.marginals(faded) == pytest.approx(expected)


def test_the_order_of_layers_does_not_matter():
    belief, chances = ladder.prior(4), (0.9, 0.8, 0.7, 0.6)
    at_once = forgetting.faded(belief, chances)
    for order in permutations(range(4)):
        stepwise = belief
        for layer in order:
            stepwise = forgetting.faded(stepwise, tuple(chances[k] if k == layer else 1.0 for k in range(4)))
        assert stepwise == pytest.approx(at_once)


def test_nobody_gains_a_layer_by_waiting():
    nothing = (1.0, *[0.0] * 15)
    assert forgetting.faded(nothing, (0.5,) * 4) == nothing


def test_a_review_is_due_below_eighty_percent_and_only_where_required():
    assert forgetting.due((0.79, 0.80, 0.2, 0.1), 3) == (1, 3)


def test_a_sure_skill_is_due_after_half_a_year():
    memory, belief = forgetting.first(START), (0.0,) * 15 + (1.0,)
    due = [
        day
        for day in range(400)
        if forgetting.due(
            ladder.marginals(forgetting.faded(belief, (forgetting.recalled(memory, START + timedelta(days=day)),) * 4)),
            4,
        )
    ]
    assert due[0] == 199


def test_one_chance_for_each_layer():
    with pytest.raises(ValueError, match="each layer"):
        forgetting.faded(ladder.prior(4), (1.0,))
