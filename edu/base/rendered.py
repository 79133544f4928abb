"""What goes into a rendering and what comes out: plain values, so that asking for one loads no Markdown."""

from dataclasses import dataclass

from edu.base.i18n import mark

#: What both the renderer and a reader of the source may find; the same words, so that it is told once.
NO_TARGET = mark("broken link: there is no %(target)s")
NO_FILE = mark("there is no file %(target)s beside the module")
NO_ALTERNATIVE = mark("%(target)s has no text alternative between its [ and ]")


TOO_LARGE = mark("this text has %(size)s KB; %(most)s KB are the limit")
TOO_SLOW = mark("could not be rendered within %(seconds)s seconds and %(megabytes)s MB")

#: Sizes of docs/content-format.md: an honest page is 20 KB, and Markdown takes long for much more.
MOST_PAGE_BYTES = 256 * 1024
MOST_QUESTION_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or film that a page may show: its address and, for a picture, its size in pixels."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, and in which of its lines, counted from 1."""

    line: int
    message: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Rendered:
    #: Clean; to be stored and served as it is.
    html: str
    #: The sections: [{"anchor": "s1", "title": "一个案例"}].
    contents: list[dict[str, str]]
    faults: list[Fault]
