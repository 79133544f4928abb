"""Fill-in: typed words, compared with the spellings the author declared and never by similarity.

「预备党员没有表决权」 and 「预备党员有表决权」 are nearly the same string and mean the opposite.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from edu.base.i18n import mark
from edu.quizzes.kinds.block import Block, Fault

WORDS = {"zh-CN": ("填空题", "填空"), "en": ("Fill-in", "Fill in", "Fill in the blank")}
SHUFFLES = False

BLANK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
#: A stem with more blanks is a cloze text, not a question.
MOST_BLANKS = 4
#: A typed answer longer than this is not a fill-in answer.
MOST_LETTERS = 200


def spellings(blank: str) -> list[str]:
    """The right spellings of one [[one|another]] blank."""
    return [part.strip() for part in blank.split("|") if part.strip()]


def fold(text: str) -> str:
    """What two spellings must share: NFKC, case and spaces folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def faults(block: Block) -> list[Fault]:
    blanks = BLANK.findall(block.stem)
    found = []
    if not 1 <= len(blanks) <= MOST_BLANKS:
        message = mark("this question has %(n)s blanks; it needs 1 to %(most)s, each written [[answer]]")
        found.append(Fault(block.line, message, {"n": len(blanks), "most": MOST_BLANKS}))
    if any(not spellings(blank) for blank in blanks):
        found.append(Fault(block.line, mark("a blank [[…]] has no answer in it")))
    if block.options:
        found.append(Fault(block.options[0].line, mark("a fill-in question has no options")))
    return found


def face(block: Block, html: Callable[[str], str]) -> dict[str, Any]:
    """Blanks become numbered gaps in the stem; the fields stand below it."""
    count = len(BLANK.findall(block.stem))
    numbers = iter(range(1, count + 1))
    gap = "＿＿＿＿"
    stem = BLANK.sub(lambda _match: f"{gap}({next(numbers)})" if count > 1 else gap, block.stem)
    return {"stem": html(stem), "blanks": count}


def key(block: Block) -> dict[str, Any]:
    return {"blanks": [spellings(blank) for blank in BLANK.findall(block.stem)]}


def read(values: Sequence[str], face: dict[str, Any]) -> dict[str, Any] | None:
    typed = [value[:MOST_LETTERS] for value in values][: face["blanks"]]
    if not any(value.strip() for value in typed):
        return None
    return {"typed": typed + [""] * (face["blanks"] - len(typed))}


def share(key: dict[str, Any], answer: dict[str, Any]) -> float:
    """1 when every blank is right, else 0."""
    pairs = zip(key["blanks"], answer["typed"], strict=True)
    return float(all(fold(typed) in {fold(right) for right in rights} for rights, typed in pairs))


def guess(face: dict[str, Any]) -> float:
    """Typed answers are hardly ever guessed (docs/gap-engine.md)."""
    return 0.02
