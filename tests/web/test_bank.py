"""What trainers see of questions: alarms first, parameters with their doubt, how much rests on each."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from edu.base.clock import now
from edu.base.db import begin_write, db
from edu.cli.demo_world import take_diagnostic, take_quiz
from edu.quizzes.models import AttemptQuestion, Question, QuestionAlarm, QuestionVersion
from tests import make
from tests.quizzes.test_calibrate import crowd, run, steady, versions
from tests.times import MONDAY


@pytest.fixture
def trainer(world, browser):
    return browser.as_(world.members["wu.jie"])


@pytest.fixture
def school(app):
    begin_write()
    built = make.school({"member": {"aid": 2}})
    for layer in (1, 2):
        make.module(f"aid-{layer}", built.topics["aid"], layer, questions=10)
    return built


@pytest.fixture
def teacher(school, browser):
    """A trainer of the school."""
    member = make.member("teacher", school.units["north"])
    make.people.appoint(member.member_id, "trainer", school.units["top"], by=None, on=make.day_of(MONDAY), at=MONDAY)
    db.session.commit()
    return browser.as_(member)


def test_members_have_no_business_here(world, browser):
    tang = browser.as_(world.members["tang.xin"])
    for page, values in (("bank.index", {}), ("bank.topic", {"topic_key": "data"}), ("bank.show", {"key": "q-x"})):
        tang.get(page, expect=403, **values)
    tang.post("bank.looked", key="q-x", expect=403)


def test_no_cell_of_the_shipped_bank_is_too_thin(trainer):
    page = trainer.get("bank.index")
    assert "too thin" not in page.text
    assert "No question needs a look" in page.text


def test_cells_say_where_the_bank_is_too_thin(school, teacher):
    begin_write()
    make.courses.define_framework(make.framework({"member": {"aid": 3}}), on=make.day_of(MONDAY))
    db.session.commit()
    assert "0, too thin" in teacher.get("bank.index").text


def test_a_question_before_any_answer(trainer, world):
    key = db.session.scalar(select(Question.key).limit(1))
    page = trainer.get("bank.show", key=key)
    assert "Until answers come, slip and guess are those of its kind." in page.text
    assert "Not calibrated yet" in page.text


def test_one_question_with_everything_known_of_it(school, teacher):
    begin_write()
    crowd(school, 60, slip=steady(0.1), guess=steady(0.25))
    run(now() - timedelta(hours=1))
    for login in ("ben", "cleo"):
        member = make.member(login, school.units["north"], school.roles["member"])
        take_diagnostic(member, lambda _topic, _layer: True, at=now())
    asked = db.session.execute(
        select(AttemptQuestion.question_version_id).order_by(
            AttemptQuestion.attempt_id.desc(), AttemptQuestion.position
        )
    ).first()
    key = key_of(asked.question_version_id)
    db.session.commit()
    page = teacher.get("bank.show", key=key)
    assert "60 first answers since its last change." in page.text
    assert ("decision" in page.text and "rests on it" in page.text) or "rest on it" in page.text
    assert "likely between" in page.html
    assert "Night by night" in page.text


def key_of(version_id):
    rows = (
        select(Question.key)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.id == version_id)
    )
    return db.session.scalar(rows)


def test_an_alarm_stands_first_and_is_closed_by_a_look(school, teacher):
    begin_write()
    version_id = versions(school.topics["aid"])[0][0]
    db.session.add(QuestionAlarm(question_version_id=version_id, kind="easier", opened_at=MONDAY))
    db.session.commit()
    key = key_of(version_id)
    assert "It has become easier: perhaps its answer is known." in teacher.get("bank.index").text
    assert "Until someone has looked, its answers weigh half." in teacher.get("bank.show", key=key).text
    teacher.post("bank.looked", key=key)
    page = teacher.get("bank.show", key=key)
    assert "Noted." in page.text and "looked at on" in page.text
    assert "No alarm is open for this question." in teacher.post("bank.looked", key=key, expect=409).text
    assert "No question needs a look" in teacher.get("bank.index").text


def test_a_topic_says_whether_it_is_a_ladder_and_whether_predictions_hold(school, teacher):
    begin_write()
    crowd(school, 60, slip=steady(0.1), guess=steady(0.25))
    run(now())
    db.session.commit()
    page = teacher.get("bank.topic", topic_key="aid")
    assert "1,200 first answers of 60 members" in page.text
    assert "Each layer is harder than the one below, as it should be." in page.text
    assert "So far 0 of the 30 that a figure needs." in page.text
    begin_write()
    db.session.execute(update(AttemptQuestion).values(purpose="control"))
    db.session.commit()
    page = teacher.get("bank.topic", topic_key="aid")
    assert "Control questions answered" in page.text and "AUC" in page.text


def test_few_members_are_not_spoken_of(school, teacher):
    begin_write()
    crowd(school, 4, slip=steady(0.1), guess=steady(0.25))
    run(now())
    db.session.commit()
    assert "once 5 members have answered" in teacher.get("bank.topic", topic_key="aid").text


def test_a_long_list_comes_in_pages_and_costs_the_same(school, teacher, count_statements):
    costs = []
    for questions in (10, 120):
        begin_write()
        make.module("aid-1", school.topics["aid"], 1, questions=questions)
        db.session.commit()
        with count_statements() as statements:
            page = teacher.get("bank.topic", topic_key="aid")
            teacher.get("bank.index")
            teacher.get("bank.show", key="q-aid-1-0")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert "Page 1 of 3" in page.text
    assert "Page 3 of 3" in teacher.get("/questions/topics/aid?page=99").text


def test_what_is_not_there(teacher):
    teacher.get("bank.show", key="q-nothing", expect=404)
    teacher.get("bank.topic", topic_key="cooking", expect=404)
    teacher.post("bank.looked", key="q-nothing", expect=404)


def test_decisions_are_counted_once_a_member(school, teacher):
    begin_write()
    member = make.member("ben", school.units["north"], school.roles["member"])
    for day in range(6):
        take_quiz(member, "aid-1", "-", at=now() - timedelta(days=10 - day))
    db.session.commit()
    assert "1 decision rests on it" in teacher.get("bank.show", key="q-aid-1-0").text
