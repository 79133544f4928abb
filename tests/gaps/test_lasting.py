"""What a day does to a picture, what a submission adds to it, and on which day a rung lapses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.base.clock import day_of
from edu.gaps import evidence, forgetting, ladder, lasting
from edu.gaps.evidence import Answer, Study, Verdict

START = datetime(2026, 1, 5, 4, tzinfo=UTC)
BLANK = evidence.blank(4)


def answer(layer, right, weight=0.8):
    return Answer(layer, right=right, slip=0.1, guess=0.25, weight=weight)


def days(count):
    return timedelta(days=count)


def passed(layer=1):
    return lasting.submitted(BLANK, [Study(layer, 1), *[answer(layer, right=True)] * 3], START)


def q(picture, layer=1):
    return ladder.marginals(picture.belief)[layer - 1]


def test_before_any_evidence_nothing_fades():
    assert lasting.on_day(BLANK, day_of(START) + days(1000)) is BLANK


def test_a_held_layer_is_remembered_from_the_first_time_on_and_others_are_not():
    memory = passed().memory
    assert (memory[0].stability, memory[0].last_at) == (forgetting.FIRST_STABILITY, START)
    assert memory[1:] == (None, None, None)


def test_each_layer_fades_by_its_own_memory():
    both = lasting.submitted(passed(1), [Study(2, 2), *[answer(2, right=True)] * 3], START + days(30))
    later = lasting.on_day(both, day_of(START) + days(90))
    first, second = both.memory[0].stability, both.memory[1].stability
    kept = forgetting.retrievability(first, 90) / forgetting.retrievability(first, 30)
    assert q(later, 1) == pytest.approx(q(both, 1) * kept)
    assert q(later, 2) == pytest.approx(q(both, 2) * forgetting.retrievability(second, 60))


@given(stops=st.lists(st.integers(1, 200), max_size=4))
def test_fading_in_steps_is_fading_at_once(stops):
    end = day_of(START) + days(1000)
    stepped = passed(2)
    for stop in sorted(stops):
        stepped = lasting.on_day(stepped, day_of(START) + days(stop))
    assert lasting.on_day(stepped, end).belief == pytest.approx(lasting.on_day(passed(2), end).belief)
    assert sum(lasting.on_day(stepped, end).belief) == pytest.approx(1)


def test_a_passed_review_makes_it_last_longer_and_a_failed_one_shorter():
    before = passed()
    at = START + days(100)
    good = lasting.submitted(before, [answer(1, right=True)], at)
    bad = lasting.submitted(before, [answer(1, right=False)] * 2, at)
    assert good.memory[0].stability > before.memory[0].stability > bad.memory[0].stability
    assert q(good) > q(lasting.on_day(before, day_of(at))) > q(bad)
    assert not evidence.held(bad)[0]


def test_what_counts_nothing_is_no_review():
    rapid = lasting.submitted(passed(), [answer(1, right=True, weight=0.0)], START + days(100))
    assert rapid.memory == passed().memory


@given(rights=st.integers(2, 5), wait=st.integers(0, 400), reviewed=st.booleans())
def test_the_day_on_which_a_rung_lapses_is_the_day_on_which_it_is_no_longer_held(rights, wait, reviewed):
    known = lasting.submitted(BLANK, [answer(1, right=True)] * rights, START)
    if reviewed:
        known = lasting.submitted(known, [answer(1, right=True)], START + days(wait))
    rung = lasting.rungs(known)[0]
    assert rung.held
    for day, threshold in ((rung.due_on, forgetting.DUE), (rung.lapses_on, ladder.THRESHOLD)):
        assert q(lasting.on_day(known, day)) < threshold
        assert day == known.on or q(lasting.on_day(known, day - days(1))) >= threshold
    assert not evidence.held(lasting.on_day(known, rung.lapses_on))[0]


def test_what_is_not_held_neither_comes_due_nor_lapses():
    failed = lasting.submitted(BLANK, [answer(1, right=False)] * 3 + [Verdict(1, 1, False, 0.0)], START)
    assert lasting.rungs(failed) == (lasting.Rung(False),) * 4


def test_what_lasts_longer_than_any_calendar_never_lapses():
    memory = forgetting.Memory(stability=3650.0, difficulty=5.0, last_at=START)
    assert lasting.first_day_below(ladder.THRESHOLD, 1.0, memory, day_of(START)) is not None
    assert lasting.first_day_below(0.05, 1.0, memory, day_of(START)) is None
