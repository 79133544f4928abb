"""True or false: two options in a fixed order."""

from edu.base.i18n import mark
from edu.quizzes.kinds.block import Block, Fault
from edu.quizzes.kinds.single import face, guess, key, read, right_faults, share

__all__ = ["SHUFFLES", "WORDS", "face", "faults", "guess", "key", "read", "share"]

WORDS = {"zh-CN": ("判断题", "判断", "是非题"), "en": ("True/false", "True or false")}
#: "True" stands above "false" everywhere: shuffling would only slow the reader.
SHUFFLES = False


def faults(block: Block) -> list[Fault]:
    if len(block.options) != 2:
        return [Fault(block.line, mark("a true/false question has two options"))]
    return right_faults(block)
