"""What is required of a member, and what the tallies make of it."""

from edu.records.standings import Cell, TallyKey, difference, required_cells, tallies

REQUIREMENTS = {1: {10: 2, 11: 1}, 2: {10: 1}}


def test_every_layer_up_to_the_required_one_is_asked_by_role_and_over_all_roles():
    assert required_cells([1, 2], REQUIREMENTS) == {
        Cell(1, 10, 1),
        Cell(1, 10, 2),
        Cell(1, 11, 1),
        Cell(2, 10, 1),
        Cell(None, 10, 1),
        Cell(None, 10, 2),
        Cell(None, 11, 1),
    }


def test_a_role_nobody_knows_requires_nothing():
    assert required_cells([99], REQUIREMENTS) == set()


def test_tallies_count_rungs_required_and_held():
    counts = tallies(5, {Cell(None, 10, 1): True, Cell(None, 10, 2): False, Cell(None, 11, 1): True})
    assert counts[TallyKey(5, None, 10, 1), "required"] == 1
    assert counts[TallyKey(5, None, 10, 1), "held"] == 1
    assert counts[TallyKey(5, None, 10, 2), "held"] == 0
    assert {key.layer for key, _what in counts} == {1, 2}


def test_a_rung_gained_moves_only_what_it_touches():
    before = tallies(5, {Cell(None, 10, 1): True, Cell(None, 10, 2): False})
    after = tallies(5, {Cell(None, 10, 1): True, Cell(None, 10, 2): True})
    assert difference(before, after) == [(TallyKey(5, None, 10, 2), 0, 1)]


def test_moving_takes_everything_out_of_one_unit_and_into_the_other():
    cells = {Cell(None, 10, 1): True}
    moves = {
        (key.unit_id, key.layer): (required, held)
        for key, required, held in difference(tallies(5, cells), tallies(6, cells))
    }
    assert moves == {(5, 1): (-1, -1), (6, 1): (1, 1)}
