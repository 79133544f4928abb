"""Laws about the text of the code. Each takes a module's path and text, and gives the places where it is broken."""

import ast
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from edu.config import ROOT

Law = Callable[[PurePosixPath, ast.Module], Iterator[ast.AST]]

#: Where a transaction may end.
EDGES = ("edu/web/transaction.py", "edu/cli/", "edu/migrations/")
#: Who may look at the clock.
CLOCK_READERS = ("edu/base/clock.py", "edu/web/", "edu/cli/")
#: Names that say nothing about what a module is for.
EMPTY_NAMES = frozenset(
    {"util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "services", "handler"}
)


def modules() -> Iterator[tuple[PurePosixPath, str]]:
    """Every module of the product: its path from the root, and its text."""
    for path in sorted((ROOT / "edu").rglob("*.py")):
        yield PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text("utf-8")


def is_below(path: PurePosixPath, places: tuple[str, ...]) -> bool:
    return path.as_posix().startswith(places)


def commits_inside(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """One commit, at the edge."""
    for node in ast.walk(tree):
        is_commit = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
        if is_commit and not is_below(path, EDGES):
            yield node


def imports_in_functions(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """A function that imports hides what its module needs."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def imports_of_the_whole(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """Nobody inside imports `edu` itself: the wiring knows everybody, nobody knows the wiring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(alias.name == "edu" for alias in node.names):
            yield node
        if isinstance(node, ast.ImportFrom) and node.module == "edu":
            packages = {p.stem for p in (ROOT / "edu").iterdir()}
            if any(alias.name not in packages for alias in node.names):
                yield node


def clocks_inside(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """Below the edges, the time is an argument."""
    if is_below(path, CLOCK_READERS):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in ("now", "clock.now") or name.endswith(("datetime.now", "datetime.utcnow", "date.today")):
            yield node


def trusted_html(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """What is called Markup stands in the code, letter by letter; format() then escapes what is put into it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("Markup", "render_template_string"):
            if not all(isinstance(argument, ast.Constant) for argument in node.args):
                yield node


def empty_names(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    if path.stem in EMPTY_NAMES:
        yield tree


def silent_modules(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """A module says in its first line what it is for."""
    if not ast.get_docstring(tree):
        yield tree


def untyped_functions(path: PurePosixPath, tree: ast.Module) -> Iterator[ast.AST]:
    """What a function returns is written down."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is None:
            yield node


LAWS: tuple[Law, ...] = (
    commits_inside,
    imports_in_functions,
    imports_of_the_whole,
    clocks_inside,
    trusted_html,
    empty_names,
    silent_modules,
    untyped_functions,
)


def breaches(law: Law, path: PurePosixPath, text: str) -> list[str]:
    return [f"{path}:{getattr(node, 'lineno', 1)}" for node in law(path, ast.parse(text))]
