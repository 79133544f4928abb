"""Writing in the browser: what is typed is never lost, what is published was checked."""

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from edu.authoring import actions, queries
from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.courses import queries as courses
from edu.courses.actions import retire_modules
from edu.people import actions as people
from tests import make
from tests.authoring import small
from tests.browser import Answer, Browser
from tests.statements import Statements
from tests.times import MONDAY

FILE = {"key": "data-1", "name": "module.en.md"}
QUIZ = {"key": "data-1", "name": "quiz.zh-CN.md"}
CAME = small.MODULE["en"].replace("went", "came")


@pytest.fixture
def learner(app: Flask, tmp_path: Path) -> Actor:
    """A member without duties, where the small tree is loaded."""
    day = day_of(MONDAY)
    folder = small.write(tmp_path, small.files() | small.second_module())
    prepared = actions.prepare_load(folder, replace=False, on=day)
    actions.keep_media(folder, prepared, app.config["SETTINGS"].instance / "media")
    actions.load(prepared, by=None, on=day, at=MONDAY)
    make.unit("top", "committee")
    return make.member("lee", make.unit("branch"))


@pytest.fixture
def trainer(learner: Actor, browser: Browser) -> Browser:
    member_id = make.member("tao", 1).member_id
    people.appoint(member_id, "trainer", 1, by=None, on=day_of(MONDAY), at=MONDAY)
    return browser.as_(member_id)


def typed(answer: Answer) -> str:
    """The text in the editor, as a browser would show it: the first line break after the tag does not count."""
    (text,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", answer.html, re.DOTALL)
    return html.unescape(text)


def preview(answer: Answer) -> str:
    return answer.html.partition('<div id="preview">')[2].partition("</section>")[0]


def base(answer: Answer) -> str:
    (number,) = re.findall(r'name="base" value="(\d+)"', answer.html)
    return number


def test_only_trainers_write(learner: Actor, browser: Browser) -> None:
    for page, values in (("write.index", {}), ("write.edit", FILE)):
        browser.as_(learner).get(page, expect=403, **values)
    for page in ("write.publish", "write.preview"):
        browser.as_(learner).post(page, {"text": CAME, "base": "1"}, expect=403, **FILE)
    assert courses.published("data-1", "en").number == 1


def test_the_list_names_every_module_and_its_files(trainer: Browser) -> None:
    page = trainer.get("write.index")
    links = re.findall(r'href="(/write/[^"]+)"', page.html)
    files = ["module.zh-CN.md", "module.en.md", "quiz.zh-CN.md", "quiz.en.md"]
    assert links == [f"/write/{key}/{name}" for key in ("data-1", "data-2") for name in files]


def test_the_editor_shows_the_text_to_the_letter_beside_its_preview(trainer: Browser) -> None:
    page = trainer.get("write.edit", **FILE)
    assert typed(page) == small.MODULE["en"]
    assert '<h2 id="s1">A case</h2>' in preview(page)
    assert "No fault found." in page.text
    assert base(page) == "1"


def test_questions_are_previewed_with_their_answers(trainer: Browser) -> None:
    shown = preview(trainer.get("write.edit", **QUIZ))
    assert "<strong>✓ 健康状况</strong>" in shown
    assert shown.count("<article") == 5


def test_a_new_version_is_published_and_shown(trainer: Browser) -> None:
    answer = trainer.post("write.publish", {"text": CAME.replace("\n", "\r\n"), "base": "1"}, **FILE)
    assert answer.location == "/write/data-1/module.en.md"
    page = trainer.get(answer.location)
    assert "Published." in page.text
    assert (typed(page), base(page)) == (CAME, "2")
    assert "The roster came to the chat." in trainer.get("learn.show", key="data-1").text
    assert "changed here, not in the files yet" in trainer.get("write.index").text


def test_faults_stand_at_their_lines_and_the_text_is_kept(trainer: Browser) -> None:
    wrong = small.QUIZ["zh-CN"].replace("- [x] 健", "- [ ] 健")
    page = trainer.post("write.publish", {"text": wrong, "base": "1"}, expect=422, **QUIZ)
    assert typed(page) == wrong
    assert 'data-line="1">Line 1</a>' in page.html
    assert "no option is marked as right" in page.text
    assert courses.published("data-1", "en").number == 1
    assert queries.stored_module("data-1").texts["quiz.zh-CN.md"].number == 1


def test_a_fault_in_another_file_leads_there(trainer: Browser) -> None:
    fewer = small.QUIZ["zh-CN"].partition("## 数值题")[0]
    page = trainer.post("write.preview", {"text": fewer, "base": "1"}, expect=200, **QUIZ)
    assert 'href="/write/data-1/quiz.en.md">Line 1</a>' in page.html


def test_the_preview_without_a_script_is_the_page_itself_and_keeps_nothing(trainer: Browser) -> None:
    page = trainer.post("write.preview", {"text": CAME, "base": "1"}, expect=200, **FILE)
    assert (typed(page), base(page)) == (CAME, "1")
    assert "came to the chat" in preview(page)
    assert queries.stored_module("data-1").texts["module.en.md"].text == small.MODULE["en"]


def test_the_preview_for_the_script_is_clean(trainer: Browser) -> None:
    hostile = CAME + "\n<script>alert(1)</script> [x](javascript:alert(1))\n"
    made = trainer.post(
        "write.preview", {"text": hostile, "base": "1"}, expect=200, headers={"Accept": "application/json"}, **FILE
    ).json
    assert sorted(made) == ["faults", "html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <a>x</a>" in made["html"]
    assert 'data-line="16"' in made["faults"]


def test_two_at_once_lose_nothing(trainer: Browser) -> None:
    trainer.post("write.publish", {"text": CAME, "base": "1"}, **FILE)
    mine = small.MODULE["en"].replace("went", "flew")
    page = trainer.post("write.publish", {"text": mine, "base": "1"}, expect=409, **FILE)
    assert (typed(page), base(page)) == (mine, "2")
    theirs = page.html.partition("What is published now")[2]
    assert "The roster came to the chat." in html.unescape(theirs)
    assert courses.published("data-1", "en").number == 2
    trainer.post("write.publish", {"text": mine, "base": base(page)}, **FILE)
    assert "flew" in courses.published("data-1", "en").html


def test_a_file_or_module_that_cannot_be_is_not_found(trainer: Browser) -> None:
    for key, name in (("data-1", "quiz.fr.md"), ("data-1", "roster.svg"), ("data-9", "quiz.en.md")):
        trainer.get("write.edit", key=key, name=name, expect=404)
        trainer.post("write.publish", {"text": "x", "base": "0"}, key=key, name=name, expect=404)


def test_a_text_that_takes_for_ever_is_a_fault(trainer: Browser) -> None:
    page = trainer.post("write.publish", {"text": CAME + "[a](<b" * 20000, "base": "1"}, expect=422, **FILE)
    assert "could not be rendered within 3 seconds and 512 MB" in page.text


def test_the_list_asks_as_much_for_one_module_as_for_two(
    trainer: Browser, count_statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    with count_statements() as two:
        trainer.get("write.index")
    second = courses.published("data-2", "en").module_id
    retire_modules([second], by=None, at=MONDAY)
    with count_statements() as one:
        trainer.get("write.index")
    assert len(one) == len(two) <= 12
