"""Figures as pages show them."""

from hypothesis import given
from hypothesis import strategies as st

from edu.statistics.report import Heat, Selection, best_meeting, heat, rungs_of, share_held, step
from edu.statistics.suppression import Cell, Count, Figures

AID1, AID2, DATA1 = Cell(1, 1), Cell(1, 2), Cell(2, 1)
FIGURES = Figures(12, {AID1: Count(12, 6), AID2: Count(8, 0)}, {DATA1: Count(3, 0)})


def test_a_share_is_all_only_when_it_is_all():
    assert [share_held(count) for count in (Count(0, 0), Count(1000, 999), Count(3, 3), Count(3, 1))] == [
        None,
        0.99,
        1.0,
        0.33,
    ]


@given(st.integers(1, 500), st.data())
def test_a_shade_is_none_for_nothing_lacking_and_never_weaker_for_more(required, data):
    lacking = data.draw(st.integers(0, required - 1)) if required > 1 else 0
    weaker, stronger = (step(Count(required, required - gaps)) for gaps in (lacking, lacking + 1))
    assert 0 <= weaker <= stronger <= 9
    assert (weaker == 0) == (lacking == 0)


def test_heat_sums_the_layers_shown_and_hides_what_has_none():
    assert heat(FIGURES, [1, 2, 3]) == (Heat(1, 14, 20, False), Heat(2, 0, 0, True), Heat(3, 0, 0, False))


def test_the_best_meeting_is_on_what_most_people_lack():
    assert best_meeting(FIGURES) == (AID2, 8)
    assert best_meeting(Figures(3, {AID1: Count(3, 3)})) is None
    assert best_meeting(Figures()) is None


def test_the_table_of_rungs_has_only_topics_of_which_something_is_required():
    table = rungs_of(FIGURES, [1, 2, 3], [1, 2])
    assert [(topic, [(rung.shown, rung.is_hidden) for rung in line]) for topic, line in table] == [
        (1, [(Count(12, 6), False), (Count(8, 0), False)]),
        (2, [(None, True), (None, False)]),
    ]


def test_a_selection_is_hidden_only_where_there_is_something_to_hide():
    assert [Selection(topic).is_hidden(FIGURES) for topic in (None, 1, 2, 3)] == [False, False, True, False]
