"""Texts as search sees them: folded words, one Chinese character a word, and excerpts with the hit marked.

A Chinese text has no spaces between its words. Taken apart into characters and asked for as a phrase, a word of any
length is found, two characters included; trigram indexes miss those.
"""

import re
import unicodedata
from html.parser import HTMLParser

from markupsafe import Markup, escape

#: One character of a script without spaces, or a run of letters and digits of any other.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{CJK}]|(?:(?![{CJK}])[^\W_])+")
LONGEST_WORD = 100
#: Letters shown before and after a hit: about two lines on a phone.
BEFORE, AFTER = 24, 72


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text))]


def phrases(asked: str) -> list[list[str]]:
    """What a person typed, as phrases that must all occur: spaces part them."""
    return [found for part in asked.split() if (found := words(part))]


def is_open_ended(phrase: list[str]) -> bool:
    """Whether the last word may go on: "roster" finds "rosters". A Chinese character is whole."""
    return len(phrase[-1]) > 1


class Reader(HTMLParser):
    """Gathers the words of a page; each element that starts a line of its own starts one here."""

    LINES = frozenset("p h2 h3 h4 h5 h6 li dt dd pre tr blockquote figcaption div".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.LINES:
            self.read.append("\n")
        elif tag in ("td", "th"):
            self.read.append(" ")
        self.read.extend(f" {value} " for name, value in attrs if name == "alt" and value)

    def handle_data(self, data: str) -> None:
        self.read.append(data)


def plain(html: str) -> str:
    """The words of clean HTML, one block a line. Never to be shown unescaped."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.read).split("\n"))
    return "\n".join(line for line in lines if line)


def excerpt(text: str, asked: list[list[str]]) -> Markup:
    """The first place of `text` where a phrase stands, with what is around it; the hit in <mark>."""
    for phrase in asked:
        gap = r"[^\w\n]*" if len(phrase) > 1 else ""
        found = re.search(gap.join(map(re.escape, phrase)), text, re.IGNORECASE)
        if found:
            start, end = max(0, found.start() - BEFORE), found.end() + AFTER
            before, after = text[start : found.start()].split("\n")[-1], text[found.end() : end].split("\n")[0]
            lead = "…" if start and len(before) == BEFORE else ""
            tail = "…" if end < len(text) and len(after) == AFTER else ""
            return Markup("{}{}<mark>{}</mark>{}{}").format(lead, before, found.group(), after, tail)
    return escape(text.split("\n")[0][: BEFORE + AFTER])
