"""The database keeps what it acknowledged, and instants are always UTC."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, text

from edu.base import audit
from edu.base.db import UtcDateTime, begin_write, db

BEIJING = timezone(timedelta(hours=8))


def test_an_instant_comes_back_as_utc(app: Flask) -> None:
    audit.record("tried", by=None, about="test:1", at=datetime(2026, 11, 2, 9, 0, tzinfo=BEIJING))
    db.session.commit()
    db.session.expire_all()
    (at,) = db.session.execute(select(audit.AuditEntry.at)).one()
    assert (at, at.tzinfo) == (datetime(2026, 11, 2, 1, 0, tzinfo=UTC), UTC)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="which time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 2), db)  # type: ignore[arg-type]  # noqa: DTZ001


def test_sqlite_syncs_every_commit_and_checks_references(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("pragmas are SQLite's")
    values = {
        name: db.session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("synchronous", "foreign_keys", "journal_mode")
    }
    assert values == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}


def test_a_writer_shuts_others_out_from_its_start_and_the_next_goes_on_when_it_is_done(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    order: list[str] = []
    engine = db.engine
    begin_write()

    def second() -> None:
        with engine.connect().execution_options(writes=True) as other:
            other.execute(text("SELECT 1"))
            order.append("second")

    waiting = Thread(target=second)
    waiting.start()
    waiting.join(0.05)
    with engine.connect() as reader:  # reading goes on all the while
        assert reader.execute(text("SELECT 1")).scalar() == 1
    order.append("first")
    db.session.rollback()
    waiting.join(10)
    assert order == ["first", "second"]
