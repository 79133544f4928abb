"""`flask demo`: fill an empty local database with people, branches and half a year of studies."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from edu.base.clock import now
from edu.base.db import begin_write, db
from edu.cli import demo_world
from edu.config import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def refusal(settings: Settings) -> str:
    """Why this database may not be filled with people whose password is public; empty when it may."""
    if not settings.is_default_database:
        return "The demo world fills only the default SQLite database; DATABASE_URL is set."
    if settings.host not in LOOPBACK:
        return f"The demo world's password is public: it is not served on {settings.host}."
    return "" if demo_world.is_empty() else "There are people in the database already; nothing was changed."


def fill() -> None:
    """Fill and commit. The caller has asked `refusal` first."""
    db.session.rollback()
    begin_write()
    demo_world.fill(at=now())
    db.session.commit()
    trace(current_app.config["SETTINGS"]).touch()


def trace(settings: Settings) -> Path:
    """A file that is there when this instance was filled with the demo world."""
    return settings.instance / "demo-world"


def sign_ins() -> list[str]:
    """The demo people to try, a line each."""
    people = {person.login: person for person in demo_world.PEOPLE}
    units = {unit[0]: unit[1] for unit in demo_world.UNITS}
    lines = []
    for login in demo_world.SHOWN:
        person = people[login]
        duties = ", ".join(f"{kind} {units[unit]}" for kind, unit in person.duties) or "member"
        lines.append(f"  {login:<12} {person.name}  {units[person.unit]}  {duties}")
    return [*lines, f"  password of all: {demo_world.PASSWORD}"]


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill an empty local database with the demo world."""
    if reason := refusal(current_app.config["SETTINGS"]):
        raise click.ClickException(reason)
    click.echo("Filling the demo world …")
    fill()
    click.echo("\n".join(sign_ins()))
