"""Publish from the browser: one file of one module, checked with the whole module.

`prepare_publication` reads, checks and renders; `publish` writes, in the caller's transaction.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from edu.authoring import queries
from edu.authoring.actions.revisions import keep_texts, publish_bank, publish_page
from edu.authoring.checks import Neighbours, module_faults, required_keys
from edu.authoring.drafts import Drawn, ModuleDraft, draft_module, render_module
from edu.authoring.faults import Fault, Severity, in_order
from edu.authoring.formatting import insert_ids, with_question_ids
from edu.authoring.framework import FrameworkFile
from edu.authoring.queries import Stored
from edu.authoring.quiz_checks import language_parity
from edu.authoring.quiz_syntax import parse_quiz
from edu.authoring.tree import TEXT_NAME, Parsed, Source, parse
from edu.base import audit
from edu.base.errors import Conflict, Invalid, NotFound
from edu.base.i18n import mark
from edu.base.rendering import Renderer, renderer
from edu.courses import actions as courses


@dataclass(frozen=True, slots=True)
class Publication:
    """An edited file with its module, looked at as a whole."""

    module: Stored
    name: str
    #: The text as it will be kept: line ends as \\n, ids inserted.
    text: str
    parsed: Parsed
    drawn: Drawn
    faults: list[Fault]
    #: None when a fault is an error.
    draft: ModuleDraft | None

    @property
    def path(self) -> str:
        return f"{self.module.folder}/{self.name}"


def prepare_publication(
    key: str, name: str, text: str, *, media_folder: Path, on: date, render: Renderer = renderer
) -> Publication:
    """Check and render a module with one of its files replaced. Raises NotFound for a module or file that cannot be."""
    module, file = queries.stored_module(key), queries.framework()
    match = TEXT_NAME.fullmatch(name)
    if match is None or match.group(2) not in file.languages:
        raise NotFound(mark("There is no such file."))
    near = queries.neighbours()
    source = queries.source_of(module, media_folder)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if match.group(1) == "quiz":
        text = with_ids(text, match.group(2), file.leading, source, near)
    parsed = parse(replace(source, texts={**source.texts, name: text}))
    faults = list(module_faults(parsed, file, own_requirements(near, parsed, file, key), on=on))
    # One file is edited at a time, so languages may differ for a while: a question that differs is shown in the
    # leading one meanwhile.
    faults += [replace(fault, severity=Severity.WARNING) for fault in language_parity(parsed, file.leading)]
    faults += id_faults(parsed, file, key)
    drawn, found = render_module(parsed, render)
    faults = in_order(faults + found)
    is_broken = any(fault.is_error for fault in faults)
    draft = None if is_broken else draft_module(parsed, drawn, file.leading)
    return Publication(module, name, text, parsed, drawn, faults, draft)


def with_ids(text: str, language: str, leading: str, source: Source, near: Neighbours) -> str:
    """The quiz with an id for every new question: a fresh one in the leading language, else that of its position."""
    if language == leading:
        done, _faults = with_question_ids({leading: text}, leading, set(near.questions), random.SystemRandom(), path="")
        return done[leading]
    ids = [block.id for block in parse_quiz("", leading, source.texts.get(f"quiz.{leading}.md", ""))[0].blocks]
    blocks = parse_quiz("", language, text)[0].blocks
    return insert_ids(text, ids) if len(ids) == len(blocks) else text


def own_requirements(near: Neighbours, parsed: Parsed, file: FrameworkFile, key: str) -> Neighbours:
    """The neighbours, with what the edited page itself requires."""
    page = parsed.pages.get(file.leading)
    return replace(near, requires={**near.requires, key: required_keys(page) if page else ()})


def id_faults(parsed: Parsed, file: FrameworkFile, key: str) -> list[Fault]:
    page = parsed.pages.get(file.leading)
    if page is None or page.words("id") == key:
        return []
    return [Fault(page.path, page.line_of("id"), mark("a module's id is permanent; it was %(id)s"), {"id": key})]


def publish(publication: Publication, *, base: int, by: int | None, at: datetime) -> int:
    """Make the edited text current and publish what it changed. Returns the number of its revision.

    base    number of the revision that was being edited, 0 for a file that did not exist.
    Raises Invalid when it is broken, Conflict when someone has published the file since.
    """
    if publication.draft is None:
        raise Invalid(mark("The text has faults; nothing was published."))
    module = queries.stored_module(publication.module.key)
    here = module.texts.get(publication.name)
    number = here.number if here else 0
    if number != base or _others(module, publication.name) != _others(publication.module, publication.name):
        raise Conflict(mark("Someone published this file while you were writing."))
    if here and here.text == publication.text:
        return number
    draft = publication.draft
    ids = queries.module_ids()
    courses.name_module(draft.key, draft.folder, draft.topic_key, draft.layer)
    if publication.name.startswith("module."):
        publish_page(module.module_id, draft, ids, by=by, at=at)
    publish_bank(module.module_id, module.topic_id, draft, at=at)
    texts = {name: text.text for name, text in module.texts.items()} | {publication.name: publication.text}
    keep_texts(module.module_id, texts, origin="browser", by=by, at=at)
    audit.record("module.written", by=by, about=f"module:{module.module_id}", at=at, file=publication.name)
    return queries.last_number(module.module_id, publication.name)


def _others(module: Stored, name: str) -> Mapping[str, int]:
    """Revisions of the module's other files."""
    return {other: text.revision_id for other, text in module.texts.items() if other != name}
