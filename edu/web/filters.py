"""What templates may call: the reader's language, instants and days, assets."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import get_datetime_format
from flask import Flask, g, request, session
from flask_babel import (
    Babel,
    format_date,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    get_translations,
)

from edu.base.i18n import LANGUAGES, LOCALES, pick
from edu.config import ROOT
from edu.web import guard

STATIC = ROOT / "static"


def language() -> str:
    """The reader's language: their own setting, else this browser's choice, else what the browser asks for."""
    person = guard.viewer()
    chosen = (person.language if person else None) or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    accepted = request.accept_languages.best_match([*LANGUAGES, "zh", "zh-Hans"], LANGUAGES[0])
    return "en" if accepted == "en" else LANGUAGES[0]


def locale_name() -> str:
    return LOCALES[language()]


def in_language(names: dict[str, str]) -> str:
    """{"zh-CN": …, "en": …} in the reader's language."""
    return pick(names, "en" if str(get_locale()) == "en" else "zh-CN")


def called(row: Any) -> str:
    """A person's or unit's name as it is written in the reader's language: .name, or .name_en where there is one."""
    in_english = str(get_locale()) == "en"
    return str((in_english and row.name_en) or row.name)


def moment(at: datetime | None) -> str:
    """Day and time to the minute, joined as the reader's language joins them."""
    if at is None:
        return ""
    joined = str(get_datetime_format("medium", locale=get_locale()))
    return joined.format(format_time(at, "short"), format_date(at, "medium"))


def day(on: date | None) -> str:
    return format_date(on, "medium") if on else ""


def translations() -> Any:
    """The catalogue of this request's language, looked up once: a page translates some fifty sentences."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def tree_digest(folder: Path) -> str:
    """Twelve hex digits that change when any file below `folder` changes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".gz":
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def furnish(app: Flask) -> None:
    prefix = f"/static/{tree_digest(STATIC)}"
    app.config["STATIC_PREFIX"] = prefix
    Babel(app, locale_selector=locale_name)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: translations().ugettext(message),
        ngettext=lambda one, many, count: translations().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals["asset"] = lambda path: f"{prefix}/{path}"
    app.jinja_env.filters.update(moment=moment, day=day, named=in_language, called=called)
    app.jinja_env.filters.update(number=format_decimal, percent=format_percent)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
