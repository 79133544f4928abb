"""Reports and lists over a small town, for each kind of reader."""

import random
from itertools import product

import pytest

from edu.base.actor import Actor
from edu.base.errors import NotFound
from edu.people import actions as people_actions
from edu.records import actions as records
from edu.statistics import queries as statistics
from edu.statistics.queries import Listing, UnitReport
from edu.statistics.report import HELD, MEMBERS, OPEN, REQUIRED, STATES, Selection
from edu.statistics.suppression import Cell, Count, RoleCount
from tests.statistics.town import TODAY, Town, found, riverside
from tests.times import MONDAY


@pytest.fixture
def town(app) -> Town:
    return riverside()


def report(town: Town, actor: Actor, unit: str, *, itself: bool = False) -> UnitReport:
    return statistics.unit_report(actor, town.units[unit], language="en", at=MONDAY, itself=itself)


def listed(town: Town, actor: Actor, unit: str, selection: Selection, *, itself: bool = False) -> Listing:
    return statistics.behind(actor, town.units[unit], selection, at=MONDAY, itself=itself)


def test_a_board_sees_the_sum_of_the_units_that_are_large_enough(town):
    made = report(town, town.acting("board", "top"), "top")
    people_by_row = {
        (row.kind, row.unit.code if row.unit else None): (row.figures.people, row.figures.is_suppressed)
        for row in made.rows
    }
    assert people_by_row == {
        ("itself", "top"): (0, True),
        ("unit", "parish"): (20, False),
        ("unit", "market"): (6, False),
        ("unit", "couriers"): (0, True),
        ("unit", "empty"): (0, False),
    }
    assert made.figures.people == 26
    assert made.left_out == 2


def test_what_few_are_asked_is_hidden_above_the_branch_and_shown_to_its_secretary(town):
    aid3 = Cell(town.topics["aid"], 3)
    above = report(town, town.acting("board", "top"), "first").figures
    own = report(town, town.acting("secretary", "first"), "first").figures
    assert (above.cells.get(aid3), above.withheld[aid3]) == (None, Count(2, 0))
    assert own.cells[aid3] == Count(2, 0)
    assert {cell: above.cells[cell] for cell in above.cells} == {c: n for c, n in own.cells.items() if c != aid3}


def test_roles_above_the_branches_are_those_of_all_branches_together(town):
    member, leader, guest = (town.roles[key] for key in ("member", "leader", "guest"))
    board = town.acting("board", "top")
    parish = report(town, board, "parish").figures
    assert (parish.roles, parish.withheld_roles) == ({}, {member, leader, guest}), "19 of 20 would give one guest away"
    assert report(town, board, "top").figures.roles == {member: RoleCount(6, 18, 6), leader: RoleCount(6, 24, 12)}
    assert report(town, board, "first").figures.roles == {}


def test_the_figures_of_a_branch_are_the_same_on_every_page_above_it(town):
    at_top = report(town, town.acting("board", "top"), "top")
    at_parish = report(town, town.acting("board", "parish"), "parish")
    assert at_parish.figures == next(row.figures for row in at_top.rows if row.unit and row.unit.code == "parish")
    for unit in ("first", "second"):
        row = next(row.figures for row in at_parish.rows if row.unit and row.unit.code == unit)
        assert report(town, town.acting("board", "top"), unit).figures == row


def test_a_secretary_sees_the_groups_of_the_own_branch_and_those_beside_them(town):
    made = report(town, town.acting("secretary", "second"), "second")
    assert [(row.kind, row.unit.code, row.figures.people) for row in made.rows if row.unit] == [
        ("itself", "second", 2),
        ("unit", "east", 5),
        ("unit", "west", 5),
    ]
    assert made.figures.people == 12


def test_a_board_sees_a_branch_as_a_whole_and_no_group(town):
    board = town.acting("board", "top")
    made = report(town, board, "second")
    assert (made.figures.people, made.rows, made.support, made.persons) == (12, (), None, ())
    with pytest.raises(NotFound):
        report(town, board, "east")


def test_a_secretary_of_a_group_sees_the_group_by_name_and_not_the_branch(town):
    actor = town.acting("secretary", "east")
    assert len(report(town, actor, "east").persons) == 5
    for unit in ("second", "west", "top", "first"):
        with pytest.raises(NotFound):
            report(town, actor, unit)


def test_a_secretary_above_the_branches_knows_by_name_only_those_in_the_own_office(town):
    actor = town.acting("secretary", "top")
    assert report(town, actor, "top").support is None
    assert report(town, actor, "first").persons == ()
    office = report(town, actor, "top", itself=True)
    assert (office.figures.people, len(office.persons)) == (3, 3)
    assert report(town, town.acting("board", "top"), "top", itself=True).figures.is_suppressed


def test_a_unit_that_does_not_exist_and_one_of_others_are_the_same_refusal(town):
    actor = town.acting("secretary", "first")
    messages = []
    for unit_id in (town.units["market"], 9999):
        with pytest.raises(NotFound) as refusal:
            statistics.unit_report(actor, unit_id, language="en", at=MONDAY)
        messages.append(str(refusal.value))
    assert messages[0] == messages[1]


def readers(town: Town) -> list[tuple[Actor, str, bool]]:
    """Everyone who may see a page, and which."""
    board, above = town.acting("board", "top"), town.acting("secretary", "top")
    pages = [(actor, unit, False) for actor in (board, above) for unit in town.units if unit not in ("east", "west")]
    pages += [(board, "top", True), (above, "top", True), (town.acting("secretary", "second"), "second", True)]
    branches = ("first", "second", "market", "couriers", "empty")
    pages += [(town.acting("secretary", unit), unit, False) for unit in branches]
    return [*pages, (town.acting("secretary", "second"), "east", False)]


def selections(town: Town, made: UnitReport) -> list[Selection]:
    """Every figure that this report shows. Of a branch, those above it see none by role."""
    topics, layers = [None, *town.topics.values()], [None, 1, 2, 3, 4]
    found = [Selection(t, layer, None, state) for t, layer, state in product(topics, layers, (OPEN, HELD, REQUIRED))]
    if made.scope.is_own or made.rows:
        found += [Selection(None, None, role, state) for role, state in product(town.roles.values(), STATES)]
    return [*found, Selection(state=MEMBERS)]


def test_every_number_is_the_number_of_the_list_behind_it_and_the_sum_of_its_lines(town):
    compared = 0
    for actor, unit, itself in readers(town):
        made = report(town, actor, unit, itself=itself)
        for selection in selections(town, made):
            listing = listed(town, actor, unit, selection, itself=itself)
            if selection.is_hidden(made.figures):
                assert listing.number is None
                continue
            assert listing.number == selection.number(made.figures)
            lines = [row.number for row in listing.persons]
            lines += [selection.number(row.figures) for row in listing.rows if not selection.is_hidden(row.figures)]
            assert listing.number == sum(lines), (unit, selection)
            compared += bool(listing.number)
    assert compared > 300


def test_the_numbers_of_the_rows_add_up_to_the_units(town):
    for actor, unit, itself in readers(town):
        made = report(town, actor, unit, itself=itself)
        for selection in selections(town, made) if made.rows else ():
            if selection.role_id is not None and not made.scope.is_own:
                continue  # the branches directly below have theirs together; the list has a line for them
            shown = [row.figures for row in made.rows if not selection.is_hidden(row.figures)]
            assert selection.number(made.figures) == sum(selection.number(figures) for figures in shown)


def test_the_list_of_a_branch_names_persons_to_its_secretary_and_rungs_to_those_above(town):
    gaps = Selection(town.topics["aid"], 2)
    own = listed(town, town.acting("secretary", "first"), "first", gaps)
    assert [(person.member.name, person.cells) for person in own.persons] == [
        (f"first {place}", (Cell(town.topics["aid"], 2),)) for place in range(6)
    ]
    above = listed(town, town.acting("board", "top"), "first", gaps)
    assert above.persons == ()
    assert [(row.kind, row.cell, gaps.number(row.figures)) for row in above.rows] == [
        ("cell", Cell(town.topics["aid"], 2), 6)
    ]


def test_a_figure_by_role_and_topic_exists_in_the_own_branch_only(town):
    crossed = Selection(town.topics["aid"], None, town.roles["leader"])
    assert listed(town, town.acting("secretary", "first"), "first", crossed).number == 2
    with pytest.raises(NotFound):
        listed(town, town.acting("board", "top"), "market", crossed)


@pytest.mark.parametrize("wrong", [Selection(999), Selection(layer=9), Selection(role_id=999), Selection(state="all")])
def test_a_figure_that_does_not_exist_is_not_found(town, wrong):
    with pytest.raises(NotFound):
        listed(town, town.acting("board", "top"), "top", wrong)


def test_someone_under_relief_is_a_member_of_whom_nothing_is_counted_and_never_listed(town):
    actor = town.acting("secretary", "couriers")
    before = report(town, actor, "couriers")
    relieved = before.persons[0].member.id
    records.grant_relief(relieved, "age", until_on=None, by=relieved, on=TODAY, at=MONDAY)
    after = report(town, actor, "couriers")
    assert after.figures.people == before.figures.people == 4
    assert (before.figures.total, after.figures.total) == (Count(12, 0), Count(9, 0))
    assert {need.member_id for need in before.support} - {need.member_id for need in after.support} == {relieved}


def test_someone_who_left_is_in_no_figure(town):
    actor = town.acting("secretary", "couriers")
    gone = report(town, actor, "couriers").persons[0].member.id
    records.deactivate(gone, by=None, on=TODAY, at=MONDAY)
    after = report(town, actor, "couriers")
    assert (after.figures.people, after.figures.total) == (3, Count(9, 0))
    with pytest.raises(NotFound):
        statistics.member_within(actor, town.units["couriers"], gone)


def test_a_member_is_known_by_name_to_the_secretary_of_the_own_branch_only(town):
    first = report(town, town.acting("secretary", "first"), "first").persons[0].member.id
    unit, member = statistics.member_within(town.acting("secretary", "first"), town.units["first"], first)
    assert (unit.code, member.id) == ("first", first)
    for kind, duty_unit, page_unit in (
        ("board", "first", "first"),
        ("secretary", "second", "second"),
        ("secretary", "parish", "first"),
        ("secretary", "top", "top"),
    ):
        with pytest.raises(NotFound):
            statistics.member_within(town.acting(kind, duty_unit), town.units[page_unit], first)


def test_the_way_into_the_figures_is_the_topmost_unit_of_each_duty(town):
    both = Actor(0, town.acting("board", "parish").grants + town.acting("secretary", "first").grants)
    assert [unit.code for unit in statistics.topmost_units(both)] == ["parish"]
    two = Actor(0, town.acting("board", "first").grants + town.acting("secretary", "market").grants)
    assert [unit.code for unit in statistics.topmost_units(two)] == ["first", "market"]


def test_who_is_on_the_board_and_secretary_of_a_branch_sees_published_numbers_above_it(town):
    both = Actor(0, town.acting("board", "top").grants + town.acting("secretary", "first").grants)
    board = town.acting("board", "top")
    assert report(town, both, "top").figures == report(town, board, "top").figures
    assert report(town, both, "parish").rows == report(town, board, "parish").rows
    assert len(report(town, both, "first").persons) == 8
    assert report(town, both, "second").persons == ()


def test_an_empty_unit_has_empty_figures(town):
    made = report(town, town.acting("secretary", "empty"), "empty")
    assert (made.figures.people, made.figures.total, made.rows, made.support) == (0, Count(0, 0), (), ())


def asked(app, count_statements, branches: int) -> list[int]:
    """Statements for the committee's report and list, and for a branch's, with that many branches and people."""
    town = found()
    for number in range(branches):
        town.unit(f"b{number}", "top")
        town.people(f"b{number}", 3 + branches, "member", "leader", holds="aid1")
    board, secretary = town.acting("board", "top"), town.acting("secretary", "b0")
    counts = []
    for ask, actor, unit in (
        (report, board, "top"),
        (report, secretary, "b0"),
        (lambda *args: listed(*args, Selection()), board, "top"),
        (lambda *args: listed(*args, Selection()), secretary, "b0"),
    ):
        with count_statements() as statements:
            ask(town, actor, unit)
        counts.append(len(statements))
    return counts


@pytest.mark.parametrize("branches", [2, 30])
def test_the_number_of_statements_does_not_grow_with_the_unit(app, count_statements, branches):
    assert asked(app, count_statements, branches) == [10, 11, 10, 8]


def test_a_closed_unit_is_not_found(town):
    board = town.acting("board", "top")
    assert report(town, board, "empty").figures.people == 0
    people_actions.close_unit(town.units["empty"], by=None, on=TODAY, at=MONDAY)
    with pytest.raises(NotFound):
        report(town, board, "empty")


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_that_of_its_list_in_towns_nobody_thought_of(app, seed):
    chance = random.Random(seed)
    town = found()
    town.unit("u0", "top", "whole")
    for number in range(1, 9):
        parent = chance.choice([code for code in town.units if code in ("top", "u0")])
        town.unit(f"b{number}", parent)
        for _ in range(chance.randint(0, 4)):
            roles = [role for role in town.roles if chance.random() < 0.5]
            holds = " ".join(rung for rung in ("aid1", "aid2", "aid3", "privacy1") if chance.random() < 0.5)
            town.people(f"b{number}", chance.randint(1, 7), *roles, holds=holds)
    for actor, unit in [
        *((town.acting("board", "top"), unit) for unit in town.units),
        *((town.acting("secretary", unit), unit) for unit in town.units),
    ]:
        made = report(town, actor, unit)
        for selection in selections(town, made):
            listing = listed(town, actor, unit, selection)
            number = None if selection.is_hidden(made.figures) else selection.number(made.figures)
            lines = [row.number for row in listing.persons]
            lines += [selection.number(row.figures) for row in listing.rows if not selection.is_hidden(row.figures)]
            assert (listing.number, sum(lines)) == (number, number or 0)
