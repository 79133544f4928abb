"""What a page still needs before it is cleaned: anchors, addresses, sizes, formulas. Pure; works on the tree."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from latex2mathml.converter import convert_to_element

from edu.base.i18n import mark
from edu.base.rendered import NO_ALTERNATIVE, NO_FILE, NO_TARGET, Media

AUDIO = (".mp3", ".m4a", ".ogg", ".opus", ".wav")
VIDEO = (".mp4", ".webm")

#: Kinds of remark (`!!! note`) and what each is called when it has no title of its own.
ADMONITIONS: dict[str, dict[str, str]] = {
    "note": {"zh-CN": "说明", "en": "Note"},
    "tip": {"zh-CN": "提示", "en": "Tip"},
    "warning": {"zh-CN": "注意", "en": "Mind"},
    "danger": {"zh-CN": "危险", "en": "Danger"},
}
#: `!!! check "question"`: a question to the reader, whose answer is folded away until it is asked for.
SELF_CHECK = "check"
SELF_CHECK_LABEL = {"zh-CN": "想一想", "en": "Think"}
#: A table of so many columns fits a phone.
NARROW = 3
#: A LaTeX formula on its way through Markdown.
FORMULA = re.compile(r"^\\([(\[])(.*)\\[)\]]$", re.DOTALL)
#: How Markdown writes the & of an address that it hides from harvesters; we show addresses plainly.
OBFUSCATED = "\x02amp\x03"
#: A place that Markdown fills in later (a stashed piece of HTML).
STASHED = re.compile("\x02[^\x03]*\x03")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a page; `needle` is a piece of its source by which the line is found, or empty."""

    needle: str
    message: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Finish:
    """One walk over one page."""

    language: str
    media: Mapping[str, Media]
    contents: list[dict[str, str]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def page(self, root: Element) -> None:
        for parent in list(root.iter()):
            for child in list(parent):
                self.element(parent, child)
        self.anchors(root)
        fragments = {f"#{element.get('id')}" for element in root.iter() if element.get("id")}
        for link in root.iter("a"):
            target = link.get("href", "")
            if target.startswith("#") and target not in fragments:
                self.remark(target, mark("broken link: there is no section %(target)s here"), target=target)

    def remark(self, needle: str, message: str, **values: object) -> None:
        self.remarks.append(Remark(needle, message, values))

    def anchors(self, root: Element) -> None:
        """s1, s2 … for sections, s1-1 … below them: the same as long as the order of sections is the same."""
        below = 0
        for heading in root.iter():
            if heading.tag == "h1":
                words = title_of(heading)
                self.remark(words, mark("a first-level heading: the page's title is its only one; use ##"))
            elif heading.tag == "h2":
                below = 0
                self.contents.append({"anchor": f"s{len(self.contents) + 1}", "title": title_of(heading)})
                heading.set("id", self.contents[-1]["anchor"])
            elif heading.tag == "h3":
                below += 1
                heading.set("id", f"s{len(self.contents)}-{below}")

    def element(self, parent: Element, child: Element) -> None:
        if child.get("align"):
            child.set("class", f"align-{child.attrib.pop('align')}")
        if child.tag == "th" and not len(child) and not (child.text or "").strip():
            child.tag = "td"  # the empty corner of a table heads nothing (axe: empty-table-header)
        if child.tag == "table" and len(child.findall("thead/tr/*")) > NARROW:
            child.set("tabindex", "0")  # it scrolls on a phone, by keyboard too
        if child.tag == "img":
            self.medium(parent, child)
        elif child.tag == "a":
            self.link(child)
        elif child.get("class") == "arithmatex":
            self.formula(parent, child)
        elif "admonition" in child.get("class", "").split():
            self.admonition(child)

    def link(self, link: Element) -> None:
        target = link.get("href", "")
        if target.startswith(OBFUSCATED):
            target = html.unescape(target.replace(OBFUSCATED, "&"))
            link.set("href", target)
            link.text = target.removeprefix("mailto:")
        if target.startswith("module:"):
            link.set("href", f"/modules/{target.removeprefix('module:')}")
        elif target in self.media:
            link.set("href", self.media[target].url)
        elif target.startswith(("http://", "https://")):
            link.set("rel", "noopener noreferrer")
        elif not target.startswith(("#", "mailto:")):
            self.remark(target, NO_TARGET, target=target)
            link.attrib.pop("href", None)

    def medium(self, parent: Element, image: Element) -> None:
        source = image.attrib.pop("src", "")
        if not image.get("alt", "").strip():
            self.remark(source, NO_ALTERNATIVE, target=source)
        medium = self.media.get(source)
        if medium is None:
            self.remark(source, NO_FILE, target=source)
            return
        image.set("src", medium.url)
        if source.lower().endswith(AUDIO + VIDEO):
            self.player(parent, image, "audio" if source.lower().endswith(AUDIO) else "video")
            return
        image.set("loading", "lazy")
        if medium.width and medium.height:
            image.set("width", str(medium.width))
            image.set("height", str(medium.height))

    def player(self, parent: Element, image: Element, tag: str) -> None:
        """A sound or film. One that stands alone in its paragraph becomes a figure with its words below."""
        words = image.attrib.pop("alt", "")
        image.tag = tag
        image.attrib.update({"controls": "controls", "preload": "none", "aria-label": words})
        alone = parent.tag == "p" and len(parent) == 1 and not (parent.text or "").strip()
        if alone and not (image.tail or "").strip():
            parent.tag = "figure"
            SubElement(parent, "figcaption").text = words

    def formula(self, parent: Element, span: Element) -> None:
        written = FORMULA.match((span.text or "").strip())
        if written is None:
            return
        message = mark("this formula cannot be read: %(formula)s (%(reason)s)")
        is_block = written.group(1) == "["
        latex = html.unescape(written.group(2).strip()) if is_block else written.group(2).strip()
        try:
            math = convert_to_element(latex, display="block" if is_block else "inline")
        except (RecursionError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - the library raises whatever a wrong formula happens to break
            self.remark(latex, message, formula=latex, reason=type(error).__name__)
            return
        unescape(math)
        if unknown := next((word for word in math.itertext() if word.startswith("\\")), None):
            self.remark(latex, message, formula=latex, reason=unknown)
        math.tail = span.tail
        position = list(parent).index(span)
        parent.remove(span)
        parent.insert(position, math)

    def admonition(self, box: Element) -> None:
        kind = box.get("class", "").split()[-1]
        title = box.find("p[@class='admonition-title']")
        if kind == SELF_CHECK:
            self.self_check(box, title)
            return
        if kind not in ADMONITIONS:
            message = mark("there is no remark of the kind “%(kind)s”: write note, tip, warning, danger or check")
            self.remark(f"!!! {kind}", message, kind=kind)
            return
        if title is not None and title.text == kind.capitalize():
            title.text = ADMONITIONS[kind].get(self.language, title.text)

    def self_check(self, box: Element, title: Element | None) -> None:
        if title is None or title.text == SELF_CHECK.capitalize() or len(box) < 2:
            message = mark('a self-check has a question and an answer: !!! check "question", the answer below it')
            self.remark(f"!!! {SELF_CHECK}", message)
        if title is None:
            return
        box.tag, title.tag = "details", "summary"
        box.set("class", SELF_CHECK)
        del title.attrib["class"]
        label = Element("strong")
        label.text = SELF_CHECK_LABEL.get(self.language, SELF_CHECK_LABEL["en"])
        label.tail = f" {title.text}"
        title.text = ""
        title.insert(0, label)


def title_of(heading: Element) -> str:
    """The words of a heading, without footnote marks."""
    words = [heading.text or ""]
    for child in heading:
        if child.tag != "sup":
            words.append("".join(child.itertext()))
        words.append(child.tail or "")
    return html.unescape(STASHED.sub("", "".join(words))).strip()


def unescape(math: Element) -> None:
    """latex2mathml writes entities into its text; a serialiser would escape them a second time."""
    for element in math.iter():
        if element.text:
            element.text = html.unescape(element.text)


def unwrap(root: Element) -> None:
    """A single paragraph becomes the bare words, so that they may stand in a label."""
    if len(root) == 1 and root[0].tag == "p":
        paragraph = root[0]
        root.remove(paragraph)
        root.text = paragraph.text
        root.extend(list(paragraph))
