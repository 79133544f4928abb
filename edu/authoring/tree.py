"""Modules as sources: what stands in a content folder, and the same thing parsed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edu.authoring.faults import Fault, Severity
from edu.authoring.framework import NAME as FRAMEWORK
from edu.authoring.media import TYPES, MediaFile, is_media, read_media
from edu.authoring.quiz_syntax import Quiz, parse_quiz
from edu.authoring.syntax import Page, parse_page
from edu.base.i18n import mark

TEXT_NAME = re.compile(r"(module|quiz)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\.md")
#: For people who open the folder; not content.
IGNORED = frozenset({"README.md", "README.zh-CN.md", "LICENSE"})


@dataclass(frozen=True, slots=True)
class Source:
    """One module as it was written."""

    #: Below the content folder: "data/roster-and-group".
    folder: str
    #: "module.zh-CN.md" → its text, to the letter.
    texts: Mapping[str, str]
    media: Mapping[str, MediaFile]


@dataclass(frozen=True, slots=True)
class Tree:
    """A content folder, read and not yet understood."""

    framework_text: str | None
    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One module, understood as far as each file allows; `faults` say where it is not."""

    folder: str
    #: By language.
    pages: Mapping[str, Page]
    quizzes: Mapping[str, Quiz]
    media: Mapping[str, MediaFile]
    faults: list[Fault] = field(default_factory=list)


def parse(source: Source) -> Parsed:
    pages, quizzes, faults = {}, {}, []
    for name, text in source.texts.items():
        match = TEXT_NAME.fullmatch(name)
        if match is None:
            continue
        kind, language = match.groups()
        if kind == "module":
            pages[language], found = parse_page(f"{source.folder}/{name}", language, text)
        else:
            quizzes[language], found = parse_quiz(f"{source.folder}/{name}", language, text)
        faults += found
    return Parsed(source.folder, pages, quizzes, source.media, faults)


def read_tree(folder: Path) -> Tree:
    """Everything below a content folder. What cannot be read is a fault, never an exception."""
    faults: list[Fault] = []
    path = folder / FRAMEWORK
    framework = read_text(path, FRAMEWORK, faults) if path.is_file() else None
    if framework is None and not faults:
        faults.append(
            Fault(FRAMEWORK, 1, mark("this file is missing: it declares topics, layers, roles and languages"))
        )
    sources = []
    for topic in visible(folder):
        if topic.is_dir():
            sources += [
                read_source(module, topic, faults) for module in visible(topic) if is_folder(module, topic, faults)
            ]
    return Tree(framework, tuple(sources), tuple(faults))


def visible(folder: Path) -> Iterator[Path]:
    """What is in a folder, in order, without hidden files."""
    return iter(sorted(path for path in folder.iterdir() if not path.name.startswith(".")))


def is_folder(path: Path, topic: Path, faults: list[Fault]) -> bool:
    if path.is_dir():
        return True
    if path.name not in IGNORED:
        message = mark("a topic's folder holds the folders of its modules, not files")
        faults.append(Fault(f"{topic.name}/{path.name}", 1, message, severity=Severity.WARNING))
    return False


def read_source(module: Path, topic: Path, faults: list[Fault]) -> Source:
    folder = f"{topic.name}/{module.name}"
    texts, media = {}, {}
    for path in visible(module):
        where = f"{folder}/{path.name}"
        if path.is_file() and TEXT_NAME.fullmatch(path.name):
            texts[path.name] = read_text(path, where, faults)
        elif path.is_file() and is_media(path.name):
            media[path.name], found = read_media(path.name, path.read_bytes())
            faults += [Fault(where, fault.line, fault.message, fault.values) for fault in found]
        elif path.name not in IGNORED:
            message = mark(
                "this is no part of a module: neither module.<language>.md nor quiz.<language>.md nor %(endings)s"
            )
            endings = " ".join(sorted(TYPES))
            faults.append(Fault(where, 1, message, {"endings": endings}, Severity.WARNING))
    return Source(folder, texts, media)


def read_text(path: Path, where: str, faults: list[Fault]) -> str:
    """The text to the letter, line ends and byte order mark included, so that export can write it back."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(Fault(where, line, mark("this line is not UTF-8 text")))
        return content.decode("utf-8", "replace")
