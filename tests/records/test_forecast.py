"""What comes due within a quarter: of whom, when, in which order."""

from datetime import timedelta

import pytest

from edu.base.clock import day_of
from edu.base.db import begin_write
from edu.cli.demo_world import take_quiz
from edu.gaps import queries as gaps
from edu.records import actions, queries
from edu.records import forecast as pure
from edu.records.forecast import QUARTER, Fading, by_topic
from tests import make
from tests.times import MONDAY

TODAY = day_of(MONDAY)


@pytest.fixture
def school(app):
    begin_write()
    return make.school({"member": {"aid": 1}, "leader": {"aid": 2}})


@pytest.fixture
def ada(school):
    """Holds layers 1 and 2 of first aid, of which only the first is required."""
    member = make.member("ada", school.units["north"], school.roles["member"])
    take_quiz(member, "aid-1", "+", at=MONDAY)
    take_quiz(member, "aid-2", "+", at=MONDAY)
    return member


def forecast(member_id, *, on):
    return pure.forecast(queries.spans(member_id), on=on)


def due_on(member):
    ladders = (gaps.ladders(member.member_id, on=TODAY + timedelta(days=days)) for days in range(2000))
    return TODAY + timedelta(days=next(n for n, found in enumerate(ladders) if found[0].review))


def test_the_day_is_the_first_on_which_a_review_is_due(ada):
    on = due_on(ada)
    (found,) = forecast(ada.member_id, on=on - timedelta(days=10))
    assert (found.layer, found.due_on) == (1, on)


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 0), (1, 1), (89, 1), (90, 1), (91, 1)])
def test_a_quarter_is_ninety_days(ada, days, count):
    """Due on the ninetieth day is not within the quarter, on the day before it is; what is due already stays."""
    on = due_on(ada) - QUARTER + timedelta(days=days)
    assert len(forecast(ada.member_id, on=on)) == count


def test_what_is_not_required_is_not_told_and_a_new_role_brings_it(school, ada):
    on = due_on(ada)
    assert [one.layer for one in forecast(ada.member_id, on=on)] == [1]
    actions.give_role(ada.member_id, school.roles["leader"], by=None, on=TODAY, at=MONDAY)
    assert sorted(one.layer for one in forecast(ada.member_id, on=on)) == [1, 2]


def test_what_has_lapsed_comes_due_no_more_and_relief_asks_nothing(ada):
    (found,) = forecast(ada.member_id, on=due_on(ada))
    assert found.lapses_on > found.due_on
    assert forecast(ada.member_id, on=found.lapses_on - timedelta(days=1)) == [found]
    assert forecast(ada.member_id, on=found.lapses_on) == []
    actions.grant_relief(
        ada.member_id, "leave", until_on=None, by=ada.member_id, on=TODAY, at=MONDAY + timedelta(hours=1)
    )
    assert forecast(ada.member_id, on=found.due_on) == []


def test_a_review_moves_the_day_away(ada):
    (before,) = forecast(ada.member_id, on=due_on(ada))
    at = MONDAY + (before.due_on - TODAY)
    take_quiz(ada, "aid-1", "+", at=at)
    assert forecast(ada.member_id, on=before.due_on) == []


def test_by_topic_counts_members_once_and_rungs_each():
    day = TODAY

    def one(member, topic, due, lapse=None):
        lapses_on = None if lapse is None else day + timedelta(days=lapse)
        return Fading(member, topic, 1, day + timedelta(days=due), lapses_on)

    found = by_topic([one(1, 7, -3, 20), one(1, 7, 5), one(2, 7, 5, 89), one(2, 8, 9, 90)], on=day)
    assert [(f.topic_id, f.members, f.due, f.coming, f.lapsing) for f in found] == [(7, 2, 1, 2, 2), (8, 1, 0, 1, 0)]
    assert by_topic([], on=day) == []
