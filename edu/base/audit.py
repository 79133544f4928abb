"""The audit trail: who did what to what, one line each, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, db


class AuditEntry(Model):
    """One deed. `actor_id` is None for the command line; no foreign key: the trail outlives what it tells of."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    #: What was done: "attempt.submitted", "member.moved".
    deed: Mapped[str]
    #: What it was done to, as "member:12", and what a reader needs to understand it.
    about: Mapped[str]
    detail: Mapped[dict[str, Any]]


def record(deed: str, *, by: int | None, about: str, at: datetime, **detail: Any) -> None:
    db.session.execute(insert(AuditEntry).values(deed=deed, actor_id=by, about=about, at=at, detail=detail))
