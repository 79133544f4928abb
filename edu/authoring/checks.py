"""What is wrong with one module among its neighbours. Pure: given parsed sources and a day, it returns faults."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from edu.authoring.faults import Fault, Severity
from edu.authoring.framework import KEY, FrameworkFile
from edu.authoring.quiz_checks import quiz_faults
from edu.authoring.syntax import Page, day_in, lines_of, links, raw_html
from edu.authoring.tree import Parsed
from edu.base.i18n import mark
from edu.base.rendered import NO_ALTERNATIVE, NO_FILE, NO_TARGET

EVERYWHERE = ("title", "summary")
LEADING_ONLY = ("id", "layer", "minutes", "requires", "review_by")
#: Honest reading time of one module, in minutes (docs/content-format.md).
MOST_MINUTES = 60
OUTSIDE = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)
#: What a table of contents and a list of modules can show in one line.
MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a module may refer to and may not repeat."""

    #: Module key → the folders that claim it.
    folders: Mapping[str, tuple[str, ...]]
    #: Module key → the keys it requires.
    requires: Mapping[str, tuple[str, ...]]
    #: Question id → the folders that use it.
    questions: Mapping[str, tuple[str, ...]]


def module_faults(module: Parsed, file: FrameworkFile, near: Neighbours, *, on: date) -> Iterator[Fault]:
    """Every fault of a module's own files and of what they refer to."""
    yield from module.faults
    yield from folder_faults(module, file)
    yield from language_faults(module, file)
    for language, page in module.pages.items():
        yield from field_faults(page, is_leading=language == file.leading)
        yield from body_faults(page)
        yield from link_faults(page.path, page.body, page.body_line, module, near)
    if file.leading in module.pages:
        yield from leading_faults(module.pages[file.leading], file, module, near, on=on)
    yield from quiz_faults(module, file, near.questions, on=on)
    for quiz in module.quizzes.values():
        for block, source in zip(quiz.blocks, quiz.sources, strict=True):
            yield from link_faults(quiz.path, source, block.line, module, near)


def folder_faults(module: Parsed, file: FrameworkFile) -> Iterator[Fault]:
    topic, _slash, name = module.folder.partition("/")
    paths = [page.path for page in module.pages.values()] + [quiz.path for quiz in module.quizzes.values()]
    path = next(iter(paths), module.folder)
    if file.topic_keys and topic not in file.topic_keys:
        near = difflib.get_close_matches(topic, file.topic_keys, 1)
        if near:
            message = mark("there is no topic “%(topic)s”; did you mean “%(near)s”?")
            yield Fault(path, 1, message, {"topic": topic, "near": near[0]})
        else:
            yield Fault(path, 1, mark("there is no topic “%(topic)s” in framework.yaml"), {"topic": topic})
    if not KEY.fullmatch(name):
        yield Fault(path, 1, mark("a folder's name is made of lower-case words joined by hyphens"))


def language_faults(module: Parsed, file: FrameworkFile) -> Iterator[Fault]:
    """The leading language is a must; a missing other one is shown in the leading one meanwhile."""
    for kind, files in (("module", module.pages), ("quiz", module.quizzes)):
        for language in file.languages:
            if language not in files:
                message = mark("this file is missing: the module in %(language)s")
                if kind == "quiz":
                    message = mark("this file is missing: the module's questions in %(language)s")
                severity = Severity.ERROR if language == file.leading else Severity.WARNING
                yield Fault(f"{module.folder}/{kind}.{language}.md", 1, message, {"language": language}, severity)
        for language in files:
            if language not in file.languages:
                path = f"{module.folder}/{kind}.{language}.md"
                yield Fault(
                    path, 1, mark("framework.yaml does not list the language %(language)s"), {"language": language}
                )


def field_faults(page: Page, *, is_leading: bool) -> Iterator[Fault]:
    allowed = EVERYWHERE + (LEADING_ONLY if is_leading else ())
    for name, field in page.fields.items():
        if name in allowed:
            continue
        values: dict[str, object] = {"name": name}
        if name in LEADING_ONLY:
            message = mark("%(name)s belongs in the leading language's file only")
        elif near := difflib.get_close_matches(name, allowed, 1):
            message = mark("there is no field %(name)s; did you mean %(near)s?")
            values["near"] = near[0]
        else:
            message = mark("there is no field %(name)s")
        yield Fault(page.path, field.line, message, values)
    if not page.fields:
        return  # the front matter itself is at fault, and was told
    for name in allowed:
        if name != "requires" and not page.words(name):
            yield Fault(page.path, page.line_of(name), mark("%(name)s is missing"), {"name": name})
    if len(page.words("title")) > MOST_TITLE:
        message = mark("a title of more than %(most)s characters")
        yield Fault(page.path, page.line_of("title"), message, {"most": MOST_TITLE})


def body_faults(page: Page) -> Iterator[Fault]:
    lines = lines_of(page.body)
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        yield Fault(page.path, page.body_line, mark("the module has no text"))
    elif page.fields and not re.match(r"#{1,2}(?!#)\s*\S", lines[first]):
        yield Fault(page.path, page.body_line + first, mark("the text begins with a section: ## and its title"))
    for line, tag in raw_html(page.body, page.body_line):
        message = mark("HTML is shown as it is written: %(tag)s")
        yield Fault(page.path, line, message, {"tag": tag}, Severity.WARNING)


def link_faults(path: str, text: str, first_line: int, module: Parsed, near: Neighbours) -> Iterator[Fault]:
    for link in links(text, first_line):
        values: dict[str, object] = {"target": link.target}
        if link.is_picture:
            if not link.words:
                yield Fault(path, link.line, NO_ALTERNATIVE, values)
            if link.target not in module.media:
                yield Fault(path, link.line, NO_FILE, values)
        elif link.target.startswith("module:"):
            key = link.target.removeprefix("module:").partition("#")[0]
            if key not in near.folders:
                yield Fault(path, link.line, mark("broken link: there is no module %(key)s"), {"key": key})
        elif not (OUTSIDE.match(link.target) or link.target.startswith("#") or link.target in module.media):
            yield Fault(path, link.line, NO_TARGET, values)


def leading_faults(page: Page, file: FrameworkFile, module: Parsed, near: Neighbours, *, on: date) -> Iterator[Fault]:
    """What only the leading file says: the permanent id, layer, minutes, prerequisites, review date."""
    key = page.words("id")
    others = [folder for folder in near.folders.get(key, ()) if folder != module.folder]
    if key and not KEY.fullmatch(key):
        yield Fault(page.path, page.line_of("id"), mark("an id is made of lower-case letters, digits and hyphens"))
    if key and others:
        message = mark("the id %(id)s is also that of %(other)s")
        yield Fault(page.path, page.line_of("id"), message, {"id": key, "other": others[0]})
    if file.layer_numbers and page.words("layer") and number_in(page, "layer") not in file.layer_numbers:
        message = mark("layer is one of %(layers)s")
        layers = ", ".join(str(number) for number in file.layer_numbers)
        yield Fault(page.path, page.line_of("layer"), message, {"layers": layers})
    if page.words("minutes") and number_in(page, "minutes") not in range(1, MOST_MINUTES + 1):
        message = mark("minutes is a whole number from 1 to %(most)s")
        yield Fault(page.path, page.line_of("minutes"), message, {"most": MOST_MINUTES})
    yield from prerequisite_faults(page, key, near)
    review_by = page.words("review_by")
    if review_by:
        yield from day_faults(page.path, page.line_of("review_by"), review_by, on=on)


def number_in(page: Page, name: str) -> int:
    """A field's whole number; -1 when it is none."""
    words = page.words(name)
    return int(words) if words.isascii() and words.isdecimal() else -1


def day_faults(path: str, line: int, words: str, *, on: date) -> Iterator[Fault]:
    day = day_in(words)
    if day is None:
        yield Fault(path, line, mark("“%(word)s” is not a day: write 2027-06-30"), {"word": words})
    elif day < on:
        message = mark("to be reviewed by %(day)s, which is past")
        yield Fault(path, line, message, {"day": words}, Severity.WARNING)


def required_keys(page: Page) -> tuple[str, ...]:
    field = page.fields.get("requires")
    if field is None or field.value == "":
        return ()
    return field.value if isinstance(field.value, tuple) else (field.value,)


def prerequisite_faults(page: Page, key: str, near: Neighbours) -> Iterator[Fault]:
    field = page.fields.get("requires")
    line = page.line_of("requires")
    if field and isinstance(field.value, str):
        yield Fault(page.path, line, mark("requires is a list: [one, another], or [] for none"))
    for wanted in required_keys(page):
        if wanted not in near.folders:
            yield Fault(page.path, line, mark("requires %(key)s, which is no module"), {"key": wanted})
    ring = cycle(key, near.requires)
    if ring and key == min(ring):  # told once, where it is first in the alphabet
        message = mark("modules require each other in a ring: %(ring)s")
        yield Fault(page.path, line, message, {"ring": " → ".join([*ring, key])})


def cycle(start: str, requires: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A way from `start` along requirements back to it, without the last step; empty when there is none."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for there in requires.get(here, ()):
            if there == start:
                way = [here]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return []
