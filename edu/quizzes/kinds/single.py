"""Single choice: one option is right."""

from collections.abc import Callable, Sequence
from typing import Any

from edu.base.errors import Invalid
from edu.base.i18n import mark
from edu.quizzes.kinds.block import Block, Fault, named

WORDS = {"zh-CN": ("单选题", "单选", "单项选择题"), "en": ("Single choice",)}
SHUFFLES = True


def faults(block: Block) -> list[Fault]:
    return [*count_faults(block, least=3, most=6), *right_faults(block)]


def count_faults(block: Block, *, least: int, most: int) -> list[Fault]:
    if least <= len(block.options) <= most:
        return []
    message = mark("this question has %(n)s options; it needs %(least)s to %(most)s")
    return [Fault(block.line, message, {"n": len(block.options), "least": least, "most": most})]


def right_faults(block: Block) -> list[Fault]:
    """Exactly one option is right."""
    right = [option for option in block.options if option.is_right]
    if not right:
        return [Fault(block.line, mark("no option is marked as right"))]
    return [
        Fault(option.line, mark("a second option is marked as right; this kind has one right option"))
        for option in right[1:]
    ]


def face(block: Block, html: Callable[[str], str]) -> dict[str, Any]:
    options = {name: html(option.text) for name, option in named(block.options).items()}
    return {"stem": html(block.stem), "options": options}


def key(block: Block) -> dict[str, Any]:
    return {"right": [name for name, option in named(block.options).items() if option.is_right]}


def read(values: Sequence[str], face: dict[str, Any]) -> dict[str, Any] | None:
    if not values:
        return None
    if len(values) != 1 or values[0] not in face["options"]:
        raise Invalid(mark("Choose one of the options shown."))
    return {"chosen": list(values)}


def share(key: dict[str, Any], answer: dict[str, Any]) -> float:
    return float(set(answer["chosen"]) == set(key["right"]))


def guess(face: dict[str, Any]) -> float:
    """One in as many as there are options."""
    return 1 / len(face["options"])
