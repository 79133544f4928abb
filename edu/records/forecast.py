"""What comes due for review, and lapses, within a quarter. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: How far a forecast looks ahead: as far as secretaries plan.
QUARTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Fading:
    """A required rung that a member holds, and until when."""

    member_id: int
    topic_id: int
    layer: int
    #: From this day on a review is due, perhaps already; None: never.
    due_on: date | None
    #: From this day on it is held no more, unless shown again; None: never.
    lapses_on: date | None

    def is_due(self, on: date) -> bool:
        return self.due_on is not None and self.due_on <= on

    def comes_due(self, on: date) -> bool:
        """Whether a review is due on a day or within QUARTER of it, and the rung has not lapsed."""
        has_lapsed = self.lapses_on is not None and self.lapses_on <= on
        return self.due_on is not None and self.due_on < on + QUARTER and not has_lapsed

    def lapses_within(self, on: date) -> bool:
        """Whether it lapses within QUARTER of a day."""
        return self.lapses_on is not None and self.lapses_on < on + QUARTER


@dataclass(frozen=True, slots=True)
class TopicForecast:
    """What comes due in one topic, of several members."""

    topic_id: int
    #: Whom it concerns.
    members: int
    #: Rungs due already, due later in the quarter, and lapsing in it.
    due: int
    coming: int
    lapsing: int


def forecast(rungs: Iterable[Fading], *, on: date) -> list[Fading]:
    """Of the required rungs held, those that come due within QUARTER of a day, earliest first."""
    coming = [one for one in rungs if one.comes_due(on)]
    return sorted(coming, key=lambda one: (one.due_on or on, one.member_id, one.topic_id, one.layer))


def by_topic(fading: Iterable[Fading], *, on: date) -> list[TopicForecast]:
    """The forecast by topic, in the order of who comes due first."""
    found: dict[int, list[Fading]] = {}
    for one in fading:
        found.setdefault(one.topic_id, []).append(one)
    return [
        TopicForecast(
            topic_id,
            len({one.member_id for one in some}),
            sum(one.is_due(on) for one in some),
            sum(not one.is_due(on) for one in some),
            sum(one.lapses_within(on) for one in some),
        )
        for topic_id, some in found.items()
    ]
