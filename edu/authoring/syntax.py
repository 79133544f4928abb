"""A module's file as text: its lines, its front matter, its links. Nothing is rendered here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import yaml

from edu.authoring.faults import Fault
from edu.base.i18n import mark

FENCE = re.compile(r"^\s*(`{3,}|~{3,})(.*)$")
#: What a text may not contain: control characters but tab and line ends.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
CONFLICT = re.compile(r"^(<{7}|>{7}|={7}$)")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^\n]*?)(?<!`)\1(?!`)")
LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(\s*<?([^)\s<>]*)")
RAW_HTML = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*|/)?>|!--)")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a front matter, as written: words, or a list of words."""

    value: str | tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """One module file in one language."""

    path: str
    language: str
    fields: dict[str, Field]
    body: str
    #: Line of the file on which the body begins.
    body_line: int

    def words(self, name: str) -> str:
        field = self.fields.get(name)
        return field.value if field and isinstance(field.value, str) else ""

    def line_of(self, name: str) -> int:
        return self.fields[name].line if name in self.fields else 1


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or with `is_picture` a picture, sound or film, as it stands in the text."""

    target: str
    words: str
    is_picture: bool
    line: int


def lines_of(text: str) -> list[str]:
    """Lines as an editor counts them: str.splitlines would also split at characters that are none."""
    return re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))


def in_fence(lines: list[str]) -> tuple[list[bool], int | None]:
    """For each line whether it is code, fences included; and the index of a fence that is never closed."""
    flags, open_at, fence = [], None, ""
    for index, line in enumerate(lines):
        match = FENCE.match(line)
        if open_at is None and match:
            open_at, fence = index, match.group(1)
            flags.append(True)
            continue
        flags.append(open_at is not None)
        if open_at is not None and match and match.group(1).startswith(fence) and not match.group(2).strip():
            open_at = None
    return flags, open_at


def text_faults(path: str, text: str) -> Iterator[Fault]:
    """What is wrong with any file of text, whatever it says."""
    lines = lines_of(text)
    for number, line in enumerate(lines, 1):
        if found := CONTROL.search(line):
            code = f"U+{ord(found.group()):04X}"
            yield Fault(path, number, mark("a control character (%(code)s) that no reader sees"), {"code": code})
        if CONFLICT.match(line) and not line.startswith("="):
            yield Fault(path, number, mark("a conflict that git left behind"))
    unclosed = in_fence(lines)[1]
    if unclosed is not None:
        yield Fault(path, unclosed + 1, mark("code that begins here is never closed"))


def parse_page(path: str, language: str, text: str) -> tuple[Page, list[Fault]]:
    lines = lines_of(text)
    faults = list(text_faults(path, text))
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        faults.append(Fault(path, 1, mark("the file does not begin with a front matter between two lines ---")))
        return Page(path, language, {}, "\n".join(lines), 1), faults
    fields, wrong = front_matter(path, "\n".join(lines[1:end]), first_line=2)
    return Page(path, language, fields, "\n".join(lines[end + 1 :]), end + 2), faults + wrong


def front_matter(path: str, text: str, first_line: int) -> tuple[dict[str, Field], list[Fault]]:
    """The fields of a front matter: `name: words` or `name: [word, word]`."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return {}, [yaml_fault(path, error, first_line)]
    if root is None:
        return {}, []
    if not isinstance(root, yaml.MappingNode):
        return {}, [Fault(path, first_line, mark("the front matter is not made of lines `name: value`"))]
    fields: dict[str, Field] = {}
    faults = []
    for name, node in root.value:
        line = name.start_mark.line + first_line
        value = plain_value(node)
        if value is None:
            faults.append(
                Fault(path, line, mark("%(name)s is neither words nor a list of words"), {"name": name.value})
            )
        elif name.value in fields:
            faults.append(Fault(path, line, mark("%(name)s is said twice"), {"name": name.value}))
        else:
            fields[str(name.value)] = Field(value, line)
    return fields, faults


def plain_value(node: yaml.Node) -> str | tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return tuple(str(item.value).strip() for item in node.value)
    return None


def yaml_fault(path: str, error: yaml.YAMLError, first_line: int) -> Fault:
    """The place and reason that the YAML reader gives; its words are English only."""
    place = getattr(error, "problem_mark", None)
    line = (place.line if place else 0) + first_line
    reason = getattr(error, "problem", None) or str(error)
    message = mark("this is not YAML (%(reason)s); a value with a colon in it needs quotes")
    return Fault(path, line, message, {"reason": reason})


def without_code(text: str) -> str:
    """The text with code blanked out, every line in its place."""
    lines = lines_of(text)
    kept = ["" if code else line for line, code in zip(lines, in_fence(lines)[0], strict=True)]
    return "\n".join(CODE_SPAN.sub(lambda span: " " * len(span.group()), line) for line in kept)


def links(text: str, first_line: int) -> Iterator[Link]:
    """Every plainly written link and picture, with its line. The renderer reports the rest."""
    for number, line in enumerate(without_code(text).split("\n"), first_line):
        for match in LINK.finditer(line):
            yield Link(match.group(3), match.group(2).strip(), match.group(1) == "!", number)


def raw_html(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Where HTML stands in the text, which would show as it is written."""
    for number, line in enumerate(without_code(text).split("\n"), first_line):
        if match := RAW_HTML.search(line):
            yield number, match.group()


def day_in(words: str) -> date | None:
    """The day that is written as 2027-06-30; None when it is written otherwise or does not exist."""
    try:
        return date.fromisoformat(words) if len(words) == 10 else None
    except ValueError:
        return None
