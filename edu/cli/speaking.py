"""Commands that speak the terminal's language, or the one asked for."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale, get_locale

from edu.base.i18n import LANGUAGES, LOCALES


def spoken_language() -> str:
    """What the terminal speaks: LC_ALL, else LC_MESSAGES, else LANG."""
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return LANGUAGES[0] if spoken.startswith("zh") else "en"


def speaking(group: AppGroup, name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command of `group` that speaks the language asked for."""

    def make(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def speak(*, language: str | None, **options: Any) -> None:
            with force_locale(LOCALES[language or spoken_language()]):
                function(**options)

        option = click.option("--language", type=click.Choice(LANGUAGES), help="Language of the messages.")
        return group.command(name)(option(speak))

    return make


def screen_language() -> str:
    """The language that is spoken now."""
    locale = str(get_locale())
    return next(language for language, name in LOCALES.items() if name == locale)
