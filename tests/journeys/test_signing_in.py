"""Someone comes to the door."""

from playwright.sync_api import Page, expect

from edu.cli.demo_world import PASSWORD
from tests.journeys.conftest import Open


def test_a_wrong_password_says_so_and_the_right_one_opens(page: Page) -> None:
    page.goto("/")
    page.get_by_label("登录名").fill("zhou.ming")
    page.get_by_label("密码").fill("not this one")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("登录名")).to_have_value("zhou.ming")

    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url("/")
    expect(page.locator("header")).to_contain_text("周明")


def test_the_door_opens_without_javascript(open_page: Open) -> None:
    page = open_page(language="en", script=False)
    page.goto("/record")
    page.locator("input[name=login]").fill("zhou.ming")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button").click()
    assert page.url.endswith("/record")
