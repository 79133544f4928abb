"""Load writes only what changed, never over a browser's edit; export writes back to the letter."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from edu.authoring import actions, queries
from edu.authoring.actions import Publication
from edu.authoring.models import Revision
from edu.base.audit import AuditEntry
from edu.base.db import db
from edu.base.errors import Conflict, Invalid, NotFound
from edu.cli.demo_world import take_quiz
from edu.config import ROOT
from edu.courses import queries as courses
from edu.courses.models import Media, Module, Requirement, Topic, Version
from edu.courses.search import search
from edu.gaps.queries import ladder
from edu.people import actions as people
from edu.quizzes import queries as quizzes
from edu.quizzes.actions import start_attempt, submit_attempt
from edu.quizzes.models import Question, QuestionVersion
from edu.records.models import HourPolicy
from tests import make
from tests.authoring import small
from tests.authoring.small import PLACE, changed
from tests.times import MONDAY

DAY = MONDAY.date()
NEW = [
    "framework.yaml: topics, layers, roles and hour policies are defined",
    f"framework.yaml: what the roles require holds from {DAY}",
    f"{PLACE}: a new module",
    f"{PLACE}: version 1 is published",
    f"{PLACE}: questions: 5 new, 0 changed, 0 retired",
]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Callable[..., list[str]]:
    """load(texts): those files loaded, and what it said; load() again: the same files."""
    folder = tmp_path / "content"

    def run(texts: dict[str, str] | None = None, *, replace: bool = False) -> list[str]:
        if texts is not None:
            for path in sorted(folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            small.write(folder, texts)
        prepared = actions.prepare_load(folder, replace=replace, on=DAY)
        actions.keep_media(folder, prepared, tmp_path / "media")
        said = actions.load(prepared, by=None, on=DAY, at=MONDAY)
        db.session.commit()
        return [one.say() for one in [*said, *prepared.kept, *prepared.refused]]

    return run


@pytest.fixture
def edit(app: Flask, tmp_path: Path) -> Callable[..., Publication]:
    """edit(name, old, new): one passage of one file as it would be published from the browser."""

    def look(name: str, old: str, new: str, *, key: str = "data-1") -> Publication:
        module = queries.stored_module(key)
        text = module.texts[name].text if name in module.texts else ""
        assert old in text
        text = text.replace(old, new, 1) if old else new
        return actions.prepare_publication(key, name, text, media_folder=tmp_path / "media", on=DAY)

    return look


def rows() -> dict[str, int]:
    """How many rows every table that load writes has."""
    tables = (Module, Version, Question, QuestionVersion, Revision, Media, Topic, Requirement, HourPolicy, AuditEntry)
    return {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_a_first_load_brings_everything(load: Callable[..., list[str]]) -> None:
    assert load(small.files()) == NEW
    page = courses.published("data-1", "en")
    assert (page.title, page.number, page.minutes, page.contents[0]) == (
        "The roster",
        1,
        10,
        {"anchor": "s1", "title": "A case"},
    )
    assert '<img alt="A roster" height="420"' in page.html
    assert quizzes.bank_counts() == {(page.topic_id, 1): 5}
    assert [hit.key for hit in search("名册", "zh-CN")] == ["data-1"]


def test_a_second_load_changes_nothing(load: Callable[..., list[str]]) -> None:
    load(small.files())
    before = rows()
    assert load() == []
    assert rows() == before


def test_a_changed_page_makes_one_version_and_leaves_the_questions(load: Callable[..., list[str]]) -> None:
    load(small.files())
    old = courses.published("data-1", "en")
    before = rows()
    assert load(changed("module.en.md", "went to", "was sent to")) == [f"{PLACE}: version 2 is published"]
    after = rows()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "version": 1,
        "media": 1,
        "revision": 1,
        "audit_entry": 2,
    }
    assert "was sent to" in courses.published("data-1", "en").html
    assert "went to" in courses.page_of_version(old.version_id, "en").html


def test_a_changed_question_makes_one_version_of_it_and_leaves_the_page(load: Callable[..., list[str]]) -> None:
    load(small.files())
    texts = changed("quiz.zh-CN.md", "限于最小范围", "限于实现目的的最小范围")
    assert load(texts) == [f"{PLACE}: questions: 0 new, 1 changed, 0 retired"]
    assert courses.published("data-1", "zh-CN").number == 1


def test_a_changed_picture_makes_a_version(load: Callable[..., list[str]]) -> None:
    load(small.files())
    texts = changed("roster.svg", "0 0 640 420", "0 0 640 480")
    assert load(texts)[0] == f"{PLACE}: version 2 is published"
    assert 'height="480"' in courses.published("data-1", "en").html


def test_a_broken_file_stops_everything(load: Callable[..., list[str]]) -> None:
    load(small.files())
    before = rows()
    texts = changed("module.zh-CN.md", "minutes: 10", "minutes: 0") | small.second_module()
    with pytest.raises(Invalid):
        load(texts)
    db.session.rollback()
    assert rows() == before


def test_warnings_do_not_stop_a_load(load: Callable[..., list[str]]) -> None:
    texts = changed("module.zh-CN.md", "2027-06-30", "2026-01-01")
    texts["framework.yaml"] = texts["framework.yaml"].replace("{data: 1}", "{data: 2}")
    del texts[f"{PLACE}/module.en.md"]
    assert load(texts) == NEW
    assert courses.published("data-1", "en").language == "zh-CN"


def test_a_folder_that_is_gone_is_retired_and_revived_when_it_returns(load: Callable[..., list[str]]) -> None:
    both = small.files() | small.second_module()
    load(both)
    assert load(small.files()) == ["data/second: no longer on offer, its folder is gone"]
    assert [module.key for module in courses.catalogue("en")] == ["data-1"]
    assert list(quizzes.bank_counts().values()) == [5]
    assert load(both) == ["data/second: on offer again"]
    assert [(module.key, module.version_id) for module in courses.catalogue("en")] == [("data-1", 1), ("data-2", 2)]
    assert list(quizzes.bank_counts().values()) == [10]


def test_a_renamed_folder_keeps_module_and_version(load: Callable[..., list[str]]) -> None:
    load(small.files())
    moved = {name.replace("roster/", "list/"): text for name, text in small.files().items()}
    assert load(moved) == []
    assert (courses.published("data-1", "en").folder, courses.published("data-1", "en").number) == ("data/list", 1)


def test_prerequisites_may_be_new_in_the_same_load(load: Callable[..., list[str]]) -> None:
    load(small.files() | small.second_module())
    ids = {module.key: module.id for module in courses.catalogue("en")}
    assert courses.prerequisites() == {ids["data-2"]: {ids["data-1"]}}


def test_a_raised_requirement_ends_the_old_one_and_begins_today(load: Callable[..., list[str]]) -> None:
    load(small.files())
    db.session.query(Requirement).update({"since_on": DAY - timedelta(days=100)})
    load(changed("framework.yaml", "{data: 1}", "{data: 2}"))
    role = courses.roles()[0].id
    (topic,) = courses.topics()
    assert courses.requirements(on=DAY - timedelta(days=1)) == {role: {topic.id: 1}}
    assert courses.requirements(on=DAY) == {role: {topic.id: 2}}


LAYER_3 = "  - {number: 3, name: {zh-CN: 熟练, en: Handles}, means: {zh-CN: 讲得清, en: explains}}\n"


def test_a_layer_more_or_less_makes_every_belief_again(load: Callable[..., list[str]]) -> None:
    load(small.files())
    home = people.add_unit(code="north", name="north", name_en=None, kind="branch", parent_id=None, by=None, at=MONDAY)
    ada = make.member("ada", home, courses.roles()[0].id)
    (topic,) = courses.topics()
    take_quiz(ada, "data-1", "+", at=MONDAY)
    begun = start_attempt(ada, "data-1", "en", at=MONDAY)
    three = changed("framework.yaml", "topics:\n", f"{LAYER_3}topics:\n")
    load(three | {"framework.yaml": three["framework.yaml"].replace("{data: 1}", "{data: 3}")})
    assert ladder(ada.member_id, topic.id, on=DAY).holds == (True, False, False)
    load(changed(f"{PLACE}/module.zh-CN.md", "layer: 1", "layer: 2"))
    submit_attempt(ada, begun, at=MONDAY)
    one = small.files()["framework.yaml"].splitlines(keepends=True)
    fewer = {"framework.yaml": "".join(line for line in one if "number: 2" not in line)}
    load(small.files() | fewer)
    assert ladder(ada.member_id, topic.id, on=DAY).holds == (True,)


def test_a_quiz_of_a_layer_that_is_gone_can_still_be_submitted(load: Callable[..., list[str]]) -> None:
    load(changed(f"{PLACE}/module.zh-CN.md", "layer: 1", "layer: 2"))
    home = people.add_unit(code="north", name="north", name_en=None, kind="branch", parent_id=None, by=None, at=MONDAY)
    ada = make.member("ada", home, courses.roles()[0].id)
    begun = start_attempt(ada, "data-1", "en", at=MONDAY)
    one = small.files()["framework.yaml"].splitlines(keepends=True)
    load({"framework.yaml": "".join(line for line in one if "number: 2" not in line)})
    assert submit_attempt(ada, begun, at=MONDAY).is_closed


def test_both_spellings_of_a_blank_count_whatever_the_language(load: Callable[..., list[str]]) -> None:
    load(changed("quiz.en.md", "[[12377]]", "[[12377|one-two-three]]"))
    row = db.session.execute(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.key == "q-dddddd")
    ).scalar_one()
    assert row.key == {"blanks": [["12377", "一二三七七", "one-two-three"]]}


# The browser.


def publish(publication: Publication, *, base: int = 1) -> int:
    return actions.publish(publication, base=base, by=None, at=MONDAY)


def test_publishing_from_the_browser_makes_a_version_of_what_was_edited(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    load(small.files())
    assert publish(edit("module.en.md", "went to", "was sent to")) == 2
    assert (courses.published("data-1", "en").number, quizzes.bank_counts()) == (2, {(1, 1): 5})
    assert publish(edit("quiz.en.md", "Only the minimum", "The minimum")) == 2
    assert courses.published("data-1", "en").number == 2
    assert [line.is_ahead for line in queries.lines("en")] == [True]


def test_a_text_with_faults_is_not_published(load: Callable[..., list[str]], edit: Callable[..., Publication]) -> None:
    load(small.files())
    publication = edit("quiz.zh-CN.md", "- [x] 健", "- [ ] 健")
    assert [fault.say() for fault in publication.faults if fault.is_error] == [
        f"{PLACE}/quiz.zh-CN.md:1: no option is marked as right"
    ]
    with pytest.raises(Invalid):
        publish(publication)


def test_an_id_cannot_be_changed_in_the_browser(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    load(small.files())
    faults = edit("module.zh-CN.md", "id: data-1", "id: data-7").faults
    assert [fault.say() for fault in faults] == [
        f"{PLACE}/module.zh-CN.md:2: a module's id is permanent; it was data-1"
    ]


def test_who_publishes_second_is_told(load: Callable[..., list[str]], edit: Callable[..., Publication]) -> None:
    load(small.files())
    first, second = edit("module.en.md", "went", "came"), edit("module.en.md", "went", "flew")
    publish(first)
    with pytest.raises(Conflict):
        publish(second)
    assert "came" in courses.published("data-1", "en").html


def test_a_new_question_gets_its_id_and_waits_for_the_other_language(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    load(small.files())
    chinese = "## 填空题：新的\n\n[[一]]\n\n**解析** 一。\n\n**依据** 甲 | — | — | 2027-06-30\n\n## 数值题："
    publication = edit("quiz.zh-CN.md", "## 数值题：", chinese)
    assert [fault.is_error for fault in publication.faults] == [False, False]
    publish(publication)
    assert quizzes.bank_counts() == {(1, 1): 6}
    assert languages_of_the_new() == ["zh-CN"]
    english = "## Fill-in: New\n\n[[one]]\n\n**Explanation** one.\n\n**Source** a | — | — | 2027-06-30\n\n## Number:"
    publication = edit("quiz.en.md", "## Number:", english)
    assert publication.faults == []
    publish(publication)
    assert (quizzes.bank_counts(), languages_of_the_new()) == ({(1, 1): 6}, ["en", "zh-CN"])


def languages_of_the_new() -> list[str]:
    known = [f"q-{letter * 6}" for letter in "abcde"]
    row = db.session.execute(
        select(QuestionVersion.faces)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.key.not_in(known), QuestionVersion.is_current)
    ).one()
    return sorted(row.faces)


def test_a_file_that_did_not_exist_can_be_written(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    texts = small.files()
    english = texts.pop(f"{PLACE}/module.en.md")
    load(texts)
    assert publish(edit("module.en.md", "", english), base=0) == 1
    assert courses.published("data-1", "en").language == "en"


def test_a_file_that_no_module_has_is_not_found(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    load(small.files())
    for name in ("module.fr.md", "roster.svg", "../framework.yaml"):
        with pytest.raises(NotFound):
            edit(name, "", "x")
    with pytest.raises(NotFound):
        edit("module.en.md", "", "x", key="data-9")


# Files and browser together.


def test_a_browser_s_edit_survives_a_load_of_the_same_files(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    load(small.files())
    publish(edit("module.en.md", "went", "came"))
    before = rows()
    (kept,) = load()
    assert kept.startswith(f"{PLACE}: kept as it was changed in the browser.")
    assert "flask content export" in kept and "--replace" in kept
    assert rows() == before
    assert "came" in courses.published("data-1", "en").html


def test_a_load_refuses_a_module_that_both_changed_and_loads_the_others(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    load(small.files())
    publish(edit("module.en.md", "went", "came"))
    said = load(changed("module.en.md", "went", "flew") | small.second_module())
    assert said[:3] == [
        "data/second: a new module",
        "data/second: version 1 is published",
        "data/second: questions: 5 new, 0 changed, 0 retired",
    ]
    assert said[3].startswith(f"{PLACE}: not loaded: it was changed in the browser since its last load")
    assert "flask content export" in said[3] and "--replace" in said[3]
    assert "came" in courses.published("data-1", "en").html
    assert load(replace=True) == [f"{PLACE}: version 3 is published"]
    assert "flew" in courses.published("data-1", "en").html


def test_a_folder_that_is_gone_does_not_take_a_browser_s_edit_with_it(
    load: Callable[..., list[str]], edit: Callable[..., Publication]
) -> None:
    both = small.files() | small.second_module()
    load(both)
    publish(edit("module.en.md", "went", "came", key="data-2"))
    (refused,) = load(small.files())
    assert refused.startswith("data/second: not loaded")
    assert len(courses.catalogue("en")) == 2


def test_after_an_export_the_files_lead_again(
    load: Callable[..., list[str]], edit: Callable[..., Publication], tmp_path: Path
) -> None:
    load(small.files())
    publish(edit("module.en.md", "went", "came"))
    said = actions.export(tmp_path / "content", media_folder=tmp_path / "media")
    assert [one.say() for one in said] == [f"{PLACE}/module.en.md: changed"]
    assert load() == []
    path = tmp_path / "content" / PLACE / "module.en.md"
    path.write_text(path.read_text("utf-8").replace("came", "flew"), "utf-8")
    assert load() == [f"{PLACE}: version 3 is published"]


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_export_writes_back_to_the_letter_and_export_after_load_changes_nothing(
    load: Callable[..., list[str]], tmp_path: Path
) -> None:
    texts = small.files()
    texts[f"{PLACE}/module.en.md"] = "\ufeff" + texts[f"{PLACE}/module.en.md"].replace("\n", "\r\n")
    load(texts)
    actions.export(tmp_path / "out", media_folder=tmp_path / "media")
    assert files_in(tmp_path / "out") == {name: text.encode() for name, text in texts.items()}
    assert actions.export(tmp_path / "out", media_folder=tmp_path / "media") == []


def test_the_shipped_content_is_sound_and_goes_round(app: Flask, tmp_path: Path) -> None:
    prepared = actions.prepare_load(ROOT / "content", replace=False, on=DAY)
    assert [fault.say() for fault in prepared.faults if fault.is_error] == []
    actions.keep_media(ROOT / "content", prepared, tmp_path / "media")
    actions.load(prepared, by=None, on=DAY, at=MONDAY)
    actions.export(tmp_path / "out", media_folder=tmp_path / "media")
    assert files_in(tmp_path / "out") == files_in(ROOT / "content")
    assert actions.prepare_load(tmp_path / "out", replace=False, on=DAY).is_empty
