"""A quiz from the first question to the tallies."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from edu.base.audit import AuditEntry
from edu.base.clock import day_of
from edu.base.db import begin_write, db
from edu.base.errors import Conflict, Invalid, NotFound
from edu.cli.demo_world import right_values, take_quiz, wrong_values
from edu.gaps import queries as gaps
from edu.gaps.models import Belief, Evidence
from edu.quizzes import actions, queries
from edu.quizzes.models import AttemptQuestion
from edu.records.models import Completion, Holding, HoursEntry, Standing, Tally
from tests import make
from tests.times import MONDAY
from tests.together import meanwhile


@pytest.fixture
def school(app):
    begin_write()
    return make.school()


@pytest.fixture
def ada(school):
    return make.member("ada", school.units["north"], school.roles["member"])


def answer(actor, attempt_id, marks, *, at=MONDAY):
    for mark, asked in zip(marks, queries.keyed(attempt_id), strict=True):
        if mark != " ":
            values = right_values(asked) if mark == "+" else wrong_values(asked)
            actions.save_answer(actor, attempt_id, asked.position, values, at=at)


def start(actor, key="aid-1", *, at=MONDAY):
    return actions.start_attempt(actor, key, "en", at=at)


def rows(table, *columns):
    return sorted(tuple(row) for row in db.session.execute(select(*columns or table.__table__.c)))


def test_an_attempt_is_there_from_the_first_second_and_asked_once(ada):
    attempt_id = start(ada)
    asked = queries.open_attempt(ada.member_id, attempt_id, "en").questions
    assert [question.position for question in asked] == [1, 2, 3]
    assert {question.answer for question in asked} == {None}
    assert start(ada) == attempt_id


def test_two_of_three_right_asks_two_more_and_keeps_the_first_three(ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "+-+")
    submission = actions.submit_attempt(ada, attempt_id, at=MONDAY)
    assert (submission.is_closed, submission.grade.right, submission.grade.asked) == (False, 2, 3)
    asked = queries.open_attempt(ada.member_id, attempt_id, "en").questions
    assert [question.is_fixed for question in asked] == [True, True, True, False, False]
    with pytest.raises(Conflict):
        actions.save_answer(ada, attempt_id, 2, ["b"], at=MONDAY)
    assert rows(Evidence) == []
    answer(ada, attempt_id, "++")
    submission = actions.submit_attempt(ada, attempt_id, at=MONDAY)
    assert (submission.is_closed, submission.grade.passed, submission.grade.share) == (True, True, 0.8)


def test_submitting_twice_keeps_the_first_grade(ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "+++")
    first = actions.submit_attempt(ada, attempt_id, at=MONDAY)
    evidence = rows(Evidence, Evidence.id, Evidence.outcome)
    again = actions.submit_attempt(ada, attempt_id, at=MONDAY + timedelta(hours=1))
    assert again == first
    assert rows(Evidence, Evidence.id, Evidence.outcome) == evidence
    with pytest.raises(Conflict):
        actions.save_answer(ada, attempt_id, 1, ["a"], at=MONDAY)


def test_passing_completes_counts_minutes_fills_the_rung_and_moves_the_tallies(ada, school):
    take_quiz(ada, "aid-1", "+", at=MONDAY)
    north, aid = school.units["north"], school.topics["aid"]
    assert rows(Completion, Completion.module_id, Completion.unit_id, Completion.share) == [
        (school.modules["aid-1"], north, 1.0)
    ]
    assert rows(HoursEntry, HoursEntry.category, HoursEntry.minutes, HoursEntry.studied_on) == [
        ("online", 10, day_of(MONDAY))
    ]
    assert rows(Holding, Holding.member_id, Holding.topic_id, Holding.layer) == [(ada.member_id, aid, 1)]
    overall = select(Tally.layer, Tally.required, Tally.held).where(
        Tally.unit_id == north, Tally.topic_id == aid, Tally.role_id.is_(None)
    )
    assert sorted(map(tuple, db.session.execute(overall))) == [(1, 1, 1), (2, 1, 0)]
    assert [entry.deed for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.deed.like("attempt%")))] == [
        "attempt.submitted"
    ]


def test_failing_leaves_the_rung_lacking_and_completes_nothing(ada, school):
    take_quiz(ada, "aid-1", "-", at=MONDAY)
    ladder = gaps.ladder(ada.member_id, school.topics["aid"], on=day_of(MONDAY))
    assert ladder.states == ("lack", "unsure", "open", "open")
    assert rows(Completion) == rows(HoursEntry) == rows(Holding) == []


def test_the_module_counts_as_studied_once_and_a_failed_quiz_before_its_retake(ada):
    take_quiz(ada, "aid-1", "-", at=MONDAY)
    take_quiz(ada, "aid-1", "+", at=MONDAY + timedelta(days=2))
    take_quiz(ada, "aid-1", "+", at=MONDAY + timedelta(days=4))
    studied = [weight for kind, weight in rows(Evidence, Evidence.kind, Evidence.weight) if kind == "study"]
    assert studied == [0.30, 0.60]


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_failing_and_then_passing_fills_the_rung(ada, school, fails):
    """Each try brings questions not seen before as long as the bank has some; what was failed does not weigh forever."""
    make.module("aid-1", school.topics["aid"], 1, questions=20)
    for day in range(fails):
        take_quiz(ada, "aid-1", "-", at=MONDAY + timedelta(days=day))
    take_quiz(ada, "aid-1", "+", at=MONDAY + timedelta(days=fails))
    assert gaps.ladder(ada.member_id, school.topics["aid"], on=day_of(MONDAY)).states[0] == "held"


def test_a_retake_brings_other_questions_first(ada):
    first = {asked.position: asked for asked in queries.keyed(take_quiz(ada, "aid-1", "-", at=MONDAY))}
    assert first == {}  # all are fixed once it is closed
    used = rows_of_questions(1)
    again = start(ada, at=MONDAY + timedelta(days=1))
    assert used.isdisjoint(rows_of_questions(again))


def rows_of_questions(attempt_id):
    from_attempt = select(AttemptQuestion.question_version_id).where(AttemptQuestion.attempt_id == attempt_id)
    return set(db.session.scalars(from_attempt))


def test_an_attempt_keeps_the_question_versions_it_began_with(ada, school):
    attempt_id = start(ada)
    before = rows_of_questions(attempt_id)
    changed = [make.question(f"q-aid-1-{number}", stem="Changed?") for number in range(6)]
    done = actions.publish_questions(school.modules["aid-1"], school.topics["aid"], 1, changed, at=MONDAY)
    assert (done.added, done.changed, done.retired) == (0, 6, 0)
    assert rows_of_questions(attempt_id) == before
    assert {asked.face["stem"] for asked in queries.keyed(attempt_id)} == {"<p>Which?</p>"}


def test_publishing_the_same_questions_changes_nothing_and_missing_ones_retire(ada, school):
    same = [make.question(f"q-aid-1-{number}") for number in range(5)]
    done = actions.publish_questions(school.modules["aid-1"], school.topics["aid"], 1, same, at=MONDAY)
    assert (done.added, done.changed, done.retired) == (0, 0, 1)
    assert queries.bank_counts()[school.topics["aid"], 1] == 5


def test_another_persons_attempt_does_not_exist(ada, school):
    eve = make.member("eve", school.units["north"], school.roles["member"])
    attempt_id = start(ada)
    answer(ada, attempt_id, "+++")
    for deed in (
        lambda: actions.save_answer(eve, attempt_id, 1, ["b"], at=MONDAY),
        lambda: actions.submit_attempt(eve, attempt_id, at=MONDAY),
        lambda: queries.open_attempt(eve.member_id, attempt_id, "en"),
        lambda: queries.closed_attempt(eve.member_id, attempt_id, "en"),
    ):
        with pytest.raises(NotFound):
            deed()


def test_what_cannot_be_an_answer_is_refused_and_the_last_one_stays(ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "+++")
    with pytest.raises(Invalid):
        actions.save_answer(ada, attempt_id, 1, ["nonsense"], at=MONDAY)
    assert actions.submit_attempt(ada, attempt_id, at=MONDAY).grade.right == 3


def test_an_answer_can_be_taken_back(ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "+++")
    actions.save_answer(ada, attempt_id, 1, [], at=MONDAY)
    assert queries.open_attempt(ada.member_id, attempt_id, "en").questions[0].answer is None


def test_a_module_without_questions_has_no_quiz(ada, school):
    make.module("privacy-1", school.topics["privacy"], 1, questions=0)
    with pytest.raises(Conflict):
        start(ada, "privacy-1")


def test_belief_is_kept_as_a_probability_for_every_set_of_layers(ada):
    take_quiz(ada, "aid-1", "+", at=MONDAY)
    (states,) = db.session.execute(select(Belief.states)).one()
    assert len(states) == 16
    assert sum(states) == pytest.approx(1)


def test_every_required_rung_is_a_standing(ada, school):
    aid, privacy, role = school.topics["aid"], school.topics["privacy"], school.roles["member"]
    expected = [(r, t, k, False) for r in (None, role) for t, k in ((aid, 1), (aid, 2), (privacy, 1))]
    found = [
        tuple(row)
        for row in db.session.execute(select(Standing.role_id, Standing.topic_id, Standing.layer, Standing.is_held))
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_two_tabs_that_start_at_once_share_one_attempt(app, ada):
    begun = []
    second = meanwhile(app, lambda: begun.append(start(ada)), lambda: start(ada))
    assert begun == [second]


def test_two_submissions_at_once_leave_one_grade_one_set_of_evidence_and_one_completion(app, ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "+++")

    def submit():
        return actions.submit_attempt(ada, attempt_id, at=MONDAY)

    second = meanwhile(app, submit, submit)
    assert (second.is_closed, second.grade.right) == (True, 3)
    assert [kind for (kind,) in rows(Evidence, Evidence.kind)] == ["answer", "answer", "answer", "study", "verdict"]
    assert len(rows(Completion)) == 1


def test_an_answer_that_comes_while_the_quiz_is_submitted_is_refused_and_not_kept(app, ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "+++")
    wrong = wrong_values(queries.keyed(attempt_id)[0])
    with pytest.raises(Conflict):
        meanwhile(
            app,
            lambda: actions.submit_attempt(ada, attempt_id, at=MONDAY),
            lambda: actions.save_answer(ada, attempt_id, 1, wrong, at=MONDAY),
        )
    kept = queries.closed_attempt(ada.member_id, attempt_id, "en").questions[0]
    assert (kept.outcome, kept.answer["chosen"]) == ("right", kept.key["right"])


def test_an_answer_that_is_being_saved_counts_in_the_submission_that_follows(app, ada):
    attempt_id = start(ada)
    answer(ada, attempt_id, "-++")
    right = right_values(queries.keyed(attempt_id)[0])
    submission = meanwhile(
        app,
        lambda: actions.save_answer(ada, attempt_id, 1, right, at=MONDAY),
        lambda: actions.submit_attempt(ada, attempt_id, at=MONDAY),
    )
    assert (submission.is_closed, submission.grade.right) == (True, 3)


def test_a_clock_that_was_put_back_spoils_no_guess_rate(ada):
    """What was seen lies ahead then; taken as it is, it made a chance of more than one, and complex numbers of it."""
    for days in (400, 300):
        take_quiz(ada, "aid-1", "-", at=MONDAY + timedelta(days=days))
    take_quiz(ada, "aid-1", "-", at=MONDAY)
    assert all(0 <= guess <= 1 for guess in db.session.scalars(select(Evidence.guess)) if guess is not None)
