"""Search over titles and texts: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

The words are made here, by `courses.words`, the same for both; neither database's own idea of a word is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, text

from edu.base.db import db
from edu.courses.framework import TextDraft
from edu.courses.words import excerpt, is_open_ended, phrases, plain, words

#: Created by the first migration; no model can describe them.
DDL = {
    "sqlite": (
        "CREATE VIRTUAL TABLE module_words USING fts5("
        "title, body, module_id UNINDEXED, language UNINDEXED, shown_title UNINDEXED, shown_body UNINDEXED, "
        "tokenize = 'unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE module_words (module_id integer NOT NULL REFERENCES module (id), language varchar NOT NULL, "
        "words tsvector NOT NULL, shown_title varchar NOT NULL, shown_body varchar NOT NULL, "
        "PRIMARY KEY (module_id, language))",
        "CREATE INDEX module_words_words_ix ON module_words USING gin (words)",
    ),
}
MOST_HITS = 50
MOST_PHRASES = 8
#: Positions that a tsvector can tell apart; a page has far fewer words than this.
LAST_POSITION = 16383

_FIND = {
    "sqlite": (
        "SELECT m.key, m.topic_id, m.layer, w.language, w.shown_title, w.shown_body "
        "FROM module_words w JOIN module m ON m.id = w.module_id "
        "WHERE module_words MATCH :asked AND NOT m.is_retired "
        "ORDER BY w.language <> :language, bm25(module_words, 8.0, 1.0), m.key LIMIT :most"
    ),
    "postgresql": (
        "SELECT m.key, m.topic_id, m.layer, w.language, w.shown_title, w.shown_body "
        "FROM module_words w JOIN module m ON m.id = w.module_id "
        "WHERE w.words @@ CAST(:asked AS tsquery) AND NOT m.is_retired "
        "ORDER BY w.language <> :language, ts_rank(w.words, CAST(:asked AS tsquery)) DESC, m.key LIMIT :most"
    ),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A module in which every phrase occurs; the words around the first, with the hit in <mark>."""

    key: str
    topic_id: int
    layer: int
    #: Of the text that was found, which may not be the reader's own.
    language: str
    title: str
    snippet: Markup


def index_version(module_id: int, texts: Mapping[str, TextDraft]) -> None:
    """Make search find a module by these texts and no others."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.execute(text("DELETE FROM module_words WHERE module_id = :id"), {"id": module_id})
    for language, draft in texts.items():
        body = f"{draft.summary}\n{plain(draft.html)}"
        row: dict[str, Any] = {"id": module_id, "language": language, "shown_title": draft.title, "shown_body": body}
        if is_sqlite:
            row |= {"title": " ".join(words(draft.title)), "body": " ".join(words(body))}
            columns, values = "title, body", ":title, :body"
        else:
            row |= {"words": _vector(draft.title, body)}
            columns, values = "words", "CAST(:words AS tsvector)"
        db.session.execute(
            text(
                f"INSERT INTO module_words (module_id, language, shown_title, shown_body, {columns}) "  # noqa: S608
                f"VALUES (:id, :language, :shown_title, :shown_body, {values})"
            ),
            row,
        )


def search(asked: str, language: str) -> list[Hit]:
    """Modules on offer in which every phrase occurs: the reader's language first, then titles; one hit a module."""
    wanted = phrases(asked)[:MOST_PHRASES]
    if not wanted:
        return []
    dialect = db.engine.dialect.name
    query = _match(wanted) if dialect == "sqlite" else _tsquery(wanted)
    rows = db.session.execute(
        text(_FIND[dialect]).bindparams(bindparam("most", 2 * MOST_HITS)), {"asked": query, "language": language}
    )
    hits: dict[str, Hit] = {}
    for key, topic_id, layer, found_in, title, body in rows:
        if key not in hits:
            hits[key] = Hit(key, topic_id, layer, found_in, title, excerpt(body, wanted))
    return list(hits.values())[:MOST_HITS]


def _match(wanted: list[list[str]]) -> str:
    """For FTS5: "名 册" AND "roster" *."""
    return " AND ".join(f'"{" ".join(phrase)}"{" *" if is_open_ended(phrase) else ""}' for phrase in wanted)


def _tsquery(wanted: list[list[str]]) -> str:
    """For PostgreSQL: ('名' <-> '册') & 'roster':*."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in phrase) + (":*)" if is_open_ended(phrase) else ")")
        for phrase in wanted
    )


def _vector(title: str, body: str) -> str:
    """A tsvector with positions; words of the title weigh more, and no phrase runs from title into body."""
    places: dict[str, list[str]] = {}
    in_title = words(title)
    for position, word in enumerate(in_title, 1):
        places.setdefault(word, []).append(f"{position}A")
    for position, word in enumerate(words(body), len(in_title) + 2):
        places.setdefault(word, []).append(str(min(position, LAST_POSITION)))
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())
