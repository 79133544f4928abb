"""The mistakes notebook as a member meets it: wrong today, practised on two days, gone."""

from datetime import timedelta

import pytest

from edu.base.actor import Actor
from edu.base.clock import now
from edu.base.db import begin_write, db
from edu.cli.demo_world import right_values, take_quiz
from edu.quizzes import actions, queries
from tests import make


@pytest.fixture
def ada(app) -> Actor:
    """A member who had two of three wrong three days ago."""
    begin_write()
    school = make.school({"member": {"aid": 1}})
    member = make.member("ada", school.units["north"], school.roles["member"])
    take_quiz(member, "aid-1", "-", at=now() - timedelta(days=3))
    db.session.commit()
    return member


def practise(member: Actor, *, at) -> None:
    begin_write()
    attempt_id = actions.start_practice(member, "aid", at=at)
    is_over = False
    while not is_over:
        question = queries.keyed(attempt_id)[0]
        is_over = actions.answer(member, attempt_id, question.position, right_values(question), at=at)
    db.session.commit()


def test_what_was_wrong_is_shown_with_the_reason(ada, browser):
    page = browser.as_(ada).get("mistakes.index")
    assert page.html.count('class="asked"') == 2
    assert "Explanation" in page.text
    assert "Practise these now" in page.text
    assert 'href="/mistakes"' in browser.as_(ada).get("record.show").html


def test_right_on_two_days_and_they_leave(ada, browser):
    practise(ada, at=now())
    page = browser.as_(ada).get("mistakes.index")
    assert page.html.count("once more to go") == 2
    assert "You were right on all of these today" in page.text
    browser.as_(ada).post("mistakes.practise", topic_key="aid", expect=409)
    practise(ada, at=now() + timedelta(days=1))
    assert "Nothing is in it" in browser.as_(ada).get("mistakes.index").text


def test_practice_goes_through_the_pages(ada, browser):
    person = browser.as_(ada)
    page = person.get(person.post("mistakes.practise", topic_key="aid", expect=303).location)
    assert "Practice: aid" in page.text


def test_practice_weighs_less_than_a_diagnostic_and_completes_nothing(ada, browser):
    practise(ada, at=now())
    page = browser.as_(ada).get("record.show")
    assert "Nothing completed yet" in page.text
    assert "Practice: aid" in page.text


def test_an_open_attempt_tells_nothing(world, browser):
    """Cao Rui is in the middle of a diagnostic: nothing of it may be read here."""
    assert "Nothing is in it" in browser.as_(world.members["cao.rui"]).get("mistakes.index").text


def test_a_second_click_goes_on_with_the_same_practice(ada):
    begin_write()
    first = actions.start_practice(ada, "aid", at=now())
    assert actions.start_practice(ada, "aid", at=now()) == first


def test_it_costs_the_same_statements_for_few_and_for_many(world, browser, count_statements):
    counts = set()
    for login in ("tang.xin", "feng.bo", "ye.zi"):
        person = browser.as_(world.members[login])
        person.get("mistakes.index")
        with count_statements() as statements:
            person.get("mistakes.index")
        counts.add(len(statements))
    assert max(counts) - min(counts) <= 1
