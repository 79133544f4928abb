"""Number: right within a tolerance."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from edu.base.errors import Invalid
from edu.base.i18n import mark
from edu.quizzes.kinds.block import Block, Fault
from edu.quizzes.kinds.fillin import MOST_LETTERS

WORDS = {"zh-CN": ("数值题", "数值", "计算题"), "en": ("Number", "Numerical")}
SHUFFLES = False

GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
FIGURE = rf"(?:{GROUPED.pattern}|[-+]?\d+(?:[.,]\d+)?)"
ANSWER = re.compile(rf"^({FIGURE})(?:\s*(±|\+/-|~|～|–|—)\s*({FIGURE}))?\s*(.*)$")
#: Far below any tolerance an author writes, far above the rounding of a sum of two decimals.
ROUNDING = 1e-9


def figure(text: str) -> float:
    """12, 3.5, 3,5 or 44,000: a comma before three digits groups them unless a zero leads."""
    if GROUPED.fullmatch(text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def span(answer: str) -> tuple[float, float, str] | None:
    """(least, most, unit) of "110 ± 10 次/分", "100～120 次/分" or "5"; None when it is none of them."""
    match = ANSWER.match(unicodedata.normalize("NFC", answer).replace("＋", "+").replace("－", "-").strip())
    if not match:
        return None
    first, sign, second, unit = match.groups()
    if second is None:
        return figure(first), figure(first), unit
    if sign in ("±", "+/-"):
        return figure(first) - figure(second), figure(first) + figure(second), unit
    return figure(first), figure(second), unit


def faults(block: Block) -> list[Fault]:
    found = []
    if block.options:
        found.append(Fault(block.options[0].line, mark("a number question has no options")))
    bounds = span(block.answer)
    if bounds is None:
        found.append(
            Fault(block.line, mark("the answer is not a number: write 110 ± 10 unit, 100～120 unit or 5 unit"))
        )
    elif bounds[0] > bounds[1]:
        found.append(Fault(block.line, mark("the answer's range runs backwards")))
    return found


def face(block: Block, html: Callable[[str], str]) -> dict[str, Any]:
    bounds = span(block.answer)
    return {"stem": html(block.stem), "unit": bounds[2] if bounds else ""}


def key(block: Block) -> dict[str, Any]:
    bounds = span(block.answer)
    return {"least": bounds[0], "most": bounds[1]} if bounds else {}


def read(values: Sequence[str], face: dict[str, Any]) -> dict[str, Any] | None:
    """The number as typed; comma or point as decimal mark, full width folded. Raises Invalid."""
    typed = values[0][:MOST_LETTERS].strip() if values else ""
    if not typed:
        return None
    plain = unicodedata.normalize("NFKC", typed).replace("−", "-").replace(" ", "")
    # 200 letters can fold to more digits than a float holds; "infinite" is no answer, and no JSON either.
    if not re.fullmatch(FIGURE, plain) or not isfinite(figure(plain)):
        raise Invalid(mark("Please enter a number, for example 12 or 3.5."))
    return {"typed": typed, "value": figure(plain)}


def share(key: dict[str, Any], answer: dict[str, Any]) -> float:
    return float(key["least"] - ROUNDING <= answer["value"] <= key["most"] + ROUNDING)


def guess(face: dict[str, Any]) -> float:
    return 0.02
