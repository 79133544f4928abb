"""The mistakes notebook: in with a wrong answer, out after right answers on two days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.quizzes.mistakes import Given, notebook, to_practise

DAY = date(2026, 3, 2)


def answers(said: str, question_id: int = 1) -> list[Given]:
    """ "-+ +": wrong and right on the first day, right on the second: a blank is a night."""
    found, day = [], DAY
    for place, sign in enumerate(said):
        if sign == " ":
            day += timedelta(days=1)
        else:
            found.append(Given(question_id, sign == "+", day, attempt_id=place, position=1))
    return found


@pytest.mark.parametrize(
    ("said", "is_in"),
    [("", False), ("+", False), ("-", True), ("-+", True), ("-++", True), ("-+ +", False), ("- + +", False),
     ("-+ -+", True), ("-+ + -", True), ("+ + -", True)],
)  # fmt: skip
def test_a_question_is_in_until_it_was_right_on_two_days(said: str, is_in: bool) -> None:
    assert [one.question_id for one in notebook(answers(said))] == [1] * is_in


def test_the_oldest_mistake_comes_first_and_the_last_wrong_answer_is_shown() -> None:
    found = notebook([*answers("-", 1), *answers(" -", 2), *answers("  -", 1)])
    assert [(one.question_id, one.wrong.on) for one in found] == [
        (2, DAY + timedelta(days=1)),
        (1, DAY + timedelta(days=2)),
    ]


def test_what_was_right_today_is_not_asked_today() -> None:
    found = notebook([*answers("-+", 1), *answers("-", 2), *answers("-", 3)])
    assert [one.question_id for one in to_practise(found, on=DAY, most=5)] == [2, 3]
    assert [one.question_id for one in to_practise(found, on=DAY, most=1)] == [2]
    assert [one.question_id for one in to_practise(found, on=DAY + timedelta(days=1), most=5)] == [1, 2, 3]


@given(st.text(alphabet="+- ", max_size=30))
def test_a_wrong_answer_always_puts_it_back(said: str) -> None:
    assert [one.right_on for one in notebook(answers(f"{said}-"))] == [()]
