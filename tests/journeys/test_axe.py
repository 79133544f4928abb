"""Every page, for the first kind of person it is open to: axe finds nothing, by day and by night, wide and narrow."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from edu.base.actor import Permission
from edu.web.guard import PUBLIC
from tests.journeys.conftest import Open, Served

#: Who opens the pages behind each door.
WHO: dict[str, str | None] = {
    PUBLIC: None,
    Permission.LEARN: "zhou.ming",
    Permission.VIEW_STATISTICS: "lin.wei",
    Permission.VIEW_PERSONS: "lin.wei",
    Permission.PUBLISH: "wu.jie",
    Permission.MANAGE_PEOPLE: "sun.li",
}

LOOKS = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
AXE = Axe()
#: Colours glide from day to night; what counts is where they arrive.
SETTLE = """() => new Promise(settled => requestAnimationFrame(() => requestAnimationFrame(() => {
    document.getAnimations().forEach(animation => animation.finish());
    settled();
})))"""


def addresses(site: Flask, served: Served, language: str) -> Iterator[tuple[str | None, str]]:
    """Every page that can be looked at, with who looks. What the blanks stand for is the same as in test_routes."""
    zhou, open_attempt = served.id_of("member", login="zhou.ming"), served.id_of("attempt", closed_at=None, kind="quiz")
    under_way = served.id_of("attempt", closed_at=None, kind="diagnostic")
    diagnosed = served.id_of("attempt", member_id=served.id_of("member", login="su.qing"), kind="diagnostic")
    blanks: dict[str, Any] = {
        "unit_id": served.id_of("unit", code="second"),
        "member_id": zhou,
        "attempt_id": served.id_of("attempt", member_id=zhou),
        "key": "data-2-roster",
        "name": f"module.{language}.md",
        "language": language,
        "number": 1,
        "topic_key": "data",
        "layer": 2,
    }
    adapter = site.url_map.bind("127.0.0.1")
    for rule in sorted(site.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and rule.arguments <= set(blanks):
            values = {name: blanks[name] for name in rule.arguments}
            yield WHO[site.view_functions[rule.endpoint].door], adapter.build(rule.endpoint, values)  # type: ignore[attr-defined]
    yield "ma.li", adapter.build("quiz.show", {"attempt_id": open_attempt})
    yield "cao.rui", adapter.build("diagnose.show", {"attempt_id": under_way})
    yield "su.qing", adapter.build("diagnose.result", {"attempt_id": diagnosed})
    yield "wu.jie", adapter.build("bank.show", {"key": served.key_of("question", layer=2)})
    yield "zhou.ming", "/no-such-page"
    yield "zhou.ming", adapter.build("units.index")  # refused: 403


def faults_of(page: Page) -> list[str]:
    """What axe says, and whether one must scroll sideways."""
    violations = AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    found = [f"{v['id']} at {v['nodes'][0]['target']} ({len(v['nodes'])} times): {v['help']}" for v in violations]
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return found + ([f"{width[0]} px wide in a window of {width[1]} px"] if width[0] > width[1] else [])


def faults_in_every_look(page: Page) -> Iterator[str]:
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SETTLE)
        yield from (f"{scheme} {width}: {fault}" for fault in faults_of(page))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_axe_finds_nothing_on_any_page(site: Flask, served: Served, open_page: Open, language: str) -> None:
    pages: dict[str | None, Page] = {}
    faults, seen = [], 0
    for login, address in addresses(site, served, language):
        if login not in pages:
            pages[login] = open_page(login, language=language)
        answer = pages[login].request.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            pages[login].goto(address)
            assert pages[login].locator("html").get_attribute("lang") == language
            faults += [f"{address} as {login}, {fault}" for fault in faults_in_every_look(pages[login])]
            seen += 1
    assert faults == []
    assert seen > 15


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_axe_finds_nothing_in_any_module(served: Served, open_page: Open, language: str) -> None:
    page = open_page("zhou.ming", language=language, width=360)
    page.goto("/modules")
    links = page.locator("main a[href^='/modules/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    modules = sorted({re.sub(r"[?#].*", "", link) for link in links if link.count("/") == 2})
    faults = []
    for address in modules:
        page.goto(address)
        faults += [f"{address}: {fault}" for fault in faults_of(page)]
    assert faults == []
    assert len(modules) > 4


def test_a_planted_fault_is_found(open_page: Open) -> None:
    page = open_page(width=360)
    page.set_content("<title>x</title><main><img src='data:,'><p style='width: 900px'>wide</p><input></main>")
    found = " ".join(faults_of(page))
    assert "image-alt" in found
    assert "label" in found
    assert "px wide in a window" in found
