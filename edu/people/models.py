"""Tables: units, members, memberships, roles held, duties, sign-ins, views, relief, throttle."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where


class UnitKind(Model):
    """What units are called: committee, branch, department … Data, not code."""

    __tablename__ = "unit_kind"

    key: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]]
    #: 0 is the largest kind.
    rank: Mapped[int]
    #: The kind whose own secretary knows its people by name (a branch). Above it only units are seen.
    is_home: Mapped[bool]


class Unit(Model):
    """One node of the organisation tree."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("first <= last", name="unit_range_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Permanent short name that imports refer to.
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: Name on English screens; None: `name` serves both.
    name_en: Mapped[str | None]
    kind: Mapped[str] = mapped_column(ForeignKey("unit_kind.key"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    #: Pre-order numbers: this unit is `first`, it with all below it is first..last. Renumbered when the tree changes.
    first: Mapped[int] = mapped_column(index=True)
    last: Mapped[int]
    #: `first` of the nearest unit of a home kind at or above, else of the unit itself: where people are known by name.
    home_first: Mapped[int]
    #: The day the unit was closed. It keeps its place in the numbers: what was earned there still counts above.
    closed_on: Mapped[date | None]


class Member(Model):
    """A person who learns. `login` is what they sign in with and what imports refer to."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Folded (NFKC, lower case), so that one name is one person.
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    #: Where the person is now; equals the open membership.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    #: A one-time password opens nothing after this; None: no end.
    password_expires_at: Mapped[datetime | None]
    #: Language of the screens; None: what the browser asks for.
    language: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Membership(Model):
    """A member in a unit from a day until a day. Moving closes one and opens the next; history stays."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR since_on <= until_on", name="membership_days_in_order"),
        unique_where("membership_one_open", "member_id", where="until_on IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    since_on: Mapped[date]
    #: First day the person was no longer there; None: still there.
    until_on: Mapped[date | None]


class MemberRole(Model):
    """A role that a member has; what it requires is told by courses."""

    __tablename__ = "member_role"
    __table_args__ = (unique_where("member_role_one_open", "member_id", "role_id", where="until_on IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), index=True)
    since_on: Mapped[date]
    until_on: Mapped[date | None]


class Duty(Model):
    """What a member does for a unit and all below it: trainer, secretary, board, administrator."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("kind IN ('trainer', 'secretary', 'board', 'administrator')", name="duty_kind_known"),
        unique_where("duty_one_open", "member_id", "kind", "unit_id", where="until_on IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    since_on: Mapped[date]
    until_on: Mapped[date | None]


class SignIn(Model):
    """One browser that is signed in. Closing the row signs it out, wherever it is."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the token in the cookie, so that a stolen table opens nothing.
    token_digest: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    opened_at: Mapped[datetime]
    #: Last request, to five minutes.
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: What the browser calls itself, shortened, so that a person recognises it in the list.
    device: Mapped[str]


class View(Model):
    """One look of one person at another's record. The one looked at can see it."""

    __tablename__ = "view"

    id: Mapped[int] = mapped_column(primary_key=True)
    viewer_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    #: The endpoint that was opened: "units.person".
    page: Mapped[str]
    at: Mapped[datetime]


class Relief(Model):
    """A member from whom nothing is required while it lasts; what roles ask becomes recommended.

    The reason is a coded kind, never health, and is shown to its approver only.
    """

    __tablename__ = "relief"
    __table_args__ = (
        CheckConstraint("reason IN ('age', 'leave', 'posting', 'other')", name="relief_reason_known"),
        CheckConstraint("until_on IS NULL OR since_on <= until_on", name="relief_days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    reason: Mapped[str]
    approved_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    since_on: Mapped[date]
    until_on: Mapped[date | None]


class Throttle(Model):
    """How often something was tried in a span of time, counted over all workers."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("key", "span_started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What is counted, for instance a digest of the login name or of the address.
    key: Mapped[str]
    span_started_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int]
