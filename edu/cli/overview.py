"""What courses teach and what they rely on, as the Markdown of docs/map.md and docs/content-sources.md."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext, ngettext

from edu.authoring.citations import Document
from edu.authoring.overview import Cell, RolePlan, Taught
from edu.base.i18n import pick
from edu.quizzes.kinds import KINDS


def row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield row(head)
    yield row("---" for _column in head)
    yield from map(row, rows)


def kind_counts(kinds: Counter[str], language: str) -> str:
    """“6 single choice, 2 true/false”, in the order of the kinds."""
    words = {name: kind.WORDS[language][0].lower() for name, kind in KINDS.items()}
    return ", ".join(f"{kinds[name]} {words[name]}" for name in KINDS if kinds[name])


def map_lines(cells: Sequence[Cell], plans: Sequence[RolePlan], language: str) -> Iterator[str]:
    """The cells with their modules and questions, then what each role is served from nothing."""
    all_kinds: Counter[str] = sum((one.kinds for cell in cells for one in cell.modules), Counter())
    modules = sum(len(cell.modules) for cell in cells)
    yield gettext(
        "%(cells)s cells, %(modules)s modules, %(questions)s questions: %(kinds)s.",
        cells=len(cells),
        modules=modules,
        questions=all_kinds.total(),
        kinds=kind_counts(all_kinds, language),
    )
    yield ""
    head = [
        gettext("Topic"),
        gettext("Layer"),
        gettext("Module"),
        gettext("Minutes"),
        gettext("Questions"),
        gettext("Required by"),
    ]
    yield from table(head, (line for cell in cells for line in cell_rows(cell, len(plans), language)))
    for plan in plans:
        count = ngettext("%(num)s module", "%(num)s modules", len(plan.modules))
        minutes = ngettext("%(num)s minute", "%(num)s minutes", plan.minutes)
        role = pick(plan.role.names, language)
        heading = gettext("%(role)s: %(count)s, %(minutes)s", role=role, count=count, minutes=minutes)
        yield from ("", f"### {heading}", "")
        for number, module in enumerate(plan.modules, 1):
            yield f"{number}. {step_words(module, language)}"


def step_words(module: Taught | None, language: str) -> str:
    if module is None:
        return gettext("no module yet")
    return gettext(
        "%(title)s (%(topic)s %(layer)s, %(minutes)s′)",
        title=pick(module.titles, language),
        topic=pick(module.topic.names, language),
        layer=module.layer,
        minutes=module.minutes,
    )


def cell_rows(cell: Cell, roles_in_all: int, language: str) -> Iterator[list[object]]:
    roles = ", ".join(pick(role.names, language) for role in cell.roles) or "—"
    if len(cell.roles) == roles_in_all:
        roles = gettext("every role")
    topic = pick(cell.topic.names, language)
    if not cell.modules:
        yield [topic, cell.layer, gettext("no module yet"), "", "", roles]
    for one in cell.modules:
        yield [topic, cell.layer, f"`{one.key}`", one.minutes, kind_counts(one.kinds, language), roles]


def source_lines(documents: Sequence[Document], leading: str, language: str) -> Iterator[str]:
    """What is relied on: name, in force since, earliest review date, citations, modules."""
    head = [gettext("Document"), gettext("In force since"), gettext("Review by"), gettext("Cited"), gettext("Modules")]
    yield from table(head, (source_row(one, leading, language) for one in documents))


def source_row(one: Document, leading: str, language: str) -> list[object]:
    own = pick(one.names, language)
    name = own if own == one.names[leading] else f"{own} · {one.names[leading]}"
    return [name, one.in_force_on or "—", one.review_by, one.citations, ", ".join(f"`{key}`" for key in one.modules)]
