"""What the documents name is there."""

import re
from pathlib import Path

import pytest

from edu.base.db import Model
from edu.config import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

#: `edu/web/quiz.py`, `tests/house/`, `docs/look.md`: a path in backticks whose first part is one of our folders.
PATH = re.compile(r"`((?:edu|tests|docs|templates|static|content|benchmarks|\.ci)/[\w./-]*)`")
#: What stands in a block of code is an example.
BLOCK = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2|^ {4}.*?$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")


def missing(text: str, folder: Path) -> list[str]:
    """Paths and links in a document that lead nowhere."""
    text = BLOCK.sub("", text)
    paths = [path for path in PATH.findall(text) if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()]
    return paths + [link for link in LINK.findall(re.sub(r"`[^`]*`", "", text)) if not (folder / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_and_link_leads_somewhere(document: Path) -> None:
    assert missing(document.read_text("utf-8"), document.parent) == []


def test_a_dead_path_and_a_dead_link_are_found() -> None:
    text = "See `edu/web/quizz.py`, `edu/web/` and [the map](nowhere.md), not [this](https://example.org/x)."
    assert missing(text, ROOT / "docs") == ["edu/web/quizz.py", "nowhere.md"]


def test_every_decision_has_a_number_of_its_own() -> None:
    names = [path.name for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert [name for name in names if not re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", name)] == []
    assert len({name[:4] for name in names}) == len(names)


def test_every_table_stands_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", glossary))
    assert sorted(set(Model.metadata.tables) - named) == []


def test_contributing_fits_a_screen_or_two() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()) < 80
