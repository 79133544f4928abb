"""What can be done to people, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from edu.base.clock import day_of
from edu.base.db import db
from edu.base.errors import Conflict, Invalid, NotFound
from edu.people import actions, queries
from edu.people.actions import UnitKindSpec
from edu.people.models import SignIn, Throttle, Unit
from edu.people.queries.sign_ins import SPAN, credentials, sign_ins_of
from tests import make
from tests.times import MONDAY
from tests.together import meanwhile

TODAY = day_of(MONDAY)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NOW: dict[str, Any] = {"by": None, "on": TODAY, "at": MONDAY}


@pytest.fixture
def school(app: Flask) -> make.School:
    return make.school()


def ranges() -> dict[str, tuple[int, int, int]]:
    rows = db.session.execute(select(Unit.code, Unit.first, Unit.last, Unit.home_first))
    return {code: (first, last, home) for code, first, last, home in rows}


# Units


def test_the_tree_is_renumbered_when_a_unit_is_added_or_hung_elsewhere(school: make.School) -> None:
    east = make.unit("east", "whole", school.units["north"])
    assert ranges() == {"top": (1, 4, 1), "north": (2, 3, 2), "east": (3, 3, 2), "south": (4, 4, 4)}
    actions.move_unit(east, school.units["south"], by=None, at=MONDAY)
    assert ranges() == {"top": (1, 4, 1), "north": (2, 2, 2), "south": (3, 4, 3), "east": (4, 4, 3)}


def test_a_unit_cannot_hang_below_itself(school: make.School) -> None:
    east = make.unit("east", "whole", school.units["north"])
    for below in (school.units["north"], east):
        with pytest.raises(Conflict):
            actions.move_unit(school.units["north"], below, by=None, at=MONDAY)


def test_two_units_cannot_have_one_code(school: make.School) -> None:
    with pytest.raises(Conflict):
        make.unit("north", "branch", school.units["top"])


def test_a_kind_that_becomes_a_home_changes_where_people_are_known(school: make.School) -> None:
    names = {"zh-CN": "整体", "en": "Whole"}
    actions.define_unit_kinds([UnitKindSpec("whole", names, True), UnitKindSpec("branch", names, False)])
    assert ranges() == {"top": (1, 3, 1), "north": (2, 2, 1), "south": (3, 3, 1)}


def test_a_kind_in_use_outlives_its_definition_and_another_does_not(school: make.School) -> None:
    names = {"zh-CN": "部门", "en": "Department"}
    actions.define_unit_kinds([UnitKindSpec("department", names, True)])
    kinds = [key for key, _names, _home in queries.unit_kinds()]
    assert (kinds[0], set(kinds[1:])) == ("department", {"whole", "branch"})
    actions.define_unit_kinds([UnitKindSpec("whole", names, False), UnitKindSpec("branch", names, True)])
    assert [key for key, _names, _home in queries.unit_kinds()] == ["whole", "branch"]


def test_only_an_empty_unit_is_closed_and_then_it_is_gone_but_keeps_its_number(school: make.School) -> None:
    north = school.units["north"]
    ada = make.member("ada", north).member_id
    actions.appoint(ada, "board", north, **NOW)
    with pytest.raises(Conflict, match="members"):
        actions.close_unit(north, **NOW)
    actions.move_member(ada, school.units["south"], **NOW)
    with pytest.raises(Conflict, match="duty"):
        actions.close_unit(north, **NOW)
    actions.dismiss(ada, "board", north, **NOW)
    with pytest.raises(Conflict, match="below"):
        actions.close_unit(school.units["top"], **NOW)
    actions.close_unit(north, **NOW)
    assert [unit.code for unit in queries.units_in(1, 9)] == ["top", "south"]
    assert ranges()["north"] == (2, 2, 2)
    for refused in (lambda: queries.unit(north), lambda: actions.move_member(ada, north, **NOW)):
        with pytest.raises(NotFound):
            refused()


# Members


def test_a_login_name_belongs_to_one_member_however_it_is_spelt(school: make.School) -> None:
    make.member("li.ming", school.units["north"])
    with pytest.raises(Conflict):
        make.member("ＬＩ.Ming", school.units["south"])


def test_moving_keeps_the_history(school: make.School) -> None:
    ada = make.member("ada", school.units["north"]).member_id
    actions.move_member(ada, school.units["south"], by=None, on=YESTERDAY, at=MONDAY)
    actions.move_member(ada, school.units["north"], **NOW)
    assert [(row.unit.name, row.since_on, row.until_on) for row in queries.memberships_of(ada)] == [
        ("north", TODAY, None),
        ("south", YESTERDAY, TODAY),
        ("north", day_of(make.FOUNDED), YESTERDAY),
    ]
    assert queries.member(ada).unit_id == school.units["north"]


def test_a_move_is_refused_into_the_future_before_the_present_unit_and_to_where_one_is(school: make.School) -> None:
    north, south = school.units["north"], school.units["south"]
    ada = make.member("ada", north).member_id
    for unit, on in ((south, TOMORROW), (south, day_of(make.FOUNDED) - timedelta(days=1))):
        with pytest.raises(Invalid):
            actions.move_member(ada, unit, by=None, on=on, at=MONDAY)
    with pytest.raises(Conflict):
        actions.move_member(ada, north, **NOW)
    assert len(queries.memberships_of(ada)) == 1


def test_deactivating_signs_out_and_keeps_everything_and_can_be_undone(school: make.School) -> None:
    ada = make.member("ada", school.units["north"], school.roles["member"]).member_id
    token = actions.open_sign_in(ada, device="", at=MONDAY)
    actions.deactivate(ada, **NOW)
    actions.deactivate(ada, **NOW)
    assert queries.signed_in(token, at=MONDAY) is None
    assert queries.roles_of(ada, on=TODAY) == {school.roles["member"]}
    actions.reactivate(ada, **NOW)
    assert queries.member(ada).is_active
    assert queries.signed_in(token, at=MONDAY) is None  # active again is not signed in again


def test_nobody_deactivates_themselves(school: make.School) -> None:
    ada = make.member("ada", school.units["north"]).member_id
    with pytest.raises(Conflict):
        actions.deactivate(ada, by=ada, on=TODAY, at=MONDAY)


# Roles, duties, relief


def test_a_role_lasts_from_its_first_day_until_the_day_it_ends(school: make.School) -> None:
    ada, role = make.member("ada", school.units["north"]).member_id, school.roles["member"]
    actions.give_role(ada, role, by=None, on=YESTERDAY, at=MONDAY)
    actions.give_role(ada, role, **NOW)
    actions.end_role(ada, role, **NOW)
    held = {on: queries.roles_of(ada, on=on) for on in (YESTERDAY - timedelta(days=1), YESTERDAY, TODAY)}
    assert list(held.values()) == [set(), {role}, set()]
    actions.end_role(ada, role, **NOW)
    actions.give_role(ada, role, **NOW)
    assert queries.roles_of(ada, on=TODAY) == {role}


def test_the_last_administrator_of_the_whole_can_be_neither_dismissed_nor_deactivated(school: make.School) -> None:
    top, north = school.units["top"], school.units["north"]
    ada, ben = (make.member(login, north).member_id for login in ("ada", "ben"))
    actions.appoint(ada, "administrator", top, **NOW)
    actions.appoint(ben, "administrator", north, **NOW)
    with pytest.raises(Conflict):
        actions.dismiss(ada, "administrator", top, **NOW)
    with pytest.raises(Conflict):
        actions.deactivate(ada, **NOW)
    actions.dismiss(ben, "administrator", north, **NOW)
    actions.appoint(ben, "administrator", top, **NOW)
    actions.deactivate(ada, **NOW)
    with pytest.raises(Conflict):
        actions.dismiss(ben, "administrator", top, **NOW)


def test_an_unknown_duty_is_refused(school: make.School) -> None:
    with pytest.raises(Invalid):
        actions.appoint(make.member("ada", school.units["north"]).member_id, "emperor", school.units["top"], **NOW)


def test_relief_lasts_for_its_days_and_its_reason_is_for_its_approver_only(school: make.School) -> None:
    ada, ben, eve = (make.member(login, school.units["north"]).member_id for login in ("ada", "ben", "eve"))
    actions.grant_relief(ada, "leave", until_on=TODAY + timedelta(days=7), by=ben, on=TODAY, at=MONDAY)
    reasons = {reader: queries.relief_of(ada, reader_id=reader, on=TODAY)[0].reason for reader in (ada, ben, eve)}
    assert reasons == {ada: None, ben: "leave", eve: None}
    relieved = [bool(queries.on_relief([ada, ben], on=TODAY + timedelta(days=days))) for days in (-1, 0, 6, 7)]
    assert relieved == [False, True, True, False]
    with pytest.raises(Conflict):
        actions.grant_relief(ada, "age", until_on=None, by=ben, on=TODAY, at=MONDAY)
    actions.end_relief(ada, **NOW)
    assert queries.on_relief([ada], on=TODAY) == set()
    actions.grant_relief(ada, "age", until_on=None, by=ben, on=TODAY, at=MONDAY)
    assert queries.on_relief([ada], on=TODAY) == {ada}


def test_two_clicks_at_once_grant_relief_once(app: Flask, school: make.School) -> None:
    ada, ben = (make.member(login, school.units["north"]).member_id for login in ("ada", "ben"))

    def click() -> None:
        actions.grant_relief(ada, "leave", until_on=None, by=ben, on=TODAY, at=MONDAY)

    with pytest.raises(Conflict):
        meanwhile(app, click, click)
    assert len(queries.relief_of(ada, reader_id=ben, on=TODAY)) == 1


@pytest.mark.parametrize("reason", ["illness", "", "AGE"])
def test_a_reason_that_is_no_code_is_refused(school: make.School, reason: str) -> None:
    ada = make.member("ada", school.units["north"]).member_id
    with pytest.raises(Invalid):
        actions.grant_relief(ada, reason, until_on=None, by=ada, on=TODAY, at=MONDAY)


# Sign-ins and passwords


def test_a_new_password_signs_out_the_other_browsers(school: make.School) -> None:
    ada = make.member("ada", school.units["north"]).member_id
    for device in ("here", "there"):
        actions.open_sign_in(ada, device=device, at=MONDAY)
    here = next(row for row in sign_ins_of(ada, at=MONDAY) if row.device == "here")
    actions.set_password(ada, "hash", sign_in_id=here.id, at=MONDAY)
    assert [row.device for row in sign_ins_of(ada, at=MONDAY)] == ["here"]
    actions.reset_password(ada, "hash", by=None, at=MONDAY)
    assert sign_ins_of(ada, at=MONDAY) == []


def test_a_one_time_password_opens_nothing_once_it_has_run_out(school: make.School) -> None:
    ada = make.member("ada", school.units["north"]).member_id
    actions.reset_password(ada, "hash", by=None, at=MONDAY)
    opens = [credentials("ada", at=MONDAY + timedelta(days=days)) for days in (0, 29, 30)]
    assert [found and found.password_hash for found in opens] == ["hash", "hash", None]
    actions.set_password(ada, "own", sign_in_id=None, at=MONDAY)
    found = credentials("ada", at=MONDAY + timedelta(days=300))
    assert found is not None
    assert found.password_hash == "own"


def test_one_cannot_close_the_sign_in_of_another(school: make.School) -> None:
    ada, ben = (make.member(login, school.units["north"]).member_id for login in ("ada", "ben"))
    actions.open_sign_in(ada, device="", at=MONDAY)
    sign_in_id = sign_ins_of(ada, at=MONDAY)[0].id
    actions.sign_out(sign_in_id, member_id=ben, at=MONDAY)
    assert len(sign_ins_of(ada, at=MONDAY)) == 1


def test_sign_ins_that_ran_out_long_ago_are_removed(school: make.School) -> None:
    ada = make.member("ada", school.units["north"]).member_id
    actions.open_sign_in(ada, device="", at=MONDAY)
    actions.open_sign_in(ada, device="", at=MONDAY + timedelta(days=61))
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_the_eleventh_try_in_a_span_waits_until_the_span_ends_and_old_counts_go(school: make.School) -> None:
    limits = {"login:a": 10, "address:b": 100}
    waits = [actions.count_tries(limits, at=MONDAY + timedelta(minutes=5)) for _ in range(11)]
    assert waits == [None] * 10 + [timedelta(minutes=10)]
    assert actions.count_tries({"login:c": 10, "address:b": 100}, at=MONDAY + timedelta(minutes=5)) is None
    assert actions.count_tries(limits, at=MONDAY + SPAN) is None
    assert db.session.scalar(select(func.count()).select_from(Throttle)) == 2


def test_a_right_password_clears_the_name_and_takes_one_try_off_the_address(school: make.School) -> None:
    for login in ("login:a", "login:c", "login:a"):
        actions.count_tries({login: 10, "address:b": 100}, at=MONDAY)
    actions.forgive_tries("login:a", "address:b", at=MONDAY)
    rows = db.session.execute(select(Throttle.key, Throttle.tries)).all()
    assert {key: tries for key, tries in rows} == {"login:c": 1, "address:b": 2}


def test_a_look_at_another_is_logged_and_one_at_oneself_is_not(school: make.School) -> None:
    ada, ben = (make.member(login, school.units["north"]).member_id for login in ("ada", "ben"))
    actions.log_view(ben, ada, "people.show", at=MONDAY)
    actions.log_view(ada, ada, "people.show", at=MONDAY)
    assert [(row.viewer_name, row.page, row.at) for row in queries.views_of(ada)] == [("ben", "people.show", MONDAY)]
