"""`flask gaps`: rebuild what follows from the evidence, and restate what depends on the day."""

import click
from flask.cli import AppGroup

from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.cli.calibrate import calibrate
from edu.cli.simulate import simulate
from edu.cli.what_if import what_if
from edu.gaps import actions
from edu.records import actions as records

gaps = AppGroup("gaps", help="What is lacking: rebuild it from the evidence.")
gaps.add_command(simulate)
gaps.add_command(calibrate)
gaps.add_command(what_if)


@gaps.command("rebuild")
def rebuild() -> None:
    """Throw away beliefs, rungs, completions, hours and tallies, and make them again from the evidence."""
    begin_write()
    count = actions.rebuild(on=day_of(now()))
    db.session.commit()
    click.echo(f"Rebuilt from the evidence of {count} members.")


@gaps.command("restate")
def restate() -> None:
    """Bring figures up to date with roles, requirements and relief that begin or end today. For a nightly job."""
    begin_write()
    records.restate_all(on=day_of(now()), progress=said)
    db.session.commit()
    click.echo("Standings and tallies say what holds today.")


def said(done: int, total: int) -> None:
    """Now and then, how far it is."""
    if done == total or done % 10_000 == 0:
        click.echo(f"{done:,} of {total:,} members", err=True)
