"""How Alembic reaches the database: through the application's engine, everything in one transaction or not at all."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from edu.base.db import Model, db


def lock_out_others(connection: Connection) -> None:
    """Two processes that start at once must not both migrate: the second waits and then finds nothing to do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(8007)"))


def check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
        raise RuntimeError(f"The migration left rows that refer to nothing: {broken[:3]}")


def migrate() -> None:
    # SQLite changes a table by copying it; with foreign keys on, dropping the old one would take its children along.
    # The switch only works outside a transaction.
    with db.engine.connect().execution_options(writes=True) as connection:
        raw: Any = connection.connection.driver_connection
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                context.configure(
                    connection=connection,
                    target_metadata=Model.metadata,
                    transactional_ddl=True,
                    **current_app.extensions["migrate"].configure_args,
                )
                lock_out_others(connection)
                with context.begin_transaction():
                    context.run_migrations()
                check_references(connection)
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database they change: --sql is not offered.")
migrate()
