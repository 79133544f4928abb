"""A quiz file as text → question blocks. Kinds and marks are stated by the author; nothing is inferred.

Full-width brackets, colons and bars are read as their narrow twins, and √ as x.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from edu.authoring.faults import Fault
from edu.authoring.syntax import in_fence, lines_of, text_faults
from edu.base.i18n import mark
from edu.quizzes.kinds import KINDS, kind_called
from edu.quizzes.kinds.block import Block, Option, Source

HEADING = re.compile(r"^##(?!#)\s*(.*?)\s*$")
FIRST_LEVEL = re.compile(r"^#(?!#)\s")
ID = re.compile(r"\s*\{#([^}]*)\}\s*$")
GOOD_ID = re.compile(r"q-[a-z0-9]{6}")
#: `- [x] words`; `- [a](b)` is a link in a list, not an option.
OPTION = re.compile(r"^\s{0,3}[-*+]\s*(?:\[(.?)\](?!\()|［(.?)］|【(.?)】)\s*(.*)$")
RIGHT = frozenset("xXｘＸ√✓✔☑")
WRONG = frozenset({"", " ", "\u3000", "\xa0"})
QUOTE = re.compile(r"^\s*[>＞]\s?(.*)$")
LABEL = re.compile(
    r"^\*\*\s*(解析|依据|来源|答案|Explanation|Source|Answer)\s*[:：]?\s*\*\*\s*[:：]?\s*(.*)$", re.IGNORECASE
)
LABELS = {
    "解析": "explanation",
    "explanation": "explanation",
    "依据": "source",
    "来源": "source",
    "source": "source",
    "答案": "answer",
    "answer": "answer",
}
DASHES = frozenset({"", "-", "–", "—", "——", "－", "―"})


@dataclass(frozen=True, slots=True)
class Quiz:
    """One quiz file in one language."""

    path: str
    language: str
    blocks: tuple[Block, ...]
    #: The source of each block, by which a fault found later finds its line.
    sources: tuple[str, ...]


@dataclass(slots=True)
class OptionDraft:
    """An option while its lines are being read."""

    text: list[str]
    is_right: bool
    line: int
    feedback: list[str] = field(default_factory=list)

    def option(self) -> Option:
        return Option(joined(self.text), self.is_right, joined(self.feedback), self.line)


@dataclass(slots=True)
class Draft:
    """A question while its lines are being read."""

    kind: str
    title: str
    id: str
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[OptionDraft] = field(default_factory=list)
    answer: str = ""
    explanation: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    #: Which part the next plain line belongs to.
    part: str = "stem"


class Reader:
    """One walk over one quiz file."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.faults: list[Fault] = list(text_faults(path, text))
        self.drafts: list[Draft] = []
        self.lines = lines_of(text)
        self.draft: Draft | None = None
        fenced = in_fence(self.lines)[0]
        for number, (line, is_code) in enumerate(zip(self.lines, fenced, strict=True), 1):
            self.line(number, line, is_code)

    def fault(self, line: int, message: str, **values: object) -> None:
        self.faults.append(Fault(self.path, line, message, values))

    def line(self, number: int, line: str, is_code: bool) -> None:
        heading = None if is_code else HEADING.match(line)
        if heading:
            self.start(number, heading.group(1))
        elif self.draft is None:
            if line.strip():
                self.fault(number, mark("text before the first question: a quiz file has questions only"))
                self.draft = Draft("", "", "", number, part="lost")
        elif is_code:
            self.plain(self.draft, number, line)
        elif FIRST_LEVEL.match(line):
            self.fault(number, mark("a first-level heading: every question is a second-level heading, ##"))
        else:
            self.inside(self.draft, number, line)

    def start(self, number: int, heading: str) -> None:
        identity = ID.search(heading)
        words = heading[: identity.start()] if identity else heading
        kind_word, *rest = re.split("[:：]", words, maxsplit=1)
        title = rest[0] if rest else ""
        kind = kind_called(kind_word)
        if kind is None or not rest:
            message = mark(
                "“%(word)s” is no kind of question; a heading is `## kind: title`, the kind one of %(kinds)s"
            )
            self.fault(number, message, word=kind_word.strip(), kinds=kind_words())
        elif not title.strip():
            self.fault(number, mark("the question has no title after its kind"))
        if identity and not GOOD_ID.fullmatch(identity.group(1)):
            message = mark("“%(id)s” is no id: delete it and let `flask content format` insert one")
            self.fault(number, message, id=identity.group(1))
        self.draft = Draft(kind or "", title.strip(), identity.group(1) if identity else "", number)
        self.drafts.append(self.draft)

    def inside(self, draft: Draft, number: int, line: str) -> None:
        option, label, quote = OPTION.match(line), LABEL.match(line), QUOTE.match(line)
        if label:
            self.labelled(draft, number, LABELS[label.group(1).casefold()], label.group(2).strip())
        elif option and draft.part in ("stem", "options"):
            self.option(draft, number, option)
        elif quote and draft.part == "options":
            draft.options[-1].feedback.append(quote.group(1))
        else:
            self.plain(draft, number, line)

    def option(self, draft: Draft, number: int, match: re.Match[str]) -> None:
        sign = next(group for group in match.groups()[:3] if group is not None)
        if sign not in RIGHT and sign not in WRONG:
            self.fault(number, mark("“[%(sign)s]” is neither [x] for right nor [ ] for wrong"), sign=sign)
        if not match.group(4).strip():
            self.fault(number, mark("an option without words"))
        draft.part = "options"
        draft.options.append(OptionDraft([match.group(4)], sign in RIGHT, number))

    def labelled(self, draft: Draft, number: int, label: str, words: str) -> None:
        if label == "source":
            draft.part = "source"
            self.source(draft, number, words)
        elif label == "answer":
            if draft.answer:
                self.fault(number, mark("a second answer"))
            draft.part, draft.answer = "answer", words
        elif draft.explanation:
            self.fault(number, mark("a second explanation"))
        else:
            draft.part, draft.explanation = "explanation", [words]

    def source(self, draft: Draft, number: int, words: str) -> None:
        parts = [part.strip() for part in words.replace("｜", "|").split("|")]
        parts = ["" if part in DASHES else part for part in parts]
        if len(parts) != 4:
            message = mark("a source has four parts, document | article | in force since | review by, with — for none")
            self.fault(number, message)
            parts = (parts + [""] * 4)[:4]
        document, article, in_force_on, review_by = parts
        draft.sources.append(Source(document, article, in_force_on, review_by, number))

    def plain(self, draft: Draft, number: int, line: str) -> None:
        """A line that carries on the part before it."""
        if draft.part == "stem":
            draft.stem.append(line)
        elif draft.part == "explanation":
            draft.explanation.append(line)
        elif line.strip() and draft.part == "options":
            option = draft.options[-1]
            if line[:1] not in (" ", "\t", "\u3000"):
                message = mark(
                    "text below the options belongs to no option: indent it, or begin it with **Explanation**"
                )
                self.fault(number, message)
            else:
                (option.feedback or option.text).append(line.strip())
        elif line.strip() and draft.part in ("source", "answer"):
            self.fault(number, mark("text after the source or the answer belongs to no part of the question"))


def kind_words() -> str:
    return ", ".join(words[0] for kind in KINDS.values() for words in kind.WORDS.values())


def block_of(draft: Draft) -> Block:
    return Block(
        kind=draft.kind,
        title=draft.title,
        id=draft.id,
        stem=joined(draft.stem),
        options=tuple(option.option() for option in draft.options),
        answer=draft.answer,
        explanation=joined(draft.explanation),
        sources=tuple(draft.sources),
        line=draft.line,
    )


def joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def parse_quiz(path: str, language: str, text: str) -> tuple[Quiz, list[Fault]]:
    reader = Reader(path, text)
    edges = [*(draft.line - 1 for draft in reader.drafts), len(reader.lines)]
    sources = tuple("\n".join(reader.lines[start:end]) for start, end in pairwise(edges))
    blocks = tuple(block_of(draft) for draft in reader.drafts)
    faults = reader.faults if blocks else [*reader.faults, Fault(path, 1, mark("a quiz file without a question"))]
    return Quiz(path, language, blocks, sources), faults
