"""From answers to a grade, and from a grade to evidence."""

import pytest

from edu.gaps.evidence import Answer, Study, Verdict
from edu.quizzes import grading
from edu.quizzes.grading import Answered, Grade


def answered(right, *, seen_days_ago=None):
    answer = {"chosen": ["a"]} if right else ({"chosen": ["b"]} if right is False else None)
    return Answered(7, "single", {"right": ["a"]}, answer, 0.1, 0.25, seen_days_ago)


@pytest.mark.parametrize(
    ("marks", "passed", "is_open"),
    [
        ("+++", True, False),
        ("++-", False, True),
        ("+--", False, False),
        ("---", False, False),
        ("++-++", True, False),
        ("++-+-", False, False),
        ("++", True, False),
        ("+-", False, False),
    ],
)
def test_three_of_three_or_four_of_five_passes(marks, passed, is_open):
    grade = grading.grade([answered(mark == "+") for mark in marks])
    assert (grade.passed, grading.is_open(grade)) == (passed, is_open)
    assert grade.share == marks.count("+") / len(marks)


def test_a_blank_is_told_apart_from_a_wrong_answer_and_counts_as_wrong():
    assert [grading.outcome(answered(right)) for right in (True, False, None)] == ["right", "wrong", "blank"]
    assert grading.grade([answered(True), answered(True), answered(None)]).right == 2


def test_a_quiz_shows_the_studying_once_then_its_answers_then_the_verdict():
    questions = [answered(True), answered(False)]
    seen = grading.observations(questions, Grade(1, 2, passed=False), layer=2, version_id=5, attempt_id=9, learned=0.6)
    assert seen == [
        Study(2, 5),
        Answer(2, True, 0.1, 0.25, 0.8, 9, 7),
        Answer(2, False, 0.1, 0.25, 0.8, 9, 7),
        Verdict(2, 5, False, 0.5, 9),
    ]
    again = grading.observations(questions, Grade(1, 2, passed=False), layer=2, version_id=5, attempt_id=9, learned=0)
    assert again == seen[1:]


def test_the_module_teaches_once_and_a_failed_quiz_teaches_before_the_next():
    assert grading.learned_before(is_first=True, failed_last=False) == 0.60
    assert grading.learned_before(is_first=False, failed_last=True) == 0.30
    assert grading.learned_before(is_first=False, failed_last=False) == 0


def test_a_question_whose_answer_was_just_shown_counts_for_less():
    fresh, stale = answered(True), answered(True, seen_days_ago=1.0)
    seen = grading.observations(
        [fresh, stale], Grade(2, 2, passed=True), layer=1, version_id=5, attempt_id=9, learned=0
    )
    assert seen[0].guess == 0.25
    assert seen[1].guess > 0.6
