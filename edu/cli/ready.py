"""What must be done before the site can be served; each step does only what is not done yet."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import current_app
from flask_migrate import upgrade
from whitenoise.compress import Compressor

from edu.base.db import db
from edu.config import ROOT, Settings

CATALOGUES = ROOT / "edu" / "translations"
STATIC = ROOT / "static"


def settings() -> Settings:
    value: Settings = current_app.config["SETTINGS"]
    return value


def newest_revision() -> str | None:
    config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config).get_current_head()


def revision() -> str | None:
    """The migration that the database is at; None: it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate() -> bool:
    """Bring the database to the newest revision. Whether there was anything to do."""
    settings().instance.mkdir(parents=True, exist_ok=True)
    if revision() == newest_revision():
        return False
    upgrade()
    return True


def stale_catalogues(folder: Path) -> Iterator[Path]:
    """Translations that were edited since they were compiled."""
    for source in sorted(folder.rglob("*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def compile_catalogues(folder: Path = CATALOGUES) -> int:
    """Compile what is stale; how many. Another process may do the same at once: each writes a file of its own first."""
    number = 0
    for source in stale_catalogues(folder):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        fresh = source.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(source.with_suffix(".mo"))
        number += 1
    return number


def compress_static(folder: Path = STATIC) -> int:
    """Lay a compressed twin beside each file that gains by it and has no twin of its age; how many."""
    compressor = Compressor(quiet=True, use_brotli=False)
    number = 0
    for path in sorted(folder.rglob("*")):
        twin = Path(f"{path}.gz")
        if not path.is_file() or not compressor.should_compress(path.name):
            continue
        # whitenoise gives the twin the time of its original.
        if not twin.exists() or int(twin.stat().st_mtime) != int(path.stat().st_mtime):
            number += len(compressor.compress(str(path)))
    return number


def content_mark() -> str:
    """Changes when the files below content/ or the database they were loaded into change."""
    digest = hashlib.sha256(settings().database_url.encode())
    for path in sorted(settings().content.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(settings().content).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_content_loaded() -> bool:
    file = settings().instance / "content-loaded"
    return file.exists() and file.read_text() == content_mark()


def note_content_loaded() -> None:
    (settings().instance / "content-loaded").write_text(content_mark())
