"""Which documents the questions of a tree rely on, and where two questions name one differently. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from edu.authoring.faults import Fault, Severity
from edu.authoring.syntax import Page, day_in
from edu.authoring.tree import Parsed
from edu.base.i18n import mark
from edu.quizzes.kinds.block import Source

#: How Chinese names a document in a running text, and what it leaves out of a law's name there. Other things have
#: such marks too; what a rule can stand in ends in one of these words.
NAMED = re.compile("《([^《》]{2,80})》")
RULES = re.compile("(法|法典|条例|章程|规定|办法|细则|规则|准则|规范|意见|通知|方案|标准|指南|解释)(（[^）]+）)?$")
SHORTEST = 5
LEFT_OUT = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Citation:
    """One source line of one question, in the leading language, with what the other languages call the document."""

    path: str
    source: Source
    #: Language → (path, source line there); the leading language is left out.
    elsewhere: dict[str, tuple[str, Source]]
    #: Key of the module.
    module: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that questions rely on."""

    #: Language → its name; the leading language first.
    names: dict[str, str]
    #: "2021-11-01", or empty where the author wrote a dash.
    in_force_on: str
    #: The earliest day by which one of its citations must be looked at again.
    review_by: str
    #: Keys of the modules whose questions cite it or whose text names it.
    modules: tuple[str, ...]
    citations: int


def citations(modules: Iterable[Parsed], leading: str) -> Iterator[Citation]:
    """Every source line of the leading language; those of the others stand in the same place of the same question."""
    for module in modules:
        quiz, page = module.quizzes.get(leading), module.pages.get(leading)
        if quiz is None:
            continue
        others = {
            language: (other.path, {block.id: block.sources for block in other.blocks})
            for language, other in module.quizzes.items()
            if language != leading
        }
        for block in quiz.blocks:
            for place, source in enumerate(block.sources):
                elsewhere = {
                    language: (path, sources[block.id][place])
                    for language, (path, sources) in others.items()
                    if len(sources.get(block.id, ())) == len(block.sources)
                }
                yield Citation(quiz.path, source, elsewhere, page.words("id") if page else module.folder)


def documents(modules: Sequence[Parsed], leading: str) -> list[Document]:
    """What is relied on, in the order of the names; what each language calls it first is its name there.

    A document that a module's text names and no question cites is listed without a day.
    """
    grouped: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations(modules, leading):
        grouped[short(citation.source.document)].append(citation)
    named: dict[str, list[Page]] = defaultdict(list)
    for page in (module.pages[leading] for module in modules if leading in module.pages):
        names = {short(name) for name in NAMED.findall(page.body) if len(name) >= SHORTEST and RULES.search(name)}
        for name in names:
            named[name].append(page)
    found = [document(leading, key, grouped.get(key, []), named.get(key, [])) for key in {**grouped, **named}]
    return sorted(found, key=lambda one: one.names[leading])


def short(name: str) -> str:
    """A document's name as a running text has it."""
    inside = NAMED.search(name)
    return (inside.group(1) if inside else name).removeprefix(LEFT_OUT)


def document(leading: str, key: str, cited: Sequence[Citation], pages: Sequence[Page]) -> Document:
    names = {leading: cited[0].source.document if cited else f"《{key}》"}
    for citation in cited:
        for language, (_path, source) in citation.elsewhere.items():
            names.setdefault(language, source.document)
    days = [citation.source.review_by for citation in cited] or [page.words("review_by") for page in pages]
    keys = {citation.module for citation in cited} | {page.words("id") for page in pages}
    return Document(names, cited[0].source.in_force_on if cited else "", min(days), tuple(sorted(keys)), len(cited))


def citation_faults(modules: Iterable[Parsed], leading: str) -> Iterator[Fault]:
    """One document has one name in each language and one day since which it is in force."""
    days: dict[str, tuple[str, Source]] = {}
    names: dict[tuple[str, str], tuple[str, Source]] = {}
    for citation in citations(modules, leading):
        here = citation.source
        if not is_whole(here):
            continue  # told at its line already (quiz_checks.source_faults)
        path, first = days.setdefault(here.document, (citation.path, here))
        if here.in_force_on != first.in_force_on:
            message = mark("%(document)s is in force since %(day)s here, since %(other)s in %(path)s:%(line)s")
            days_told = {"day": here.in_force_on or "—", "other": first.in_force_on or "—"}
            yield told(citation.path, here, message, path, first, document=here.document, **days_told)
        for language, (there, source) in citation.elsewhere.items():
            if (source.in_force_on, source.review_by) != (here.in_force_on, here.review_by):
                message = mark("the days of this source differ from those in %(path)s:%(line)s")
                yield told(there, source, message, citation.path, here)
            path, first = names.setdefault((language, here.document), (there, source))
            if source.document != first.document:
                message = mark("the same document is called “%(document)s” in %(path)s:%(line)s")
                yield told(there, source, message, path, first, document=first.document)


def is_whole(source: Source) -> bool:
    days = [source.review_by, *filter(None, [source.in_force_on])]
    return bool(source.document) and all(map(day_in, days))


def told(path: str, source: Source, message: str, first: str, other: Source, /, **values: object) -> Fault:
    return Fault(path, source.line, message, values | {"path": first, "line": other.line}, Severity.WARNING)
