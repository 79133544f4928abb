"""No page asks the database more than a dozen times, whoever looks."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from edu.cli.demo_world import World
from tests.browser import Browser
from tests.house.test_routes import KINDS, rules, values_for
from tests.statements import Statements

#: From here on one looks again.
MOST = 12

#: Looked at, and left as they are: how many, and why.
LOOKED_AT = {
    "units.show": (13, "counts of seven tables, as many for three people as for a thousand"),
    "units.export": (13, "the same figures as a sheet"),
    "write.edit": (15, "the editor checks the whole module; few open it, and rarely"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_no_more_than_a_dozen_times(
    app: Flask,
    world: World,
    browser: Browser,
    count_statements: Callable[[], AbstractContextManager[Statements]],
    kind: str,
) -> None:
    login = KINDS[kind]
    visitor = browser.as_(world.members[login] if login else None)
    many = {}
    for rule in rules(app, "GET"):
        values = values_for(rule, world)
        with count_statements() as statements:
            visitor.get(rule.endpoint, expect=None, **values)
        if len(statements) > LOOKED_AT.get(rule.endpoint, (MOST, ""))[0]:
            many[rule.endpoint] = f"{len(statements)}\n{statements}"
    assert many == {}
