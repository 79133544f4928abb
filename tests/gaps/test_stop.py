"""When enough has been asked."""

import pytest

from edu.gaps import stop
from edu.gaps.stop import BY_COST, QUICK, End, Rule

HOUR = (25.0, 25.0, 25.0)


def end(q, minutes=HOUR, *, asked=3, left=10, rule=stop.BY_CERTAINTY):
    return stop.topic_end(q, minutes, asked=asked, left=left, rule=rule)


def test_a_topic_ends_when_each_required_layer_is_sure():
    assert end((0.99, 0.98, 0.04, 0.5)) is End.SURE
    assert end((0.99, 0.98, 0.06, 0.5)) is None
    assert end((0.99, 0.96, 0.04, 0.5)) is None


def test_held_must_be_surer_than_lacking_as_a_missed_gap_costs_twice():
    assert stop.unsure((0.96, 0.04), 2) == (1,)
    assert stop.unsure((0.96, 0.04), 2, QUICK) == ()
    assert pytest.approx((1 - stop.SURE) / stop.MISSED_COST) == 1 - stop.SURE_HELD


def test_exactly_as_sure_as_asked_is_not_sure():
    assert end((0.975,), HOUR[:1]) is None
    assert end((0.976,), HOUR[:1]) is End.SURE


def test_layers_above_the_required_one_do_not_matter():
    assert end((0.99, 0.5, 0.5, 0.5), HOUR[:1]) is End.SURE
    assert stop.unsure((0.99, 0.5, 0.5), 1) == ()


def test_a_topic_ends_when_the_risk_is_below_the_cost_of_a_question():
    """25 minutes: needless costs q * 25, missed twice (1 - q) * 25."""
    assert stop.risk((0.5,), (25.0,)) == pytest.approx(12.5)
    assert stop.risk((0.98,), (25.0,)) == pytest.approx(1.0)
    assert stop.risk((0.98, 0.9, 0.01), (25.0, 10.0, 40.0)) == pytest.approx(1.0 + 2.0 + 0.4)
    assert end((0.98,), (25.0,), rule=BY_COST) is End.CHEAP
    assert end((0.95,), (25.0,), rule=BY_COST) is None
    assert end((0.95,), (12.0,), rule=BY_COST) is End.CHEAP, "a short module is worth fewer questions"


def test_a_topic_ends_when_it_is_long_or_empty():
    assert end((0.5,), HOUR[:1], asked=12) is End.LONG
    assert end((0.5,), HOUR[:1], left=0) is End.EMPTY
    assert end((0.99,), HOUR[:1], asked=12, left=0) is End.SURE


def test_the_test_ends_with_its_last_topic_or_at_its_most():
    assert stop.is_over([End.SURE, End.LONG], asked=9)
    assert not stop.is_over([End.SURE, None], asked=47)
    assert stop.is_over([End.SURE, None], asked=48)
    assert stop.is_over([], asked=0), "who needs nothing is asked nothing"


def test_in_a_short_test_a_topic_leaves_something_for_the_others():
    assert stop.short(24, 6) == Rule(most_in_test=24, most_in_topic=5)
    assert stop.short(24, 1).most_in_topic == 12
    assert stop.short(24, 6, QUICK).sure == 0.90
