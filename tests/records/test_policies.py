"""Hours: rounded once, on the yearly sum, under the policy in force."""

from datetime import date

import pytest

from edu.records.policies import HourPolicySpec, hours, policy_on, study_year


def policy(since=date(2019, 5, 6), step=0.25, per_hour=60, starts="01-01"):
    return HourPolicySpec("online", since, {"en": "Online"}, per_hour, step, starts, {"en": "House rule"})


@pytest.mark.parametrize(("minutes", "expected"), [(0, 0), (14, 0), (15, 0.25), (59, 0.75), (60, 1), (136, 2.25)])
def test_minutes_become_hours_rounded_down_to_the_quarter(minutes, expected):
    assert hours(minutes, policy()) == expected


def test_ten_modules_of_eight_minutes_are_an_hour_and_a_quarter_not_ten_times_nothing():
    assert hours(10 * 8, policy()) == 1.25


def test_a_lesson_of_forty_five_minutes_can_be_an_hour():
    assert hours(90, policy(per_hour=45)) == 2


def test_a_study_year_may_start_in_september():
    assert study_year(date(2026, 8, 31), policy(starts="09-01")) == 2025
    assert study_year(date(2026, 9, 1), policy(starts="09-01")) == 2026


def test_the_policy_in_force_is_the_latest_that_has_begun():
    old, new = policy(date(2019, 5, 6)), policy(date(2026, 1, 1), step=0.5)
    assert policy_on([new, old], "online", date(2025, 12, 31)) == old
    assert policy_on([new, old], "online", date(2026, 1, 1)) == new
    assert policy_on([new, old], "online", date(2019, 5, 5)) is None
    assert policy_on([new, old], "group", date(2026, 1, 1)) is None
