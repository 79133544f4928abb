"""What there is to study and what is asked: topics, layers, roles, requirements, modules and their pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import aliased

from edu.base.db import Names, db
from edu.base.errors import NotFound
from edu.base.i18n import LANGUAGES, mark
from edu.courses.models import Layer, Media, Module, Prerequisite, Requirement, Role, Topic, Version, VersionText


@dataclass(frozen=True, slots=True)
class TopicRow:
    id: int
    key: str
    names: Names
    short_names: Names
    position: int


@dataclass(frozen=True, slots=True)
class LayerRow:
    number: int
    names: Names
    meanings: Names


@dataclass(frozen=True, slots=True)
class RoleRow:
    id: int
    key: str
    names: Names


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module on offer, in the reader's language where it exists, else in another."""

    id: int
    key: str
    topic_id: int
    layer: int
    version_id: int
    minutes: int
    review_by: date
    title: str
    summary: str
    language: str


@dataclass(frozen=True, slots=True)
class Page:
    """One version of one module in one language; `html` was cleaned when it was published."""

    module_id: int
    key: str
    folder: str
    topic_id: int
    layer: int
    version_id: int
    number: int
    minutes: int
    review_by: date
    published_at: datetime
    title: str
    summary: str
    html: str
    contents: list[dict[str, str]]
    language: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What a version is, without its words."""

    version_id: int
    module_id: int
    key: str
    topic_id: int
    layer: int
    minutes: int


def topics(*, also_retired: bool = False) -> list[TopicRow]:
    rows = select(Topic.id, Topic.key, Topic.names, Topic.short_names, Topic.position).order_by(Topic.position)
    if not also_retired:
        rows = rows.where(Topic.is_retired.is_(False))
    return [TopicRow(*row) for row in db.session.execute(rows)]


def topic_called(key: str) -> TopicRow:
    """The topic of this key. Raises NotFound, also for one that is retired."""
    for topic in topics():
        if topic.key == key:
            return topic
    raise NotFound(mark("There is no such topic."))


def layers() -> list[LayerRow]:
    rows = select(Layer.number, Layer.names, Layer.meanings).order_by(Layer.number)
    return [LayerRow(*row) for row in db.session.execute(rows)]


def roles(*, also_retired: bool = False) -> list[RoleRow]:
    rows = select(Role.id, Role.key, Role.names).order_by(Role.position)
    if not also_retired:
        rows = rows.where(Role.is_retired.is_(False))
    return [RoleRow(*row) for row in db.session.execute(rows)]


def requirements(*, on: date) -> dict[int, dict[int, int]]:
    """role → topic → the layer it requires on a day."""
    rows = select(Requirement.role_id, Requirement.topic_id, Requirement.layer).where(
        Requirement.since_on <= on, (Requirement.until_on.is_(None)) | (Requirement.until_on > on)
    )
    found: dict[int, dict[int, int]] = {}
    for role_id, topic_id, layer in db.session.execute(rows):
        found.setdefault(role_id, {})[topic_id] = layer
    return found


def _best_language() -> Any:
    """The language of a version's text to show: the reader's, else the leading one, else any."""
    other = aliased(VersionText)
    order = [(other.language == bindparam("language"), 0)]
    order += [(other.language == tag, place) for place, tag in enumerate(LANGUAGES, 1)]
    return (
        select(other.language)
        .where(other.version_id == Version.id)
        .order_by(case(*order, else_=len(LANGUAGES) + 1), other.language)
        .limit(1)
        .scalar_subquery()
    )


def _with_text(rows: Any) -> Any:
    best = VersionText.language == _best_language()
    return rows.join(Version, Version.module_id == Module.id).join(
        VersionText, (VersionText.version_id == Version.id) & best
    )


_CATALOGUE = (
    _with_text(
        select(
            Module.id,
            Module.key,
            Module.topic_id,
            Module.layer,
            Version.id,
            Version.minutes,
            Version.review_by,
            VersionText.title,
            VersionText.summary,
            VersionText.language,
        )
    )
    .join(Topic, Topic.id == Module.topic_id)
    .where(Module.is_retired.is_(False), Version.is_current)
    .order_by(Topic.position, Module.layer, Module.key)
)

_PAGE = _with_text(
    select(
        Module.id,
        Module.key,
        Module.folder,
        Module.topic_id,
        Module.layer,
        Version.id,
        Version.number,
        Version.minutes,
        Version.review_by,
        Version.published_at,
        VersionText.title,
        VersionText.summary,
        VersionText.html,
        VersionText.contents,
        VersionText.language,
    )
)
_PUBLISHED = _PAGE.where(Module.key == bindparam("key"), Module.is_retired.is_(False), Version.is_current)
_OF_VERSION = _PAGE.where(Version.id == bindparam("version_id"))


def catalogue(language: str) -> list[ModuleRow]:
    """Every module on offer, by topic and layer."""
    return [ModuleRow(*row) for row in db.session.execute(_CATALOGUE, {"language": language})]


def published(key: str, language: str) -> Page:
    """The current version of a module on offer. Raises NotFound."""
    row = db.session.execute(_PUBLISHED, {"key": key, "language": language}).one_or_none()
    if row is None:
        raise NotFound(mark("There is no such module."))
    return Page(*row)


def page_of_version(version_id: int, language: str) -> Page:
    """Any version, current or not. Raises NotFound."""
    row = db.session.execute(_OF_VERSION, {"version_id": version_id, "language": language}).one_or_none()
    if row is None:
        raise NotFound(mark("There is no such module."))
    return Page(*row)


def version(version_id: int) -> VersionRow:
    """What a version is, current or not. Raises NotFound."""
    row = db.session.execute(
        select(Version.id, Module.id, Module.key, Module.topic_id, Module.layer, Version.minutes)
        .join(Module, Module.id == Version.module_id)
        .where(Version.id == version_id)
    ).one_or_none()
    if row is None:
        raise NotFound(mark("There is no such module."))
    return VersionRow(*row)


def media(digest: str, name: str) -> str:
    """The media type of a file that some version shows. Raises NotFound."""
    row = db.session.execute(
        select(Media.media_type).where(Media.digest == digest, Media.name == name).limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(mark("There is no such file."))
    return str(row.media_type)


def media_of(version_id: int) -> dict[str, str]:
    """name → digest of the files of a version."""
    rows = select(Media.name, Media.digest).where(Media.version_id == version_id)
    return {name: digest for name, digest in db.session.execute(rows)}


def prerequisites() -> dict[int, set[int]]:
    """module → the modules to be met before its current version; modules without any are left out."""
    rows = (
        select(Version.module_id, Prerequisite.module_id)
        .join(Prerequisite, Prerequisite.version_id == Version.id)
        .where(Version.is_current)
    )
    found: dict[int, set[int]] = {}
    for module_id, before_id in db.session.execute(rows):
        found.setdefault(module_id, set()).add(before_id)
    return found
