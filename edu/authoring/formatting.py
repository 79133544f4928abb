"""Inserting permanent ids where there are none: into a module, and into its questions by position. Pure."""

import random
import re
from collections.abc import Collection, Mapping

from edu.authoring.faults import Fault
from edu.authoring.quiz_syntax import HEADING, ID, parse_quiz
from edu.authoring.syntax import in_fence, lines_of, parse_page
from edu.authoring.tree import Source
from edu.base.i18n import mark

#: Letters and digits that are not mistaken for each other (RFC 4648 base 32).
SIGNS = "abcdefghijklmnopqrstuvwxyz234567"


def fresh_id(taken: Collection[str], chance: random.Random) -> str:
    while True:
        made = "q-" + "".join(chance.choices(SIGNS, k=6))
        if made not in taken:
            return made


def with_question_ids(
    texts: Mapping[str, str], leading: str, taken: set[str], chance: random.Random, *, path: str
) -> tuple[dict[str, str], list[Fault]]:
    """Quiz files by language with every id in place. `taken` gains the new ones.

    The same position means the same question, so files with different numbers of questions are left alone.
    """
    ids = {
        language: [block.id for block in parse_quiz("", language, text)[0].blocks] for language, text in texts.items()
    }
    if all(all(found) for found in ids.values()):
        return dict(texts), []
    counts = {language: len(found) for language, found in ids.items()}
    if len(set(counts.values())) > 1:
        message = mark("ids cannot be inserted: the languages have different numbers of questions (%(counts)s)")
        told = ", ".join(f"{language}: {count}" for language, count in sorted(counts.items()))
        return dict(texts), [Fault(f"{path}/quiz.{leading}.md", 1, message, {"counts": told})]
    order = sorted(texts, key=lambda language: (language != leading, language))
    chosen: list[str] = []
    for place in range(counts[order[0]]):
        known = [ids[language][place] for language in order if ids[language][place]]
        chosen.append(known[0] if known else fresh_id(taken, chance))
        taken.add(chosen[-1])
    return {language: insert_ids(text, chosen) for language, text in texts.items()}, []


def insert_ids(text: str, ids: list[str]) -> str:
    """The text with `{#id}` at the end of every question's heading that has none; every other byte as it was."""
    flags = in_fence(lines_of(text))[0]
    parts = re.split(r"(\r\n|\n|\r)", text)  # lines and the ends between them, in turn
    places = iter(ids)
    for number, is_code in enumerate(flags):
        line = parts[2 * number]
        if not is_code and HEADING.match(line.removeprefix("\ufeff")):
            identity = next(places)
            if not ID.search(line):
                parts[2 * number] = f"{line.rstrip()} {{#{identity}}}"
    return "".join(parts)


def with_module_id(source: Source, leading: str) -> str | None:
    """The leading module file with an id made from its folder; None when it has one or has no front matter."""
    text = source.texts.get(f"module.{leading}.md")
    if text is None:
        return None
    page, _faults = parse_page("", leading, text)
    if not page.fields or "id" in page.fields:
        return None
    first = re.match(r"\ufeff?---[ \t]*(\r\n|\n|\r)", text)
    if first is None:
        return None
    return f"{first.group()}id: {source.folder.replace('/', '-')}{first.group(1)}{text[first.end() :]}"
