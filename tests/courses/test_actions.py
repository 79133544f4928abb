"""Versions are added and never changed; what is asked has days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from edu.base.db import db
from edu.base.errors import NotFound
from edu.courses import actions, queries
from edu.courses.actions import VersionDraft
from edu.courses.framework import Framework, LayerSpec, MediaDraft, RoleSpec, TextDraft, TopicSpec
from edu.courses.models import Version
from tests.times import MONDAY

DAY = MONDAY.date()
NAMES = {"zh-CN": "名", "en": "name"}
FRAMEWORK = Framework(
    tuple(LayerSpec(number, NAMES, NAMES) for number in (1, 2, 3)),
    tuple(TopicSpec(key, NAMES, NAMES) for key in ("data", "law")),
    (RoleSpec("member", NAMES, {"data": 2, "law": 1}), RoleSpec("leader", NAMES, {"data": 1, "law": 3})),
)
DIGEST = "b" * 64


@pytest.fixture
def framework(app: Flask) -> None:
    assert actions.define_framework(FRAMEWORK, on=DAY)


def text(title: str) -> TextDraft:
    return TextDraft(title, "s", f"<p>{title}</p>", [])


def publish(key: str, *, requires: frozenset[int] = frozenset(), **texts: str) -> int:
    module_id = actions.name_module(key, f"data/{key}", "data", 1)
    drafts = {{"zh": "zh-CN", "en": "en"}[tag]: text(title) for tag, title in texts.items()}
    media = (MediaDraft("a.svg", DIGEST, "image/svg+xml"),)
    actions.publish_version(VersionDraft(module_id, 5, date(2027, 6, 30), requires, drafts, media), by=None, at=MONDAY)
    return module_id


def required() -> dict[tuple[str, str], int]:
    roles = {role.id: role.key for role in queries.roles()}
    topics = {topic.id: topic.key for topic in queries.topics(also_retired=True)}
    return {
        (roles[role_id], topics[topic_id]): layer
        for role_id, asked in queries.requirements(on=DAY).items()
        for topic_id, layer in asked.items()
    }


def test_defining_the_same_again_changes_nothing(framework: None) -> None:
    before = (queries.topics(), queries.layers(), queries.roles(), required())
    assert not actions.define_framework(FRAMEWORK, on=DAY + timedelta(days=1))
    assert (queries.topics(), queries.layers(), queries.roles(), required()) == before


def test_what_is_gone_is_retired_and_asked_no_longer(framework: None) -> None:
    assert actions.define_framework(replace(FRAMEWORK, topics=FRAMEWORK.topics[:1], roles=one_role()), on=DAY)
    assert [topic.key for topic in queries.topics()] == ["data"]
    assert [topic.key for topic in queries.topics(also_retired=True)] == ["data", "law"]
    assert [role.key for role in queries.roles()] == ["member"]
    assert required() == {("member", "data"): 2}


def one_role() -> tuple[RoleSpec, ...]:
    return (RoleSpec("member", NAMES, {"data": 2}),)


def test_what_returns_is_the_same_row(framework: None) -> None:
    before = [topic.id for topic in queries.topics()]
    actions.define_framework(replace(FRAMEWORK, topics=FRAMEWORK.topics[:1], roles=one_role()), on=DAY)
    actions.define_framework(FRAMEWORK, on=DAY)
    assert [topic.id for topic in queries.topics()] == before
    assert required()["leader", "law"] == 3


def test_a_version_before_stays_as_it_was(framework: None) -> None:
    publish("one", en="Old")
    old = queries.published("one", "en")
    publish("one", en="New")
    assert (queries.published("one", "en").number, queries.published("one", "en").title) == (2, "New")
    assert queries.page_of_version(old.version_id, "en") == old
    assert queries.version(old.version_id).key == "one"


def test_a_module_has_one_current_version(framework: None) -> None:
    module_id = publish("one", en="Old")
    db.session.add(
        Version(
            module_id=module_id,
            number=2,
            is_current=True,
            minutes=5,
            review_by=DAY,
            published_at=MONDAY,
            published_by=None,
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(("language", "shown"), [("zh-CN", "甲"), ("en", "A"), ("fr", "甲")])
def test_a_page_comes_in_the_reader_s_language_else_in_the_leading_one(
    framework: None, language: str, shown: str
) -> None:
    publish("both", zh="甲", en="A")
    assert queries.published("both", language).title == shown
    assert [module.title for module in queries.catalogue(language)] == [shown]


def test_a_page_in_no_other_language_comes_in_its_own(framework: None) -> None:
    publish("english", en="A")
    assert (queries.published("english", "zh-CN").language, queries.catalogue("zh-CN")[0].title) == ("en", "A")


def test_the_catalogue_goes_by_topic_layer_and_key(framework: None) -> None:
    publish("b", en="b")
    publish("a", en="a")
    law = actions.name_module("law", "law/law", "law", 1)
    actions.publish_version(VersionDraft(law, 5, DAY, frozenset(), {"en": text("l")}, ()), by=None, at=MONDAY)
    actions.name_module("deep", "data/deep", "data", 2)  # never published: not on offer
    assert [module.key for module in queries.catalogue("en")] == ["a", "b", "law"]


def test_a_retired_module_is_not_on_offer_and_its_versions_can_be_read(framework: None) -> None:
    publish("one", en="Old")
    version_id = queries.published("one", "en").version_id
    actions.retire_modules([queries.version(version_id).module_id], by=None, at=MONDAY)
    assert queries.catalogue("en") == []
    assert queries.page_of_version(version_id, "en").title == "Old"
    with pytest.raises(NotFound):
        queries.published("one", "en")


def test_only_the_current_version_s_prerequisites_count(framework: None) -> None:
    first = publish("first", en="1")
    second = publish("second", requires=frozenset({first}), en="2")
    assert queries.prerequisites() == {second: {first}}
    publish("second", en="2b")
    assert queries.prerequisites() == {}


def test_a_file_is_known_by_digest_and_name(framework: None) -> None:
    publish("one", en="Old")
    publish("one", en="New")
    assert queries.media(DIGEST, "a.svg") == "image/svg+xml"
    for digest, name in ((DIGEST, "b.svg"), ("c" * 64, "a.svg")):
        with pytest.raises(NotFound):
            queries.media(digest, name)


@pytest.mark.parametrize("ask", [lambda: queries.version(7), lambda: queries.page_of_version(7, "en")])
def test_what_does_not_exist_is_not_found(app: Flask, ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotFound):
        ask()
