"""Many members at once: the same numbers as one by one."""

import time

import numpy as np
import pytest

from edu.gaps import evidence, ladder, many
from edu.gaps.evidence import Answer
from edu.gaps.rungs import ladder_of

MEMBERS, ANSWERS = 400, 9


@pytest.fixture
def asked():
    """Answers of everybody, one a column: layer, right, slip, guess, weight."""
    random = np.random.default_rng(5)
    shape = (ANSWERS, MEMBERS)
    return (
        random.integers(1, 5, shape),
        random.random(shape) < 0.6,
        random.uniform(0.01, 0.4, shape),
        random.uniform(0.01, 0.5, shape),
        random.choice([0.5, 0.8, 1.0], shape),
    )


def one_by_one(asked, members=MEMBERS):
    """Everybody's picture by the functions that pages use."""
    pictures = []
    for member in range(members):
        picture = evidence.blank(4)
        for layer, right, slip, guess, weight in zip(*(part[:, member].tolist() for part in asked), strict=True):
            picture = evidence.add(picture, Answer(layer, right, slip, guess, weight))
        pictures.append(picture)
    return pictures


def at_once(asked, **options):
    beliefs = many.priors(MEMBERS, ladder.prior(4))
    for layer, right, slip, guess, weight in zip(*asked, strict=True):
        many.update(beliefs, layer, right, slip, guess, weight, **options)
    return beliefs


def test_updates_agree(asked):
    expected = [picture.belief for picture in one_by_one(asked)]
    assert np.abs(at_once(asked) - expected).max() < 1e-9


def test_chunks_change_nothing_and_progress_is_told(asked):
    told = []
    chunked = at_once(asked, chunk=150, progress=lambda done, total: told.append((done, total)))
    assert np.abs(chunked - at_once(asked)).max() < 1e-12
    assert told[:3] == [(150, 400), (300, 400), (400, 400)]


def test_beliefs_from_all_evidence_at_once_agree(asked):
    layer, right, slip, guess, weight = (part.T.ravel() for part in asked)
    if_held, if_not = np.where(right, 1 - slip, slip) ** weight, np.where(right, guess, 1 - guess) ** weight
    member = np.repeat(np.arange(MEMBERS), ANSWERS)
    found = many.from_evidence(MEMBERS, ladder.prior(4), member, layer, if_held, if_not, chunk=77)
    assert np.abs(found - at_once(asked)).max() < 1e-9


def test_who_answered_nothing_keeps_the_prior():
    found = many.from_evidence(3, ladder.prior(4), [1], [2], [0.9], [0.25])
    assert found[0] == pytest.approx(ladder.prior(4)) and found[2] == pytest.approx(ladder.prior(4))
    assert found[1] == pytest.approx(ladder.update(ladder.prior(4), 2, right=True, slip=0.1, guess=0.25))


def test_marginals_and_gap_lists_agree(asked):
    pictures, beliefs = one_by_one(asked), at_once(asked)
    assert np.abs(many.marginals(beliefs) - [ladder.marginals(p.belief) for p in pictures]).max() < 1e-9
    required = np.arange(MEMBERS) % 5
    answered, right = (np.zeros((MEMBERS, 4), bool) for _ in range(2))
    for layer, hit, *_ in zip(*asked, strict=True):
        answered[np.arange(MEMBERS), layer - 1] = True
        right[np.arange(MEMBERS), layer - 1] |= hit
    gaps = many.lacking(beliefs, required, many.evident(answered, right), chunk=99)
    for row, picture in enumerate(pictures):
        expected = ladder_of(picture, topic_id=1, required=int(required[row]), role_id=None).lacking
        assert tuple((np.flatnonzero(gaps[row]) + 1).tolist()) == expected


def test_a_failed_quiz_keeps_its_gap():
    sure = np.tile((0.0,) * 15 + (1.0,), (1, 1))
    shown, failed = np.ones((1, 4), bool), np.array([[False, True, False, False]])
    assert many.lacking(sure, 3, shown).tolist() == [[False] * 4]
    assert many.lacking(sure, 3, shown, failed).tolist() == [[False, True, False, False]]


def test_a_prior_alone_holds_nothing():
    nothing = np.zeros((1, 4), bool)
    assert many.lacking(many.priors(1, ladder.prior(4)), 2, nothing).tolist() == [[True, True, False, False]]


def test_an_impossible_answer_changes_nothing():
    sure = many.priors(1, (0.0, 1.0))
    many.update(sure, 1, False, 0.0, 0.25)
    assert sure.tolist() == [[0.0, 1.0]]


def test_one_and_six_layers_work_too():
    for layers in (1, 6):
        beliefs = many.priors(2, ladder.prior(layers))
        many.update(beliefs, layers, [True, False], 0.1, 0.25)
        expected = [ladder.update(ladder.prior(layers), layers, right=r, slip=0.1, guess=0.25) for r in (True, False)]
        assert np.abs(beliefs - expected).max() < 1e-12


def test_a_hundred_thousand_updates_are_quick():
    """The target is a million in .2 s on an idle machine; this one is shared, and only an order of magnitude is held."""
    beliefs = many.priors(100_000, ladder.prior(4))
    started = time.process_time()
    many.update(beliefs, 2, True, 0.1, 0.25)
    assert time.process_time() - started < 0.5
