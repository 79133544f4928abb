"""A newcomer finds out what is lacking, disagrees, and is done: on a phone without scripts, and by keyboard alone."""

import json
import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Served

#: Longer than a question may be answered in without being thought unread.
READ = 3100


def asked_now(served: Served, attempt_id: int) -> tuple[str, dict[str, object]]:
    """Kind and key of the question that is asked now: what a person would know who has learned it."""
    query = """SELECT v.kind, v.key FROM attempt_question q JOIN question_version v ON v.id = q.question_version_id
        WHERE q.attempt_id = ? AND q.outcome IS NULL ORDER BY q.position"""
    with closing(served.database()) as database:
        kind, key = database.execute(query, (attempt_id,)).fetchone()
    return kind, json.loads(key)


def fill(page: Page, served: Served) -> None:
    """Give the right answer to the question on the page."""
    kind, key = asked_now(served, int(page.url.rsplit("/", 1)[1]))
    if kind == "fillin":
        for blank, spellings in enumerate(key["blanks"]):
            page.locator(".question input").nth(blank).fill(spellings[0])
    elif kind == "number":
        page.locator(".question input").fill(str(key["least"]))
    else:
        for name in key["right"]:
            page.locator(f".question input[value={name}]").check()


def test_on_a_phone_without_scripts_from_the_first_question_to_the_plan(open_page: Open, served: Served) -> None:
    page = open_page("ye.zi", width=360, script=False)
    page.goto("/")
    page.get_by_role("link", name="去做摸底测评").click()
    page.get_by_role("button", name="开始").first.click()
    expect(page.locator("h1")).to_have_text("摸底测评")
    page.get_by_role("button", name="提交这一题").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择或填写答案")

    other = open_page("ye.zi", width=1280)
    other.goto("/")
    other.get_by_role("link", name="继续摸底测评").click()
    assert other.url == page.url, "it goes on on another machine"

    for _turn in range(48):
        page.goto(page.url)
        if page.url.endswith("/result"):
            break
        page.get_by_role("button", name="这个我还没学过").click()
    expect(page.locator("h1")).to_contain_text("摸底测评：缺")
    expect(page.locator(".outcome.unknown").first).to_be_visible()
    assert page.locator("details.asked").count() < 30
    page.get_by_role("link", name="去看学习计划").click()
    expect(page.locator(".plan li").first).to_be_visible()
    other.goto("/diagnostic")
    expect(other.get_by_role("heading", name="以前的摸底测评")).to_be_visible()


@pytest.mark.timeout(180)
def test_i_disagree_by_keyboard_alone_and_the_rung_fills_at_once(open_page: Open, served: Served) -> None:
    page = open_page("tang.xin", language="en")
    page.goto("/")
    line = page.locator(".plan > li").first
    title = line.locator(".title").inner_text()
    lacking = page.locator(".plan > li").count()
    line.get_by_role("link", name="The answers behind this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your answers at this layer, strongest first")).to_be_visible()
    page.get_by_role("button", name="I disagree: ask me three").focus()
    page.keyboard.press("Enter")
    for turn in range(1, 4):
        expect(page.locator("progress")).to_have_attribute("value", str(turn - 1))
        fill(page, served)
        page.wait_for_timeout(READ)
        page.get_by_role("button", name="Answer", exact=True).focus()
        page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/result$"))
    expect(page.locator(".ladder").nth(1)).to_contain_text("Now")
    page.get_by_role("link", name="To your plan").click()
    expect(page.locator(".plan > li")).to_have_count(lacking - 1)
    expect(page.locator(".plan .title", has_text=title)).to_have_count(0)
