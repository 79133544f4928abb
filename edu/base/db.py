"""The database: one typed base class, instants that are always UTC, and SQLite set up to keep what it acknowledged."""

import sqlite3
from datetime import UTC, datetime
from time import sleep
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Index, MetaData, Select, String, TypeDecorator, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import registry as Registry
from sqlalchemy.sql.schema import Table

#: A query whose columns the next line names by unpacking them.
AnySelect = Select[*tuple[Any, ...]]

#: Words in several languages: {"zh-CN": "党支部", "en": "Branch"}.
Names = dict[str, str]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Stored as UTC, read back as UTC; a naive value is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}: say which time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """A table. Constraints have names, so that a migration can find them again."""

    registry: ClassVar[Registry] = Registry(
        metadata=MetaData(
            naming_convention={
                "ix": "%(table_name)s_%(column_0_N_name)s_ix",
                "uq": "%(table_name)s_%(column_0_N_name)s_key",
                "ck": "%(constraint_name)s",
                "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
                "pk": "%(table_name)s_pkey",
            }
        ),
        type_annotation_map={
            datetime: UtcDateTime(),
            str: String(),
            dict[str, str]: JSON(),
            dict[str, Any]: JSON(),
            list[Any]: JSON(),
        },
    )


db = SQLAlchemy(model_class=Model, session_options={"autoflush": False, "expire_on_commit": False})


#: Milliseconds that a statement waits for another writer before it is refused.
PATIENCE_MS = 5000


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, _record: object) -> None:
    """FULL keeps every acknowledged commit through a power cut; NORMAL lost thousands of rows when it was tried."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in (f"busy_timeout={PATIENCE_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: a reader that turns writer half-way would be refused, not queued."""
    if connection.dialect.name == "sqlite":
        if connection.get_execution_options().get("writes", False):
            _take_write_lock(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _take_write_lock(connection: Connection) -> None:
    """BEGIN IMMEDIATE, asked for every half millisecond while another writer is at work.

    SQLite's own waiting sleeps up to a tenth of a second at a time, many times as long as a write takes.
    Raises OperationalError after PATIENCE_MS, as SQLite's own waiting does.
    """
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        for _turn in range(PATIENCE_MS * 2):
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                sleep(0.0005)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")


def unique_where(name: str, *columns: str, where: str) -> Index:
    """At most one row with these columns among those that meet a condition, on both databases."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


def begin_write() -> None:
    """Make the session's transaction a writing one, before its first write.

    What was only read so far is let go: a transaction cannot become a writing one half-way. Safe to repeat.
    """
    if db.session().in_transaction():
        if db.session.connection().get_execution_options().get("writes"):
            return
        db.session.rollback()
    db.session.connection(execution_options={"writes": True})


def insert(table: type[Model] | Table) -> Any:
    """An INSERT that knows ON CONFLICT, for the database in use."""
    dialect = db.engine.dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
