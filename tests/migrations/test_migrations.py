"""The migrations make what the models say, from nothing, and lean on nothing that may change later."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from edu.base import audit
from edu.base.db import Model, db
from edu.config import ROOT
from tests.databases import Shelf
from tests.times import MONDAY

VERSIONS = sorted((ROOT / "edu" / "migrations" / "versions").glob("*.py"))

#: Made by hand in the first migration: full-text search has no model.
BY_HAND = "module_words"


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    with db.engine.connect() as connection:
        yield connection


def plain(default: str | None) -> str | None:
    return default and default.split("::")[0].strip("'()")


def shape(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, keys, references, indexes and checks, in an order of its own."""
    look = inspect(connection)
    return {
        table: {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], plain(c["default"])) for c in look.get_columns(table)
            },
            "key": (look.get_pk_constraint(table)["name"], look.get_pk_constraint(table)["constrained_columns"]),
            "unique": sorted((u["name"], u["column_names"]) for u in look.get_unique_constraints(table)),
            "references": sorted(
                (f["name"], f["constrained_columns"], f["referred_table"]) for f in look.get_foreign_keys(table)
            ),
            "indexes": sorted((i["name"], i["column_names"], i["unique"]) for i in look.get_indexes(table)),
            "checks": sorted((c["name"], c["sqltext"]) for c in look.get_check_constraints(table)),
        }
        for table in look.get_table_names()
        if not table.startswith(BY_HAND) and table != "alembic_version"
    }


def test_the_migrations_and_the_models_make_the_same_tables(app: Flask, shelf: Shelf) -> None:
    with db.engine.connect() as connection:
        migrated = shape(connection)
    db.session.remove()
    db.engine.dispose()
    shelf.lay(None)
    Model.metadata.create_all(db.engine)
    with db.engine.connect() as connection:
        modelled = shape(connection)
    assert migrated == modelled
    assert len(migrated) == len(Model.metadata.tables)


def test_autogenerate_finds_nothing_to_do(connection: Connection) -> None:
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_name": lambda name, kind, _parents: kind != "table" or not name.startswith(BY_HAND),
        },
    )
    assert compare_metadata(context, Model.metadata) == []


def test_a_column_that_no_model_knows_is_found(app: Flask, connection: Connection) -> None:
    before = shape(connection)
    connection.execute(text("ALTER TABLE topic ADD COLUMN forgotten INTEGER"))
    assert shape(connection) != before


def test_upgrading_what_is_newest_changes_nothing(app: Flask, connection: Connection) -> None:
    before = shape(connection)
    connection.close()
    upgrade()
    with db.engine.connect() as again:
        assert shape(again) == before


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET deed = 'z'", "DELETE FROM audit_entry"])
def test_what_only_grows_cannot_be_changed(app: Flask, change: str) -> None:
    audit.record("tried", by=None, about="test:1", at=MONDAY)
    db.session.commit()
    with pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(text(change))


def test_every_append_only_table_has_its_triggers(connection: Connection) -> None:
    catalogue = "sqlite_master WHERE type = 'trigger'" if connection.dialect.name == "sqlite" else "pg_trigger"
    column = "name" if connection.dialect.name == "sqlite" else "tgname"
    names = connection.execute(text(f"SELECT {column} FROM {catalogue}")).scalars().all()
    for table in ("evidence", "audit_entry"):
        assert any(name.startswith(f"{table}_refuses") for name in names)


def modules_named(text: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return found


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_stands_on_its_own(version: Any) -> None:
    """It imports nothing of ours: what it made yesterday must not change when the models do. And it has its reason."""
    text = version.read_text("utf-8")
    assert [name for name in modules_named(text) if name.split(".")[0] == "edu"] == []
    assert len((ast.get_docstring(ast.parse(text)) or "").splitlines()) >= 3


def test_a_migration_that_imports_models_is_found() -> None:
    assert modules_named("from edu.people.models import Member") == ["edu.people.models"]


def test_the_chain_of_migrations_has_no_fork() -> None:
    numbers = [path.stem.split("_")[0] for path in VERSIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
