"""`flask serve`: make ready what is not, say where and for whom, and hand over to the server."""

import errno
import gc
import socket
import sys

import click
from flask.cli import ScriptInfo, pass_script_info
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from sqlalchemy.exc import OperationalError

from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.cli import demo, ready
from edu.config import ROOT, Settings
from edu.gaps import actions as gaps
from edu.gaps import queries as gap_queries

#: Two processes with one thread each: pages are short, and Python runs one thread at a time anyway (decision 0002).
WORKERS, THREADS = 2, 1
#: Seconds. A worker that is told to stop while it still starts does not hear it; then it is made to.
PATIENCE = 5


def refuse_taken(host: str, port: int) -> None:
    """Raise in one line when the address cannot be had; asked first, before anything is changed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise click.ClickException(f"Port {port} on {host} cannot be used: {error.strerror}.") from None
        hint = f"Stop what uses it, or choose another: PORT={port + 1} make run"
        raise click.ClickException(f"Port {port} on {host} is taken. {hint}") from None


def step(command: str, *arguments: str) -> None:
    """Run another of our commands, as if it had been typed."""
    root = click.get_current_context().find_root()
    group = root.command
    assert isinstance(group, click.Group)
    with group.make_context("flask", [command, *arguments], parent=None, obj=root.obj) as context:
        group.invoke(context)


def prepare(settings: Settings) -> None:
    """Everything the site needs, in order; silent about what is done already."""
    if ready.compile_catalogues():
        click.echo("Compiled the translations.")
    if ready.compress_static():
        click.echo("Compressed styles and scripts.")
    was_migrated = ready.migrate()
    if was_migrated:
        click.echo("Brought the database to its newest form.")
    if was_migrated or not ready.is_content_loaded():
        load_content()
    if was_migrated and gap_queries.needs_rebuild():
        rebuild()
    if not demo.refusal(settings):
        click.echo("Filling the demo world …")
        demo.fill()
    db.session.remove()
    db.engine.dispose()  # a connection must not be shared by two processes


def rebuild() -> None:
    """Make anew what follows from the evidence, in the form that the newest migration has room for."""
    click.echo("Working out anew what follows from the evidence …")
    begin_write()
    gaps.rebuild(on=day_of(now()))
    db.session.commit()


def load_content() -> None:
    """Load what is in content/. What cannot be loaded has been said; the site serves what it has."""
    click.echo("Loading the content …")
    try:
        step("content", "load")
    except click.exceptions.Exit:
        click.echo("Not everything could be loaded, see above; the site is served without it.")
    ready.note_content_loaded()


def announce(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.secho(f"\nBuque is at http://{host}:{settings.port}  (Ctrl+C stops it)\n", bold=True)
    if settings.is_default_database and demo.trace(settings).exists():
        click.echo("\n".join(["The demo people to sign in as:", *demo.sign_ins()]))


def hand_over(settings: Settings) -> None:
    """Become the server.

    Its workers are forked from here, so they need not import the application again and share its memory.
    """
    server = Server(
        "app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=PATIENCE,
        working_dir=ROOT,
    )
    sys.stdout.flush()
    gc.collect()
    gc.freeze()  # what is there now stays; counting it again would copy it into each worker
    server.serve()


@click.command("serve")
@pass_script_info
def serve(info: ScriptInfo) -> None:
    """Make ready what is not (database, content, translations) and serve the site."""
    app = info.load_app()
    settings: Settings = app.config["SETTINGS"]
    refuse_taken(settings.host, settings.port)
    try:
        with app.app_context():
            prepare(settings)
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise click.ClickException(f"The database cannot be used: {reason}") from None
    announce(settings)
    hand_over(settings)
