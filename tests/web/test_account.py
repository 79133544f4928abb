"""Signing in and out, one's own password, language and sign-ins."""

import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from edu.base import passwords
from edu.base.clock import now
from edu.base.db import db
from edu.cli.demo_world import World
from edu.people import actions, queries
from edu.people.models import Member, SignIn, Throttle
from edu.people.queries.sign_ins import IDLE_LIMIT, LOGIN_TRIES, sign_ins_of
from edu.web.account import local
from tests import make
from tests.browser import Answer, Browser

PASSWORD = "a quiet 海 sentence"
#: Made once: a hash costs 20 ms.
HASH = passwords.hash(PASSWORD)


@pytest.fixture
def ada(app: Flask) -> int:
    member_id = make.member("ada", make.school().units["north"]).member_id
    actions.set_password(member_id, HASH, sign_in_id=None, at=now())
    db.session.commit()
    return member_id


def typed(browser: Browser, login: str, password: str, *, expect: int = 303, **more: str) -> Answer:
    return browser.post("account.sign_in", {"login": login, "password": password, **more}, expect=expect)


def test_the_right_password_signs_in_and_leads_to_where_one_was_going(ada: int, browser: Browser) -> None:
    assert browser.get("/account", expect=303).location == "/sign-in?next=/account"
    assert typed(browser, " ADA ", PASSWORD, next="/account").location == "/account"
    assert "You sign in as ada" in browser.get("account.show").text
    assert browser.get("account.sign_in", expect=303).location == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nothing(ada: int, browser: Browser) -> None:
    pages = [
        typed(browser.nobody(), login, password, expect=422).text.replace(login, "NAME")
        for login, password in (("ada", "wrong password"), ("eve", "wrong password"), ("eve", PASSWORD))
    ]
    assert "The login name or the password is wrong." in pages[0]
    assert len(set(pages)) == 1


def test_a_deactivated_member_and_one_without_a_password_meet_the_same_words(ada: int, browser: Browser) -> None:
    before = typed(browser.nobody(), "ada", "wrong password", expect=422).text
    actions.deactivate(ada, by=None, on=now().date(), at=now())
    make.member("ben", queries.member(ada).unit_id)
    assert typed(browser.nobody(), "ada", PASSWORD, expect=422).text == before
    assert typed(browser.nobody(), "ben", PASSWORD, expect=422).text == before


def test_the_token_in_the_cookie_is_not_in_the_table(ada: int, browser: Browser) -> None:
    typed(browser, "ada", PASSWORD)
    with browser.client.session_transaction() as session:
        token = session["token"]
    assert len(token) >= 43  # 32 random bytes
    stored = db.session.scalars(select(SignIn.token_digest)).all()
    assert token not in stored
    assert queries.signed_in(token, at=now()) is not None


def test_what_a_session_held_before_signing_in_does_not_survive_it(ada: int, browser: Browser) -> None:
    with browser.client.session_transaction() as session:
        session["planted"] = "by someone else"
        session["language"] = "en"
    typed(browser, "ada", PASSWORD)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "x",
    ],
)
def test_next_never_leads_to_another_site(ada: int, browser: Browser, target: str) -> None:
    assert typed(browser, "ada", PASSWORD, next=target).location == "/"


def test_a_local_address_keeps_its_query() -> None:
    assert local("/modules?q=急救&page=2") == "/modules?q=急救&page=2"


def test_the_eleventh_try_waits_even_with_the_right_password_and_another_name_does_not(
    ada: int, browser: Browser
) -> None:
    for _ in range(LOGIN_TRIES):
        typed(browser, "ada", "wrong password", expect=422)
    page = typed(browser, "ada", PASSWORD, expect=429)
    assert "Try again in" in page.text
    typed(browser, "eve", "wrong password", expect=422)


def test_throttling_tells_nothing_about_who_exists(ada: int, browser: Browser) -> None:
    for _ in range(LOGIN_TRIES):
        typed(browser, "nobody", "wrong password", expect=422)
    assert typed(browser, "nobody", "wrong password", expect=429).status == 429


def test_a_right_password_forgets_the_failures_before_it(ada: int, browser: Browser) -> None:
    for _ in range(LOGIN_TRIES - 1):
        typed(browser, "ada", "wrong password", expect=422)
    typed(browser, "ada", PASSWORD)
    keys = db.session.execute(select(Throttle.key, Throttle.tries)).all()
    assert [(key.split(":")[0], tries) for key, tries in keys] == [("address", LOGIN_TRIES - 1)]
    typed(browser.nobody(), "ada", "wrong password", expect=422)


def test_the_table_of_tries_holds_neither_names_nor_addresses(ada: int, browser: Browser) -> None:
    typed(browser, "ada", "wrong password", expect=422)
    keys = "".join(db.session.scalars(select(Throttle.key)))
    assert "ada" not in keys
    assert "127.0.0.1" not in keys


def test_an_outdated_hash_is_made_anew_at_sign_in(ada: int, browser: Browser) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    actions.renew_hash(ada, old)
    typed(browser, "ada", PASSWORD)
    stored = db.session.scalars(select(Member.password_hash)).one()
    assert stored is not None
    assert stored != old
    assert not passwords.is_outdated(stored)


def test_signing_out_closes_the_sign_in_itself(ada: int, browser: Browser) -> None:
    typed(browser, "ada", PASSWORD)
    with browser.client.session_transaction() as session:
        token = session["token"]
    browser.post("account.sign_out")
    assert queries.signed_in(token, at=now()) is None
    browser.get("account.show", expect=303)


def test_one_sees_ones_sign_ins_and_closes_one_or_all(ada: int, browser: Browser) -> None:
    here, there = browser.as_(ada), browser.as_(ada)
    assert here.get("account.show").text.count("Since") == 2
    other = sign_ins_of(ada, at=now())[0].id
    here_id = next(row.id for row in sign_ins_of(ada, at=now()) if row.id != other)
    here.post("account.close_sign_in", sign_in_id=max(other, here_id))
    there.get("account.show", expect=303)
    here.get("account.show")
    here.post("account.sign_out_everywhere")
    assert sign_ins_of(ada, at=now()) == []


def test_another_persons_sign_in_stays_open(ada: int, browser: Browser) -> None:
    ben = make.member("ben", queries.member(ada).unit_id).member_id
    mine = browser.as_(ada)
    foreign = sign_ins_of(ada, at=now())[0].id
    browser.as_(ben).post("account.close_sign_in", sign_in_id=foreign)
    mine.get("account.show")


def change(browser: Browser, present: str, new: str, again: str | None = None, *, expect: int = 303) -> Answer:
    fields = {"present": present, "new": new, "again": new if again is None else again}
    return browser.post("account.password", fields, expect=expect)


def test_a_new_password_opens_and_the_old_one_does_not_and_others_are_signed_out(ada: int, browser: Browser) -> None:
    here, there = browser.as_(ada), browser.as_(ada)
    change(here, PASSWORD, "another long sentence")
    here.get("account.show")
    there.get("account.show", expect=303)
    typed(browser.nobody(), "ada", PASSWORD, expect=422)
    typed(browser.nobody(), "ada", "another long sentence")


@pytest.mark.parametrize(
    ("present", "new", "again", "words"),
    [
        ("wrong", "another long sentence", None, "This is not your present password."),
        (PASSWORD, "short", None, "at least 8 characters"),
        (PASSWORD, "12345678", None, "among the first that anyone would try"),
        (PASSWORD, "another long sentence", "another long sentense", "The two new passwords differ."),
        (PASSWORD, PASSWORD, None, "This is the password you have now."),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_in_words(
    ada: int, browser: Browser, present: str, new: str, again: str | None, words: str
) -> None:
    assert words in change(browser.as_(ada), present, new, again, expect=422).text
    assert db.session.scalars(select(Member.password_hash)).one() == HASH


def test_who_has_a_one_time_password_chooses_an_own_one_before_anything_else(ada: int, browser: Browser) -> None:
    actions.reset_password(ada, HASH, by=None, at=now())
    assert typed(browser, "ada", PASSWORD, next="/record").location == "/record"
    for address in ("/record", "/account", "/"):
        assert browser.get(address, expect=303).location == "/account/password"
    change(browser, PASSWORD, "another long sentence")
    browser.get("account.show")


def test_the_language_is_chosen_with_and_without_a_sign_in(ada: int, browser: Browser) -> None:
    guest = browser.nobody(language="zh-CN")
    assert guest.post("account.language", {"language": "en", "next": "/sign-in?"}).location == "/sign-in"
    assert "Sign in" in guest.get("account.sign_in").text
    member = browser.as_(ada)
    assert member.post("account.language", {"language": "zh-CN", "next": "//evil.example"}).location == "/"
    assert db.session.scalars(select(Member.language)).one() == "zh-CN"
    member.post("account.language", {"language": "tlh", "next": "/account"})
    assert db.session.scalars(select(Member.language)).one() == "zh-CN"


def test_use_keeps_a_sign_in_from_running_out_but_not_every_request_writes(ada: int, browser: Browser) -> None:
    reader = browser.as_(ada)
    row = db.session.scalars(select(SignIn)).one()
    begun = row.seen_at
    reader.get("account.show")
    assert db.session.scalars(select(SignIn.seen_at)).one() == begun
    row = db.session.scalars(select(SignIn)).one()
    row.seen_at = begun - IDLE_LIMIT / 2
    reader.get("account.show")
    assert db.session.scalars(select(SignIn.seen_at)).one() >= begun


def test_the_site_says_that_it_is_well(app: Flask, browser: Browser) -> None:
    answer = browser.nobody().get("account.health")
    assert (answer.html, answer.response.mimetype) == ("ok", "text/plain")


@pytest.mark.parametrize("page", ["/sign-in", "/account/password", "/people/add", "/tree/add"])
def test_asking_only_for_the_head_of_a_form_answers_as_the_form_does(world: World, browser: Browser, page: str) -> None:
    sun = browser.nobody() if page == "/sign-in" else browser.as_(world.members["sun.li"])
    assert sun.client.head(page).status_code == sun.get(page).status == 200


def test_a_method_that_a_page_does_not_know_is_answered_with_those_it_knows(ada: int, browser: Browser) -> None:
    answer = browser.as_(ada).get("/quiz/1/answers/1", expect=405)
    assert set(answer.response.allow) == {"OPTIONS", "POST"}


def test_the_language_of_a_refused_form_leads_to_a_page(world: World, browser: Browser) -> None:
    sun = browser.as_(world.members["sun.li"])
    refused = sun.post("people.move", {}, member_id=world.members["zhou.ming"], expect=422)
    (back,) = re.findall(r'name="next" value="([^"]*)"', refused.html)
    assert back == "/"
    (back,) = re.findall(r'name="next" value="([^"]*)"', sun.get("/nowhere?q=1", expect=404).html)
    assert back == "/nowhere?q=1"
