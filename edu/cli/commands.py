"""Hangs the commands on `flask --app app`."""

from flask import Flask

from edu.cli.serve import serve

COMMANDS = (serve,)


def furnish(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
