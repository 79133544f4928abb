"""Whole stories in a real browser, against the site as it is served to people: `flask serve` and Granian."""

import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

from edu.base.clock import now
from tests.journeys.served import free_port, serving

MISSING = "A Chromium is missing: apt-get install chromium fonts-noto-cjk"

#: Chromium as root, in a sandbox of its own already, and asking no outside host for anything.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        # On CI a missing browser is a failure: a check that is skipped there checks nothing.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Served:
    """The site, served from an instance of its own."""

    url: str
    instance: Path
    #: The database as it was when the site had just been made.
    kept: Path

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.instance / "buque.sqlite")

    def renew(self) -> None:
        """Put the world back as it was, under the running server: SQLite's backup is one transaction of its own."""
        with closing(sqlite3.connect(self.kept)) as source, closing(self.database()) as target:
            source.backup(target)

    def id_of(self, table: str, **known: str | int | None) -> int:
        """The id of the first row in which these columns have these values: id_of("member", login="lin.wei")."""
        return int(self._first("id", table, known))

    def key_of(self, table: str, **known: str | int | None) -> str:
        """The key of the first row in which these columns have these values."""
        return str(self._first("key", table, known))

    def _first(self, column: str, table: str, known: dict[str, str | int | None]) -> Any:
        conditions = " AND ".join(f"{name} IS ?" for name in known)
        with closing(self.database()) as database:
            query = f"SELECT {column} FROM {table} WHERE {conditions} ORDER BY id"
            (found,) = database.execute(query, tuple(known.values())).fetchone()
        return found

    def cookie(self, login: str) -> str:
        """A session cookie of someone who has signed in."""
        token, at = secrets.token_urlsafe(32), now().strftime("%Y-%m-%d %H:%M:%S.%f")
        row = (hashlib.sha256(token.encode()).hexdigest(), self.id_of("member", login=login), at, at, "test")
        with closing(self.database()) as database, database:
            fields = "token_digest, member_id, opened_at, seen_at, device"
            database.execute(f"INSERT INTO sign_in ({fields}) VALUES (?, ?, ?, ?, ?)", row)
        signer = Flask("edu")
        signer.secret_key = (self.instance / "secret").read_text()
        serializer = SecureCookieSessionInterface().get_signing_serializer(signer)
        assert serializer is not None
        return str(serializer.dumps({"token": token}))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site from nothing, as `make run` makes it: database, content, demo world, translations, and Granian."""
    instance, port = tmp_path_factory.mktemp("served"), free_port()
    with serving(instance, port):
        site = Served(f"http://127.0.0.1:{port}", instance, instance / "kept.sqlite")
        with closing(site.database()) as source, closing(sqlite3.connect(site.kept)) as target:
            source.backup(target)
        yield site


@pytest.fixture
def served(server: Served) -> Served:
    """The site with the world as it was in the beginning."""
    server.renew()
    return server


@dataclass
class Watch:
    """What a browser complains about while a story is told."""

    complaints: list[str]

    def console(self, message: ConsoleMessage) -> None:
        # A refusal that the story expects (404, 422) is no complaint; a script or a style that is refused is.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def outside(self, route: Route) -> None:
        self.complaints.append(f"asked another host: {route.request.url}")
        route.abort()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chrome: Browser, served: Served, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """open_page("lin.wei", language="en", width=360, scheme="dark", script=False): a page in a browser of its own."""
    watch, contexts = Watch([]), list[BrowserContext]()

    def open_page(
        login: str | None = None,
        *,
        language: str = "zh-CN",
        width: int = 1280,
        scheme: Any = "light",
        script: bool = True,
    ) -> Page:
        context = chrome.new_context(
            base_url=served.url,
            locale=language,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.route(lambda url: not url.startswith((served.url, "data:", "blob:")), watch.outside)
        if login:
            context.add_cookies([{"name": "buque", "value": served.cookie(login), "url": served.url}])
        page = context.new_page()
        page.on("console", watch.console)
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))
        return page

    yield open_page
    if getattr(request.node, "has_failed", False):
        for number, page in enumerate(page for context in contexts for page in context.pages):
            picture = tmp_path / f"page-{number}.png"
            page.screenshot(path=picture, full_page=True)
            request.node.add_report_section("call", "screenshot", f"{page.url}: {picture}")
    for context in contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture
def page(open_page: Open) -> Page:
    """A desktop browser in Chinese on which nobody is signed in."""
    return open_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call" and report.failed:  # type: ignore[attr-defined]
        item.has_failed = True  # type: ignore[attr-defined]
    return report
