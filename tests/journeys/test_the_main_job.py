"""The whole story: a gap is read, studied, failed, passed; the rung fills, and the secretary's figure moves."""

import json
import re
from contextlib import closing
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import Open, Served

MODULE = "data-2-roster"


def keyed(served: Served, attempt_id: int) -> dict[int, tuple[str, dict[str, object], dict[str, object]]]:
    """(kind, face, key) of every question that can still be answered: what a person would know who studied."""
    query = """SELECT q.position, v.kind, v.faces, v.key FROM attempt_question q
        JOIN question_version v ON v.id = q.question_version_id WHERE q.attempt_id = ? AND q.outcome IS NULL"""
    with closing(served.database()) as database:
        rows = database.execute(query, (attempt_id,)).fetchall()
    return {position: (kind, json.loads(faces)["zh-CN"], json.loads(key)) for position, kind, faces, key in rows}


def answer(page: Page, served: Served, *, right: bool) -> None:
    """Answer every open question on the page, and wait until it says that each is saved."""
    attempt_id = int(re.search(r"/quiz/(\d+)", page.url).group(1))
    for position, (kind, face, key) in keyed(served, attempt_id).items():
        question = page.locator(f"#q{position}")
        if kind == "fillin":
            for blank, spellings in enumerate(key["blanks"]):
                question.locator("input").nth(blank).fill(spellings[0] if right else "不知道")
        elif kind == "number":
            question.locator("input").fill(str(key["least"] if right else key["most"] + 1))
        else:
            wanted = key["right"] if right else [name for name in face["options"] if name not in key["right"]][:1]
            for name in wanted:
                question.locator(f"input[value={name}]").check()
        expect(question.locator(".save")).to_have_class("save saved")


def figure(page: Page, name: str) -> int:
    return int(re.search(r"\d+", page.locator(".figure", has_text=name).inner_text()).group())


def test_from_a_gap_to_the_secretarys_figure(open_page: Open, served: Served) -> None:
    lin = open_page("lin.wei")
    lin.goto("/units")
    before = figure(lin, "缺口")

    zhou = open_page("zhou.ming", width=360)
    zhou.goto("/")
    expect(zhou.locator("h1")).to_contain_text("还缺")
    lacking = int(re.search(r"\d+", zhou.locator("h1").inner_text()).group())
    expect(zhou.locator(".next .why")).to_contain_text("岗位“党员”要求“数据安全与个人信息”第 2 层")

    zhou.get_by_role("link", name="继续学习").click()
    assert re.search(rf"/modules/{MODULE}#s\d", zhou.url)
    zhou.get_by_role("button", name="开始测验").click()
    answer(zhou, served, right=False)
    zhou.get_by_role("button", name="交卷").click()
    expect(zhou.locator("h1")).to_have_text("还差一点：3 题对 0 题")
    expect(zhou.locator(".explanation")).to_have_count(3)

    zhou.get_by_role("button", name="再试一次").click()
    answer(zhou, served, right=True)
    zhou.get_by_role("button", name="交卷").click()
    expect(zhou.locator("h1")).to_have_text("通过：3 题对 3 题")
    zhou.get_by_role("link", name="下一步学什么").click()
    expect(zhou.locator("h1")).to_contain_text(f"还缺 {lacking - 1} 项")
    expect(zhou.get_by_role("img", name="数据安全与个人信息：共 4 层，已掌握 2 层")).to_be_visible()

    lin.reload()
    assert figure(lin, "缺口") == before - 1
    lin.locator(".figure", has_text="缺口").click()
    lin.get_by_role("link", name="周明").first.click()
    expect(lin.locator("h1")).to_contain_text("周明")
    zhou.goto("/record")
    expect(zhou.locator("#views-table")).to_contain_text("林薇")


def test_the_export_says_what_the_page_says(open_page: Open, tmp_path: Path) -> None:
    page = open_page("lin.wei")
    page.goto("/units")
    gaps = figure(page, "缺口")
    with page.expect_download() as started:
        page.locator("a[href*='export.xlsx']").first.click()
    sheet = CalamineWorkbook.from_filelike(BytesIO(Path(started.value.path()).read_bytes()))
    cells = [cell for name in sheet.sheet_names for row in sheet.get_sheet_by_name(name).to_python() for cell in row]
    assert gaps in cells


def test_a_reload_in_the_middle_of_a_quiz_loses_nothing(open_page: Open, served: Served) -> None:
    page = open_page("peng.fei", language="en")
    page.goto("/modules/digital-2-office")
    page.get_by_role("button", name="Take the quiz").click()
    answer(page, served, right=True)
    page.reload()
    expect(page.locator(".save.saved")).to_have_count(3)
    elsewhere = open_page("peng.fei", language="en", width=360)
    elsewhere.goto(page.url)
    expect(elsewhere.locator(".save.saved")).to_have_count(3)


def test_an_answer_given_offline_says_so_and_goes_up_on_return(open_page: Open, served: Served) -> None:
    page = open_page("peng.fei", language="en")
    page.goto("/modules/digital-2-office")
    page.get_by_role("button", name="Take the quiz").click()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    first = page.locator("fieldset").first
    field = first.locator("input").first
    field.fill("5") if field.get_attribute("type") is None else field.check()
    expect(first.locator(".save")).to_have_class("save unsaved")
    page.context.set_offline(False)
    expect(first.locator(".save")).to_have_class("save saved")


def test_the_quiz_works_without_javascript(open_page: Open, served: Served) -> None:
    page = open_page("peng.fei", language="en", script=False)
    page.goto("/modules/digital-2-office")
    page.locator(".module-end form[action$='/quiz'] button").click()
    page.locator("button[name=do]").click()
    assert "Your answers are saved." in page.content()
    page.locator(".send button").first.click()
    assert "Not every question has an answer yet." in page.content()
    page.locator("button[name=confirmed]").click()
    assert "Not yet: 0 of 3 right" in page.content()


def test_keyboard_alone_takes_a_quiz(open_page: Open, served: Served) -> None:
    page = open_page("peng.fei", language="en")
    page.goto("/modules/digital-2-office")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.get_by_role("button", name="Take the quiz").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("3 questions")
    choice = page.locator("input[type=radio], input[type=checkbox]").first
    choice.focus()
    page.keyboard.press("Space")
    expect(page.locator(".save.saved")).to_have_count(1)


def test_going_back_after_submitting_leads_to_the_result_and_changes_nothing(open_page: Open, served: Served) -> None:
    page = open_page("peng.fei", language="en")
    page.goto("/modules/digital-2-office")
    page.get_by_role("button", name="Take the quiz").click()
    answer(page, served, right=True)
    page.get_by_role("button", name="Submit answers").click()
    expect(page.locator("h1")).to_have_text("Passed: 3 of 3 right")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Passed: 3 of 3 right")


def test_a_second_tab_that_submits_later_gets_the_first_grade(open_page: Open, served: Served) -> None:
    page = open_page("peng.fei", language="en")
    page.goto("/modules/digital-2-office")
    page.get_by_role("button", name="Take the quiz").click()
    answer(page, served, right=True)
    second = page.context.new_page()
    second.goto(page.url)
    page.get_by_role("button", name="Submit answers").click()
    expect(page.locator("h1")).to_have_text("Passed: 3 of 3 right")
    second.get_by_role("button", name="Submit answers").click()
    expect(second.locator("h1")).to_have_text("Passed: 3 of 3 right")
