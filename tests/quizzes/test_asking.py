"""What is asked next, of made-up questions and people: pure, so that whole tests can be played in a loop."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from edu.gaps import choose, evidence, ladder, lasting
from edu.gaps.choose import Item
from edu.gaps.evidence import Answer
from edu.gaps.fit import Validity
from edu.gaps.stop import End
from edu.quizzes import asking
from edu.quizzes.asking import CONTROL, NEWCOMER, SCORED, Asked, Live, Subject

START = datetime(2026, 1, 5, 4, tzinfo=UTC)


def bank(topics=2, layers=2, each=10, answers=0):
    """Live questions, each known by topic * 1000 + layer * 100 + number."""
    return [
        Live(Item(t * 1000 + k * 100 + n, t, k, 0.12, 0.3), 0.1, 0.25, answers, False, 0.0)
        for t in range(1, topics + 1)
        for k in range(1, layers + 1)
        for n in range(each)
    ]


def subject(topic, required=2, picture=None):
    return Subject(topic, required, picture or evidence.blank(4), (10.0,) * required, ladder.OFFERED)


def play(subjects, live, answer, seed=1):
    """A whole diagnostic; `answer(question)` says 'right', 'wrong' or 'unknown'."""
    asked = []
    while found := asking.next_question(subjects, asked, live, seed=seed):
        (known,) = [one for one in live if one.item.id == found.question_version_id]
        blank = Asked(known.item.id, known.item.topic, known.item.layer, 0.1, 0.25, found.purpose, None, 0.8)
        asked.append(replace(blank, outcome=answer(blank)))
        assert len(asked) < 60
    return asked


def holds(height):
    return lambda one: "right" if one.layer <= height else "unknown"


def test_a_fresh_bank_counts_from_the_start_and_asks_one_control():
    asked = play([subject(1), subject(2)], bank(), holds(1))
    assert [one.purpose for one in asked].count(CONTROL) == 1 and asked[-1].purpose == CONTROL
    assert NEWCOMER not in {one.purpose for one in asked}


def test_a_new_question_in_a_settled_layer_is_asked_once_and_decides_nothing():
    live = bank(answers=200)
    new = [
        replace(one, item=replace(one.item, id=one.item.id + 50), answers=3) for one in live if one.item.id % 100 < 3
    ]
    asked = play([subject(1), subject(2)], live + new, holds(1))
    assert [one.purpose for one in asked[-2:]] == [CONTROL, NEWCOMER]
    fresh = {one.item.id for one in new}
    assert {one.question_version_id in fresh for one in asked if one.purpose == NEWCOMER} == {True}
    assert not any(one.question_version_id in fresh for one in asked if one.purpose != NEWCOMER)


@pytest.mark.parametrize("settled", [5, 6])
def test_a_layer_needs_six_settled_questions_before_others_are_new(settled):
    live = bank(topics=1, layers=1)
    live = [replace(one, answers=80 if place < settled else 0) for place, one in enumerate(live)]
    assert len(asking.newcomers(live)) == (0 if settled < choose.FEWEST else 10 - settled)
    assert len(asking.settled(live)) + len(asking.newcomers(live)) == 10


def test_what_was_met_lately_is_not_asked():
    live = [replace(one, is_met=one.item.id % 2 == 0) for one in bank()]
    asked = play([subject(1), subject(2)], live, holds(2))
    assert all(one.question_version_id % 2 for one in asked)


def test_a_bank_that_runs_dry_ends_and_says_so():
    live = bank(topics=1, layers=1, each=1)
    asked = play([subject(1)], live, holds(2))
    assert len(asked) == 1
    assert asking.ends([subject(1)], asked, live) == {1: End.EMPTY}


def test_nothing_to_ask_asks_no_control_either():
    sure = lasting.submitted(evidence.blank(4), [Answer(2, right=True, slip=0.05, guess=0.02, weight=1.0)] * 4, START)
    assert asking.next_question([subject(1, picture=sure)], [], bank(topics=1), seed=1) is None


def test_the_same_answers_lead_to_the_same_questions():
    once, again = (play([subject(1), subject(2)], bank(), holds(1), seed=9) for _turn in range(2))
    assert once == again
    assert once != play([subject(1), subject(2)], bank(), holds(1), seed=10)


def test_the_prediction_is_made_before_the_answer():
    subjects, live = [subject(1)], bank(topics=1)
    found = asking.next_question(subjects, [], live, seed=1)
    q = ladder.marginals(evidence.blank(4).belief)
    layer = found.question_version_id // 100 % 10
    chance = q[layer - 1]
    expected = 0.98 * 0.9 * chance + 0.40 * 0.25 * (1 - chance)
    assert found.predicted == pytest.approx(expected)


def marked(topic, layer, outcome, weight=0.8):
    return Asked(0, topic, layer, 0.1, 0.25, SCORED, outcome, weight)


def test_answers_that_contradict_each_other_ask_for_a_recheck_where_they_do():
    odd = [marked(1, 1, "wrong")] * 5 + [marked(1, 1, "right")] * 9 + [marked(2, 1, "right")] * 2
    Random(1).shuffle(odd)
    subjects = [subject(1, 1), subject(2, 1)]
    assert asking.validity(subjects, odd) == Validity.RECHECK
    assert asking.oddest(subjects, odd) == (1, 1)


def test_a_test_that_is_clicked_through_ends_soon():
    asked = [replace(one, weight=0.0) for one in [marked(1, 1, "right")] * (asking.MOST_UNREAD - 1)]
    assert asking.next_question([subject(1), subject(2)], asked, bank(), seed=1) is not None
    assert asking.next_question([subject(1), subject(2)], [*asked, asked[0]], bank(), seed=1) is None


def test_too_few_answers_say_nothing_about_a_test():
    assert asking.validity([subject(1)], [marked(1, 1, "right", 0.0)] * 4) is None
    assert asking.validity([subject(1)], [marked(1, 1, "right", 0.0)] * 5) == Validity.NOT_VALID
    assert asking.oddest([subject(1)], []) is None


def test_a_check_is_a_verdict_only_when_all_three_are_right_and_read():
    right = Answer(1, right=True, slip=0.1, guess=0.25, weight=0.8)
    assert asking.verdict(1, [right] * 3, 7)[0].passed
    assert asking.verdict(1, [right] * 2, 7) == []
    assert asking.verdict(1, [right, right, replace(right, weight=0.0)], 7) == []
    assert asking.verdict(1, [right, right, replace(right, right=False)], 7) == []
