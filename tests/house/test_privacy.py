"""What must never be done to people: nothing counts their time, ranks them, or keeps what is no business of ours.

The first and the third invariant of the domain; a central rule of 2026 forbids the same.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from flask import Flask

from edu.base.db import Model
from edu.config import ROOT

#: Words that no column, address or field may have in its name.
FORBIDDEN = {
    "time that is counted": "online seconds elapsed duration dwell heartbeat idle stopwatch",
    "showing up for its own sake": "streak streaks checkin punch attendance",
    "a race": "points point score scores rank ranks ranking leaderboard badge badges medal level_up xp",
    "who somebody is elsewhere": "idcard id_card identity passport national citizen ethnicity religion birth gender",
    "where somebody is or lives": "address home_address location latitude longitude gps geo ip",
    "how somebody is": "health illness sick disability diagnosis medical",
    "what somebody looks like": "photo portrait selfie face_image camera video",
    "how to reach somebody": "phone mobile wechat qq",
}
WORDS = {word: why for why, words in FORBIDDEN.items() for word in words.split()}

#: Names that have such a word and mean something else.
MEANT_OTHERWISE = {
    "account.health": "whether the site is well",
    "/health": "the same",
    "unit_kind.rank": "which kind of unit is larger, not who is better",
}

#: What a script may not ask the browser for, or do behind the reader's back.
FORBIDDEN_IN_SCRIPTS = (
    "geolocation",
    "getUserMedia",
    "sendBeacon",
    "setInterval",
    "requestIdleCallback",
    "visibilitychange",
)


def suspects(names: Iterable[str]) -> list[str]:
    return [f"{name}: {why}" for name in names if name not in MEANT_OTHERWISE for why in reasons(name)]


def reasons(name: str) -> Iterator[str]:
    parts = re.split(r"[^a-z]+", name.lower())
    pairs = {f"{first}_{second}" for first, second in pairwise(parts)}
    for word in {*parts, *pairs, *(pair.replace("_", "") for pair in pairs)}:
        if word in WORDS:
            yield WORDS[word]


def columns() -> list[str]:
    return [f"{table.name}.{column.name}" for table in Model.metadata.tables.values() for column in table.columns]


def routes(site: Flask) -> list[str]:
    return sorted({name for rule in site.url_map.iter_rules() for name in (rule.endpoint, rule.rule)})


def fields() -> list[str]:
    """Names of the fields that templates and forms offer."""
    templates = [path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html")]
    forms = [path.read_text("utf-8") for path in (ROOT / "edu" / "web").rglob("*.py")]
    named = [
        name for text in templates for name in re.findall(r"<(?:input|select|textarea)[^>]*\bname=\"([\w-]+)\"", text)
    ]
    return named + [name for text in forms for name in re.findall(r"^\s+(\w+) = \w*Field\(", text, re.MULTILINE)]


def test_no_column_keeps_what_it_must_not(site: Flask) -> None:
    assert columns()
    assert suspects(columns()) == []


def test_no_page_does_what_it_must_not(site: Flask) -> None:
    assert suspects(routes(site)) == []


def test_no_field_asks_what_it_must_not() -> None:
    assert suspects(fields()) == []


def test_no_upload_is_asked_of_members() -> None:
    """Files are handed in by trainers (media) and administrators (rosters); nobody photographs or films himself."""
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "capture" not in re.findall(r"<input[^>]*\b(capture)\b", text), path
        if 'type="file"' in text:
            assert path.parent.name in ("write", "people"), path


def scripts_that_pry(text: str) -> list[str]:
    return [word for word in FORBIDDEN_IN_SCRIPTS if word in text]


def test_no_script_watches_the_reader() -> None:
    found = {path.name: scripts_that_pry(path.read_text("utf-8")) for path in (ROOT / "static" / "js").rglob("*.js")}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "member.online_seconds",
        "member.streak",
        "sign_in.ip",
        "view.check_in_at",
        "/units/<int:unit_id>/ranking",
        "member.id_card",
        "member.home_address",
        "relief.health_reason",
        "member.points",
        "home.leaderboard",
        "photo",
        "member.birth_on",
    ],
)
def test_a_planted_name_is_found(planted: str) -> None:
    assert len(suspects([planted])) >= 1


def test_a_planted_script_is_found() -> None:
    assert scripts_that_pry("setInterval(() => navigator.sendBeacon('/alive'), 1000)") == ["sendBeacon", "setInterval"]
