"""What evidence does to the picture of one member in one topic."""

import pytest

from edu.gaps import evidence
from edu.gaps.evidence import Answer, Study, Verdict

BLANK = evidence.blank(4)


def answer(layer, right):
    return Answer(layer, right=right, slip=0.1, guess=0.25, weight=0.8)


def picture(*observations):
    known = BLANK
    for observation in observations:
        known = evidence.add(known, observation)
    return known


def quiz(layer, marks, *, passed):
    return [Study(layer, 1), *(answer(layer, mark == "+") for mark in marks), Verdict(layer, 1, passed, 1.0)]


def test_a_prior_alone_holds_nothing():
    assert BLANK.belief[0b1111] > 0
    assert evidence.held(BLANK) == (False, False, False, False)


def test_studying_alone_holds_nothing():
    assert evidence.held(picture(Study(1, 1)))[0] is False


def test_a_passed_quiz_holds_its_layer():
    assert evidence.held(picture(*quiz(1, "+++", passed=True))) == (True, False, False, False)


def test_a_right_answer_above_is_evidence_for_the_rungs_below():
    held = evidence.held(picture(*quiz(2, "+++", passed=True)))
    assert held == (True, True, False, False)


def test_a_wrong_answer_above_is_no_evidence_for_the_rungs_below():
    assert evidence.held(picture(*quiz(2, "---", passed=False)))[0] is False


def test_a_failed_quiz_keeps_the_rung_open_until_it_is_passed():
    failed = picture(*quiz(1, "++-+-", passed=False))
    assert evidence.held(failed)[0] is False
    again = failed
    for observation in quiz(1, "+++", passed=True)[1:]:
        again = evidence.add(again, observation)
    assert evidence.held(again)[0] is True


def test_answers_are_counted_at_their_own_layer():
    shown = picture(answer(2, right=True), answer(2, right=False), answer(3, right=False)).shown
    assert [(here.right, here.wrong) for here in shown] == [(0, 0), (1, 1), (0, 1), (0, 0)]


def test_a_question_seen_a_moment_ago_is_half_given_away():
    assert evidence.guess_when_seen(0.25, 0) == pytest.approx(0.625)
    assert evidence.guess_when_seen(0.25, 30) == pytest.approx(0.25 + 0.75 * 0.5 * 0.36788, abs=1e-4)
    assert evidence.guess_when_seen(0.25, 3000) == pytest.approx(0.25)
