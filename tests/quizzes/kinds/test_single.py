import pytest

from edu.base.errors import Invalid
from edu.quizzes.kinds import multiple, single, truefalse
from tests.quizzes.kinds.test_kinds import WELL_FORMED, block

FACE = single.face(WELL_FORMED["single"], str)


def test_the_one_right_option_gets_the_point():
    key = single.key(WELL_FORMED["single"])
    assert [single.share(key, single.read([name], FACE)) for name in "abc"] == [0, 1, 0]


@pytest.mark.parametrize("posted", [["z"], ["a", "b"], [""]])
def test_what_is_not_one_of_the_options_is_refused(posted):
    with pytest.raises(Invalid):
        single.read(posted, FACE)


def test_no_right_option_and_two_right_options_are_faults_at_their_lines():
    none = block("single", options=[("A", False), ("B", False), ("C", False)])
    two = block("single", options=[("A", True), ("B", False), ("C", True)])
    assert [(fault.line, fault.message) for fault in single.faults(none)] == [(1, "no option is marked as right")]
    assert [fault.line for fault in single.faults(two)] == [5]


def test_several_choice_needs_all_and_only_the_right_ones():
    key, face = multiple.key(WELL_FORMED["multiple"]), multiple.face(WELL_FORMED["multiple"], str)
    shares = {posted: multiple.share(key, multiple.read(list(posted), face)) for posted in ("ab", "ba", "a", "abc")}
    assert shares == {"ab": 1, "ba": 1, "a": 0, "abc": 0}


def test_several_choice_with_one_right_option_is_a_fault():
    assert multiple.faults(block("multiple", options=[("A", True), ("B", False), ("C", False)])) != []


def test_several_choice_is_guessed_one_time_in_all_sets():
    assert multiple.guess(multiple.face(WELL_FORMED["multiple"], str)) == pytest.approx(1 / 7)


def test_true_false_has_two_options_and_one_truth():
    assert truefalse.faults(block("truefalse", options=[("T", True)])) != []
    assert truefalse.faults(block("truefalse", options=[("T", True), ("F", True)])) != []
