"""The law of the page: what must hold for every HTML answer. The test client applies it to each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: Elements whose end tag HTML lets one leave out; Markdown and our templates always write it all the same.
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: Fields that need no label: nobody fills them in, or their own text names them.
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})

Attributes = dict[str, str | None]


@dataclass
class Page(HTMLParser):
    """What a page consists of, as far as the law asks."""

    faults: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels_for: set[str] = field(default_factory=set)
    #: id and line of every field outside a label.
    fields: list[tuple[Attributes, str]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""
    language: str | None = None
    #: Of the form that is open: whether it changes something, and whether it bears the token.
    form: dict[str, bool] | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def fault(self, text: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if len(attributes) != len(attrs):
            self.fault(f"<{tag}> has an attribute twice")
        self._inline(tag, attributes)
        self._names(tag, attributes)
        self._forms(tag, attributes)
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open_tags.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open_tags[-1:] != [tag]:
            self.fault(f"</{tag}> meets {'<' + self.open_tags[-1] + '>' if self.open_tags else 'nothing open'}")
            return
        self.open_tags.pop()
        if tag == "form" and self.form:
            if self.form["writes"] and not self.form["token"]:
                self.fault("a form that writes bears no csrf_token")
            self.form = None

    def handle_data(self, data: str) -> None:
        if self.open_tags[-1:] == ["title"] and "svg" not in self.open_tags:
            self.title += data
        if self.open_tags[-1:] == ["script"] and data.strip():
            self.fault("script written into the page")

    def _inline(self, tag: str, attributes: Attributes) -> None:
        """Nothing runs or styles inline: the security policy would refuse it, and the page would look broken."""
        if tag == "style" or "style" in attributes:
            self.fault(f"style written into <{tag}>")
        for name in attributes:
            if name.startswith("on"):
                self.fault(f"{name} on <{tag}>")
        for name in ("href", "src", "action", "formaction"):
            address = (attributes.get(name) or "").strip().lower()
            if address.startswith(("javascript:", "data:")):
                self.fault(f"{name} of <{tag}> starts with {address.split(':')[0]}:")
            if tag in ("script", "link", "img", "source", "video", "audio") and address.startswith(
                ("http:", "https:", "//")
            ):
                self.fault(f"<{tag}> comes from another host")

    def _names(self, tag: str, attributes: Attributes) -> None:
        if tag == "html":
            self.language = attributes.get("lang")
        if tag in HEADINGS:
            self.headings.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"] or "")
        if tag == "img" and "alt" not in attributes:
            self.fault("<img> has no alt")
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "list"):
            self.references += [(name, each) for each in (attributes.get(name) or "").split()]
        if tag == "label" and attributes.get("for"):
            self.labels_for.add(attributes["for"] or "")
            self.references.append(("for", attributes["for"] or ""))

    def _forms(self, tag: str, attributes: Attributes) -> None:
        if tag == "form":
            if self.form is not None:
                self.fault("a form inside a form")
            self.form = {"writes": (attributes.get("method") or "get").lower() == "post", "token": False}
        if self.form is not None and attributes.get("name") == "csrf_token" and attributes.get("value"):
            self.form["token"] = True
        is_field = tag in ("select", "textarea") or (tag == "input" and attributes.get("type") not in UNLABELLED)
        if is_field and "label" not in self.open_tags:
            self.fields.append((attributes, f"line {self.getpos()[0]}"))


def _unlabelled(page: Page) -> list[str]:
    return [
        f"{line}: field {attributes.get('name')!r} has no label"
        for attributes, line in page.fields
        if attributes.get("id") not in page.labels_for
        and not attributes.get("aria-label")
        and not attributes.get("aria-labelledby")
    ]


def faults_of(html: str) -> list[str]:
    """Where a page breaks the law; an empty list when it does not."""
    page = Page()
    page.feed(html)
    page.close()
    faults = page.faults + _unlabelled(page)
    if not html.lstrip().lower().startswith("<!doctype html>"):
        faults.append("does not start with <!doctype html>")
    if page.open_tags:
        faults.append(f"never closed: {page.open_tags}")
    if page.headings.count("h1") != 1:
        faults.append(f"{page.headings.count('h1')} h1 instead of one")
    if not page.title.strip(" ·\n"):
        faults.append("no title")
    elif page.title.strip().startswith("·"):
        faults.append(f"the title {page.title.strip()!r} names no page")
    if page.language not in ("zh-CN", "en"):
        faults.append(f"lang is {page.language!r}")
    faults += [
        f"id {each!r} stands {page.ids.count(each)} times" for each in sorted(set(page.ids)) if page.ids.count(each) > 1
    ]
    faults += [
        f"{name} refers to {target!r}, which is not there" for name, target in page.references if target not in page.ids
    ]
    return faults
