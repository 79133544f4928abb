"""Load: files → database. In two steps, so that the database is not locked while pages are rendered.

`prepare_load` reads, checks and renders, and writes nothing. `load` writes what was prepared, in the caller's
transaction.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from edu.authoring import queries
from edu.authoring.actions.revisions import Said, keep_texts, publish_bank, publish_page, settle
from edu.authoring.coverage import tree_faults, understand
from edu.authoring.drafts import ModuleDraft, draft_module, render_module
from edu.authoring.faults import Fault, in_order
from edu.authoring.framework import NAME as FRAMEWORK
from edu.authoring.framework import FrameworkFile
from edu.authoring.queries import Stored
from edu.authoring.tree import Parsed, Source, Tree, read_tree
from edu.base import audit
from edu.base.errors import Conflict, Invalid
from edu.base.i18n import mark
from edu.base.rendering import Renderer, renderer
from edu.courses import actions as courses
from edu.courses import queries as course_queries
from edu.gaps import actions as gaps
from edu.people import actions as people
from edu.quizzes import actions as quizzes
from edu.records import actions as records

#: Told about every module that is rendered: how many are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Update:
    """One module that differs from what is stored."""

    draft: ModuleDraft
    source: Source
    has_new_page: bool
    has_new_quiz: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a load will do; or, with errors among the faults, why it will do nothing."""

    faults: list[Fault] = field(default_factory=list)
    framework: FrameworkFile | None = None
    framework_text: str = ""
    updates: list[Update] = field(default_factory=list)
    vanished: list[Stored] = field(default_factory=list)
    #: Revisions made in the browser that the files now agree with.
    settled: list[int] = field(default_factory=list)
    kept: list[Said] = field(default_factory=list)
    refused: list[Said] = field(default_factory=list)
    #: What was stored when this was prepared: (module, file) → revision.
    seen: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def is_broken(self) -> bool:
        return any(fault.is_error for fault in self.faults)

    @property
    def is_empty(self) -> bool:
        return not (self.framework or self.updates or self.vanished or self.settled)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one module in the files differs from the stored one."""

    module: Parsed
    source: Source
    stored: Stored | None
    has_new_page: bool
    has_new_quiz: bool


def prepare_load(
    folder: Path, *, replace: bool, on: date, render: Renderer = renderer, progress: Progress | None = None
) -> Prepared:
    """Find out what differs, check the whole tree if anything does, and render what differs."""
    tree = read_tree(folder)
    file, modules, faults = understand(tree)
    stored = queries.stored()
    known_framework = queries.framework_text()
    has_new_framework = known_framework is None or known_framework.text != tree.framework_text
    differences = list(_differences(tree, modules, stored, file.leading))
    present = {_key(module, file.leading) for module in modules}
    vanished = [one for key, one in stored.items() if key not in present and not one.is_retired]
    settled = [
        text.revision_id
        for module, source in zip(modules, tree.sources, strict=True)
        if (one := stored.get(_key(module, file.leading)))
        for name, text in one.texts.items()
        if text.origin == "browser" and source.texts.get(name) == text.text
    ]
    if not (differences or vanished or has_new_framework):
        return Prepared(settled=settled)

    faults += tree_faults(file, modules, on=on)
    kept, refused, differences, vanished = _ways_out(differences, vanished, replace=replace)
    broken = {fault.path.rpartition("/")[0] for fault in faults if fault.is_error}
    updates = []
    for done, difference in enumerate(differences):
        drawn, found = render_module(difference.module, render)
        faults += found
        if not any(fault.is_error for fault in found) and difference.module.folder not in broken:
            draft = draft_module(difference.module, drawn, file.leading)
            updates.append(Update(draft, difference.source, difference.has_new_page, difference.has_new_quiz))
        if progress:
            progress(done + 1, len(differences))
    return Prepared(
        faults=in_order(faults),
        framework=file if has_new_framework else None,
        framework_text=tree.framework_text or "",
        updates=updates,
        vanished=vanished,
        settled=settled,
        kept=kept,
        refused=refused,
        seen=_seen(stored),
    )


def _key(module: Parsed, leading: str) -> str:
    page = module.pages.get(leading)
    return page.words("id") if page else ""


def _seen(stored: Mapping[str, Stored]) -> dict[tuple[str, str], int]:
    return {(key, name): text.revision_id for key, one in stored.items() for name, text in one.texts.items()}


def _differences(tree: Tree, modules: list[Parsed], stored: Mapping[str, Stored], leading: str) -> Iterator[Difference]:
    """Modules whose files are not to the letter what is stored."""
    for module, source in zip(modules, tree.sources, strict=True):
        one = stored.get(_key(module, leading))
        if one is None:
            yield Difference(module, source, None, True, True)
            continue
        media = {name: file.digest for name, file in source.media.items()}
        pages, quizzes_ = _changed(source, one, "module."), _changed(source, one, "quiz.")
        moved = one.folder != source.folder or one.is_retired
        has_new_media = media != one.media
        if pages or quizzes_ or moved or has_new_media:
            # A changed layer moves the questions along; it stands in the page.
            yield Difference(module, source, one, pages or has_new_media, quizzes_ or pages or moved or has_new_media)


def _changed(source: Source, stored: Stored, kind: str) -> bool:
    here = {name: text for name, text in source.texts.items() if name.startswith(kind)}
    there = {name: text.text for name, text in stored.texts.items() if name.startswith(kind)}
    return here != there


def _ways_out(
    differences: list[Difference], vanished: list[Stored], *, replace: bool
) -> tuple[list[Said], list[Said], list[Difference], list[Stored]]:
    """Part what may be loaded from what was changed in the browser since its last load, which is never overwritten.

    Where only the browser's text is new, it is kept and said so; where the file is new as well, the module is refused.
    """
    loaded = {} if replace else queries.last_loaded()
    kept, refused, free, gone = [], [], [], []
    for difference in differences:
        one = difference.stored
        ahead = _ahead(one, difference.source.texts) if one and not replace else []
        if one is None or not ahead:
            free.append(difference)
        elif all(loaded.get((one.module_id, name)) == difference.source.texts.get(name) for name in ahead):
            kept.append(_said_kept(one))
        else:
            refused.append(_said_refused(one))
    for one in vanished:
        if not replace and _ahead(one, {}):
            refused.append(_said_refused(one))
        else:
            gone.append(one)
    return kept, refused, free, gone


def _ahead(stored: Stored, texts: Mapping[str, str]) -> list[str]:
    """Names of the files whose stored text was made in the browser and does not stand in the files."""
    return [name for name, text in stored.texts.items() if text.origin == "browser" and texts.get(name) != text.text]


def _said_kept(stored: Stored) -> Said:
    message = mark(
        "%(folder)s: kept as it was changed in the browser. To have the change in the files: flask content export. "
        "To drop it: flask content load --replace."
    )
    return Said(message, {"folder": stored.folder})


def _said_refused(stored: Stored) -> Said:
    message = mark(
        "%(folder)s: not loaded: it was changed in the browser since its last load, and the files say something else. "
        "To have the browser's text in the files: flask content export. "
        "To let the files win: flask content load --replace."
    )
    return Said(message, {"folder": stored.folder})


def keep_media(folder: Path, prepared: Prepared, media_folder: Path) -> None:
    """Write pictures, sound and film under their digests. Before the transaction: files do not roll back."""
    for change in prepared.updates:
        for file in change.source.media.values():
            path = media_folder / file.digest
            if not path.exists():
                media_folder.mkdir(parents=True, exist_ok=True)
                waiting = path.with_name(f"{file.digest}.{os.getpid()}")
                waiting.write_bytes((folder / change.source.folder / file.name).read_bytes())
                waiting.replace(path)


def load(prepared: Prepared, *, by: int | None, on: date, at: datetime) -> list[Said]:
    """Write what was prepared; say what was done.

    Raises Invalid when a file is broken, Conflict when someone published since it was prepared.
    """
    if prepared.is_broken:
        raise Invalid(mark("A file is broken; nothing was loaded."))
    if prepared.is_empty:
        return []
    stored = queries.stored()
    if (prepared.updates or prepared.vanished) and _seen(stored) != prepared.seen:
        raise Conflict(mark("Someone published meanwhile. Load again."))
    said = []
    if prepared.framework:
        said += _define(prepared.framework, prepared.framework_text, by=by, on=on, at=at)
    ids = {key: one.module_id for key, one in stored.items()}
    for change in prepared.updates:
        draft = change.draft
        is_new = draft.key not in ids
        ids[draft.key] = courses.name_module(draft.key, draft.folder, draft.topic_key, draft.layer)
        if is_new:
            said.append(Said(mark("%(folder)s: a new module"), {"folder": draft.folder}))
        elif stored[draft.key].is_retired:
            said.append(Said(mark("%(folder)s: on offer again"), {"folder": draft.folder}))
    topics = {topic.key: topic.id for topic in course_queries.topics()}
    for change in prepared.updates:
        said += _publish(change, ids, topics[change.draft.topic_key], by=by, at=at)
    said += _retire(prepared.vanished, by=by, at=at)
    settle(prepared.settled)
    if said:
        audit.record("content.loaded", by=by, about="content", at=at, changes=len(said))
    return said


def _define(file: FrameworkFile, text: str, *, by: int | None, on: date, at: datetime) -> list[Said]:
    """Topics, layers, roles, requirements, unit kinds, hour policies; and what they change for everyone."""
    layers = course_queries.layers()
    has_new_requirements = courses.define_framework(file.framework, on=on)
    people.define_unit_kinds([people.UnitKindSpec(kind.key, kind.names, kind.is_home) for kind in file.unit_kinds])
    records.define_hour_policies(file.hour_policies)
    keep_texts(None, {FRAMEWORK: text}, origin="file", by=by, at=at)
    said = [Said(mark("framework.yaml: topics, layers, roles and hour policies are defined"))]
    if len(layers) != len(file.framework.layers):
        gaps.rebuild(on=on)  # a belief is about sets of layers: with another number of them, it is another belief
    elif has_new_requirements:
        records.restate_all(on=on)
    if has_new_requirements:
        said.append(Said(mark("framework.yaml: what the roles require holds from %(day)s"), {"day": on.isoformat()}))
    return said


def _publish(change: Update, ids: Mapping[str, int], topic_id: int, *, by: int | None, at: datetime) -> Iterator[Said]:
    draft, module_id = change.draft, ids[change.draft.key]
    if change.has_new_page:
        number = publish_page(module_id, draft, ids, by=by, at=at)
        yield Said(mark("%(folder)s: version %(number)s is published"), {"folder": draft.folder, "number": number})
    if change.has_new_quiz:
        bank = publish_bank(module_id, topic_id, draft, at=at)
        if bank.added or bank.changed or bank.retired:
            message = mark("%(folder)s: questions: %(added)s new, %(changed)s changed, %(retired)s retired")
            values = {"added": bank.added, "changed": bank.changed, "retired": bank.retired}
            yield Said(message, {"folder": draft.folder, **values})
    keep_texts(module_id, change.source.texts, origin="file", by=by, at=at)


def _retire(vanished: list[Stored], *, by: int | None, at: datetime) -> Iterator[Said]:
    """Modules whose folder is gone are offered no longer, nor are their questions asked."""
    if vanished:
        courses.retire_modules([one.module_id for one in vanished], by=by, at=at)
    for one in vanished:
        quizzes.publish_questions(one.module_id, one.topic_id, one.layer, (), at=at)
        yield Said(mark("%(folder)s: no longer on offer, its folder is gone"), {"folder": one.folder})
