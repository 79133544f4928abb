"""Which days may be written down."""

from datetime import date, datetime

from edu.base.clock import day_of
from edu.base.errors import Invalid
from edu.base.i18n import mark


def not_in_future(on: date, at: datetime) -> None:
    """Raises Invalid when the day lies ahead: what is stored as true now must be true now."""
    if on > day_of(at):
        raise Invalid(mark("That day lies in the future."))
