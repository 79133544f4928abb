"""The laws about the text of the code hold, and each can fail."""

from pathlib import PurePosixPath

import pytest

from tests.house import source
from tests.house.source import LAWS, Law, breaches, modules


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds(law: Law) -> None:
    assert [breach for path, text in modules() for breach in breaches(law, path, text)] == []


@pytest.mark.parametrize(
    ("law", "path", "text"),
    [
        (source.commits_inside, "edu/quizzes/actions/closing.py", "db.session.commit()"),
        (source.imports_in_functions, "edu/gaps/plan.py", "def f() -> None:\n    import json"),
        (source.imports_of_the_whole, "edu/web/home.py", "import edu"),
        (source.imports_of_the_whole, "edu/web/home.py", "from edu import create_app"),
        (source.clocks_inside, "edu/gaps/actions.py", "at = clock.now()"),
        (source.clocks_inside, "edu/gaps/actions.py", "at = datetime.now(UTC)"),
        (source.clocks_inside, "edu/gaps/actions.py", "on = date.today()"),
        (source.trusted_html, "edu/web/learn.py", "return Markup(text)"),
        (source.empty_names, "edu/web/utils.py", "'''Things.'''"),
        (source.silent_modules, "edu/web/home.py", "import json"),
        (source.untyped_functions, "edu/web/home.py", "def f(): ..."),
    ],
)
def test_a_planted_breach_is_found(law: Law, path: str, text: str) -> None:
    assert len(breaches(law, PurePosixPath(path), text)) == 1


def test_what_the_laws_allow() -> None:
    text = "db.session.commit()\nat = clock.now()"
    assert breaches(source.trusted_html, PurePosixPath("edu/web/learn.py"), 'Markup("<b>{}</b>").format(name)') == []
    for path in ("edu/web/transaction.py", "edu/cli/content.py"):
        assert breaches(source.commits_inside, PurePosixPath(path), text) == []
        assert breaches(source.clocks_inside, PurePosixPath(path), text) == []
