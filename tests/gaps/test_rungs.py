"""A ladder as a person sees it."""

from edu.gaps import evidence
from edu.gaps.evidence import Answer, Shown, Verdict
from edu.gaps.rungs import Ladder, ladder_of, rung_state


def test_rungs_are_held_lacking_unsure_or_open():
    assert rung_state(held=True, required=False, chance=0.9, shown=Shown(3)) == "held"
    assert rung_state(held=False, required=True, chance=0.2, shown=Shown(0, 3)) == "lack"
    assert rung_state(held=False, required=True, chance=0.5, shown=Shown(1, 1)) == "unsure"
    assert rung_state(held=False, required=False, chance=0.1, shown=Shown(0, 3)) == "open"


def test_a_failed_quiz_shows_as_lacking_however_the_belief_stands():
    assert rung_state(held=False, required=True, chance=0.7, shown=Shown(3, 2, failed=True)) == "lack"


def test_before_any_evidence_required_rungs_are_unsure():
    ladder = ladder_of(evidence.blank(4), topic_id=1, required=2, role_id=9)
    assert ladder.states == ("unsure", "unsure", "open", "open")
    assert ladder.lacking == (1, 2)
    assert ladder.level == 0


def test_the_level_stops_below_the_first_rung_that_is_not_held():
    ladder = Ladder(1, 4, 9, (0.9, 0.2, 0.9, 0.1), (Shown(),) * 4, (True, False, True, False))
    assert ladder.level == 1
    assert ladder.lacking == (2, 4)


def test_holding_more_than_required_is_shown():
    known = evidence.blank(4)
    for _ in range(3):
        known = evidence.add(known, Answer(2, right=True, slip=0.1, guess=0.02, weight=1))
    known = evidence.add(known, Verdict(2, 1, passed=True, share=1.0))
    assert ladder_of(known, topic_id=1, required=1, role_id=9).states == ("held", "held", "open", "open")
