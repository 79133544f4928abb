"""Laws about words: each sentence on a screen has its Chinese, and none is written past the catalogue."""

import ast
import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from edu.config import ROOT

CATALOGUE = ROOT / "edu" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"

#: What marks a sentence. `mark` is ours: domains mark, the edges translate.
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "mark": None, "ngettext": (1, 2)}
METHODS = [("edu/**.py", "python"), ("templates/**.html", "jinja2")]

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
HALF_WIDTH_BESIDE_CJK = re.compile(r"[\u3400-\u9fff][,;:!?]|[,;!?][\u3400-\u9fff]|\([\u3400-\u9fff]|[\u3400-\u9fff]\)")
PLACEHOLDER = re.compile(r"%\((\w+)\)")

#: Modules that bear Chinese of their own, and why.
CHINESE_AT_HOME = {
    "edu/cli/demo_world.py": "the people and branches of the demo world",
    "edu/quizzes/kinds/": "what question files call things, in the languages people write them",
    "edu/quizzes/response_tables.py": "what tables of responses call their rows, in the languages people write them",
    "edu/cli/people.py": "the name of the first unit",
    "edu/people/roster_rows.py": "what rosters call their columns, in the languages people write them",
    "edu/authoring/": "what module files call things, in the languages people write them",
    "edu/base/": "what people's files call things; marks of Chinese text",
    "edu/web/frame.py": "what a language calls itself",
    "edu/courses/words.py": "marks of Chinese text",
}

#: Words that are the same in every language.
SAME_EVERYWHERE = frozenset({"Buque", "补缺"})


def messages_in_source() -> dict[str | tuple[str, ...], str]:
    """Every sentence that a screen may show, with the first place that says it."""
    found: dict[str | tuple[str, ...], str] = {}
    for file, line, message, _comments, _context in extract_from_dir(ROOT, METHODS, keywords=KEYWORDS):
        found.setdefault(message, f"{file}:{line}")
    return found


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def words_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = words_of(message)
    if message.fuzzy or not all(texts):
        yield f"{ids[0]!r}: not translated"
        return
    if any(set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(" ".join(ids))) for text in texts):
        yield f"{ids[0]!r}: {texts} names a value that is not given"
    if isinstance(message.id, str) and set(PLACEHOLDER.findall(message.id)) - set(PLACEHOLDER.findall(texts[0])):
        yield f"{ids[0]!r}: {texts} leaves a value out"
    if any(HALF_WIDTH_BESIDE_CJK.search(text) for text in texts):
        yield f"{ids[0]!r}: {texts} has half-width punctuation beside Chinese"


def docstrings(tree: ast.Module) -> set[ast.Constant]:
    """String statements: documentation, also of attributes."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def chinese_in_code(text: str) -> list[int]:
    """Lines whose strings have Chinese in them; what is documented may."""
    tree = ast.parse(text)
    told = docstrings(tree)
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in told
        and CJK.search(node.value)
    ]


REFUSALS = frozenset({"NotFound", "NotAllowed", "Conflict", "Invalid", "ValidationError", "InputRequired", "flash"})


def unmarked_in_code(text: str) -> list[int]:
    """Lines that hand a bare English sentence to someone who will show it."""
    lines = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = ast.unparse(node.func).split(".")[-1]
        first = node.args[0]
        is_bare = isinstance(first, ast.JoinedStr) or (
            isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value
        )
        if (name in REFUSALS or (name.endswith("Field") and name[0].isupper())) and is_bare:
            lines.append(node.lineno)
    return lines


#: The width block names a class of the frame.
WIDTH = re.compile(r"\{% block width %\}.*?\{% endblock %\}")
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
SHOWN_ATTRIBUTE = re.compile(r"\b(?:alt|title|placeholder|aria-label)=\"([^\"]*)\"")
#: Not "-hint" behind an id that is made.
LETTERS = re.compile(r"(?<![-\w])[A-Za-z\u3400-\u9fff]{2,}")


def bare_words_in_template(text: str) -> list[str]:
    """Words that a template shows without asking the catalogue."""
    plain = JINJA.sub(" ", WIDTH.sub(" ", text))
    shown = [TAG.sub(" ", plain), *SHOWN_ATTRIBUTE.findall(plain)]
    return [word for part in shown for word in LETTERS.findall(part) if word not in SAME_EVERYWHERE]


def python_files() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "edu").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def is_at_home(path: str) -> bool:
    return path.startswith(tuple(CHINESE_AT_HOME))
