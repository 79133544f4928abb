"""What was written and published: texts of files, by module."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from edu.authoring.checks import Neighbours
from edu.authoring.framework import NAME as FRAMEWORK
from edu.authoring.framework import NOTHING, FrameworkFile, parse_framework
from edu.authoring.media import MediaFile, read_media
from edu.authoring.models import Revision
from edu.authoring.tree import Source
from edu.base.db import db
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.courses import queries as courses
from edu.courses.models import Media, Module, Version
from edu.quizzes.models import Question


@dataclass(frozen=True, slots=True)
class Text:
    """The current revision of one file."""

    revision_id: int
    number: int
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One module as the database holds it."""

    module_id: int
    key: str
    folder: str
    topic_id: int
    layer: int
    is_retired: bool
    texts: Mapping[str, Text]
    #: name → digest
    media: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A module in the list of what can be edited."""

    key: str
    folder: str
    layer: int
    topic_id: int
    title: str
    number: int
    published_at: datetime
    review_by: date
    #: Whether a text was made in the browser and is not in the files yet.
    is_ahead: bool
    names: tuple[str, ...]


def _texts(found: Any) -> dict[int | None, dict[str, Text]]:
    rows = select(
        Revision.module_id, Revision.name, Revision.id, Revision.number, Revision.origin, Revision.text
    ).where(Revision.is_current, Revision.module_id.in_(found))
    texts: dict[int | None, dict[str, Text]] = {}
    for module_id, name, revision_id, number, origin, text in db.session.execute(rows):
        texts.setdefault(module_id, {})[name] = Text(revision_id, number, origin, text)
    return texts


def _media(found: Any) -> dict[int, dict[str, str]]:
    rows = (
        select(Version.module_id, Media.name, Media.digest)
        .join(Media, Media.version_id == Version.id)
        .where(Version.is_current, Version.module_id.in_(found))
    )
    media: dict[int, dict[str, str]] = {}
    for module_id, name, digest in db.session.execute(rows):
        media.setdefault(module_id, {})[name] = digest
    return media


def _stored(*conditions: Any) -> dict[str, Stored]:
    """Modules by key, each with its current texts and media: three statements, however many there are."""
    found = select(Module.id).where(*conditions)
    texts, media = _texts(found), _media(found)
    rows = select(Module.id, Module.key, Module.folder, Module.topic_id, Module.layer, Module.is_retired)
    return {
        row.key: Stored(*row, texts.get(row.id, {}), media.get(row.id, {}))
        for row in db.session.execute(rows.where(*conditions))
    }


def stored() -> dict[str, Stored]:
    """Every module by key, retired ones included."""
    return _stored()


def stored_module(key: str) -> Stored:
    """One module on offer. Raises NotFound."""
    found = _stored(Module.key == key, Module.is_retired.is_(False)).get(key)
    if found is None:
        raise NotFound(mark("There is no such module."))
    return found


def module_ids() -> dict[str, int]:
    """key → id of every module, retired ones included."""
    return {key: module_id for key, module_id in db.session.execute(select(Module.key, Module.id))}


def framework_text() -> Text | None:
    """framework.yaml as it was last loaded; None before the first load."""
    row = db.session.execute(
        select(Revision.id, Revision.number, Revision.origin, Revision.text).where(
            Revision.is_current, Revision.module_id.is_(None), Revision.name == FRAMEWORK
        )
    ).one_or_none()
    return Text(*row) if row else None


def framework() -> FrameworkFile:
    text = framework_text()
    return parse_framework(text.text)[0] if text else NOTHING


def last_loaded() -> dict[tuple[int | None, str], str]:
    """(module, file) → its text at the last load, for files that were changed in the browser since."""
    ahead = (
        select(Revision.module_id, Revision.name).where(Revision.is_current, Revision.origin == "browser").subquery()
    )
    rows = (
        select(Revision.module_id, Revision.name, Revision.text)
        .join(ahead, (ahead.c.module_id == Revision.module_id) & (ahead.c.name == Revision.name))
        .where(Revision.origin == "file")
        .order_by(Revision.number)
    )
    return {(module_id, name): text for module_id, name, text in db.session.execute(rows)}


def last_number(module_id: int | None, name: str) -> int:
    """Number of the newest revision of a file, current or not; 0 when there is none."""
    same = Revision.module_id.is_(None) if module_id is None else Revision.module_id == module_id
    rows = select(Revision.number).where(same, Revision.name == name).order_by(Revision.number.desc()).limit(1)
    return db.session.scalar(rows) or 0


def source_of(module: Stored, media_folder: Path) -> Source:
    """A module as it was last published, with its pictures from where their bytes lie."""
    media: dict[str, MediaFile] = {}
    for name, digest in module.media.items():
        path = media_folder / digest
        if path.exists():  # else it was not brought along with the database; the check says so
            media[name] = read_media(name, path.read_bytes())[0]
    return Source(module.folder, {name: text.text for name, text in module.texts.items()}, media)


def neighbours() -> Neighbours:
    """What modules on offer know of each other, as `coverage.neighbours` tells it of files."""
    modules = {
        module_id: (key, folder)
        for module_id, key, folder in db.session.execute(
            select(Module.id, Module.key, Module.folder).where(Module.is_retired.is_(False))
        )
    }
    requires = {
        modules[module_id][0]: tuple(modules[before][0] for before in sorted(befores) if before in modules)
        for module_id, befores in courses.prerequisites().items()
        if module_id in modules
    }
    questions = {
        key: (modules[module_id][1],)
        for key, module_id in db.session.execute(select(Question.key, Question.module_id))
        if module_id in modules
    }
    return Neighbours({key: (folder,) for key, folder in modules.values()}, requires, questions)


def lines(language: str) -> list[Line]:
    """Every module on offer, by topic and layer, for those who write."""
    pages = {page.id: page for page in courses.catalogue(language)}
    rows = (
        select(Module.id, Module.folder, Version.number, Version.published_at)
        .join(Version, Version.module_id == Module.id)
        .where(Version.is_current)
    )
    details = {row.id: row for row in db.session.execute(rows)}
    origins: dict[int | None, dict[str, str]] = {}
    texts = select(Revision.module_id, Revision.name, Revision.origin).where(Revision.is_current)
    for module_id, name, origin in db.session.execute(texts):
        origins.setdefault(module_id, {})[name] = origin
    return [
        Line(
            page.key,
            details[page.id].folder,
            page.layer,
            page.topic_id,
            page.title,
            details[page.id].number,
            details[page.id].published_at,
            page.review_by,
            "browser" in origins.get(page.id, {}).values(),
            tuple(sorted(origins.get(page.id, {}))),
        )
        for page in pages.values()
    ]
