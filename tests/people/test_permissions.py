"""Duties and what they open."""

from edu.base.actor import Actor, Grant, Permission
from edu.people.permissions import GRANTS, Post, appointable, build_actor, stands_above

MANAGE = Permission.MANAGE_PEOPLE


def test_without_a_duty_one_may_learn_in_ones_own_unit_and_nothing_else() -> None:
    assert build_actor(1, 7, []) == Actor(1, (Grant(Permission.LEARN, 7, 7),))


def test_every_duty_opens_something_and_nothing_opens_two_kinds_of_power() -> None:
    assert set(GRANTS) == {"trainer", "secretary", "board", "administrator"}
    assert [sorted(opens) for opens in GRANTS.values()] == [
        [Permission.PUBLISH],
        [Permission.VIEW_PERSONS, Permission.VIEW_STATISTICS],
        [Permission.VIEW_STATISTICS],
        [MANAGE],
    ]


def test_a_branch_secretary_sees_the_branch_by_name() -> None:
    actor = build_actor(1, 4, [Post("secretary", 4, 6, in_home=True)])
    assert actor.ranges(Permission.VIEW_PERSONS) == ((4, 6),)
    assert actor.ranges(Permission.VIEW_STATISTICS) == ((4, 6),)


def test_a_secretary_above_the_branches_sees_figures_below_but_names_only_in_the_own_unit() -> None:
    actor = build_actor(1, 1, [Post("secretary", 1, 9, in_home=False)])
    assert actor.ranges(Permission.VIEW_STATISTICS) == ((1, 9),)
    assert actor.ranges(Permission.VIEW_PERSONS) == ((1, 1),)


def test_only_who_administers_the_whole_appoints_trainers() -> None:
    whole = build_actor(1, 1, [Post("administrator", 1, 9, in_home=False)])
    branch = build_actor(2, 4, [Post("administrator", 4, 6, in_home=True)])
    assert appointable(whole, tops=[1]) == ["trainer", "secretary", "board", "administrator"]
    assert appointable(branch, tops=[1]) == ["secretary", "board", "administrator"]


def test_a_member_with_a_duty_elsewhere_stands_above_a_branch_administrator() -> None:
    branch = build_actor(2, 4, [Post("administrator", 4, 6, in_home=True)])
    assert not stands_above(branch, [])
    assert not stands_above(branch, [4, 6])
    assert stands_above(branch, [4, 1])
