"""`flask gaps calibrate`: what all answers say of the questions. For a nightly job."""

import importlib

import click

from edu.base.clock import day_of, now
from edu.base.db import begin_write, db


@click.command("calibrate")
def calibrate() -> None:
    """Fit slip and guess of every question to its first answers, look for drift, set where newcomers start.

    Writes new versions of what moved and deletes nothing. Safe to repeat.
    """
    # Loaded here and not with the module: it brings numpy, which no page needs and every worker would carry.
    action = importlib.import_module("edu.quizzes.actions.calibrate")
    at = now()
    found = action.look(on=day_of(at), progress=said)
    begin_write()
    kept = action.keep(found, at=at)
    db.session.commit()
    answers = sum(topic.answers for topic in found)
    click.echo(f"{answers} first answers; {kept.questions} questions moved, {kept.alarms} new alarms.")


def said(done: int, total: int) -> None:
    click.echo(f"topic {done} of {total}", err=True)
