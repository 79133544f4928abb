"""A trainer mends a module in the browser."""

from playwright.sync_api import expect

from tests.journeys.conftest import Open

PAGE = "/write/data-1-personal/module.en.md"


def caret_line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def test_the_preview_follows_and_a_fault_leads_to_its_line(open_page: Open) -> None:
    page = open_page("wu.jie", language="en")
    page.goto(PAGE)
    source, shown, faults = page.locator("#text"), page.locator("#preview"), page.locator("#faults")
    text = source.input_value()
    assert text.startswith("---\ntitle: ")

    source.fill(text + "\n## A new section\n\n[nowhere](module:gone)\n")
    expect(shown.get_by_role("heading", name="A new section")).to_be_visible()
    expect(faults).to_contain_text("broken link: there is no module gone")
    faults.get_by_role("link").click()
    start = source.evaluate("field => field.selectionStart")
    assert caret_line(source.input_value(), start) == text.count("\n") + 4

    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#faults")).to_contain_text("broken link: there is no module gone")
    assert page.locator("#text").input_value().endswith("[nowhere](module:gone)\n")

    page.locator("#text").fill(text + "\n## A new section\n\nHere it is.\n")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").first).to_contain_text("Published.")
    page.goto("/modules/data-1-personal")
    expect(page.get_by_text("Here it is.")).to_be_visible()


def test_writing_works_without_javascript(open_page: Open) -> None:
    page = open_page("wu.jie", language="en", script=False)
    page.goto(PAGE)
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text + "\n## A new section\n\nHere it is.\n")
    page.get_by_role("button", name="Preview").click()
    assert "A new section" in (page.locator("#preview").text_content() or "")
    page.get_by_role("button", name="Publish").click()
    assert page.url.endswith(PAGE)
    assert page.locator("#text").input_value() == text + "\n## A new section\n\nHere it is.\n"
