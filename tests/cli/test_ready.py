"""Each step to a site that is ready does only what is not done yet."""

import gzip
import os
from pathlib import Path

from babel.support import Translations
from flask import Flask

from edu.base.db import db
from edu.cli import ready
from tests.databases import Shelf

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Home"
msgstr "{}"
"""


def catalogue(folder: Path, word: str) -> Path:
    source = folder / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(PO.format(word), "utf-8")
    return source


def home_in(folder: Path) -> str:
    return str(Translations.load(folder, ["zh_Hans_CN"]).gettext("Home"))


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "首页")
    assert ready.compile_catalogues(tmp_path) == 1
    assert home_in(tmp_path) == "首页"
    assert ready.compile_catalogues(tmp_path) == 0

    catalogue(tmp_path, "今天")
    os.utime(source, (source.stat().st_atime, source.stat().st_mtime + 10))
    assert ready.compile_catalogues(tmp_path) == 1
    assert home_in(tmp_path) == "今天"


def test_compiling_leaves_nothing_but_the_catalogue(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "首页")
    ready.compile_catalogues(tmp_path)
    assert sorted(path.name for path in source.parent.iterdir()) == ["messages.mo", "messages.po"]


def test_files_that_gain_by_it_are_compressed_once_and_again_when_they_change(tmp_path: Path) -> None:
    sheet = tmp_path / "base.css"
    sheet.write_text("h1 { color: black }\n" * 100)
    (tmp_path / "picture.png").write_bytes(b"x" * 5000)
    assert ready.compress_static(tmp_path) == 1
    assert gzip.decompress((tmp_path / "base.css.gz").read_bytes()) == sheet.read_bytes()
    assert ready.compress_static(tmp_path) == 0

    sheet.write_text("h1 { color: red }\n" * 100)
    os.utime(sheet, (sheet.stat().st_atime, sheet.stat().st_mtime + 10))
    assert ready.compress_static(tmp_path) == 1
    assert b"red" in gzip.decompress((tmp_path / "base.css.gz").read_bytes())


def test_an_empty_database_is_migrated_and_a_new_one_left_alone(app: Flask, shelf: Shelf) -> None:
    assert ready.migrate() is False
    db.session.remove()
    db.engine.dispose()
    shelf.lay(None)
    assert ready.revision() is None
    assert ready.migrate() is True
    assert ready.revision() == ready.newest_revision()


def test_content_counts_as_loaded_until_a_file_changes(app: Flask) -> None:
    mark = ready.settings().instance / "content-loaded"
    mark.unlink(missing_ok=True)
    assert not ready.is_content_loaded()
    ready.note_content_loaded()
    assert ready.is_content_loaded()
    mark.write_text("what it was before")
    assert not ready.is_content_loaded()
    mark.unlink()
