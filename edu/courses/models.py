"""Tables: layers, topics, roles, requirements, modules, versions, texts, media."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where


class Layer(Model):
    """A rung: 1 Aware … 4 Coaches."""

    __tablename__ = "layer"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 6", name="layer_number_1_to_6"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    names: Mapped[dict[str, str]]
    meanings: Mapped[dict[str, str]]


class Topic(Model):
    """A field of knowledge or skill, with a ladder of its own."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    #: One word, for the head of a narrow column.
    short_names: Mapped[dict[str, str]]
    is_retired: Mapped[bool] = mapped_column(default=False)


class Role(Model):
    """A post or standing that asks something of those who have it."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    is_retired: Mapped[bool] = mapped_column(default=False)


class Requirement(Model):
    """The layer that a role requires in a topic, from a day until a day. Layers 1..layer are all required."""

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("layer BETWEEN 1 AND 6", name="requirement_layer_1_to_6"),
        unique_where("requirement_one_open", "role_id", "topic_id", where="until_on IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    layer: Mapped[int]
    since_on: Mapped[date]
    until_on: Mapped[date | None]


class Module(Model):
    """A unit of study that teaches one layer of one topic. Its texts live in versions."""

    __tablename__ = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Permanent name, the last part of its address.
    key: Mapped[str] = mapped_column(unique=True)
    #: Folder below content/, "data/roster".
    folder: Mapped[str]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    layer: Mapped[int]
    #: No longer offered; old records still read it.
    is_retired: Mapped[bool] = mapped_column(default=False)


class Version(Model):
    """What a module said from one publication to the next. Never changed once written."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("module_id", "number"),
        CheckConstraint("minutes BETWEEN 1 AND 60", name="version_minutes_1_to_60"),
        unique_where("version_one_current", "module_id", where="is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    number: Mapped[int]
    is_current: Mapped[bool]
    minutes: Mapped[int]
    review_by: Mapped[date]
    published_at: Mapped[datetime]
    #: Who published; None: the command line.
    published_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class VersionText(Model):
    """One version in one language. `html` was cleaned when it was published and is served as it is."""

    __tablename__ = "version_text"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str]
    html: Mapped[str]
    #: Its sections in order: [{"anchor": "s1", "title": "一个案例"}].
    contents: Mapped[list[Any]]


class Prerequisite(Model):
    """A module to be met before this version's."""

    __tablename__ = "prerequisite"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)


class Media(Model):
    """A picture, sound or film of a version. Its bytes lie in instance/media under their digest."""

    __tablename__ = "media"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
