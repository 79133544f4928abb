"""A fresh database for every test, copied from a ready one: a file on SQLite, a template database on PostgreSQL."""

import shutil
import sqlite3
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url


class Shelf(Protocol):
    """Ready databases by name, and the one at `url` that the test at hand may change."""

    url: str

    def keep(self, name: str) -> None:
        """Remember the database at `url`, as it is now, under `name`."""

    def lay(self, name: str | None) -> None:
        """Put a copy of the one called `name` (None: an empty one without tables) at `url`. Nobody may be connected."""


class SqliteShelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder / "current.sqlite"
        self.url = f"sqlite:///{self.current}"

    def keep(self, name: str) -> None:
        with sqlite3.connect(self.current) as source, sqlite3.connect(self.folder / name) as target:
            source.backup(target)
        source.close()
        target.close()

    def lay(self, name: str | None) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.current}{suffix}").unlink(missing_ok=True)
        if name:
            shutil.copyfile(self.folder / name, self.current)


class PostgresShelf:
    def __init__(self, server: str, worker: str) -> None:
        self.worker = worker
        self.current = f"{worker}_current"
        self.server = server.replace("+psycopg", "")
        self.url = make_url(server).set(database=self.current).render_as_string(hide_password=False)

    def _copy(self, template: str, target: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(target)))
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(create.format(sql.Identifier(target), sql.Identifier(template)))

    def keep(self, name: str) -> None:
        self._copy(self.current, f"{self.worker}_{name}")

    def lay(self, name: str | None) -> None:
        self._copy(f"{self.worker}_{name}" if name else "template0", self.current)
