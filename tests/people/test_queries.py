"""What is read of people: who is signed in, what an actor sees of the tree, who knows whom by name."""

from datetime import timedelta

import pytest
from flask import Flask

from edu.base.actor import Actor, Grant, Permission
from edu.base.clock import day_of
from edu.base.db import db
from edu.base.errors import NotFound
from edu.people import actions, queries
from edu.people.queries.sign_ins import IDLE_LIMIT, SIGN_IN_LIMIT, digest
from tests import make
from tests.statements import counting
from tests.times import MONDAY

TODAY = day_of(MONDAY)


@pytest.fixture
def school(app: Flask) -> make.School:
    return make.school()


def appointed(login: str, unit_id: int, kind: str) -> int:
    """A member of a unit with a duty for it."""
    member_id = make.member(login, unit_id).member_id
    actions.appoint(member_id, kind, unit_id, by=None, on=TODAY, at=MONDAY)
    return member_id


def actor_of(member_id: int) -> Actor:
    token = actions.open_sign_in(member_id, device="", at=MONDAY)
    person = queries.signed_in(token, at=MONDAY)
    assert person is not None
    return person.actor


def test_a_token_stands_for_its_member_with_all_duties_in_one_statement(school: make.School) -> None:
    member_id = appointed("ada", school.units["north"], "secretary")
    actions.appoint(member_id, "administrator", school.units["top"], by=None, on=TODAY, at=MONDAY)
    token = actions.open_sign_in(member_id, device="Firefox", at=MONDAY)
    north = queries.unit(school.units["north"])
    with counting(db.engine) as statements:
        person = queries.signed_in(token, at=MONDAY)
    assert len(statements) == 1
    assert person is not None
    assert (person.login, person.unit_name, person.seen_at) == ("ada", "north", MONDAY)
    assert set(person.actor.grants) == {
        Grant(Permission.LEARN, north.first, north.first),
        Grant(Permission.VIEW_STATISTICS, north.first, north.last),
        Grant(Permission.VIEW_PERSONS, north.first, north.last),
        Grant(Permission.MANAGE_PEOPLE, 1, 3),
    }


def test_a_dismissed_duty_opens_nothing(school: make.School) -> None:
    member_id = appointed("ada", school.units["north"], "secretary")
    actions.dismiss(member_id, "secretary", school.units["north"], by=None, on=TODAY, at=MONDAY)
    assert [grant.permission for grant in actor_of(member_id).grants] == [Permission.LEARN]


def test_a_token_opens_nothing_once_it_is_closed_idle_old_unknown_or_its_member_deactivated(
    school: make.School,
) -> None:
    member_id = make.member("ada", school.units["north"]).member_id
    closed, idle = (actions.open_sign_in(member_id, device="", at=MONDAY) for _ in range(2))
    person = queries.signed_in(closed, at=MONDAY)
    assert person is not None
    actions.sign_out(person.sign_in_id, member_id=member_id, at=MONDAY)
    assert queries.signed_in(closed, at=MONDAY) is None
    assert queries.signed_in("x" + idle, at=MONDAY) is None
    assert queries.signed_in(digest(idle), at=MONDAY) is None  # what the table holds is no token
    assert queries.signed_in(idle, at=MONDAY + IDLE_LIMIT - timedelta(seconds=1)) is not None
    assert queries.signed_in(idle, at=MONDAY + IDLE_LIMIT) is None
    person = queries.signed_in(idle, at=MONDAY)
    assert person is not None
    actions.keep_seen(person.sign_in_id, at=MONDAY + SIGN_IN_LIMIT - timedelta(hours=1))
    assert queries.signed_in(idle, at=MONDAY + SIGN_IN_LIMIT - timedelta(seconds=1)) is not None
    assert queries.signed_in(idle, at=MONDAY + SIGN_IN_LIMIT) is None
    fresh = actions.open_sign_in(member_id, device="", at=MONDAY)
    actions.deactivate(member_id, by=None, on=TODAY, at=MONDAY)
    assert queries.signed_in(fresh, at=MONDAY) is None


def test_a_unit_outside_the_range_does_not_exist_for_the_actor(school: make.School) -> None:
    actor = actor_of(appointed("ada", school.units["north"], "secretary"))
    assert queries.unit_within(actor, Permission.VIEW_STATISTICS, school.units["north"]).code == "north"
    for code in ("south", "top"):
        with pytest.raises(NotFound):
            queries.unit_within(actor, Permission.VIEW_STATISTICS, school.units[code])
    with pytest.raises(NotFound):
        queries.unit_within(actor, Permission.MANAGE_PEOPLE, school.units["north"])
    with pytest.raises(NotFound):
        queries.unit_within(actor, Permission.VIEW_STATISTICS, 999)


def test_the_path_leaves_out_what_lies_above_the_actors_reach(school: make.School) -> None:
    north = queries.unit(school.units["north"])
    actor = actor_of(appointed("ada", north.id, "board"))
    assert [unit.code for unit in queries.path(north)] == ["top", "north"]
    assert [unit.code for unit in queries.path(north, actor=actor)] == ["north"]


def test_the_tree_reads_from_the_top(school: make.School) -> None:
    group = make.unit("east", "whole", school.units["north"])
    assert [unit.code for unit in queries.units_in(1, 9)] == ["top", "north", "east", "south"]
    assert [unit.code for unit in queries.children(school.units["top"])] == ["north", "south"]
    assert [unit.code for unit in queries.path(queries.unit(group))] == ["top", "north", "east"]


def test_only_the_secretary_of_the_home_branch_knows_its_people_by_name(school: make.School) -> None:
    east = queries.unit(make.unit("east", "whole", school.units["north"]))
    top, north, south = (queries.unit(school.units[code]) for code in ("top", "north", "south"))
    asked = (top, north, east, south)
    known = {
        "of the whole": actor_of(appointed("a", top.id, "secretary")),
        "of the branch": actor_of(appointed("b", north.id, "secretary")),
        "of a group in it": actor_of(appointed("c", east.id, "secretary")),
        "board of the branch": actor_of(appointed("d", north.id, "board")),
    }
    assert {who: [queries.knows_persons(actor, unit) for unit in asked] for who, actor in known.items()} == {
        "of the whole": [True, False, False, False],
        "of the branch": [False, True, True, False],
        "of a group in it": [False, False, True, False],
        "board of the branch": [False, False, False, False],
    }


def test_the_home_of_a_member_of_a_group_is_the_branch(school: make.School) -> None:
    east = make.unit("east", "whole", school.units["north"])
    assert queries.home_of(make.member("ada", east).member_id).code == "north"
    assert queries.home_of(make.member("ben", school.units["top"]).member_id).code == "top"


def test_members_and_headcounts_count_the_active_only(school: make.School) -> None:
    north, south = school.units["north"], school.units["south"]
    ids = [
        make.member(login, unit).member_id for login, unit in (("a", north), ("b", north), ("c", south), ("d", north))
    ]
    actions.deactivate(ids[3], by=None, on=TODAY, at=MONDAY)
    assert [member.login for member in queries.members_in(1, 3)] == ["a", "b", "c"]
    assert queries.headcounts(1, 3) == {north: 2, south: 1}
    assert queries.lock_members(ids) == {ids[0]: north, ids[1]: north, ids[2]: south}


def test_members_are_found_by_part_of_name_or_login_within_the_ranges(school: make.School) -> None:
    make.member("ada+", school.units["north"])
    make.member("ben", school.units["south"])

    def found(text: str, *ranges: tuple[int, int]) -> list[str]:
        return [row.login for row in queries.members_found(ranges, text=text, is_active=True, skip=0, most=9)[0]]

    assert found("", (1, 3)) == ["ada+", "ben"]
    assert found("AD", (1, 3)) == ["ada+"]
    assert found("_", (1, 3)) == []
    assert found("", (3, 3)) == ["ben"]
    assert found("") == []
