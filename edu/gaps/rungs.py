"""A ladder as a person sees it: each rung held, lacking, unsure or not asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from edu.base.clock import day_of
from edu.gaps import ladder, lasting
from edu.gaps.evidence import Picture, Shown, held

HELD, LACK, UNSURE, OPEN = "held", "lack", "unsure", "open"


@dataclass(frozen=True, slots=True)
class Ladder:
    """One member in one topic, beside what is required."""

    topic_id: int
    #: Highest layer required, 0 for none, and the role that asks for it.
    required: int
    role_id: int | None
    #: Chance that each layer is held, and what it rests on; from layer 1.
    q: tuple[float, ...]
    shown: tuple[Shown, ...]
    holds: tuple[bool, ...]
    #: Required layers that have faded and should be shown again (lasting.to_review).
    review: tuple[int, ...] = ()
    #: When each layer was last shown, once it was held; None: it never was.
    last_on: tuple[date | None, ...] = ()

    @property
    def lapsed(self) -> tuple[int, ...]:
        """Required layers that were held, of which it is no longer sure after so long, lowest first."""
        return tuple(layer for layer in self.review if not self.holds[layer - 1])

    @property
    def states(self) -> tuple[str, ...]:
        """'held' | 'lack' | 'unsure' | 'open' for each layer, from 1."""
        return tuple(
            rung_state(held=self.holds[i], required=i < self.required, chance=self.q[i], shown=self.shown[i])
            for i in range(len(self.q))
        )

    @property
    def lacking(self) -> tuple[int, ...]:
        """Required layers that are not held, lowest first."""
        return tuple(layer for layer in range(1, self.required + 1) if not self.holds[layer - 1])

    @property
    def level(self) -> int:
        """The highest layer up to which all are held."""
        return next((i for i, holds in enumerate(self.holds) if not holds), len(self.holds))


def rung_state(*, held: bool, required: bool, chance: float, shown: Shown) -> str:
    if held:
        return HELD
    if not required:
        return OPEN
    return LACK if shown.failed or chance < ladder.DOUBT else UNSURE


def ladder_of(picture: Picture, *, topic_id: int, required: int, role_id: int | None) -> Ladder:
    q = ladder.marginals(picture.belief)
    last_on = tuple(day_of(memory.last_at) if memory else None for memory in picture.memory)
    review = lasting.to_review(picture, required)
    return Ladder(topic_id, required, role_id, q, picture.shown, held(picture), review, last_on)


def to_refresh(ladders: Iterable[Ladder]) -> int:
    """How many rungs should be shown again."""
    return sum(len(ladder.review) for ladder in ladders)
