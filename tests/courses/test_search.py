"""Search finds words of any length in either script."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from edu.courses import actions, search
from edu.courses.framework import Framework, LayerSpec, TextDraft, TopicSpec
from edu.courses.words import excerpt, phrases, plain, words

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
NAMES = {"zh-CN": "数据", "en": "Data"}


def publish(key: str, **texts: tuple[str, str]) -> int:
    """A module with one text a language: zh=(title, html), en=(title, html)."""
    module_id = actions.name_module(key, f"data/{key}", "data", 1)
    tags = {"zh": "zh-CN", "en": "en"}
    drafts = {tags[tag]: TextDraft(title, "", html, []) for tag, (title, html) in texts.items()}
    draft = actions.VersionDraft(module_id, 5, date(2027, 6, 30), frozenset(), drafts, ())
    actions.publish_version(draft, by=None, at=AT)
    return module_id


@pytest.fixture
def library(app: Flask) -> None:
    layer = LayerSpec(1, NAMES, NAMES)
    actions.define_framework(Framework((layer,), (TopicSpec("data", NAMES, NAMES),), ()), on=AT.date())
    publish(
        "roster",
        zh=("一份名册，一个群", "<p>先写目的，再立栏目。名册只给需要的人看。</p>"),
        en=("One roster", "<p>Rosters &amp; lists: keep <em>only</em> what is needed.</p>"),
    )
    publish("fraud", zh=("认出骗局", "<p>每一册书都有名字，验证码不给人。AED在两层楼以下。</p>"))


def found(asked: str, language: str = "zh-CN") -> list[str]:
    return [hit.key for hit in search.search(asked, language)]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("名册", ["roster"]),
        ("册", ["roster", "fraud"]),
        ("验证码", ["fraud"]),
        ("证码不", ["fraud"]),
        ("名册 栏目", ["roster"]),
        ("名册 骗局", []),
        ("ａｅｄ", ["fraud"]),
        ("ROSTER", ["roster"]),
        ("rost", ["roster"]),
        ("oster", []),
        ("", []),
        ("。，", []),
        ('" OR *', []),
        ("') | 'x", []),
    ],
)
def test_every_phrase_must_occur(library: None, asked: str, keys: list[str]) -> None:
    assert sorted(found(asked)) == sorted(keys)


def test_the_title_outweighs_the_text(library: None) -> None:
    publish("titled", zh=("验证码", "<p>短信里的六个数字。</p>"))
    assert found("验证码") == ["titled", "fraud"]


def test_a_word_of_the_other_language_finds_the_module_once_in_that_language(library: None) -> None:
    hits = search.search("needed", "zh-CN")
    assert [(hit.key, hit.language, hit.title) for hit in hits] == [("roster", "en", "One roster")]


def test_a_new_version_replaces_the_words_of_the_old(library: None) -> None:
    publish("fraud", zh=("认出骗局", "<p>别急。</p>"))
    assert (found("验证码"), found("别急")) == ([], ["fraud"])


def test_a_retired_module_is_not_found(library: None) -> None:
    module_id = publish("gone", zh=("过时", "<p>过时的内容</p>"))
    assert found("过时") == ["gone"]
    actions.retire_modules([module_id], by=None, at=AT)
    assert found("过时") == []


def test_an_excerpt_marks_the_hit_and_escapes_the_rest() -> None:
    shown = excerpt("a < b & roster <script>", phrases("roster"))
    assert shown == "a &lt; b &amp; <mark>roster</mark> &lt;script&gt;"


def test_an_excerpt_is_short_and_stays_in_its_line() -> None:
    shown = excerpt("别的行\n" + "前" * 200 + "名册" + "后" * 200, phrases("名册"))
    assert shown == "…" + "前" * 24 + "<mark>名册</mark>" + "后" * 72 + "…"


def test_words_fold_width_and_case_and_split_chinese() -> None:
    assert words("ＡＥＤ在2层_楼 e-mail") == ["aed", "在", "2", "层", "楼", "e", "mail"]


def test_plain_words_keep_blocks_apart_and_read_alternatives() -> None:
    html = '<h2 id="s1">一</h2><p>二<em>三</em> &amp; x</p><p><img alt="图" src="/x"></p><tr><td>a</td><td>b</td></tr>'
    assert plain(html) == "一\n二三 & x\n图\na b"
