"""Hangs the commands on `flask --app app`."""

from flask import Flask

from edu.cli.content import content
from edu.cli.demo import demo
from edu.cli.gaps import gaps
from edu.cli.people import people
from edu.cli.questions import questions
from edu.cli.serve import serve

COMMANDS = (content, questions, people, demo, gaps, serve)


def furnish(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
