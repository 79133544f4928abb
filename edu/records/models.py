"""Tables: completions, hour policies, hours, places, holdings, standings, tallies."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where


class Completion(Model):
    """A member passed a version's closing quiz. Keeps the unit it was earned in."""

    __tablename__ = "completion"
    __table_args__ = (
        UniqueConstraint("member_id", "version_id"),
        CheckConstraint("share BETWEEN 0 AND 1", name="completion_share_0_to_1"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    #: Share of the questions answered right, 0–1.
    share: Mapped[float]
    completed_at: Mapped[datetime]


class HourPolicy(Model):
    """How study of one category becomes hours, from a day on. Old policies are never deleted."""

    __tablename__ = "hour_policy"
    __table_args__ = (
        UniqueConstraint("category", "since_on"),
        CheckConstraint("minutes_per_hour > 0", name="hour_policy_minutes_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    since_on: Mapped[date]
    names: Mapped[dict[str, str]]
    minutes_per_hour: Mapped[int]
    #: The yearly sum is rounded down to a multiple of this many hours.
    round_down_to: Mapped[float]
    #: "MM-DD", the first day of a study year.
    year_starts: Mapped[str]
    #: The rule this rests on, in words.
    basis: Mapped[dict[str, str]]


class HoursEntry(Model):
    """Study that counts: minutes of one completion in one category. Hours are made from the yearly sum."""

    __tablename__ = "hours_entry"
    __table_args__ = (CheckConstraint("minutes > 0", name="hours_entry_minutes_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"), unique=True)
    category: Mapped[str]
    #: The minutes that the version states, not minutes measured: nobody is timed.
    minutes: Mapped[int]
    studied_on: Mapped[date]


class Place(Model):
    """Where a member stopped reading a module."""

    __tablename__ = "place"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    #: The section's anchor in that version.
    anchor: Mapped[str]
    at: Mapped[datetime]


class Holding(Model):
    """A rung that a member holds by evidence. Derived; can be rebuilt from the evidence."""

    __tablename__ = "holding"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    layer: Mapped[int] = mapped_column(primary_key=True)
    since_at: Mapped[datetime]
    #: From this day on a review is due, and from this day on it is held no more, unless shown again. NULL: never.
    due_on: Mapped[date | None]
    lapses_on: Mapped[date | None]


class Standing(Model):
    """A rung that is required of a member now, and whether it is held. Derived.

    role_id NULL: required by any role (the maximum over roles), the row that overall figures count.
    role_id set: required by that role, the row that figures by role count.
    A member under relief has none.
    """

    __tablename__ = "standing"
    __table_args__ = (Index("standing_unit_cell_ix", "unit_id", "topic_id", "layer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    layer: Mapped[int]
    is_held: Mapped[bool]


class Tally(Model):
    """How many standings a unit (itself, not those below) has in one cell, and how many of them are held. Derived."""

    __tablename__ = "tally"
    __table_args__ = (
        CheckConstraint("0 <= held AND held <= required", name="tally_held_within_required"),
        unique_where("tally_all_roles", "unit_id", "topic_id", "layer", where="role_id IS NULL"),
        unique_where("tally_one_role", "unit_id", "role_id", "topic_id", "layer", where="role_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    layer: Mapped[int]
    required: Mapped[int]
    held: Mapped[int]
