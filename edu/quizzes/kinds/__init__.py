"""Question kinds: one file each. To add one, write the file, a template of the same name, and a line here.

A kind is a module with

    WORDS     what it is called, by language, the first of each list being the canonical word
    SHUFFLES  whether options are shown in an order of their own in every attempt
    faults(block)         what is wrong with the body, as Fault values
    face(block, html)     what the member may see: {"stem": html, …}; `html` renders one piece of Markdown
    key(block)            what only the server knows before submission
    read(values, face)    the posted strings as an answer; None when nothing was answered; raises Invalid
    share(key, answer)    points reached, 0–1
    guess(face)           chance to be right without knowing, 0–1, until calibration knows better

Faces, keys and answers are plain dicts of JSON values. Options are named a, b, c … in the order of the file.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from edu.quizzes.kinds import fillin, multiple, number, single, truefalse
from edu.quizzes.kinds.block import Block, Fault

Json = dict[str, Any]


class Kind(Protocol):
    WORDS: dict[str, tuple[str, ...]]
    SHUFFLES: bool

    def faults(self, block: Block) -> list[Fault]: ...
    def face(self, block: Block, html: Callable[[str], str]) -> Json: ...
    def key(self, block: Block) -> Json: ...
    def read(self, values: Sequence[str], face: Json) -> Json | None: ...
    def share(self, key: Json, answer: Json) -> float: ...
    def guess(self, face: Json) -> float: ...


KINDS: dict[str, Kind] = {
    "single": single,
    "multiple": multiple,
    "truefalse": truefalse,
    "fillin": fillin,
    "number": number,
}


def kind_called(word: str) -> str | None:
    """The kind that a heading names, in any language; None for an unknown word."""
    wanted = word.strip().casefold()
    for name, kind in KINDS.items():
        if any(wanted == known.casefold() for words in kind.WORDS.values() for known in words):
            return name
    return None
