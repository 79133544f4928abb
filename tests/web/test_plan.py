"""The plan, line by line: the answers behind it, three questions for who disagrees, what fits."""

from datetime import timedelta

import pytest
import time_machine

from edu.base.clock import now
from edu.base.db import begin_write, db
from edu.cli.demo_world import go_on, take_diagnostic, take_quiz
from edu.quizzes import actions
from tests import make
from tests.times import MONDAY


@pytest.fixture
def school(app):
    begin_write()
    built = make.school({"member": {"aid": 2, "privacy": 1}})
    for key, topic, layer in (("aid-1", "aid", 1), ("aid-2", "aid", 2), ("privacy-1", "privacy", 1)):
        make.module(key, built.topics[topic], layer, questions=12)
    return built


@pytest.fixture
def member(school):
    return make.member("ada", school.units["north"], school.roles["member"])


@pytest.fixture
def ada(member, browser):
    return browser.as_(member)


def yesterday():
    return now() - timedelta(days=1)


def test_every_line_opens_the_answers_behind_it_and_can_be_disagreed_with(ada):
    page = ada.get("home.show")
    for address in ("/plan/aid/1", "/plan/aid/2", "/plan/privacy/1"):
        assert f'href="{address}"' in page.html
        assert f'action="{address}/check"' in page.html


def test_before_any_answer_it_says_so(ada):
    page = ada.get("plan.why", topic_key="aid", layer=2)
    assert "Nothing has been asked here yet" in page.text
    assert "The role “member” requires layer 2 in aid" in page.text


def test_the_answers_stand_strongest_first_with_where_they_were_given(ada, member):
    begin_write()
    take_quiz(member, "aid-1", "-", at=yesterday())
    attempt_id = actions.start_check(member, "aid", 1, at=now())
    go_on(member, attempt_id, lambda _topic, _layer: False, at=now())
    db.session.commit()
    page = ada.get("plan.why", topic_key="aid", layer=1)
    words = ("speaks strongly against it", "speaks against it", "speaks for it")
    places = [page.text.index(word) for word in words if word in page.text]
    assert places == sorted(places) and len(places) >= 2
    assert "in a closing quiz" in page.text and "when you disagreed" in page.text
    assert "The closing quiz was failed on" in page.text
    assert "Because." not in page.html, "the explanation stands at the result, not here"


def test_i_disagree_takes_effect_at_once(ada, member):
    begin_write()
    take_diagnostic(member, lambda _topic, _layer: False, at=yesterday())
    db.session.commit()
    assert "About aid-1" in ada.get("home.show").text
    place = ada.post("plan.check", topic_key="aid", layer=1).location
    assert "Three questions: aid, layer 1" in ada.get(place).text
    attempt_id = int(place.rsplit("/", 1)[1])
    begin_write()
    go_on(member, attempt_id, lambda _topic, _layer: True, at=now())
    db.session.commit()
    assert "About aid-1" not in ada.get("home.show").text
    assert "You have shown this rung." in ada.get("plan.why", topic_key="aid", layer=1).text


def test_a_rung_that_has_lapsed_says_since_when(browser, member):
    begin_write()
    take_diagnostic(member, lambda _topic, _layer: True, at=MONDAY - timedelta(days=300))
    db.session.commit()
    with time_machine.travel(MONDAY + timedelta(days=900)):
        ada = browser.as_(member)
        assert "after so long that is no longer sure" in ada.get("plan.why", topic_key="aid", layer=1).text
        assert "was long ago" in ada.get("home.show").text


@pytest.mark.parametrize("address", ["/plan/aid/0", "/plan/aid/9", "/plan/cooking/1"])
def test_a_rung_that_does_not_exist(ada, address):
    ada.get(address, expect=404)
    ada.post(f"{address}/check", expect=404)


def test_a_rung_without_questions_says_so(ada):
    assert (
        "There are no questions for this rung yet." in ada.post("plan.check", topic_key="aid", layer=4, expect=409).text
    )


@pytest.mark.parametrize(
    ("minutes", "shown", "waiting"),
    [("15", ["About aid-1"], ["About privacy-1"]), ("25", ["About aid-1", "About privacy-1"], ["About aid-2"])],
)
def test_what_fits(ada, minutes, shown, waiting):
    page = ada.get("/plan/fit?minutes=" + minutes)
    assert all(title in page.text for title in shown)
    assert not any(title in page.text for title in waiting)


def test_nothing_fits_whole_into_five_minutes(ada):
    page = ada.get("/plan/fit?minutes=5")
    assert "No module fits whole" in page.text
    assert "Begin with About aid-1, 10 minutes" in page.text


@pytest.mark.parametrize("minutes", ["", "-3", "abc", "99999999999999999999"])
def test_minutes_that_make_no_sense_are_made_sense_of(ada, minutes):
    ada.get("/plan/fit?minutes=" + minutes)


def test_an_empty_plan_leaves_the_minutes_to_their_owner(ada, member):
    begin_write()
    take_diagnostic(member, lambda _topic, _layer: True, at=now())
    db.session.commit()
    assert "They are yours." in ada.get("/plan/fit?minutes=15").text


def test_why_costs_the_same_statements_for_a_long_record(ada, member, count_statements):
    counts = []
    begin_write()
    take_quiz(member, "aid-1", "-", at=now() - timedelta(days=90))
    for turn in range(2):
        with count_statements() as statements:
            ada.get("plan.why", topic_key="aid", layer=1)
        counts.append(len(statements))
        begin_write()
        for day in range(3):
            take_quiz(member, "aid-1", "-", at=now() - timedelta(days=30 * turn + day))
        db.session.commit()
    assert counts[0] == counts[1] <= 14
