"""Diagnostics, checks and reviews: what they ask, how they end, what they leave behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from edu.base.clock import day_of
from edu.base.db import begin_write, db
from edu.base.errors import Conflict, Invalid, NotFound
from edu.cli.demo_world import go_on, right_values, take_diagnostic, take_quiz
from edu.courses import actions as courses
from edu.courses.framework import Framework
from edu.gaps import actions as gap_actions
from edu.gaps import queries as gaps
from edu.gaps.models import Evidence
from edu.quizzes import actions, asking, queries
from edu.quizzes.models import Attempt, AttemptQuestion, Question, QuestionAlarm, QuestionVersion
from edu.quizzes.queries import diagnostic
from tests import make
from tests.gaps.test_actions import derived
from tests.times import MONDAY
from tests.together import meanwhile

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def school(app):
    """Two topics; layers 1 and 2 of each with twelve questions, two modules of ten minutes."""
    begin_write()
    built = make.school({"member": {"aid": 2, "privacy": 1}, "leader": {"aid": 2, "privacy": 2}})
    for topic in ("aid", "privacy"):
        for layer in (1, 2):
            make.module(f"{topic}-{layer}", built.topics[topic], layer, questions=12)
    return built


@pytest.fixture
def ada(school):
    return make.member("ada", school.units["north"], school.roles["leader"])


def nothing(_topic, _layer):
    return False


def everything(_topic, _layer):
    return True


def rows(attempt_id):
    return db.session.execute(
        select(AttemptQuestion.outcome, AttemptQuestion.purpose, AttemptQuestion.weight)
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.position)
    ).all()


def ladders(member, at=LATER):
    return {ladder.topic_id: ladder for ladder in gaps.ladders(member.member_id, on=day_of(at))}


def test_who_knows_everything_is_soon_done_and_lacks_nothing(school, ada):
    attempt_id = take_diagnostic(ada, everything, at=MONDAY)
    assert [ladder.lacking for ladder in ladders(ada).values()] == [(), ()]
    scored = [row for row in rows(attempt_id) if row.purpose == "scored"]
    assert len(scored) <= 8


def test_who_knows_nothing_lacks_everything(school, ada):
    take_diagnostic(ada, nothing, at=MONDAY)
    assert [ladder.lacking for ladder in ladders(ada).values()] == [(1, 2), (1, 2)]


def test_only_what_is_required_is_asked(school):
    ben = make.member("ben", school.units["north"], school.roles["member"])
    attempt_id = take_diagnostic(ben, everything, at=MONDAY)
    cells = {queries.cell_of(attempt_id, n + 1) for n in range(len(rows(attempt_id)))}
    assert cells <= {(school.topics["aid"], 1), (school.topics["aid"], 2), (school.topics["privacy"], 1)}


def test_one_topic_can_be_taken_alone(school, ada):
    attempt_id = take_diagnostic(ada, everything, topic_key="privacy", at=MONDAY)
    assert {queries.cell_of(attempt_id, n + 1)[0] for n in range(len(rows(attempt_id)))} == {school.topics["privacy"]}
    assert ladders(ada)[school.topics["aid"]].level == 0


def test_an_attempt_asks_one_question_at_a_time_and_the_control_decides_nothing(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    assert len(rows(attempt_id)) == 1
    go_on(ada, attempt_id, everything, at=MONDAY)
    purposes = [row.purpose for row in rows(attempt_id)]
    assert purposes.count("control") == 1 and purposes[-1] == "control"
    predicted = db.session.scalars(
        select(AttemptQuestion.predicted).where(AttemptQuestion.attempt_id == attempt_id)
    ).all()
    assert all(0 < chance < 1 for chance in predicted)
    used = db.session.scalars(select(Evidence.question_version_id).where(Evidence.attempt_id == attempt_id)).all()
    assert len(used) == len(purposes) - 1


def test_the_evidence_of_a_diagnostic_is_replayed_to_the_same(school, ada):
    aid = school.topics["aid"]
    take_diagnostic(ada, lambda topic, layer: topic == aid and layer < 2, at=MONDAY)
    before = derived()
    gaps_of = [row.observation for row in gaps.evidence_of(ada.member_id)]
    assert any(answer.unknown for answer in gaps_of) and all(answer.offered for answer in gaps_of)
    gap_actions.rebuild(on=day_of(LATER))
    assert derived() == before


def test_taken_up_again_it_asks_what_it_asked_and_another_start_begins_no_second(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    first = diagnostic.taken(ada.member_id, attempt_id, "en", at=MONDAY)
    assert actions.start_diagnostic(ada, "aid", at=LATER) == attempt_id
    again = diagnostic.taken(ada.member_id, attempt_id, "en", at=MONDAY + timedelta(days=30))
    assert again.question == first.question


def test_a_second_click_and_the_page_before_change_nothing(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    question = queries.keyed(attempt_id)[0]
    assert actions.answer(ada, attempt_id, 1, right_values(question), at=MONDAY) is False
    assert actions.answer(ada, attempt_id, 1, ["a"], at=LATER) is False
    assert [row.outcome for row in rows(attempt_id)] == ["right", None]
    assert actions.answer(ada, attempt_id, 7, ["a"], at=LATER) is False


def test_no_answer_is_refused_and_what_is_no_option_too(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    for values in ([], ["z"], ["a", "b"]):
        with pytest.raises(Invalid):
            actions.answer(ada, attempt_id, 1, values, at=MONDAY)
    assert [row.outcome for row in rows(attempt_id)] == [None]


def test_an_attempt_belongs_to_its_member(school, ada):
    ben = make.member("ben", school.units["north"], school.roles["member"])
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    for deed in (
        lambda: actions.answer(ben, attempt_id, 1, ["a"], at=MONDAY),
        lambda: actions.end(ben, attempt_id, at=MONDAY),
        lambda: diagnostic.taken(ben.member_id, attempt_id, "en", at=MONDAY),
    ):
        with pytest.raises(NotFound):
            deed()


def test_ended_by_hand_what_was_answered_counts(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    question = queries.keyed(attempt_id)[0]
    actions.answer(ada, attempt_id, 1, right_values(question), at=MONDAY)
    actions.end(ada, attempt_id, at=LATER)
    actions.end(ada, attempt_id, at=LATER)
    assert [row.outcome for row in rows(attempt_id)] == ["right", "blank"]
    assert len(gaps.evidence_of(ada.member_id)) == 1
    assert actions.start_diagnostic(ada, None, at=LATER) != attempt_id


def test_too_fast_to_have_been_read_counts_nothing_but_not_known_is_never_too_fast(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    actions.answer(ada, attempt_id, 1, right_values(queries.keyed(attempt_id)[0]), seconds=1.2, at=MONDAY)
    actions.answer(ada, attempt_id, 2, [], is_unknown=True, seconds=1.2, at=MONDAY)
    assert [(row.outcome, row.weight) for row in rows(attempt_id)][:2] == [("right", 0.0), ("unknown", 0.8)]


def test_a_test_that_was_clicked_through_is_not_valid_and_says_nothing(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    for turn in range(1, 40):
        question = queries.keyed(attempt_id)[0]
        seconds = 1.0 if turn % 2 else 20.0
        if actions.answer(ada, attempt_id, turn, right_values(question), seconds=seconds, at=MONDAY):
            break
    assert db.session.scalar(select(Attempt.validity).where(Attempt.id == attempt_id)) == "not_valid"
    assert {row.observation.weight for row in gaps.evidence_of(ada.member_id)} == {0.0}
    assert all(ladder.level == 0 for ladder in ladders(ada).values())


def test_a_question_under_alarm_weighs_half(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    (version_id,) = db.session.scalars(
        select(AttemptQuestion.question_version_id).where(AttemptQuestion.attempt_id == attempt_id)
    )
    db.session.add(QuestionAlarm(question_version_id=version_id, kind="easier", opened_at=MONDAY))
    db.session.flush()
    actions.answer(ada, attempt_id, 1, right_values(queries.keyed(attempt_id)[0]), at=MONDAY)
    assert rows(attempt_id)[0].weight == pytest.approx(0.4)


def test_what_was_asked_within_ninety_days_is_not_asked_again(school, ada):
    first = actions.start_diagnostic(ada, None, at=MONDAY)
    for turn in (1, 2, 3):
        values = right_values(queries.keyed(first)[0])
        actions.answer(ada, first, turn, values, is_unknown=turn == 2, at=MONDAY)
    actions.end(ada, first, at=MONDAY)
    seen = asked(first)
    again = take_diagnostic(ada, nothing, at=MONDAY + timedelta(days=1))
    assert asked(again) and not asked(again) & seen
    for days, are_met in ((90, True), (91, False)):
        at = MONDAY + timedelta(days=days)
        row = diagnostic.attempt(ada.member_id, again)
        live = diagnostic.live(row, diagnostic.subjects(row), at=at - timedelta(seconds=1))
        assert {one.is_met for one in live if one.item.id in seen} == {are_met}, days


def asked(attempt_id):
    return set(
        db.session.scalars(select(AttemptQuestion.question_version_id).where(AttemptQuestion.attempt_id == attempt_id))
    )


def test_nobody_without_a_role_is_asked(school):
    zoe = make.member("zoe", school.units["north"])
    with pytest.raises(Conflict, match="nothing to ask"):
        actions.start_diagnostic(zoe, None, at=MONDAY)
    with pytest.raises(NotFound):
        actions.start_diagnostic(zoe, "cooking", at=MONDAY)


def test_i_disagree_asks_three_and_takes_effect_at_once(school, ada):
    aid = school.topics["aid"]
    take_diagnostic(ada, nothing, at=MONDAY)
    attempt_id = actions.start_check(ada, "aid", 1, at=LATER)
    assert actions.start_check(ada, "aid", 1, at=LATER) == attempt_id
    assert go_on(ada, attempt_id, everything, at=LATER) == 3
    assert ladders(ada)[aid].holds[0]


def test_three_right_take_back_a_failed_quiz(school, ada):
    aid = school.topics["aid"]
    for day in range(3):
        take_quiz(ada, "aid-1", "-", at=MONDAY + timedelta(days=day))
    assert ladders(ada)[aid].states[0] == "lack"
    at = MONDAY + timedelta(days=4)
    go_on(ada, actions.start_check(ada, "aid", 1, at=at), everything, at=at)
    assert ladders(ada, at)[aid].shown[0].failed is False
    assert ladders(ada, at)[aid].states[0] == "held"


def test_a_check_that_fails_leaves_the_rung_lacking(school, ada):
    attempt_id = actions.start_check(ada, "privacy", 2, at=MONDAY)
    go_on(ada, attempt_id, nothing, at=MONDAY)
    assert ladders(ada)[school.topics["privacy"]].states[1] == "lack"


def test_a_rung_without_questions_says_so(school, ada):
    with pytest.raises(Conflict, match="no questions"):
        actions.start_check(ada, "aid", 4, at=MONDAY)
    with pytest.raises(NotFound):
        actions.start_check(ada, "aid", 9, at=MONDAY)


def due_day(member, topic_id):
    """A day on which both layers of a topic are due for review and still held."""
    for days in range(1, 400):
        at = MONDAY + timedelta(days=days)
        ladder = ladders(member, at)[topic_id]
        if len(ladder.review) == 2 and not ladder.lapsed:
            return at
    raise AssertionError("never due")


def test_a_review_asks_once_what_is_remembered(school, ada):
    aid = school.topics["aid"]
    take_diagnostic(ada, everything, topic_key="aid", at=MONDAY)
    with pytest.raises(Conflict, match="due"):
        actions.start_review(ada, at=LATER)
    at = due_day(ada, aid)
    attempt_id = actions.start_review(ada, at=at)
    assert go_on(ada, attempt_id, everything, at=at) == 2
    assert ladders(ada, at)[aid].review == ()
    assert ladders(ada, at)[aid].q[0] > 0.9
    tomorrow = ladders(ada, at + timedelta(days=1))[aid]
    assert tomorrow.review == () and tomorrow.holds[:2] == (True, True)


def test_a_failed_review_asks_twice_and_puts_the_module_back(school, ada):
    aid = school.topics["aid"]
    take_diagnostic(ada, everything, topic_key="aid", at=MONDAY)
    at = due_day(ada, aid)
    attempt_id = actions.start_review(ada, at=at)
    assert go_on(ada, attempt_id, lambda _topic, layer: layer == 1, at=at) == 3
    assert ladders(ada, at)[aid].lacking == (2,)
    assert ladders(ada, at + timedelta(days=1))[aid].review == (), "it is in the plan, not in the review"


def test_what_has_lapsed_can_be_brought_back_by_a_review(school, ada):
    aid = school.topics["aid"]
    take_diagnostic(ada, everything, topic_key="aid", at=MONDAY)
    at = MONDAY + timedelta(days=1200)
    assert ladders(ada, at)[aid].lapsed == (1, 2)
    assert ladders(ada, at)[aid].states[:2] == ("unsure", "unsure")
    go_on(ada, actions.start_review(ada, at=at), everything, at=at)
    assert ladders(ada, at)[aid].lacking == ()


def test_after_the_end_everything_is_told_and_before_it_nothing(school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    with pytest.raises(NotFound):
        diagnostic.ended(ada.member_id, attempt_id, "en")
    go_on(ada, attempt_id, everything, at=MONDAY)
    ended = diagnostic.ended(ada.member_id, attempt_id, "en")
    assert [(one.before, one.after) for one in ended.topics] == [
        (("unsure", "unsure", "open", "open"), ("held", "held", "open", "open"))
    ] * 2
    assert all(question.key and question.lesson for question in ended.questions)
    with pytest.raises(NotFound):
        diagnostic.taken(ada.member_id, attempt_id, "en", at=LATER)


def test_how_firm_it_is_does_not_say_which_way(school, ada):
    """The picture of progress is the same for who knows and for who does not, as far as the certainty is."""
    ben = make.member("ben", school.units["north"], school.roles["leader"])
    first, second = (actions.start_diagnostic(person, None, at=MONDAY) for person in (ada, ben))
    before = diagnostic.taken(ada.member_id, first, "en", at=MONDAY).firmness
    assert {rung for topic in before for rung in topic.rungs} <= {0, 1}
    for person, attempt_id, holds in ((ada, first, True), (ben, second, False)):
        for turn in range(1, 4):
            values = right_values(queries.keyed(attempt_id)[0])
            actions.answer(person, attempt_id, turn, values if holds else [], is_unknown=not holds, at=MONDAY)
    after = diagnostic.taken(ada.member_id, first, "en", at=MONDAY).firmness
    assert sum(sum(topic.rungs) for topic in after) > sum(sum(topic.rungs) for topic in before)


def test_the_choice_goes_on_where_it_stopped(school, ada):
    """Asked is what the answers so far lead to, whenever they were given."""
    ben = make.member("ben", school.units["north"], school.roles["leader"])
    subjects, attempts = [], []
    for person, pause in ((ada, 0), (ben, 3)):
        attempt_id = actions.start_diagnostic(person, None, at=MONDAY)
        row = diagnostic.attempt(person.member_id, attempt_id)
        live = diagnostic.live(row, diagnostic.subjects(row), at=MONDAY + timedelta(days=pause))
        attempts.append(asking.next_question(diagnostic.subjects(row), [], live, seed=1))
        subjects.append(diagnostic.subjects(row))
    assert subjects[0] == subjects[1] and attempts[0] is not None


def test_one_answer_alone_decides_no_topic_of_which_nothing_was_known(school, ada):
    attempt_id = take_diagnostic(ada, everything, at=MONDAY)
    scored = [
        queries.cell_of(attempt_id, place)[0]
        for place, row in enumerate(rows(attempt_id), 1)
        if row.purpose == "scored"
    ]
    assert all(scored.count(topic) >= 2 for topic in school.topics.values())


def test_a_topic_that_was_shown_before_may_need_no_question(school, ada):
    for day, key in enumerate(("aid-1", "aid-2")):
        take_quiz(ada, key, "+", at=MONDAY + timedelta(days=day))
    attempt_id = take_diagnostic(ada, everything, at=MONDAY + timedelta(days=2))
    cells = [
        queries.cell_of(attempt_id, place) for place, row in enumerate(rows(attempt_id), 1) if row.purpose == "scored"
    ]
    assert {topic for topic, _layer in cells} == {school.topics["privacy"]}


def test_two_tabs_that_begin_at_once_get_the_same_attempt(app, school, ada):
    db.session.commit()
    seen = []
    begin_write()
    meanwhile(
        app,
        lambda: seen.append(actions.start_diagnostic(ada, None, at=MONDAY)),
        lambda: seen.append(actions.start_diagnostic(ada, "aid", at=LATER)),
    )
    assert len(seen) == 2 and seen[0] == seen[1]
    assert len(rows(seen[0])) == 1


def test_two_tabs_that_answer_at_once_keep_one_answer(app, school, ada):
    attempt_id = actions.start_diagnostic(ada, None, at=MONDAY)
    values = right_values(queries.keyed(attempt_id)[0])
    db.session.commit()
    begin_write()
    meanwhile(
        app,
        lambda: actions.answer(ada, attempt_id, 1, values, at=MONDAY),
        lambda: actions.answer(ada, attempt_id, 1, [], is_unknown=True, at=LATER),
    )
    assert [row.outcome for row in rows(attempt_id)] == ["right", None]


def test_a_review_loses_no_answer_to_a_quiz_taken_meanwhile(school, ada):
    aid = school.topics["aid"]
    take_diagnostic(ada, everything, topic_key="aid", at=MONDAY)
    at = due_day(ada, aid)
    attempt_id = actions.start_review(ada, at=at)
    for day, key in enumerate(("aid-1", "aid-2")):
        take_quiz(ada, key, "+", at=at + timedelta(days=1 + day))
    later = at + timedelta(days=3)
    go_on(ada, attempt_id, everything, at=later)
    assert gaps.evidence_of(ada.member_id)[-1].observation.attempt_id == attempt_id
    assert [one.topic_id for one in diagnostic.ended(ada.member_id, attempt_id, "en").topics] == [aid]


def test_a_topic_retired_meanwhile_does_not_break_an_attempt(school, ada, browser):
    attempt_id = actions.start_diagnostic(ada, "privacy", at=MONDAY)
    courses.define_framework(
        Framework(
            layers=make.framework({}).layers,
            topics=tuple(topic for topic in make.framework({}).topics if topic.key != "privacy"),
            roles=(),
        ),
        on=day_of(LATER),
    )
    db.session.commit()
    page = browser.as_(ada).get("diagnose.show", attempt_id=attempt_id)
    assert "Question 1" in page.text
    begin_write()
    assert go_on(ada, attempt_id, everything, at=LATER) == 1
    db.session.commit()
    browser.as_(ada).get("diagnose.result", attempt_id=attempt_id)


def test_exposure_is_the_share_of_a_layers_tests(school):
    """Counted by hand over all tests; of the latest 200, and of whatever version of a question."""
    for number in range(5):
        member = make.member(f"m{number}", school.units["north"], school.roles["leader"])
        take_diagnostic(member, everything if number % 2 else nothing, at=MONDAY)
    asked_of = db.session.execute(
        select(Question.id, Question.topic_id, Question.layer, AttemptQuestion.attempt_id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
    ).all()
    expected = {}
    for question_id, topic_id, layer, _attempt in asked_of:
        tests = {row.attempt_id for row in asked_of if (row.topic_id, row.layer) == (topic_id, layer)}
        expected[question_id] = sum(row.id == question_id for row in asked_of) / len(tests)
    assert diagnostic.exposure() == pytest.approx(expected)
    assert len(set(expected.values())) > 1
