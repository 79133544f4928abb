"""Markdown → clean HTML. The only place that knows Markdown and the two sanitisers.

Hostile input can take Markdown minutes: call `render` through `base.rendering`, which runs it in a child process.
Cleaning is the last step, and its exact result is stored and served; nothing is decoded or changed after it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

import nh3
from bleach.sanitizer import Cleaner
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from edu.base.i18n import mark
from edu.base.markup import ADMONITIONS, SELF_CHECK, Finish, Remark, unwrap
from edu.base.rendered import MOST_PAGE_BYTES, MOST_QUESTION_BYTES, TOO_LARGE, Fault, Media, Rendered

#: Limits of docs/content-format.md, which keep Markdown out of its quadratic corners.
MOST_OPEN_BRACKETS = 200
MOST_HEADINGS = 500

EXTENSIONS = (
    "tables",
    "footnotes",
    "def_list",
    "admonition",
    "sane_lists",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "pymdownx.arithmatex",
)
BACK = {"zh-CN": "回到正文中注{}处", "en": "Back to note {} in the text"}

#: The one allow-list, for both sanitisers.
MATH_TAGS = frozenset(
    "math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover "
    "mtable mtr mtd".split()
)
TAGS = MATH_TAGS | frozenset(
    "p h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code em strong sup hr br a img audio video "
    "figure figcaption details summary div table thead tbody tr th td".split()
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "rel"}),
    "img": frozenset({"src", "alt", "title", "width", "height", "loading"}),
    "audio": frozenset({"src", "title", "controls", "preload", "aria-label"}),
    "video": frozenset({"src", "title", "controls", "preload", "aria-label"}),
    "ol": frozenset({"start"}),
    "table": frozenset({"tabindex"}),
    "math": frozenset({"display"}),
    "mo": frozenset({"stretchy", "fence", "separator", "form", "minsize", "maxsize"}),
    "mi": frozenset({"mathvariant"}),
    "mfrac": frozenset({"linethickness"}),
    "mover": frozenset({"accent"}),
    "mspace": frozenset({"width"}),
    "mstyle": frozenset({"displaystyle", "scriptlevel"}),
    "mtable": frozenset({"columnalign"}),
}
#: What the value of an attribute must look like, wherever it stands.
VALUES = {
    "id": re.compile(r"s\d+(-\d+)?|fn(ref\d*)?-[^\s\"'<>&]{1,60}"),
    "class": re.compile(
        r"align-(left|center|right)|highlight|language-[\w+.#-]{1,30}|footnote(-ref|-backref)?|admonition-title"
        rf"|{SELF_CHECK}|admonition ({'|'.join(ADMONITIONS)})"
    ),
    "src": re.compile(r"/media/[0-9a-f]{64}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
    "rel": re.compile("noopener noreferrer"),
    "loading": re.compile("lazy"),
    "preload": re.compile("none"),
    "width": re.compile(r"[0-9.]{1,8}(em)?"),
    "height": re.compile(r"\d{1,5}"),
    "start": re.compile(r"\d{1,6}"),
    "tabindex": re.compile("0"),
}
SCHEME = re.compile(r"[^/?#]*:")
GOOD_SCHEME = re.compile(r"https?://|mailto:", re.IGNORECASE)
#: Control characters, every kind of space, and the backslash that browsers read as a slash.
UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\\]")


class Finisher(Treeprocessor):
    """Hands the finished tree over, once all of Markdown's own steps are done."""

    finish: Finish
    bare = False

    def run(self, root: Element) -> None:
        self.finish.page(root)
        if self.bare:
            unwrap(root)


@cache
def machine(language: str, bare: bool) -> tuple[Markdown, Finisher]:
    """A Markdown that keeps no raw HTML: it shows as the text it is."""
    extensions = [name for name in EXTENSIONS if not (bare and name == "footnotes")]
    configs: dict[str, dict[str, Any]] = {
        "tables": {"use_align_attribute": True},
        "pymdownx.highlight": {"use_pygments": False},
        "pymdownx.arithmatex": {"generic": True},
    }
    if not bare:
        configs["footnotes"] = {"SEPARATOR": "-", "BACKLINK_TITLE": BACK.get(language, BACK["en"])}
    made = Markdown(extensions=extensions, extension_configs=configs, output_format="html")
    made.preprocessors.deregister("html_block")
    made.inlinePatterns.deregister("html")
    made.inlinePatterns.deregister("entity")
    finisher = Finisher(made)
    finisher.bare = bare
    made.treeprocessors.register(finisher, "finish", -10)
    return made, finisher


def render(source: str, *, language: str, media: Mapping[str, Media], bare: bool = False) -> Rendered:
    """One page, or with `bare` one piece of a question: no footnotes, and no <p> around a single paragraph."""
    if found := limit_faults(source, MOST_QUESTION_BYTES if bare else MOST_PAGE_BYTES):
        return Rendered("", [], found)
    maker, finisher = machine(language, bare)
    maker.reset()
    finisher.finish = finish = Finish(language, media)
    try:
        made = maker.convert(source)
    except RecursionError:
        return Rendered("", [], [Fault(1, mark("this text is nested too deeply"), {})])
    return Rendered(clean(made), finish.contents, located(source, finish.remarks))


def located(source: str, remarks: Sequence[Remark]) -> list[Fault]:
    """Remarks with the line where their needle stands; the same remark on it again means its next place."""
    places: dict[tuple[str, str], int] = {}
    found = []
    for remark in remarks:
        same = (remark.needle, remark.message)
        at = source.find(remark.needle, places.get(same, 0)) if remark.needle else -1
        places[same] = at + 1
        found.append(Fault(source.count("\n", 0, at) + 1 if at >= 0 else 1, remark.message, remark.values))
    return found


def limit_faults(source: str, most_bytes: int) -> list[Fault]:
    """What would make Markdown slow, found before it starts."""
    size = len(source.encode("utf-8", "replace"))
    if size > most_bytes:
        return [Fault(1, TOO_LARGE, {"size": -(-size // 1024), "most": most_bytes // 1024})]
    faults = []
    block_line, brackets, headings, notes = 1, 0, 0, source.count("[^")
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            block_line, brackets = number + 1, 0
            continue
        before, brackets = brackets, brackets + line.count("[") - line.count("]")
        headings += line.startswith("#") or set(line.strip()) in ({"="}, {"-"})
        if brackets > MOST_OPEN_BRACKETS >= before:
            message = mark("more than %(most)s [ without ] in one block, which starts in line %(start)s")
            faults.append(Fault(number, message, {"most": MOST_OPEN_BRACKETS, "start": block_line}))
    if headings > MOST_HEADINGS or notes > MOST_HEADINGS:
        faults.append(Fault(1, mark("more than %(most)s headings or footnote marks"), {"most": MOST_HEADINGS}))
    return faults


def is_safe_url(url: str) -> bool:
    """http, https, mailto or relative to this site; nothing that any browser could read otherwise."""
    if UNSAFE_IN_URL.search(url) or url.startswith("//"):
        return False
    return bool(GOOD_SCHEME.match(url)) or not SCHEME.match(url)


def is_allowed(tag: str, name: str, value: str) -> bool:
    """The one rule for attributes, asked by both sanitisers."""
    if name not in ATTRIBUTES.get(tag, ()) and not (name in ("id", "class") and tag not in MATH_TAGS):
        return False
    if name == "href":
        return is_safe_url(value)
    if name == "width" and tag == "img" and not value.isdecimal():
        return False
    return name not in VALUES or VALUES[name].fullmatch(value) is not None


NH3_ATTRIBUTES = {tag: set(ATTRIBUTES.get(tag, ())) | {"id", "class"} for tag in TAGS}
BLEACH = Cleaner(
    tags=TAGS, attributes=is_allowed, protocols=frozenset({"http", "https", "mailto"}), strip=True, strip_comments=True
)


def clean(html: str) -> str:
    """HTML with nothing but the allow-list in it. Two independent parsers in a row: nh3, then bleach."""
    once = nh3.clean(
        html,
        tags=set(TAGS),
        attributes=NH3_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: value if is_allowed(tag, name, value) else None,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )
    return BLEACH.clean(once)
