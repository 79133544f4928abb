"""Study hours: how minutes become hours under a dated policy. Pure."""

from dataclasses import dataclass
from datetime import date
from math import floor

from edu.base.db import Names


@dataclass(frozen=True, slots=True)
class HourPolicySpec:
    """How study of one category counts from `since_on` on (columns: records.models.HourPolicy)."""

    category: str
    since_on: date
    names: Names
    minutes_per_hour: int
    round_down_to: float
    year_starts: str
    basis: Names


def hours(minutes: int, policy: HourPolicySpec) -> float:
    """Hours of a whole year's minutes in one category, rounded down to the policy's step.

    Rounding happens here, on the sum: rounding each module would lose up to a step a module.
    """
    return floor(minutes / policy.minutes_per_hour / policy.round_down_to) * policy.round_down_to


def study_year(on: date, policy: HourPolicySpec) -> int:
    """The study year a day belongs to, named by the calendar year in which it starts."""
    month, day = map(int, policy.year_starts.split("-"))
    return on.year if (on.month, on.day) >= (month, day) else on.year - 1


def policy_on(policies: list[HourPolicySpec], category: str, on: date) -> HourPolicySpec | None:
    """The policy in force for a category on a day; None when nothing was agreed yet."""
    known = [policy for policy in policies if policy.category == category and policy.since_on <= on]
    return max(known, key=lambda policy: policy.since_on, default=None)
