import pytest

from edu.base.errors import Invalid
from edu.quizzes.kinds import number
from tests.quizzes.kinds.test_kinds import block

RATE = block("number", answer="110 ± 10 次/分")


@pytest.mark.parametrize(
    ("answer", "span"),
    [
        ("110 ± 10 次/分", (100, 120, "次/分")),
        ("100～120 次/分", (100, 120, "次/分")),
        ("100 – 120 per minute", (100, 120, "per minute")),
        ("5", (5, 5, "")),
        ("2,5 kPa", (2.5, 2.5, "kPa")),
        ("-3 ± 0", (-3, -3, "")),
        ("many", None),
    ],
)
def test_an_answer_line_is_a_span_and_a_unit(answer, span):
    assert number.span(answer) == span


@pytest.mark.parametrize(("typed", "expected"), [("100", 1), ("120", 1), ("110,5", 1), ("１１０", 1), ("99.9", 0)])
def test_what_lies_within_the_span_is_right(typed, expected):
    assert number.share(number.key(RATE), number.read([typed], {})) == expected


def test_a_third_of_a_tenth_is_not_lost_to_rounding():
    key = number.key(block("number", answer="0.3 ± 0"))
    assert number.share(key, {"value": 0.1 + 0.2}) == 1


@pytest.mark.parametrize("typed", ["about 100", "1 0 0 x", "--5", "1e3", "∞", "㊿" * 200])
def test_what_is_no_number_is_refused_in_words(typed):
    with pytest.raises(Invalid, match="Please enter a number"):
        number.read([typed], {})


def test_faults_of_a_number_question():
    assert number.faults(block("number", answer="")) != []
    assert number.faults(block("number", answer="120～100")) != []
    assert number.faults(block("number", answer="5", options=[("A", True)])) != []


@pytest.mark.parametrize(
    ("typed", "value"), [("44,000", 44000), ("1,234,567.5", 1234567.5), ("0,125", 0.125), ("3,5", 3.5), ("44,00", 44)]
)
def test_a_comma_groups_thousands_or_marks_decimals_as_people_write_them(typed, value):
    assert number.read([typed], {}) == {"typed": typed, "value": value}
