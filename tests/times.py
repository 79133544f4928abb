"""Instants that tests agree on. Time is an argument, so nobody needs to stop a clock."""

from datetime import UTC, datetime

#: A Monday, nine in the morning in Shanghai; the demo world's present.
MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
