"""Calibration over real rows: known slips and guesses are found again, alarms ring and delete nothing."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from edu.base.clock import day_of
from edu.base.db import begin_write, db, insert
from edu.cli.demo_world import take_quiz
from edu.gaps import queries as gaps
from edu.gaps.models import Evidence, Prior
from edu.quizzes import actions
from edu.quizzes.actions import calibrate
from edu.quizzes.models import (
    Attempt,
    AttemptQuestion,
    Calibration,
    Question,
    QuestionAlarm,
    QuestionParameters,
    QuestionVersion,
    TopicParameters,
)
from edu.quizzes.queries import diagnostic
from tests import make
from tests.times import MONDAY

LATER = MONDAY + timedelta(days=30)


@pytest.fixture
def school(app):
    begin_write()
    built = make.school({"member": {"aid": 2}})
    for layer in (1, 2):
        make.module(f"aid-{layer}", built.topics["aid"], layer, questions=10)
    return built


def versions(topic_id):
    rows = (
        select(QuestionVersion.id, Question.layer)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.topic_id == topic_id, QuestionVersion.is_current)
        .order_by(QuestionVersion.id)
    )
    return [tuple(row) for row in db.session.execute(rows)]


def crowd(school, count, *, slip, guess, seed=1, unknown=0.0, at=MONDAY, kind="diagnostic", first=0, leaked=None):
    """Members of random heights who have each answered all questions of a topic. Returns how many held each layer."""
    random, aid = Random(seed), school.topics["aid"]
    questions = versions(aid)
    heights = []
    for number in range(first, first + count):
        height = random.choice((0, 1, 2))
        heights.append(height)
        member = make.member(f"{kind}{number}", school.units["north"], school.roles["member"])
        change = {"topics": [{"topic_id": aid, "q": [height > 0, height > 1, 0, 0], "after": ["held"]}]}
        attempt = {"member_id": member.member_id, "kind": kind, "opened_at": at, "closed_at": at, "change": change}
        attempt_id = db.session.execute(insert(Attempt).values(attempt).returning(Attempt.id)).scalar_one()
        rows = []
        for position, (version_id, layer) in enumerate(questions, 1):
            holds = height >= layer
            says = not holds and random.random() < unknown
            chance = 1 - slip(version_id) if holds else guess(version_id)
            right = version_id == leaked or random.random() < chance
            rows.append(
                {
                    "attempt_id": attempt_id,
                    "position": position,
                    "question_version_id": version_id,
                    "order": [],
                    "purpose": "scored",
                    "weight": 0.8,
                    "predicted": chance * (1 if holds else 1 - unknown),
                    "outcome": "unknown" if says else ("right" if right else "wrong"),
                    "answered_at": at,
                }
            )
        db.session.execute(insert(AttemptQuestion), rows)
    return heights


def run(at=LATER):
    found = calibrate.look(on=day_of(at), progress=lambda _done, _total: None)
    return calibrate.keep(found, at=at)


def current():
    rows = select(QuestionParameters).where(QuestionParameters.is_current)
    return {row.question_version_id: row for row in db.session.scalars(rows)}


def steady(value):
    return lambda _version_id: value


def test_known_slips_and_guesses_are_found_again(school):
    ids = [version_id for version_id, _layer in versions(school.topics["aid"])]
    slips = {version_id: 0.04 + 0.02 * (place % 6) for place, version_id in enumerate(ids)}
    guesses = {version_id: 0.15 + 0.04 * (place % 5) for place, version_id in enumerate(ids)}
    heights = crowd(school, 600, slip=slips.get, guess=guesses.get)
    kept = run()
    found = current()
    assert kept.questions == len(found) == len(ids)
    assert max(abs(found[one].slip - slips[one]) for one in ids) < 0.05
    assert max(abs(found[one].guess - guesses[one]) for one in ids) < 0.09
    topic = db.session.scalars(select(TopicParameters)).one()
    assert topic.members == 600 and topic.answers == 600 * len(ids)
    assert sum(topic.heights[2:]) == pytest.approx(heights.count(2) / 600, abs=0.05)
    assert topic.holes < 0.06
    assert topic.facilities[0] > topic.facilities[1] and topic.facilities[2:] == [None, None]


def test_a_handful_of_answers_hardly_moves_a_question(school):
    crowd(school, 8, slip=steady(0.0), guess=steady(0.9))
    run()
    assert all(abs(row.slip - 0.10) < 0.06 and abs(row.guess - 1 / 3) < 0.25 for row in current().values())
    assert db.session.scalars(select(Prior)).all() == [], "eight members say nothing about the ninth"


def test_the_rates_of_not_learned_yet_and_the_priors_are_found_and_used(school):
    heights = crowd(school, 300, slip=steady(0.1), guess=steady(0.25), unknown=0.5)
    run()
    topic = db.session.scalars(select(TopicParameters)).one()
    assert topic.unknown_lacking == pytest.approx(0.5, abs=0.05)
    newcomer = make.member("new", school.units["north"], school.roles["member"])
    q = gaps.ladders(newcomer.member_id, on=day_of(LATER))[0].q
    assert q[0] == pytest.approx(sum(height >= 1 for height in heights) / 300, abs=0.08)
    row = diagnostic.AttemptRow(0, newcomer.member_id, "diagnostic", None, None, LATER, None)
    assert diagnostic.subjects(row)[0].unknown.lacking == topic.unknown_lacking


def test_nothing_new_moves_nothing_and_old_versions_stay(school):
    crowd(school, 60, slip=steady(0.1), guess=steady(0.25))
    run()
    before = {key: (row.slip, row.guess) for key, row in current().items()}
    assert run(LATER + timedelta(days=1)).questions == 0
    assert {key: (row.slip, row.guess) for key, row in current().items()} == before
    crowd(school, 60, slip=steady(0.3), guess=steady(0.25), first=60)
    assert run(LATER + timedelta(days=2)).questions == 20
    count = db.session.scalar(select(func.count()).select_from(QuestionParameters))
    assert count == 40 and db.session.scalar(select(func.count()).select_from(Calibration)) == 3


def leak(school, version_id, count=60):
    crowd(
        school,
        count,
        slip=steady(0.1),
        guess=steady(0.25),
        leaked=version_id,
        seed=7,
        at=MONDAY + timedelta(days=3),
        first=1000,
    )


def test_a_leaked_question_rings_weighs_half_and_loses_nothing(school):
    crowd(school, 60, slip=steady(0.1), guess=steady(0.25))
    version_id = versions(school.topics["aid"])[-1][0]
    assert run().alarms == 0
    leak(school, version_id)
    answers = db.session.scalar(select(func.count()).select_from(AttemptQuestion))
    run(LATER + timedelta(days=1))
    of_it = select(QuestionAlarm).where(QuestionAlarm.question_version_id == version_id)
    alarm = db.session.scalars(of_it).one()
    assert (alarm.kind, alarm.closed_at) == ("easier", None)
    assert run(LATER + timedelta(days=2)).alarms == 0, "one open alarm is enough"
    assert db.session.scalar(select(func.count()).select_from(AttemptQuestion)) == answers
    assert version_id in {one for one, _layer in versions(school.topics["aid"])}


def test_a_closed_alarm_counts_anew(school):
    version_id = versions(school.topics["aid"])[-1][0]
    leak(school, version_id)
    run()
    assert current()[version_id].easier > 8
    someone = make.member("trainer", school.units["north"])
    db.session.execute(update(QuestionAlarm).values(closed_at=LATER, closed_by_id=someone.member_id))
    assert run(LATER + timedelta(days=1)).alarms == 0
    assert current()[version_id].easier == 0.0


def test_a_question_that_tells_nobody_apart_is_flagged_and_not_asked(school):
    version_id = versions(school.topics["aid"])[0][0]
    crowd(
        school,
        400,
        slip=lambda one: 0.6 if one == version_id else 0.1,
        guess=lambda one: 0.4 if one == version_id else 0.25,
    )
    run()
    assert current()[version_id].is_flagged
    alarms = {alarm.question_version_id: alarm.kind for alarm in db.session.scalars(select(QuestionAlarm))}
    assert version_id in alarms
    newcomer = make.member("new", school.units["north"], school.roles["member"])
    row = diagnostic.AttemptRow(0, newcomer.member_id, "diagnostic", None, None, LATER, None)
    live = diagnostic.live(row, diagnostic.subjects(row), at=LATER)
    assert version_id not in {one.item.id for one in live} and len(live) == 19


def test_only_first_answers_given_without_help_count(school):
    member = make.member("ada", school.units["north"], school.roles["member"])
    take_quiz(member, "aid-1", "+", at=MONDAY)
    for day in range(1, 5):
        take_quiz(member, "aid-1", "-", at=MONDAY + timedelta(days=day))
    asked = db.session.scalar(select(func.count(AttemptQuestion.question_version_id.distinct())))
    total = db.session.scalar(select(func.count()).select_from(AttemptQuestion))
    crowd(school, 1, slip=steady(0), guess=steady(0), kind="diagnostic")
    db.session.execute(update(AttemptQuestion).where(AttemptQuestion.weight == 0.8).values(weight=0.0))
    run()
    assert sum(row.answers for row in current().values()) == asked < total


def test_an_edited_question_starts_anew(school):
    crowd(school, 60, slip=steady(0.1), guess=steady(0.25))
    run()
    changed = [make.question(f"q-aid-1-{number}", stem="Which, again?") for number in range(10)]
    actions.publish_questions(school.modules["aid-1"], school.topics["aid"], 1, changed, at=LATER)
    newcomer = make.member("new", school.units["north"], school.roles["member"])
    row = diagnostic.AttemptRow(0, newcomer.member_id, "diagnostic", None, None, LATER, None)
    counts = {one.item.layer: one.answers for one in diagnostic.live(row, diagnostic.subjects(row), at=LATER)}
    assert counts == {1: 0, 2: 60}


def test_a_closing_quiz_uses_what_was_found(school):
    crowd(school, 60, slip=steady(0.02), guess=steady(0.25))
    assert run().alarms == 0
    member = make.member("ada", school.units["north"], school.roles["member"])
    first = versions(school.topics["aid"])[:10]
    db.session.add_all(
        QuestionAlarm(question_version_id=one, kind="harder", opened_at=MONDAY) for one, _layer in first[:5]
    )
    db.session.flush()
    take_quiz(member, "aid-1", "+", at=LATER)
    rows = db.session.execute(
        select(Evidence.question_version_id, Evidence.slip, Evidence.weight).where(
            Evidence.member_id == member.member_id, Evidence.kind == "answer"
        )
    ).all()
    found, alarmed = current(), {one for one, _layer in first[:5]}
    assert [row.slip for row in rows] == [found[row.question_version_id].slip for row in rows]
    assert [row.weight for row in rows] == [0.4 if row.question_version_id in alarmed else 0.8 for row in rows]


def test_the_command_says_what_it_found(school, app):
    crowd(school, 12, slip=steady(0.1), guess=steady(0.25))
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["gaps", "calibrate"])
    assert "240 first answers; 20 questions moved, 0 new alarms." in done.output
