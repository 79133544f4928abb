import pytest

from edu.quizzes.kinds import fillin
from tests.quizzes.kinds.test_kinds import block

TWO = block("fillin", stem="Call [[96110]] or [[one one zero|110]].")


def share(body, *typed):
    return fillin.share(fillin.key(body), fillin.read(list(typed), fillin.face(body, str)))


@pytest.mark.parametrize("typed", ["96110", " 96110 ", "９６１１０", "96110\t"])
def test_width_and_spaces_do_not_matter(typed):
    assert share(block("fillin", stem="[[96110]]"), typed) == 1


def test_case_does_not_matter():
    assert share(block("fillin", stem="[[AED]]"), "aed") == 1


def test_nothing_is_judged_by_similarity():
    body = block("fillin", stem="[[预备党员没有表决权]]")
    assert share(body, "预备党员有表决权") == 0
    assert share(body, "预备党员没有表决权") == 1


def test_every_blank_must_be_right_and_any_spelling_counts():
    assert share(TWO, "96110", "110") == 1
    assert share(TWO, "96110", "One One  Zero") == 1
    assert share(TWO, "96110", "120") == 0
    assert share(TWO, "96110") == 0


def test_blanks_are_numbered_where_there_are_several():
    assert fillin.face(TWO, str) == {"stem": "Call ＿＿＿＿(1) or ＿＿＿＿(2).", "blanks": 2}
    assert fillin.face(block("fillin", stem="A [[b]]."), str) == {"stem": "A ＿＿＿＿.", "blanks": 1}


def test_only_spaces_are_no_answer():
    assert fillin.read(["  ", ""], {"stem": "", "blanks": 2}) is None


@pytest.mark.parametrize("stem", ["no blank", "[[ ]]", "[[a]] [[b]] [[c]] [[d]] [[e]]"])
def test_a_stem_without_a_usable_blank_is_a_fault(stem):
    assert fillin.faults(block("fillin", stem=stem)) != []
