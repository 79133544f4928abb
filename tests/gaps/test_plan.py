"""The plan: everything that is lacking and nothing else, in an order that works."""

from hypothesis import given
from hypothesis import strategies as st

from edu.gaps.evidence import Shown
from edu.gaps.plan import Course, fitting, shortest_plan
from edu.gaps.rungs import Ladder


def ladder(topic_id, required, held):
    holds = tuple(layer in held for layer in range(1, 5))
    return Ladder(topic_id, required, 1, (0.5,) * 4, (Shown(),) * 4, holds)


def test_nothing_lacking_is_an_empty_plan():
    assert shortest_plan([ladder(1, 2, {1, 2})], [Course(10, 1, 1, 5)]) == ()


def test_only_what_is_lacking_is_listed_lowest_layers_first():
    courses = [Course(12, 1, 2, 9), Course(11, 1, 1, 5), Course(21, 2, 1, 7), Course(22, 2, 2, 8)]
    steps = shortest_plan([ladder(1, 2, set()), ladder(2, 2, {1})], courses)
    assert [step.module_id for step in steps] == [11, 12, 22]


def test_of_two_modules_for_a_rung_the_shorter_one_is_taken():
    steps = shortest_plan([ladder(1, 1, set())], [Course(1, 1, 1, 12), Course(2, 1, 1, 8)])
    assert [step.module_id for step in steps] == [2]


def test_a_prerequisite_in_another_topic_comes_first_even_when_nobody_requires_it():
    courses = [Course(1, 1, 1, 5, frozenset({2})), Course(2, 2, 1, 6)]
    steps = shortest_plan([ladder(1, 1, set()), ladder(2, 0, set())], courses)
    assert [(step.module_id, step.before) for step in steps] == [(2, 1), (1, None)]


def test_a_prerequisite_that_is_held_is_not_asked_again():
    courses = [Course(1, 1, 1, 5, frozenset({2})), Course(2, 2, 1, 6)]
    steps = shortest_plan([ladder(1, 1, set()), ladder(2, 0, {1})], courses)
    assert [step.module_id for step in steps] == [1]


def test_a_rung_without_a_module_is_said_not_hidden():
    steps = shortest_plan([ladder(1, 1, set())], [])
    assert [(step.topic_id, step.layer, step.module_id) for step in steps] == [(1, 1, None)]


def test_what_fits_into_a_quarter_of_an_hour():
    courses = [Course(1, 1, 1, 10), Course(2, 1, 2, 4), Course(3, 2, 1, 20), Course(4, 2, 2, 2), Course(5, 3, 1, 5)]
    steps = shortest_plan([ladder(1, 2, set()), ladder(2, 2, set()), ladder(3, 1, set())], courses)
    assert [step.module_id for step in fitting(steps, 15)] == [1, 5], "what lies above a rung that waits, waits"
    assert [step.module_id for step in fitting(steps, 19)] == [1, 5, 2]
    assert fitting(steps, 3) == ()
    assert [step.module_id for step in fitting(steps, 1000)] == [step.module_id for step in steps]


def test_what_needs_a_module_that_does_not_fit_waits_for_it():
    courses = [Course(1, 1, 1, 5, frozenset({2})), Course(2, 2, 1, 12), Course(3, 3, 1, 6)]
    steps = shortest_plan([ladder(1, 1, set()), ladder(2, 0, set()), ladder(3, 1, set())], courses)
    assert [step.module_id for step in steps] == [2, 1, 3]
    assert [step.module_id for step in fitting(steps, 11)] == [3]
    assert [step.module_id for step in fitting(steps, 17)] == [2, 1]


def test_a_ring_of_prerequisites_ends():
    courses = [Course(1, 1, 1, 5, frozenset({2})), Course(2, 2, 1, 6, frozenset({1}))]
    steps = shortest_plan([ladder(1, 1, set()), ladder(2, 1, set())], courses)
    assert sorted(step.module_id or 0 for step in steps) == [1, 2]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sets(st.integers(1, 4))), min_size=1, max_size=5),
    st.sets(st.tuples(st.integers(1, 5), st.integers(1, 4)), max_size=20),
)
def test_the_plan_covers_every_gap_once_and_no_held_rung(people, cells):
    ladders = [ladder(place, required, held) for place, (required, held) in enumerate(people, start=1)]
    courses = [Course(n, topic, layer, 5) for n, (topic, layer) in enumerate(sorted(cells), start=1)]
    steps = shortest_plan(ladders, courses)
    asked = [(step.topic_id, step.layer) for step in steps]
    assert sorted(asked) == sorted((rungs.topic_id, layer) for rungs in ladders for layer in rungs.lacking)
