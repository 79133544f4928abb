"""Who needs a hand, and the reasons given."""

from datetime import timedelta

from edu.statistics.support import Progress, Sitting, needs
from edu.statistics.suppression import Cell
from tests.times import MONDAY

AID = Cell(1, 1)
YESTERDAY = MONDAY - timedelta(days=1)


def sitting(has_passed: bool, module_id: int = 7, cell: Cell = AID) -> Sitting:
    return Sitting(1, module_id, cell, f"Module {module_id}", has_passed)


def member(number: int = 1, *sittings: Sitting, lacking=(AID,), last=YESTERDAY, is_relieved: bool = False) -> Progress:
    return Progress(number, is_relieved, frozenset(lacking), last, tuple(sittings))


def reasons(progress: Progress) -> list[tuple[str, dict[str, object]]]:
    return [(reason.message, reason.values) for need in needs([progress], at=MONDAY) for reason in need.reasons]


FAILED = "Failed the closing quiz of “%(module)s” %(times)s times and has not passed it since."


def test_two_failures_of_one_quiz_are_a_reason():
    assert reasons(member(1, sitting(False), sitting(False))) == [(FAILED, {"module": "Module 7", "times": 2})]


def test_one_failure_is_none():
    assert reasons(member(1, sitting(False))) == []


def test_failures_of_two_quizzes_are_none():
    assert reasons(member(1, sitting(False, 7), sitting(False, 8))) == []


def test_what_was_passed_since_is_forgotten():
    assert reasons(member(1, sitting(False), sitting(False), sitting(True))) == []
    assert reasons(member(1, sitting(False), sitting(False), sitting(True), sitting(False))) == []


def test_what_is_held_by_now_was_not_a_failure():
    assert reasons(member(1, sitting(False, cell=Cell(2, 1)), sitting(False, cell=Cell(2, 1)))) == []


def test_nothing_answered_at_all_is_a_reason():
    assert reasons(member(last=None)) == [("Has not answered anything yet. Open gaps: %(gaps)s.", {"gaps": 1})]


def test_ninety_days_of_silence_are_a_reason_and_eighty_nine_are_not():
    last = MONDAY - timedelta(days=90)
    assert reasons(member(last=last)) == [
        ("Has answered nothing since %(day)s. Open gaps: %(gaps)s.", {"day": last.date(), "gaps": 1})
    ]
    assert reasons(member(last=last + timedelta(seconds=1))) == []


def test_who_lacks_nothing_or_is_under_relief_is_never_listed():
    twice = (sitting(False), sitting(False))
    assert needs([member(1, *twice, lacking=()), member(2, *twice, is_relieved=True)], at=MONDAY) == []


def test_failures_come_first_then_beginners_then_the_silent_and_who_lacks_more_before_who_lacks_less():
    long_ago = MONDAY - timedelta(days=100)
    found = needs(
        [
            member(1, last=long_ago),
            member(2, last=None),
            member(3, last=None, lacking=(AID, Cell(1, 2))),
            member(4, sitting(False), sitting(False), last=long_ago),
        ],
        at=MONDAY,
    )
    assert [need.member_id for need in found] == [4, 3, 2, 1]
    assert len(found[0].reasons) == 2
