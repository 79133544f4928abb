"""`flask serve`: make ready what is not, say where and for whom, and hand over to the server."""

import errno
import os
import socket
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from edu.cli import demo, ready
from edu.config import ROOT, Settings

#: One blocking thread a worker: the pages are short and Python runs one thread at a time anyway (docs/decisions).
#: A worker that is told to stop while it still starts does not hear it, so after a while it is made to.
SERVER = (
    *("--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"),
    *("--no-ws", "--log-level", "warning", "--workers-kill-timeout", "5"),
)


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
    if not demo.refusal(settings):
        click.echo("Filling the demo world …")
        demo.fill()


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
    if settings.is_default_database and demo.mark(settings).exists():
        click.echo("\n".join(["The demo people to sign in as:", *demo.sign_ins()]))


def hand_over(settings: Settings) -> None:
    """Become the server: no parent process stays behind to keep memory and swallow signals."""
    address = ("--host", settings.host, "--port", str(settings.port))
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "granian", *SERVER, *address, "app:app"])  # noqa: S606


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Make ready what is not (database, content, translations) and serve the site."""
    settings: Settings = current_app.config["SETTINGS"]
    refuse_taken(settings.host, settings.port)
    try:
        prepare(settings)
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise click.ClickException(f"The database cannot be used: {reason}") from None
    announce(settings)
    hand_over(settings)
