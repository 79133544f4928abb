"""Defining what is taught and asked; publishing and retiring modules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from edu.base import audit
from edu.base.db import db
from edu.courses import search
from edu.courses.framework import Framework, LayerSpec, MediaDraft, RoleSpec, TextDraft, TopicSpec
from edu.courses.models import Layer, Media, Module, Prerequisite, Requirement, Role, Topic, Version, VersionText


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """A checked and rendered module on its way to be what members see."""

    module_id: int
    minutes: int
    review_by: date
    #: Modules to be met before it.
    requires: frozenset[int]
    #: By language.
    texts: Mapping[str, TextDraft]
    media: Sequence[MediaDraft]


def define_framework(framework: Framework, *, on: date) -> bool:
    """Make topics, layers, roles and requirements these. Returns whether what is asked of anyone has changed.

    Nothing is deleted that a record may speak of: what is gone is retired, and a requirement ends on `on`.
    """
    _define_layers(framework.layers)
    topics = _define_topics(framework.topics)
    roles = _define_roles(framework.roles)
    wanted = {
        (roles[role.key], topics[topic]): layer for role in framework.roles for topic, layer in role.requires.items()
    }
    return _define_requirements(wanted, on=on)


def _define_layers(layers: Sequence[LayerSpec]) -> None:
    db.session.execute(delete(Layer).where(Layer.number.not_in([layer.number for layer in layers])))
    known = {layer.number: layer for layer in db.session.scalars(select(Layer))}
    for spec in layers:
        layer = known.get(spec.number) or Layer(number=spec.number)
        layer.names, layer.meanings = dict(spec.names), dict(spec.meanings)
        db.session.add(layer)
    db.session.flush()


def _define_topics(topics: Sequence[TopicSpec]) -> dict[str, int]:
    """key → id of every topic in the list."""
    known = {topic.key: topic for topic in db.session.scalars(select(Topic))}
    for position, spec in enumerate(topics):
        topic = known.setdefault(spec.key, Topic(key=spec.key))
        topic.position, topic.is_retired = position, False
        topic.names, topic.short_names = dict(spec.names), dict(spec.short_names)
        db.session.add(topic)
    for key in known.keys() - {spec.key for spec in topics}:
        known[key].is_retired = True
    db.session.flush()
    return {spec.key: known[spec.key].id for spec in topics}


def _define_roles(roles: Sequence[RoleSpec]) -> dict[str, int]:
    """key → id of every role in the list."""
    known = {role.key: role for role in db.session.scalars(select(Role))}
    for position, spec in enumerate(roles):
        role = known.setdefault(spec.key, Role(key=spec.key))
        role.position, role.names, role.is_retired = position, dict(spec.names), False
        db.session.add(role)
    for key in known.keys() - {spec.key for spec in roles}:
        known[key].is_retired = True
    db.session.flush()
    return {spec.key: known[spec.key].id for spec in roles}


def _define_requirements(wanted: Mapping[tuple[int, int], int], *, on: date) -> bool:
    """Close what is no longer asked, open what is asked from now on. What began today is rewritten, not closed."""
    still_open = select(Requirement).where(Requirement.until_on.is_(None))
    known = {(row.role_id, row.topic_id): row for row in db.session.scalars(still_open)}
    stale = [row for cell, row in known.items() if wanted.get(cell) != row.layer]
    for row in stale:
        if row.since_on >= on:
            db.session.delete(row)
        else:
            row.until_on = on
    db.session.flush()
    fresh = [cell for cell, layer in wanted.items() if cell not in known or known[cell].layer != layer]
    for role_id, topic_id in fresh:
        layer = wanted[role_id, topic_id]
        db.session.add(Requirement(role_id=role_id, topic_id=topic_id, layer=layer, since_on=on))
    db.session.flush()
    return bool(stale or fresh)


def name_module(key: str, folder: str, topic_key: str, layer: int) -> int:
    """The module of this key, new or known, on offer again if it was retired. Returns its id."""
    module = db.session.scalar(select(Module).where(Module.key == key))
    if module is None:
        module = Module(key=key)
        db.session.add(module)
    module.topic_id = db.session.scalars(select(Topic.id).where(Topic.key == topic_key)).one()
    module.folder, module.layer, module.is_retired = folder, layer, False
    db.session.flush()
    return module.id


def publish_version(draft: VersionDraft, *, by: int | None, at: datetime) -> int:
    """Make the draft the version that members see; the one before stays readable. Returns the new version's number."""
    module_id = draft.module_id
    db.session.execute(
        update(Version).where(Version.module_id == module_id, Version.is_current).values(is_current=False)
    )
    last = db.session.scalar(select(func.max(Version.number)).where(Version.module_id == module_id))
    version = Version(
        module_id=module_id,
        number=(last or 0) + 1,
        is_current=True,
        minutes=draft.minutes,
        review_by=draft.review_by,
        published_at=at,
        published_by=by,
    )
    db.session.add(version)
    db.session.flush()
    for language, text in draft.texts.items():
        db.session.add(
            VersionText(
                version_id=version.id,
                language=language,
                title=text.title,
                summary=text.summary,
                html=text.html,
                contents=text.contents,
            )
        )
    db.session.add_all(Prerequisite(version_id=version.id, module_id=before) for before in draft.requires)
    db.session.add_all(
        Media(version_id=version.id, name=file.name, digest=file.digest, media_type=file.media_type)
        for file in draft.media
    )
    db.session.flush()
    search.index_version(module_id, draft.texts)
    audit.record("module.published", by=by, about=f"module:{module_id}", at=at, number=version.number)
    return version.number


def retire_modules(module_ids: Collection[int], *, by: int | None, at: datetime) -> None:
    """Offer these no longer. Records, versions and addresses in records stay."""
    db.session.execute(update(Module).where(Module.id.in_(module_ids)).values(is_retired=True))
    for module_id in sorted(module_ids):
        audit.record("module.retired", by=by, about=f"module:{module_id}", at=at)
