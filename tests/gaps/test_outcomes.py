"""What "I don't know", hints, retries and haste do to evidence."""

import pytest

from edu.gaps import evidence, ladder
from edu.gaps.evidence import Answer
from edu.gaps.ladder import OFFERED, Outcome

HALF = (0.5, 0.5)  # one layer: not held, held


def odds(outcome, **chances):
    belief = ladder.update_offered(HALF, 1, outcome, slip=0.1, guess=0.25, **chances)
    return belief[1] / belief[0]


def test_the_published_odds_of_three_outcomes():
    """docs/gap-engine.md: "I don't know" .02 against .60; right and wrong scaled by .98 and .40."""
    assert odds(Outcome.UNKNOWN) == pytest.approx(0.02 / 0.60)
    assert odds(Outcome.RIGHT) == pytest.approx(0.98 * 0.9 / (0.40 * 0.25))
    assert odds(Outcome.WRONG) == pytest.approx(0.98 * 0.1 / (0.40 * 0.75))
    assert odds(Outcome.UNKNOWN, weight=0.5) == pytest.approx((0.02 / 0.60) ** 0.5)


def test_the_three_outcomes_are_all_there_are():
    for whose in (0, 1):
        likely = [ladder.likelihoods(o, slip=0.1, guess=0.25, unknown=OFFERED)[whose] for o in Outcome]
        assert sum(likely) == pytest.approx(1)


def test_dont_know_is_no_right_answer_and_moves_the_picture():
    said = Answer(2, right=False, slip=0.1, guess=0.25, weight=1.0, offered=OFFERED, unknown=True)
    wrong = Answer(2, right=False, slip=0.1, guess=0.25, weight=1.0)
    blank = evidence.blank(4)
    after, compared = (evidence.add(blank, answer) for answer in (said, wrong))
    assert said.outcome is Outcome.UNKNOWN
    assert (after.shown[1].right, after.shown[1].wrong) == (0, 1)
    assert ladder.marginals(after.belief)[1] < ladder.marginals(compared.belief)[1]


def test_an_answer_that_counts_nothing_is_no_evidence():
    """Else the prior of the first layer, which alone is likely enough, would count as shown."""
    rapid = Answer(1, right=True, slip=0.1, guess=0.25, weight=0.0)
    picture = evidence.add(evidence.blank(4), rapid)
    assert picture.belief == pytest.approx(evidence.blank(4).belief)
    assert ladder.marginals(picture.belief)[0] > ladder.THRESHOLD
    assert evidence.held(picture) == (False,) * 4


def test_hints_and_retries_raise_the_guess_up_to_a_cap():
    assert evidence.guess_after_hints(0.25, 0, slip=0.1) == 0.25
    assert evidence.guess_after_hints(0.25, 1, slip=0.1) == pytest.approx(0.625)
    assert evidence.guess_after_hints(0.25, 9, slip=0.1) == pytest.approx(0.80)
    assert evidence.guess_on_retry(4, 1, slip=0.1) == pytest.approx(1 / 3)
    assert evidence.guess_on_retry(4, 3, slip=0.1) == pytest.approx(0.80)


def test_haste_and_a_shown_solution_count_nothing():
    assert evidence.weight_of(0.8) == 0.8
    assert evidence.weight_of(0.8, seconds=2.9) == 0
    assert evidence.weight_of(0.8, seconds=3.0) == 0.8
    assert evidence.weight_of(0.5, right=True, solution_shown=True) == 0
    assert evidence.weight_of(0.5, right=False, solution_shown=True) == 0.5, "wrong is wrong"


def test_the_heights_of_a_known_role_are_the_prior_of_its_next_member():
    few, many = ladder.prior_from((29, 0, 0, 0, 0)), ladder.prior_from((0, 0, 60, 0, 0), holes=0)
    assert few == ladder.prior(4)
    assert many[0b0011] == pytest.approx(61 / 65)
    assert many[0b1111] == pytest.approx(1 / 65)
