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


def test_what_the_first_release_kept_is_still_there(app: Flask, shelf: Shelf) -> None:
    """Rows from before the diagnostic go through its migration: unchanged, and what only grows still only grows."""
    db.session.remove()
    db.engine.dispose()
    shelf.lay(None)
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        for row in OLD_ROWS:
            connection.execute(text(row))
    upgrade()
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT kind, module_id, share FROM attempt")).all() == [("quiz", 1, 1.0)]
        assert connection.execute(text("SELECT purpose, weight FROM attempt_question")).all() == [("scored", None)]
        assert connection.execute(text("SELECT outcome, states FROM evidence")).all() == [("right", None)]
        assert connection.execute(text("SELECT memory FROM belief")).all() == [(None,)]
        assert connection.execute(text("SELECT due_on, lapses_on FROM holding")).all() == [(None, None)]
        with pytest.raises(DatabaseError, match="only added to"):
            connection.execute(text("DELETE FROM evidence"))


#: The least that the first release could hold of an attempt and what followed from it.
OLD_ROWS = (
    "INSERT INTO unit_kind (key, names, rank, is_home) VALUES ('branch', '{}', 1, TRUE)",
    "INSERT INTO unit (id, code, name, kind, first, last, home_first) VALUES (1, 'u', 'u', 'branch', 1, 1, 1)",
    "INSERT INTO member (id, login, name, unit_id, must_change_password, is_active, created_at) "
    "VALUES (1, 'm', 'm', 1, FALSE, TRUE, '2026-01-01 00:00:00+00:00')",
    "INSERT INTO topic (id, key, position, names, short_names, is_retired) VALUES (1, 't', 1, '{}', '{}', FALSE)",
    "INSERT INTO module (id, key, folder, topic_id, layer, is_retired) VALUES (1, 'm', 'f', 1, 1, FALSE)",
    "INSERT INTO version (id, module_id, number, is_current, minutes, review_by, published_at) "
    "VALUES (1, 1, 1, TRUE, 10, '2027-01-01', '2026-01-01 00:00:00+00:00')",
    "INSERT INTO question (id, key, module_id, topic_id, layer, is_retired) VALUES (1, 'q', 1, 1, 1, FALSE)",
    "INSERT INTO question_version (id, question_id, number, is_current, kind, faces, key, lessons, sources, review_by, "
    "digest, slip, guess, published_at) VALUES "
    "(1, 1, 1, TRUE, 'single', '{}', '{}', '{}', '{}', '2027-01-01', 'd', 0.1, 0.25, '2026-01-01 00:00:00+00:00')",
    "INSERT INTO attempt (id, member_id, module_id, version_id, opened_at, closed_at, share, passed) VALUES "
    "(1, 1, 1, 1, '2026-02-01 00:00:00+00:00', '2026-02-01 00:05:00+00:00', 1.0, TRUE)",
    'INSERT INTO attempt_question (attempt_id, position, question_version_id, "order", outcome) '
    "VALUES (1, 1, 1, '[]', 'right')",
    "INSERT INTO evidence (member_id, topic_id, layer, kind, outcome, slip, guess, weight, at, unit_id) VALUES "
    "(1, 1, 1, 'answer', 'right', 0.1, 0.25, 0.8, '2026-02-01 00:05:00+00:00', 1)",
    "INSERT INTO belief (member_id, topic_id, states, shown, updated_at) "
    "VALUES (1, 1, '[0.5, 0.5]', '[]', '2026-02-01 00:05:00+00:00')",
    "INSERT INTO holding (member_id, topic_id, layer, since_at) VALUES (1, 1, 1, '2026-02-01 00:05:00+00:00')",
)


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
