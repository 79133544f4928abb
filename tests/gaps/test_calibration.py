"""What the answers of many say about the questions."""

import json
import os
from statistics import median

import numpy as np
import pytest

from edu.config import ROOT
from edu.gaps import calibration, ladder, populations
from edu.gaps.calibration import NOT_ASKED, RIGHT, UNKNOWN, WRONG, Drift, Question

BLIM = ROOT.parent / "shared" / "fixtures" / "psychometrics" / "blim_df7.json"
LAYER_OF = np.repeat([1, 2, 3, 4], 10)
QUESTIONS = [Question(int(layer), calibration.guess_prior("one")) for layer in LAYER_OF]


def bits(patterns):
    return np.array([[int(mark) for mark in pattern] for pattern in patterns])


@pytest.mark.skipif(not BLIM.exists() and "CI" not in os.environ, reason="the shared fixtures are not here")
def test_the_published_likelihood_of_the_blim_comes_out():
    """Doignon & Falmagne 1999, chapter 7. Single parameters are not identified there; likelihood, G2 and df are."""
    known = json.loads(BLIM.read_text("utf-8"))
    counts = list(known["patterns"].values())
    fit = calibration.em(
        bits(known["patterns"]),
        bits(known["states"]),
        calibration.flat(5),
        counts=counts,
        tolerance=1e-12,
        most_rounds=5000,
    )
    assert fit.log_likelihood == pytest.approx(known["ML"]["loglik"], abs=0.01)
    assert calibration.deviance(counts, fit.log_likelihood) == pytest.approx(known["ML"]["G2"], abs=0.01)
    assert 2**5 - 1 - (len(known["states"]) - 1) - 2 * 5 == known["ML"]["df"]


def made_up(members=3000, seed=3, *, holes=0.0, unknown=None):
    """One topic of 40 questions answered by everybody, with its truth."""
    random = np.random.default_rng(seed)
    world = populations.world(random)
    people = populations.people(world, members, random, holes=holes)
    table = np.where(people.luck < people.chance, RIGHT, WRONG)[:, :40]
    if unknown:
        rate = np.where(np.repeat(people.held[:, 0], 10, axis=1), unknown.held, unknown.lacking)
        table = np.where(people.doubt[:, :40] < rate, UNKNOWN, table)
    hidden = random.random(table.shape) < 0.7
    return world, people, np.where(hidden, NOT_ASKED, table)


def test_slips_guesses_and_heights_are_found_again():
    world, _people, table = made_up()
    topic = calibration.calibrate(table, QUESTIONS)
    assert np.abs(topic.fit.slip - world.slip[0].ravel()).mean() < 0.02
    assert np.abs(topic.fit.guess - world.guess[0].ravel()).mean() < 0.025
    assert topic.rungs.heights == pytest.approx([0.2] * 5, abs=0.03)
    assert topic.rungs.holes < 0.03 and topic.is_ladder
    assert sum(topic.rungs.prior) == pytest.approx(1)


def test_holes_are_found():
    assert calibration.calibrate(made_up(holes=0.20)[2], QUESTIONS).rungs.holes == pytest.approx(0.20, abs=0.04)
    assert not calibration.calibrate(made_up(holes=0.60)[2], QUESTIONS).is_ladder


def test_how_often_dont_know_is_said_is_found():
    rates = ladder.Unknown(held=0.06, lacking=0.45)
    world, _people, table = made_up(unknown=rates)
    found = calibration.calibrate(table, QUESTIONS).fit
    assert found.rates.unknown.held == pytest.approx(0.06, abs=0.01)
    assert found.rates.unknown.lacking == pytest.approx(0.45, abs=0.02)
    assert np.abs(found.guess - world.guess[0].ravel()).mean() < 0.04, "guess is conditional on answering"


def test_no_round_makes_it_less_likely():
    table = made_up(300)[2]
    can = np.array([[ladder.holds(state, layer) for layer in LAYER_OF] for state in range(16)])
    likelihoods = [
        calibration.em(table, can, calibration.flat(40), most_rounds=rounds).log_likelihood for rounds in range(8)
    ]
    assert likelihoods == sorted(likelihoods)


def test_a_row_with_a_count_is_that_many_rows():
    table = made_up(200)[2][:, :5]
    can = np.array([[ladder.holds(state, layer) for layer in (1, 1, 2, 3, 4)] for state in range(16)])
    once = calibration.em(np.repeat(table, 3, axis=0), can, calibration.flat(5), most_rounds=20)
    counted = calibration.em(table, can, calibration.flat(5), counts=[3] * 200, most_rounds=20)
    assert counted.log_likelihood == pytest.approx(once.log_likelihood)
    assert counted.rates.slip == pytest.approx(once.rates.slip)


def test_nobody_answered_leaves_the_priors():
    topic = calibration.calibrate(np.full((5, 40), NOT_ASKED), QUESTIONS)
    assert topic.fit.slip == pytest.approx([0.10] * 40)
    assert topic.fit.guess == pytest.approx([0.25] * 40)
    assert list(topic.answers) == [0] * 40 and topic.flagged == ()


def test_guess_priors():
    assert calibration.guess_prior("one", 4) == (5.0, 15.0)
    assert calibration.guess_prior("several", 3) == pytest.approx((20 / 7, 20 - 20 / 7))
    assert calibration.guess_prior("several", 6) == (1.1, 18.9), "a Beta keeps both parameters at 1.1 or more"
    assert calibration.guess_prior("typed") == (1.1, 18.9)


def test_a_question_with_its_key_wrong_is_flagged():
    table = made_up()[2]
    table[:, 3] = np.where(table[:, 3] == NOT_ASKED, NOT_ASKED, RIGHT + WRONG - table[:, 3])
    assert 3 in calibration.calibrate(table, QUESTIONS).flagged


def test_blending():
    assert calibration.blended(0.1, 0.3, [0, 40, 120, 200, 900]) == pytest.approx([0.1, 0.1, 0.2, 0.3, 0.3])


def test_caution_fades_with_answers():
    few, many = calibration.cautious(0.1, [0, 2000])
    assert few == pytest.approx(0.1 + (0.09 / 20) ** 0.5)
    assert many < 0.11


def answers_to_alarm(share, seed, *, limit=6000):
    """How many answers until it rings, when `share` of the members know the key. Chance .6 to be right otherwise."""
    random, drift = np.random.default_rng(seed), Drift()
    for count in range(1, limit):
        chance = 0.35 + 0.5 * random.random()
        right = random.random() < (1 if random.random() < share else chance)
        drift = calibration.drifted(drift, chance, right=bool(right))
        if drift.easier > calibration.ALARM:
            return count
    return limit


def test_drift_rings_late_without_reason_and_soon_with_one():
    """Simulated: no drift some 700, 15 % know it 157, 30 % 62, 50 % 32. One side; both together ring earlier."""
    medians = [median(answers_to_alarm(share, seed) for seed in range(30)) for share in (0, 0.15, 0.3, 0.5)]
    assert medians == sorted(medians, reverse=True)
    assert medians[0] > 350 and medians[1] < 260 and medians[2] < 110 and medians[3] < 60


def test_drift_has_two_sides():
    harder = easier = Drift()
    for _ in range(20):
        harder = calibration.drifted(harder, 0.8, right=False)
        easier = calibration.drifted(easier, 0.3, right=True)
    assert harder.rings and harder.easier == 0
    assert easier.rings and easier.harder == 0


def test_facilities_fall_with_the_layer():
    shares = calibration.facilities(made_up()[2], LAYER_OF, 4)
    assert ladder.falls(shares)
    assert not ladder.falls((0.6, None, 0.7))
    assert calibration.facilities([[RIGHT, WRONG, NOT_ASKED]], [1, 1, 2], 2) == (0.5, None)
