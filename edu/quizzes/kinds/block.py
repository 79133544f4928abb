"""A question as it stands in a file, in one language, before anything is rendered."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where; `message` is English, marked for translation, filled with `values`."""

    line: int
    message: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    text: str
    is_right: bool
    #: Markdown shown afterwards to whoever chose it; empty when there is none.
    feedback: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    document: str
    #: Empty when the author wrote a dash.
    article: str
    in_force_on: str
    review_by: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    #: A name in KINDS.
    kind: str
    title: str
    #: "q-8k3m2p", or empty when the formatter has not been there yet.
    id: str
    stem: str
    options: tuple[Option, ...]
    #: What follows **答案** on its line; empty when there is none.
    answer: str
    explanation: str
    sources: tuple[Source, ...]
    #: Line of the heading, counted from 1.
    line: int


#: Names of options, in the order of the file.
LETTERS = "abcdefgh"


def named(options: tuple[Option, ...]) -> dict[str, Option]:
    return dict(zip(LETTERS, options, strict=False))
