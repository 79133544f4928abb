"""Every page as every kind of person and as nobody: who gets in is what the door says, and looking changes nothing."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Row, select
from werkzeug.routing import Rule

from edu import create_app
from edu.base.actor import Actor, Grant, Permission
from edu.base.clock import day_of, now
from edu.base.db import Model, db
from edu.cli.demo_world import World
from edu.courses.models import Media
from edu.people import actions as people
from edu.people import queries
from edu.quizzes.models import Attempt
from edu.web.guard import PUBLIC
from tests.browser import Answer, Browser, sign_in
from tests.times import MONDAY

#: One of each kind, by login; None is a browser on which nobody is signed in.
KINDS = {
    "nobody": None,
    "member": "tang.xin",
    "trainer": "wu.jie",
    "secretary": "lin.wei",
    "another unit's secretary": "chen.gang",
    "secretary above": "zheng.hong",
    "board": "zhao.min",
    "administrator": "sun.li",
}

#: What to put into the blanks of an address. Everything lies in the second branch or belongs to Zhou Ming there.
BLANKS: dict[str, Callable[[World], object]] = {
    "unit_id": lambda world: world.units["second"],
    "member_id": lambda world: world.members["zhou.ming"],
    "attempt_id": lambda world: attempt_of(world.members["zhou.ming"]),
    "sign_in_id": lambda world: 987654,
    "role_id": lambda world: 1,
    "kind": lambda world: "secretary",
    "digest": lambda world: picture().digest,
    "key": lambda world: "data-2-roster",
    "position": lambda world: 1,
    "topic_key": lambda world: "data",
    "layer": lambda world: 2,
    "diagnose.attempt_id": lambda world: attempt_of(world.members["zhou.ming"], "diagnostic"),
    "name": lambda world: "module.zh-CN.md",
    "media.name": lambda world: picture().name,
}

#: Rows that say who looked, who is signed in and how often something was tried; they are written beside the page.
BESIDE_THE_PAGE = frozenset({"view", "sign_in", "throttle"})


def attempt_of(member_id: int, kind: str = "quiz") -> int:
    found = select(Attempt.id).where(Attempt.member_id == member_id, Attempt.kind == kind)
    return db.session.execute(found).scalars().first() or 0


def picture() -> Row[str, str]:
    return db.session.execute(select(Media.digest, Media.name)).first()


def rules(app: Flask, method: str) -> list[Rule]:
    return sorted(
        (r for r in app.url_map.iter_rules() if method in (r.methods or ())), key=lambda r: (r.rule, r.endpoint)
    )


def door_of(app: Flask, endpoint: str) -> Permission | str | None:
    return getattr(app.view_functions[endpoint], "door", None)


def values_for(rule: Rule, world: World) -> dict[str, object]:
    """Real values for the blanks of an address. A blank that is not known here must be added to BLANKS."""
    room, _, place = rule.endpoint.rpartition(".")
    return {
        name: BLANKS.get(f"{room}.{name}", BLANKS.get(f"{place}.{name}", BLANKS[name]))(world)
        for name in rule.arguments
    }


def verdict(door: Permission | str | None, actor: Actor | None, status: int, location: str) -> str:
    """What is wrong with an answer, given the door and who asked; empty when nothing is."""
    if door is None:
        return "" if status == 404 else f"has no door and answers {status}"
    if status >= 500:
        return f"breaks with {status}"
    if door == PUBLIC:
        return "" if status != 403 else "is public and refuses"
    if actor is None:
        is_shown_in = status == 303 and "/sign-in" in location
        return "" if is_shown_in else f"answers nobody with {status} {location}"
    may = actor.may(Permission(door))
    if not may:
        return "" if status == 403 else f"needs {door} and answers {status} without it"
    return "" if status != 403 else f"needs {door} and refuses with it"


def actor_of(member_id: int | None) -> Actor | None:
    """The actor that the site makes of this member."""
    if member_id is None:
        return None
    person = queries.signed_in(sign_in(member_id), at=now())
    assert person is not None
    return person.actor


def visits(app: Flask, method: str, kind: str, world: World, browser: Browser) -> Iterator[tuple[str, Answer, Rule]]:
    """What each page answers to one kind of person; a new browser each time, for a visit may sign its browser out."""
    login = KINDS[kind]
    member_id = world.members[login] if login else None
    actor = actor_of(member_id)
    for rule in rules(app, method):
        visitor = browser.as_(member_id)
        ask = visitor.get if method == "GET" else visitor.post
        answer = ask(rule.endpoint, expect=None, **values_for(rule, world))
        location = answer.response.headers.get("Location", "")
        yield verdict(door_of(app, rule.endpoint), actor, answer.status, location), answer, rule


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", KINDS)
def test_who_gets_in_is_what_the_door_says(app: Flask, world: World, kind: str, method: str, language: str) -> None:
    """And each page that answers keeps the page law, which the browser asks, in the language that was asked for."""
    for fault, answer, rule in visits(app, method, kind, world, Browser(app, language)):
        assert fault == "", rule.endpoint
        if answer.response.mimetype == "text/html" and not 300 <= answer.status < 400:
            assert f'<html lang="{language}"' in answer.html, rule.endpoint


def test_every_page_has_a_door(site: Flask) -> None:
    assert [rule.endpoint for rule in site.url_map.iter_rules() if door_of(site, rule.endpoint) is None] == []


def test_a_page_without_a_door_does_not_exist(app: Flask, world: World) -> None:
    other = create_app(app.config["SETTINGS"])
    other.add_url_rule("/unmarked", "unmarked", lambda: "<p>treasure</p>")
    browser = Browser(other)
    for login in KINDS.values():
        page = browser.as_(world.members[login] if login else None).get("/unmarked", expect=404)
        assert "treasure" not in page.text


def state() -> dict[str, str]:
    """A digest of each table's rows, but for those that are written beside the page."""
    digests = {}
    for name, table in sorted(Model.metadata.tables.items()):
        if name not in BESIDE_THE_PAGE:
            rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
            digests[name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    db.session.rollback()
    return digests


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


@pytest.mark.parametrize("kind", KINDS)
def test_looking_changes_nothing(app: Flask, world: World, browser: Browser, kind: str) -> None:
    before = state()
    for _, _, rule in visits(app, "GET", kind, world, browser):
        assert changed(before, state()) == [], f"GET {rule.endpoint} as {kind}"


def test_a_look_that_writes_is_found(app: Flask, world: World) -> None:
    before = state()
    people.set_language(world.members["zhou.ming"], "en")
    db.session.commit()
    assert changed(before, state()) == ["member"]


LEARN, FIGURES = Permission.LEARN, Permission.VIEW_STATISTICS
MEMBER = Actor(1, (Grant(LEARN, 5, 5),))


@pytest.mark.parametrize(
    ("door", "actor", "status", "location", "fault"),
    [
        (LEARN, None, 200, "", "answers nobody"),
        (LEARN, None, 303, "/record", "answers nobody"),
        (LEARN, None, 403, "", "answers nobody"),
        (FIGURES, MEMBER, 200, "", "without it"),
        (FIGURES, MEMBER, 404, "", "without it"),
        (LEARN, MEMBER, 403, "", "with it"),
        (LEARN, MEMBER, 500, "", "breaks"),
        (PUBLIC, None, 403, "", "is public"),
        (None, MEMBER, 200, "", "no door"),
    ],
)
def test_a_planted_answer_is_found(door: str, actor: Actor | None, status: int, location: str, fault: str) -> None:
    assert fault in verdict(door, actor, status, location)


def test_a_right_answer_is_right() -> None:
    right = [
        (LEARN, None, 303, "/sign-in?next=/"),
        (FIGURES, MEMBER, 403, ""),
        (LEARN, MEMBER, 404, ""),
        (PUBLIC, None, 200, ""),
    ]
    assert [verdict(*answer) for answer in right] == [""] * 4


#: Pages of what belongs to a unit or a person, and who must not learn that it exists.
STRANGERS = {
    Permission.VIEW_STATISTICS: ("chen.gang", "he.yan"),
    Permission.MANAGE_PEOPLE: ("chen.gang",),
    Permission.LEARN: ("tang.xin", "chen.gang", "sun.li"),
}


def foreign(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Every page of a unit, a person or an attempt, with each stranger to it."""
    for rule in rules(app, method):
        door = door_of(app, rule.endpoint)
        if {"unit_id", "member_id", "attempt_id"} & rule.arguments and door != PUBLIC:
            for login in STRANGERS[Permission(str(door))]:
                yield rule, login


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_belongs_to_others_is_not_revealed_to_exist(
    app: Flask, world: World, browser: Browser, method: str
) -> None:
    """What lies in the second branch answers a stranger as if it were not there: 404, and the same page."""
    people.appoint(
        world.members["chen.gang"], "administrator", world.units["first"], by=None, on=day_of(MONDAY), at=MONDAY
    )
    db.session.commit()
    nowhere = {"unit_id": 987654, "member_id": 987654, "attempt_id": 987654}
    for rule, login in foreign(app, method):
        visitor = browser.as_(world.members[login])
        ask = visitor.get if method == "GET" else visitor.post
        values = values_for(rule, world)
        there = ask(rule.endpoint, expect=404, **values)
        absent = ask(rule.endpoint, expect=404, **{**values, **{k: v for k, v in nowhere.items() if k in values}})
        assert there.text == absent.text, rule.endpoint


def test_every_foreign_page_is_tried(app: Flask) -> None:
    assert {rule.endpoint.split(".")[0] for rule, _ in foreign(app, "GET")} >= {"quiz", "diagnose", "units", "people"}
