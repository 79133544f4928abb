"""Who needs a hand, and why. Pure; for the branch's own secretary only.

A list of reasons, not a score: each line says what happened, so that it can be talked about. Who lacks nothing is never
on it, whatever happened on the way; who is under relief neither.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from edu.base.clock import day_of
from edu.base.i18n import mark
from edu.statistics.suppression import Cell

#: Failures of one closing quiz in a row that call for a talk. Chosen: once is chance, twice is a pattern.
FAILURES = 2
#: Silence that calls for a talk while something is lacking. Chosen: a quarter, the rhythm of the branch's reports.
QUIET = timedelta(days=90)


class Sitting(NamedTuple):
    """One closing quiz that was handed in."""

    member_id: int
    module_id: int
    #: What the module teaches.
    cell: Cell
    title: str
    has_passed: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence marked for translation, with its values; a date among them is shown as a day."""

    rank: int
    message: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Need:
    """One member who needs a hand."""

    member_id: int
    gaps: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of one member."""

    member_id: int
    is_relieved: bool
    lacking: Collection[Cell]
    last_evidence_at: datetime | None
    #: Closing quizzes in the order they were handed in.
    sittings: tuple[Sitting, ...] = ()


def needs(members: Iterable[Progress], *, at: datetime) -> list[Need]:
    """Those with a reason, the weightiest reason first, then who lacks most, then in the order given."""
    found = [
        Need(member.member_id, len(member.lacking), tuple(_reasons(member, at=at)))
        for member in members
        if member.lacking and not member.is_relieved
    ]
    return sorted((need for need in found if need.reasons), key=lambda need: (need.reasons[0].rank, -need.gaps))


def _reasons(member: Progress, *, at: datetime) -> Iterable[Reason]:
    gaps = len(member.lacking)
    for title, times in _failed(member):
        message = mark("Failed the closing quiz of “%(module)s” %(times)s times and has not passed it since.")
        yield Reason(1, message, {"module": title, "times": times})
    if member.last_evidence_at is None:
        yield Reason(2, mark("Has not answered anything yet. Open gaps: %(gaps)s."), {"gaps": gaps})
    elif at - member.last_evidence_at >= QUIET:
        message = mark("Has answered nothing since %(day)s. Open gaps: %(gaps)s.")
        yield Reason(3, message, {"day": day_of(member.last_evidence_at), "gaps": gaps})


def _failed(member: Progress) -> list[tuple[str, int]]:
    """(title, times) of the modules failed again and again since they were last passed, while their rung is lacking."""
    failures: dict[int, tuple[str, int]] = {}
    for sitting in member.sittings:
        if sitting.has_passed or sitting.cell not in member.lacking:
            failures.pop(sitting.module_id, None)
        else:
            _title, times = failures.get(sitting.module_id, ("", 0))
            failures[sitting.module_id] = (sitting.title, times + 1)
    return [(title, times) for title, times in failures.values() if times >= FAILURES]
