"""Multiple choice: several options are right; all of them and no other must be chosen."""

from collections.abc import Sequence
from typing import Any

from edu.base.errors import Invalid
from edu.base.i18n import mark
from edu.quizzes.kinds.block import Block, Fault
from edu.quizzes.kinds.single import SHUFFLES, count_faults, face, key, share

__all__ = ["SHUFFLES", "WORDS", "face", "faults", "guess", "key", "read", "share"]

WORDS = {"zh-CN": ("多选题", "多选", "多项选择题"), "en": ("Multiple choice", "Several choice")}


def faults(block: Block) -> list[Fault]:
    found = count_faults(block, least=3, most=8)
    if sum(option.is_right for option in block.options) < 2:
        found.append(Fault(block.line, mark("fewer than two options are marked as right; this kind has several")))
    return found


def read(values: Sequence[str], face: dict[str, Any]) -> dict[str, Any] | None:
    if not values:
        return None
    if not set(values) <= set(face["options"]):
        raise Invalid(mark("Choose from the options shown."))
    return {"chosen": sorted(set(values))}


def guess(face: dict[str, Any]) -> float:
    """One in 2^m - 1: any set of options but the empty one (docs/gap-engine.md)."""
    return float(1 / (2 ** len(face["options"]) - 1))
