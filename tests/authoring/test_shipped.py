"""The courses that ship: what every role requires can be studied, asked about and met, in both languages."""

import re
from collections import Counter
from functools import cache

import pytest

from edu.authoring.actions import check_tree, survey
from edu.authoring.checks import number_in
from edu.authoring.overview import Cell
from edu.authoring.syntax import links
from edu.authoring.tree import Parsed, parse, read_tree
from edu.base.i18n import LANGUAGES
from edu.config import ROOT
from tests.times import MONDAY

CONTENT = ROOT / "content"
SELF_CHECK = re.compile(r"^!!! check \S", re.MULTILINE)
SECTION = re.compile(r"^## ", re.MULTILINE)
FOOTERS = {
    "zh-CN": r"\*以现行原文为准；核对日期 \d{4}-\d\d-\d\d。\*",
    "en": r"\*The text in force prevails; checked on \d{4}-\d\d-\d\d\.\*",
}


@cache
def parsed() -> tuple[Parsed, ...]:
    return tuple(parse(source) for source in read_tree(CONTENT).sources)


def required_cells() -> list[Cell]:
    return [cell for cell in survey(CONTENT).cells if cell.roles]


def name(cell: Cell) -> str:
    return f"{cell.topic.key}-{cell.layer}"


def test_nothing_in_the_whole_bank_is_worth_a_warning() -> None:
    assert [fault.say() for fault in check_tree(CONTENT, on=MONDAY.date())] == []


@pytest.mark.parametrize("cell", required_cells(), ids=name)
def test_every_required_rung_has_a_short_module_and_ten_questions_of_mixed_kinds(cell: Cell) -> None:
    kinds: Counter[str] = sum((module.kinds for module in cell.modules), Counter())
    assert [module.minutes for module in cell.modules if module.minutes <= 12]
    assert kinds.total() >= 10
    assert set(kinds) == {"single", "multiple", "truefalse", "fillin", "number"}
    assert kinds["truefalse"] <= kinds.total() / 4


def test_the_bank_is_large_enough() -> None:
    assert sum(module.kinds.total() for cell in survey(CONTENT).cells for module in cell.modules) >= 240


@pytest.mark.parametrize("module", parsed(), ids=lambda module: module.folder)
def test_every_module_is_complete_in_both_languages(module: Parsed) -> None:
    assert set(module.pages) == set(module.quizzes) == set(LANGUAGES)
    assert module.media
    for language, page in module.pages.items():
        checks = [match.start() for match in SELF_CHECK.finditer(page.body)]
        sections = [match.start() for match in SECTION.finditer(page.body)]
        assert len(checks) == 3
        assert sections[1] < checks[0] < checks[2] < sections[-1]
        assert re.search(FOOTERS[language], page.body)


@pytest.mark.parametrize("module", parsed(), ids=lambda module: module.folder)
def test_whoever_chooses_a_wrong_option_is_told_why(module: Parsed) -> None:
    silent = [
        f"{quiz.path}:{option.line}"
        for quiz in module.quizzes.values()
        for block in quiz.blocks
        for option in block.options
        if not option.is_right and not option.feedback
    ]
    assert silent == []


def test_every_rung_leads_on_from_the_one_below() -> None:
    by_cell = {(cell.topic.key, cell.layer): cell.modules for cell in survey(CONTENT).cells}
    for (topic, layer), modules in by_cell.items():
        below = {module.key for module in by_cell.get((topic, layer - 1), ())}
        assert all(set(module.requires) & below for module in modules if layer > 1), (topic, layer)


@pytest.mark.parametrize("module", parsed(), ids=lambda module: module.folder)
def test_every_text_shows_the_way_to_the_next_rung(module: Parsed) -> None:
    layer = number_in(module.pages[LANGUAGES[0]], "layer")
    topic = module.folder.partition("/")[0]
    above = {
        one.key
        for cell in survey(CONTENT).cells
        for one in cell.modules
        if (cell.topic.key, cell.layer) == (topic, layer + 1)
    }
    for page in module.pages.values():
        linked = {link.target.removeprefix("module:") for link in links(page.body, 1)}
        assert not above or linked & above
