"""Which questions an attempt draws, and in which order its options stand. Pure; the seed is the attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live question of the cell."""

    question_version_id: int
    kind: str
    #: When this member last had it in an attempt; None: never.
    last_asked_at: datetime | None


def draw(candidates: Sequence[Candidate], count: int, *, seed: int) -> list[Candidate]:
    """`count` questions: those never asked first, then those asked longest ago; chance decides among equals.

    Of questions never asked, kinds are mixed: no kind comes a second time while another has not come at all.
    """
    random = Random(seed)
    shuffled = sorted(candidates, key=lambda candidate: candidate.question_version_id)
    random.shuffle(shuffled)
    fresh = _mixed([candidate for candidate in shuffled if candidate.last_asked_at is None])
    stale = [(candidate.last_asked_at, candidate) for candidate in shuffled if candidate.last_asked_at is not None]
    stale.sort(key=lambda entry: entry[0])
    return [*fresh, *(candidate for _at, candidate in stale)][:count]


def _mixed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same candidates, the first of every kind before the second of any."""
    seen: dict[str, int] = {}
    turns = []
    for place, candidate in enumerate(candidates):
        turn = seen.get(candidate.kind, 0)
        seen[candidate.kind] = turn + 1
        turns.append((turn, place, candidate))
    return [candidate for _turn, _place, candidate in sorted(turns, key=lambda entry: entry[:2])]


def order(options: Mapping[str, object], *, shuffles: bool, seed: str) -> list[str]:
    """Option names in the order they are shown in one attempt."""
    names = list(options)
    if shuffles:
        Random(seed).shuffle(names)
    return names
