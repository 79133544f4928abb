"""The diagnostic as a member sees it: one question, no key before the end, everything kept."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from edu.base.clock import now
from edu.base.db import begin_write, db
from edu.cli.demo_world import right_values, take_diagnostic
from edu.quizzes import queries
from edu.quizzes.models import Attempt, AttemptQuestion, QuestionVersion
from tests import make
from tests.times import MONDAY


@pytest.fixture
def school(app):
    begin_write()
    built = make.school({"member": {"aid": 2, "privacy": 1}})
    make.module("aid-1", built.topics["aid"], 1, questions=12)
    make.module("aid-2", built.topics["aid"], 2, questions=12)
    make.module("privacy-1", built.topics["privacy"], 1, questions=12)
    return built


@pytest.fixture
def member(school):
    return make.member("ada", school.units["north"], school.roles["member"])


@pytest.fixture
def ada(member, browser):
    return browser.as_(member)


def begin(person, **topic):
    answer = person.post("diagnose.start", topic)
    return int(re.search(r"/diagnostic/(\d+)$", answer.location).group(1))


def reply(person, attempt_id, *, right=True, wait=20):
    question = queries.keyed(attempt_id)[0]
    person.get("diagnose.show", attempt_id=attempt_id)
    data = {f"q{question.position}": right_values(question)} if right else {"unknown": "yes"}
    with time_machine.travel(now() + timedelta(seconds=wait)):
        return person.post("diagnose.answer", {"position": question.position, **data}, attempt_id=attempt_id)


def finish(person, attempt_id, *, right=True):
    for turn in range(1, 60):
        answer = reply(person, attempt_id, right=right)
        if answer.location.endswith("/result"):
            return turn
    raise AssertionError("it never ends")


def test_home_offers_it_first_to_who_has_shown_nothing(ada):
    page = ada.get("home.show")
    assert "Find out what you lack" in page.text
    page = ada.get("diagnose.index")
    assert "Usually about 6 questions, some 5 minutes" in page.text


def test_from_begin_to_result_and_an_empty_plan(ada):
    turns = finish(ada, begin(ada))
    assert turns <= 12
    result = ada.get("/diagnostic/1/result")
    assert "nothing is lacking" in result.text
    assert "Nothing is lacking" in ada.get("home.show").text


def test_who_knows_nothing_gets_everything_in_the_plan_and_no_scolding(ada):
    finish(ada, begin(ada), right=False)
    result = ada.get("/diagnostic/1/result")
    assert "Diagnostic: 3 lacking, 0 not sure" in result.text
    assert "Not learned yet" in result.text
    assert "About aid-1" in ada.get("home.show").text


def test_no_key_and_no_explanation_leaves_the_server_before_the_end(ada):
    attempt_id = begin(ada)
    reply(ada, attempt_id)
    page = ada.get("diagnose.show", attempt_id=attempt_id)
    assert "Because." not in page.html and "Right" not in page.text and "Wrong" not in page.text
    assert ada.get("diagnose.result", attempt_id=attempt_id, expect=302).location.endswith(f"/{attempt_id}")
    finish(ada, attempt_id)
    assert "Because." in ada.get("diagnose.result", attempt_id=attempt_id).text
    assert ada.get("diagnose.show", attempt_id=attempt_id, expect=302).location.endswith("/result")


def test_it_goes_on_where_it_stopped_on_another_machine(ada, member, browser):
    attempt_id = begin(ada)
    reply(ada, attempt_id)
    other = browser.as_(member)
    assert "Go on with the diagnostic" in other.get("home.show").text
    assert begin(other) == attempt_id
    assert "Question 2" in other.get("diagnose.show", attempt_id=attempt_id).text


def test_nothing_chosen_is_said_at_the_question_and_what_was_typed_stays(ada):
    attempt_id = begin(ada)
    page = ada.post("diagnose.answer", {"position": 1}, attempt_id=attempt_id, expect=422)
    assert "Choose or type an answer, or say that you haven’t learned this yet." in page.text
    assert 'href="#q1"' in page.html
    page = ada.post("diagnose.answer", {"position": 1, "q1": "zz"}, attempt_id=attempt_id, expect=422)
    assert "Choose one of the options shown." in page.text


def test_a_second_click_and_an_old_page_go_on_to_the_question_asked_now(ada):
    attempt_id = begin(ada)
    reply(ada, attempt_id)
    again = ada.post("diagnose.answer", {"position": 1, "q1": "a"}, attempt_id=attempt_id)
    assert again.location.endswith(f"/diagnostic/{attempt_id}")
    assert len(queries.keyed(attempt_id)) == 1


def weights(attempt_id):
    rows = select(AttemptQuestion.weight).where(AttemptQuestion.attempt_id == attempt_id)
    return list(db.session.scalars(rows.order_by(AttemptQuestion.position)))


def test_haste_weighs_nothing_and_a_reload_does_not_make_haste(ada):
    attempt_id = begin(ada)
    with time_machine.travel(MONDAY, tick=False) as clock:
        for wait, reload in ((2.0, False), (20.0, True)):
            question = queries.keyed(attempt_id)[0]
            ada.get("diagnose.show", attempt_id=attempt_id)
            clock.shift(wait)
            if reload:
                ada.get("diagnose.show", attempt_id=attempt_id)
                clock.shift(1.0)
            data = {f"q{question.position}": right_values(question)}
            ada.post("diagnose.answer", {"position": question.position, **data}, attempt_id=attempt_id)
    assert weights(attempt_id)[:2] == [0.0, 0.8]


def test_ended_by_hand_it_tells_what_was_answered(ada):
    attempt_id = begin(ada)
    reply(ada, attempt_id)
    assert ada.post("diagnose.end", attempt_id=attempt_id).location.endswith("/result")
    page = ada.get("diagnose.result", attempt_id=attempt_id)
    assert "Ended. What you answered counts." in page.text
    assert "not sure" in page.text
    assert "Ask me three" in page.text


def test_what_is_not_sure_says_how_it_will_be_settled(ada):
    attempt_id = begin(ada)
    reply(ada, attempt_id)
    ada.post("diagnose.end", attempt_id=attempt_id)
    page = ada.get("diagnose.result", attempt_id=attempt_id)
    assert "The closing quiz of “About privacy-1” settles it, or three questions now." in page.text


def test_one_topic_alone(ada):
    attempt_id = begin(ada, topic="privacy")
    page = ada.get("diagnose.show", attempt_id=attempt_id)
    assert "Diagnostic: privacy" in page.text and "topics done: 0 of 1" in page.text


def test_without_a_role_there_is_nothing_to_ask(school, browser):
    guest = browser.as_(make.member("guest", school.units["north"]))
    assert "you have no role yet" in guest.get("diagnose.index").text
    assert "nothing to ask" in guest.post("diagnose.start", expect=409).text
    assert db.session.scalar(select(Attempt.id)) is None


def test_a_topic_that_is_not_there(ada):
    ada.post("diagnose.start", {"topic": "cooking"}, expect=404)


def test_a_review_from_home(ada, member):
    begin_write()
    take_diagnostic(member, lambda _topic, _layer: True, at=now() - timedelta(days=260))
    db.session.commit()
    home = ada.get("home.show")
    assert "3 rungs to refresh" in home.text
    attempt_id = int(ada.post("diagnose.review").location.rsplit("/", 1)[1])
    assert "Review" in ada.get("diagnose.show", attempt_id=attempt_id).text
    assert finish(ada, attempt_id) <= 3
    assert "to refresh" not in ada.get("home.show").text


def test_nothing_due_is_said(ada):
    assert "Nothing is due for review now." in ada.post("diagnose.review", expect=409).text


def test_a_closing_quiz_is_no_diagnostic_and_a_diagnostic_no_quiz(ada):
    attempt_id = begin(ada)
    for page in ("quiz.show", "quiz.result"):
        ada.get(page, attempt_id=attempt_id, expect=404)
    ada.post("quiz.submit", attempt_id=attempt_id, expect=404)
    quiz = int(ada.post("quiz.start", key="aid-1").location.rsplit("/", 1)[1])
    for page in ("diagnose.show", "diagnose.result"):
        ada.get(page, attempt_id=quiz, expect=404)
    ada.post("diagnose.end", attempt_id=quiz, expect=404)


def test_it_costs_the_same_statements_for_a_large_bank(browser, school, count_statements):
    costs = []
    for login in ("ben", "cleo"):
        begin_write()
        person = browser.as_(make.member(login, school.units["north"], school.roles["member"]))
        db.session.commit()
        attempt_id = begin(person)
        reply(person, attempt_id)
        question = queries.keyed(attempt_id)[0]
        with count_statements() as looking:
            person.get("diagnose.show", attempt_id=attempt_id)
        with count_statements() as answering:
            person.post("diagnose.answer", {"position": question.position, "unknown": "yes"}, attempt_id=attempt_id)
        costs.append((len(looking), len(answering)))
        begin_write()
        make.module("privacy-1", school.topics["privacy"], 1, questions=200)
        db.session.commit()
    assert costs[0] == costs[1]
    assert costs[0] <= (16, 18), f"{looking}\n{answering}"


def test_the_question_versions_of_an_attempt_stay(ada, school):
    attempt_id = begin(ada)
    before = ada.get("diagnose.show", attempt_id=attempt_id)
    begin_write()
    db.session.execute(select(QuestionVersion.id)).all()
    for key, topic, layer in (("aid-1", "aid", 1), ("aid-2", "aid", 2), ("privacy-1", "privacy", 1)):
        make.module(key, school.topics[topic], layer, questions=1)
    db.session.commit()
    after = ada.get("diagnose.show", attempt_id=attempt_id)
    assert re.search(r'id="q1-stem">.*?</div>', before.html)[0] == re.search(r'id="q1-stem">.*?</div>', after.html)[0]
    finish(ada, attempt_id)


def test_answers_that_contradict_each_other_offer_three_more_and_no_blame(ada):
    attempt_id = begin(ada)
    reply(ada, attempt_id)
    ada.post("diagnose.end", attempt_id=attempt_id)
    begin_write()
    attempt = db.session.get(Attempt, attempt_id)
    attempt.validity, attempt.change = (
        "recheck",
        {**attempt.change, "odd": [attempt.change["topics"][0]["topic_id"], 2]},
    )
    db.session.commit()
    page = ada.get("diagnose.result", attempt_id=attempt_id)
    assert "it blames nobody; three more questions on aid, layer 2 would settle it." in page.text
    assert 'action="/plan/aid/2/check"' in page.html
