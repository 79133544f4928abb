"""The time. Only the edges (web, cli) read it; rules take it as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Where a day begins and ends, for dates and years of study. One organisation lives in one zone.
ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def day_of(at: datetime) -> date:
    """The calendar day of an instant, in the organisation's zone."""
    return at.astimezone(ZONE).date()
