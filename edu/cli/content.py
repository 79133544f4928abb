"""`flask content`: check, format, load and export the courses that are written as text; say what they hold."""

import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext, ngettext
from sqlalchemy import inspect

from edu.authoring import actions as authoring
from edu.authoring.actions import Said
from edu.authoring.faults import Fault
from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.base.errors import Refusal
from edu.cli.overview import map_lines, source_lines
from edu.cli.speaking import screen_language, speaking
from edu.config import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

content = AppGroup("content", help="Courses as text: check, format, load, export, show as a map.")


command = partial(speaking, content)


def settings() -> Settings:
    value: Settings = current_app.config["SETTINGS"]
    return value


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for the one slow step, rendering; on a terminal only."""
    bars: list[Any] = []

    def tell(done: int, all_: int) -> None:
        if not bars:
            bars.append(click.progressbar(length=all_, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()))
        bars[0].update(done - bars[0].pos)

    yield tell
    for bar in bars:
        bar.render_finish()


def show_faults(faults: Sequence[Fault], folder: Path) -> None:
    """Every fault as `file:line: message`, the file as seen from here, and how many there are."""
    here = Path(os.path.relpath(folder))
    for fault in faults:
        line = replace(fault, path=(here / fault.path).as_posix()).say(gettext)
        click.echo(line if fault.is_error else gettext("%(fault)s (warning)", fault=line))
    errors = sum(fault.is_error for fault in faults)
    warnings = len(faults) - errors
    if errors:
        click.echo(ngettext("%(num)s error", "%(num)s errors", errors), err=True)
    if warnings:
        click.echo(ngettext("%(num)s warning", "%(num)s warnings", warnings), err=True)


def show(said: Sequence[Said]) -> None:
    for sentence in said:
        click.echo(sentence.say(gettext))


def fail_if(is_failure: bool) -> None:
    if is_failure:
        raise click.exceptions.Exit(1)


@command("check")
@click.argument("folder", type=FOLDER, required=False)
def check(folder: Path | None) -> None:
    """Report every fault of the courses in FOLDER as file:line: message; change nothing."""
    folder = folder or settings().content
    with progress(gettext("Rendering")) as tell:
        faults = authoring.check_tree(folder, on=day_of(now()), progress=tell)
    show_faults(faults, folder)
    if not faults:
        click.echo(gettext("No fault found."))
    fail_if(any(fault.is_error for fault in faults))


@command("format")
@click.argument("folder", type=FOLDER, required=False)
def format_(folder: Path | None) -> None:
    """Insert the permanent ids that questions and modules in FOLDER lack."""
    folder = folder or settings().content
    said, faults = authoring.format_tree(folder, chance=random.SystemRandom())
    show(said)
    show_faults(faults, folder)
    if not said and not faults:
        click.echo(gettext("Every id is there."))
    fail_if(bool(faults))


@command("load")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
@click.option("--replace", "files_win", is_flag=True, help="Let the files win over what was changed in the browser.")
def load(folder: Path | None, dry_run: bool, files_win: bool) -> None:
    """Publish the courses in FOLDER: a new version of what changed, nothing if a file is broken."""
    folder = folder or settings().content
    at = now()
    if not inspect(db.engine).has_table("revision"):
        raise click.ClickException(
            gettext("The database is empty. Bring it to its newest form first: flask db upgrade")
        )
    with progress(gettext("Rendering")) as tell:
        prepared = authoring.prepare_load(folder, replace=files_win, on=day_of(at), progress=tell)
    if prepared.is_broken:
        show_faults(prepared.faults, folder)
        click.echo(gettext("A file is broken; nothing was loaded."), err=True)
    fail_if(prepared.is_broken)
    if not dry_run:
        authoring.keep_media(folder, prepared, settings().instance / "media")
    db.session.rollback()  # end what was read, so that this transaction starts as a writing one
    begin_write()
    try:
        said = authoring.load(prepared, by=None, on=day_of(at), at=at)
    except Refusal as refusal:
        raise click.ClickException(gettext(refusal.message, **refusal.values)) from None
    show([*said, *prepared.kept, *prepared.refused])
    if not said:
        click.echo(gettext("Nothing has changed."))
    if warnings := len(prepared.faults):
        message = ngettext(
            "%(num)s warning; flask content check shows it.",
            "%(num)s warnings; flask content check shows them.",
            warnings,
        )
        click.echo(message, err=True)
    if dry_run:
        db.session.rollback()
        click.echo(gettext("A dry run: nothing was written."))
    else:
        db.session.commit()
    fail_if(bool(prepared.refused))


@command("map")
@click.argument("folder", type=FOLDER, required=False)
def map_(folder: Path | None) -> None:
    """Show what the courses in FOLDER teach, and the plan of each role from nothing, as Markdown."""
    known = authoring.survey(folder or settings().content)
    show_lines(map_lines(known.cells, known.plans, screen_language()))


@command("sources")
@click.argument("folder", type=FOLDER, required=False)
def sources(folder: Path | None) -> None:
    """Show which documents the questions in FOLDER rely on, as a Markdown table."""
    known = authoring.survey(folder or settings().content)
    show_lines(source_lines(known.documents, known.leading, screen_language()))


def show_lines(lines: Iterable[str]) -> None:
    click.echo("\n".join(lines))


@command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write what the database holds to FOLDER, to the letter; delete nothing."""
    said = authoring.export(folder, media_folder=settings().instance / "media")
    show(said)
    if not said:
        click.echo(gettext("Nothing has changed."))
