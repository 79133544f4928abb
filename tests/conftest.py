"""What every test may ask for: `app` on an empty database, `world` on a filled one, `browser` to look at pages."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade

from edu import create_app
from edu.base.db import begin_write, db
from edu.cli import demo_world, ready
from edu.cli.demo_world import World
from edu.config import Settings
from tests import postgres
from tests.browser import Browser, Client
from tests.databases import PostgresShelf, Shelf, SqliteShelf
from tests.statements import Statements, counting
from tests.times import MONDAY


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the tests run on")


class ClusterPlugin:
    """One PostgreSQL for the whole run, however many workers share it."""

    def __init__(self) -> None:
        self.cluster = postgres.Cluster()
        self.url = self.cluster.start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["server"] = self.url

    def pytest_unconfigure(self) -> None:
        self.cluster.stop()


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") == "postgresql" and not hasattr(config, "workerinput"):
        try:
            plugin = ClusterPlugin()
        except postgres.Missing as missing:
            raise pytest.UsageError(str(missing)) from None
        config.pluginmanager.register(plugin, "cluster")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only the tests that have a database: the others have been run on SQLite and would be the same."""
    if config.getoption("--database") == "postgresql":
        without = [item for item in items if "shelf" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in set(without)]


@pytest.fixture(scope="session")
def shelf(pytestconfig: pytest.Config) -> Iterator[Shelf]:
    workerinput = getattr(pytestconfig, "workerinput", {})
    if pytestconfig.getoption("--database") == "postgresql":
        server = workerinput.get("server") or pytestconfig.pluginmanager.get_plugin("cluster").url
        yield PostgresShelf(server, workerinput.get("workerid", "main"))
    else:
        with tempfile.TemporaryDirectory(prefix="buque-", dir=postgres.scratch()) as folder:
            yield SqliteShelf(Path(folder))


@pytest.fixture(scope="session")
def site(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, made once: what changes from test to test is the database behind its one address."""
    settings = Settings(
        secret_key="known to every test",
        database_url=shelf.url,
        instance=tmp_path_factory.mktemp("instance"),
        testing=True,
    )
    ready.compile_catalogues()
    app = create_app(settings)
    app.test_client_class = Client
    return app


@pytest.fixture(scope="session")
def empty_database(site: Flask, shelf: Shelf) -> str:
    """The name of a migrated database without rows."""
    shelf.lay(None)
    with site.app_context():
        upgrade()
        db.engine.dispose()
    shelf.keep("empty")
    return "empty"


@pytest.fixture(scope="session")
def filled_world(site: Flask, shelf: Shelf, empty_database: str) -> World:
    """The demo world with the real content, kept as a database named "world"."""
    shelf.lay(empty_database)
    with time_machine.travel(MONDAY), site.app_context():
        loaded = site.test_cli_runner().invoke(args=["content", "load"])
        assert loaded.exit_code == 0, loaded.output
        begin_write()
        world = demo_world.fill(at=MONDAY)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    shelf.keep("world")
    return world


@pytest.fixture
def app(site: Flask, shelf: Shelf, empty_database: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application and its context, on a database of this test's own: empty, or the world's where that is asked."""
    is_world = "world" in request.fixturenames
    if is_world:
        request.getfixturevalue("filled_world")
    shelf.lay("world" if is_world else empty_database)
    # The pages read the clock. For tests it starts on the same Monday each time, so that nothing drifts with the years.
    with time_machine.travel(MONDAY), site.app_context():
        yield site
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(filled_world: World, app: Flask) -> World:
    """The demo world: units, members, modules by name."""
    return filled_world


@pytest.fixture
def browser(app: Flask) -> Browser:
    """`browser.as_(member).get("home.show")`; pages in English unless a language is asked for."""
    return Browser(app)


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """`with count_statements() as statements: …`, then `len(statements)`; `statements.texts` says which."""
    return lambda: counting(db.engine)
