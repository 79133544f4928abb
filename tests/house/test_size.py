"""Nothing grows past the point where one must look again, unless somebody has looked and says why."""

import ast
from collections.abc import Iterator
from statistics import median

import pytest

from edu.config import ROOT
from tests.house.source import modules

#: Lines from which on a thing must explain itself.
LOOK_AGAIN = {"module": 400, "function": 50, "template": 120, "sheet": 200}

#: Looked at, and left as they are.
LOOKED_AT = {
    "edu/migrations/versions/0001_first_tables.py": "a list of tables, one after the other",
    "edu/migrations/versions/0001_first_tables.py:upgrade": "the same list",
    "edu/migrations/versions/0002_the_diagnostic.py:add_calibration": "a list of tables",
}


def lines_of(folder: str, pattern: str) -> Iterator[tuple[str, int]]:
    for path in sorted((ROOT / folder).rglob(pattern)):
        yield path.relative_to(ROOT).as_posix(), len(path.read_text("utf-8").splitlines())


def functions(path: str, text: str) -> Iterator[tuple[str, int]]:
    """Every function and how many lines it has, its documentation not counted."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = ast.get_docstring(node, clean=False)
            length = (node.end_lineno or node.lineno) - node.lineno + 1 - (len(told.splitlines()) if told else 0)
            yield f"{path}:{node.name}", length


def all_functions() -> list[tuple[str, int]]:
    return [function for path, text in modules() for function in functions(path.as_posix(), text)]


def sizes(kind: str) -> list[tuple[str, int]]:
    if kind == "module":
        return list(lines_of("edu", "*.py"))
    if kind == "function":
        return all_functions()
    return list(lines_of("templates", "*.html") if kind == "template" else lines_of("static/css", "*.css"))


@pytest.mark.parametrize("kind", LOOK_AGAIN)
def test_nothing_is_longer_than_it_explains(kind: str) -> None:
    long = {name: lines for name, lines in sizes(kind) if lines > LOOK_AGAIN[kind] and name not in LOOKED_AT}
    assert long == {}


def test_most_functions_fit_a_glance() -> None:
    lengths = sorted(length for name, length in all_functions() if "migrations" not in name)
    assert median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 20


def test_what_was_looked_at_is_still_there() -> None:
    known = {name for kind in LOOK_AGAIN for name, _ in sizes(kind)}
    assert set(LOOKED_AT) <= known


def test_a_long_function_is_found() -> None:
    text = "def f() -> None:\n" + "    x = 1\n" * 60
    assert list(functions("x.py", text)) == [("x.py:f", 61)]
