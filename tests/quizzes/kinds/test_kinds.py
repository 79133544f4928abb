"""What every kind of question has in common."""

import pytest

from edu.quizzes.kinds import KINDS, kind_called
from edu.quizzes.kinds.block import Block, Option


def block(kind, *, stem="?", options=(), answer=""):
    listed = tuple(Option(text, right, "", line) for line, (text, right) in enumerate(options, start=3))
    return Block(kind, "t", "q-aaaaaa", stem, listed, answer, "because", (), 1)


WELL_FORMED = {
    "single": block("single", options=[("A", False), ("B", True), ("C", False)]),
    "multiple": block("multiple", options=[("A", True), ("B", True), ("C", False)]),
    "truefalse": block("truefalse", options=[("T", True), ("F", False)]),
    "fillin": block("fillin", stem="Call [[96110|９６１１０]]."),
    "number": block("number", answer="110 ± 10 a minute"),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_can_be_named_in_both_languages(name):
    for words in KINDS[name].WORDS.values():
        assert all(kind_called(f" {word.upper()} ") == name for word in words)


def test_an_unknown_word_names_no_kind():
    assert kind_called("essay question") is None


@pytest.mark.parametrize("name", KINDS)
def test_a_well_formed_question_has_no_fault_and_a_fair_guess(name):
    kind, body = KINDS[name], WELL_FORMED[name]
    assert kind.faults(body) == []
    assert 0 < kind.guess(kind.face(body, str)) <= 0.5


@pytest.mark.parametrize("name", KINDS)
def test_the_face_never_holds_the_key(name):
    kind, body = KINDS[name], WELL_FORMED[name]
    face = repr(kind.face(body, str))
    assert "right" not in face
    for secret in ("96110", "110", "least"):
        assert secret not in face


@pytest.mark.parametrize("name", KINDS)
def test_nothing_posted_is_no_answer(name):
    kind = KINDS[name]
    assert kind.read([], kind.face(WELL_FORMED[name], str)) is None
