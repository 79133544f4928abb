"""Roster files: what they ask for, told without a database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edu.base.errors import Invalid
from edu.base.tables import Row, Table
from edu.people.roster import plan
from edu.people.roster_rows import Existing, MemberChange, MemberState, Plan, UnitChange, UnitState

MEMBER, LEADER = 1, 2

EXISTING = Existing(
    units={
        "hexi": UnitState(1, "河西", None, "committee", None),
        "first": UnitState(2, "第一支部", None, "branch", "hexi"),
        "second": UnitState(3, "第二支部", None, "branch", "hexi"),
    },
    members={
        "li.ming": MemberState(7, "李明", None, "first", True, frozenset({MEMBER}), frozenset()),
        "gone": MemberState(8, "旧人", None, "first", False, frozenset(), frozenset()),
    },
    kinds={"committee": "committee", "党委": "committee", "branch": "branch", "党支部": "branch", "group": "group"},
    home_kinds=frozenset({"branch"}),
    roles={"党员": MEMBER, "member": MEMBER, "党小组组长": LEADER, "groupleader": LEADER},
    closed=frozenset({"old"}),
)

UNIT_HEADERS = ("代码", "名称", "英文名", "类别", "上级")
MEMBER_HEADERS = ("登录名", "姓名", "英文名", "单位", "岗位", "职责")


def table(headers: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    return Table("s", headers, tuple(Row(at, row) for at, row in enumerate(rows, start=2)))


def units(*rows: tuple[str, ...]) -> Table:
    return table(UNIT_HEADERS, *rows)


def members(*rows: tuple[str, ...]) -> Table:
    return table(MEMBER_HEADERS, *rows)


def faults(made: Plan) -> list[tuple[int, str]]:
    return [(fault.row.line, fault.message % fault.values) for fault in made.faults]


def afterwards(made: Plan, before: Existing) -> Existing:
    """What exists once the plan is carried out."""
    next_id = 1000
    new_units, new_members = dict(before.units), dict(before.members)
    for unit in made.units:
        next_id += 1
        new_units[unit.code] = UnitState(unit.id or next_id, unit.name, unit.name_en, unit.kind, unit.parent)
    for member in made.members:
        next_id += 1
        was = before.members.get(member.login)
        new_members[member.login] = MemberState(
            member.id or next_id,
            member.name,
            member.name_en,
            member.unit,
            True,
            ((was.roles if was else frozenset()) | member.roles_given) - member.roles_ended,
            (was.duties if was else frozenset()) | member.duties_given,
        )
    return replace(before, units=new_units, members=new_members)


def test_new_units_and_members_are_added_with_what_they_have() -> None:
    made = plan(
        [
            members(("zhao", "赵敏", "Zhao Min", "east", "党员、党小组组长", "书记；讲师@hexi")),
            units(("east", "东片", "East", "group", "first")),
        ],
        EXISTING,
    )
    assert made.units == [UnitChange(None, "east", "东片", "East", "group", "first")]
    assert made.members == [
        MemberChange(
            None,
            "zhao",
            "赵敏",
            "Zhao Min",
            "east",
            roles_given=frozenset({MEMBER, LEADER}),
            duties_given=frozenset({("secretary", "east"), ("trainer", "hexi")}),
        )
    ]
    assert (made.unchanged, made.faults) == (0, [])


def test_people_are_known_by_name_in_the_branch_above_their_group() -> None:
    made = plan([units(("east", "东片", "", "group", "first"), ("office", "机关", "", "group", "hexi"))], EXISTING)
    assert made.homes == {"hexi": "hexi", "first": "first", "second": "second", "east": "first", "office": "office"}


def test_a_member_is_moved_renamed_and_given_the_roles_that_are_listed() -> None:
    made = plan([members(("LI.ming", "李铭", "", "second", "党小组组长", ""))], EXISTING)
    assert made.members == [
        MemberChange(
            7,
            "li.ming",
            "李铭",
            None,
            "second",
            moved_from="first",
            is_renamed=True,
            roles_given=frozenset({LEADER}),
            roles_ended=frozenset({MEMBER}),
        )
    ]


def test_empty_cells_and_missing_columns_change_nothing() -> None:
    empty = plan([members(("li.ming", "", "", "", "", ""))], EXISTING)
    short = plan([table(("login", "name"), ("li.ming", "李明"))], EXISTING)
    assert [(made.members, made.unchanged, made.faults) for made in (empty, short)] == [([], 1, [])] * 2


def test_units_are_settled_from_the_top_whatever_their_order_in_the_file() -> None:
    made = plan(
        [units(("c", "丙", "", "group", "b"), ("b", "乙", "", "branch", "a"), ("a", "甲", "", "党委", "hexi"))],
        EXISTING,
    )
    assert [unit.code for unit in made.units] == ["a", "b", "c"]


def test_a_unit_is_hung_elsewhere_and_two_can_change_places() -> None:
    moved = plan([units(("second", "", "", "", "first"))], EXISTING)
    assert moved.units == [UnitChange(3, "second", "第二支部", None, "branch", "first", is_moved=True)]
    nested = afterwards(moved, EXISTING)
    swapped = plan([units(("first", "", "", "", "second"), ("second", "", "", "", "hexi"))], nested)
    assert [(unit.code, unit.parent) for unit in swapped.units] == [("second", "hexi"), ("first", "second")]
    assert swapped.faults == []


def test_rings_unknown_parents_and_a_second_top_are_faults_and_the_rest_goes_on() -> None:
    made = plan(
        [
            units(
                ("a", "甲", "", "branch", "b"),
                ("b", "乙", "", "branch", "a"),
                ("c", "丙", "", "branch", "nowhere"),
                ("d", "丁", "", "branch", ""),
                ("hexi", "", "", "", "first"),
                ("e", "戊", "", "branch", "hexi"),
            )
        ],
        EXISTING,
    )
    assert [unit.code for unit in made.units] == ["e"]
    assert sorted(line for line, _message in faults(made)) == [2, 3, 4, 5, 6]


def test_the_first_unit_of_all_needs_no_upper_unit() -> None:
    nothing = replace(EXISTING, units={}, members={})
    made = plan([units(("a", "甲", "", "党委", ""), ("b", "乙", "", "党支部", "a"))], nothing)
    assert [(unit.code, unit.parent) for unit in made.units] == [("a", None), ("b", "a")]
    assert made.faults == []


def test_every_fault_is_told_at_once_with_its_row() -> None:
    made = plan(
        [
            units(
                ("old", "旧", "", "branch", "hexi"),
                ("x", "某", "", "brigade", "hexi"),
                ("", "无", "", "branch", "hexi"),
            ),
            members(
                ("a b", "甲", "", "first", "", ""),
                ("b", "", "", "first", "", ""),
                ("c", "丙", "", "nowhere", "", ""),
                ("d", "丁", "", "first", "村长", ""),
                ("e", "戊", "", "first", "", "皇帝"),
                ("gone", "旧人", "", "first", "", ""),
                ("f", "己", "", "first", "", "书记@x"),
                ("g", "庚", "", "first", "", ""),
                ("Ｇ", "庚", "", "second", "", ""),
            ),
        ],
        EXISTING,
    )
    assert [member.login for member in made.members] == ["g"]
    assert faults(made) == [
        (2, "The unit old is closed. Choose another code."),
        (3, "There is no kind of unit called brigade."),
        (4, "The unit's code is missing."),
        (2, "A login name has only letters, digits and the signs - _ . @ +."),
        (3, "The name is missing."),
        (4, "There is no unit with the code nowhere."),
        (5, "There is no role called 村长."),
        (6, "There is no duty called 皇帝."),
        (7, "This member is deactivated. Reactivate them on the people page first."),
        (8, "There is no unit with the code x."),
        (10, "g stands already in row 9."),
    ]


def test_a_damaged_row_is_a_fault() -> None:
    damaged = Table("s", ("login", "name", "unit"), (Row(2, ("a", "王\ufffd", "first"), is_damaged=True),))
    assert [line for line, _message in faults(plan([damaged], EXISTING))] == [2]


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(Invalid):
        plan([table(("名称", "类别"), ("a", "b"))], EXISTING)


codes = st.sampled_from(["hexi", "first", "second", "a", "b", "c", ""])
unit_rows = st.tuples(
    codes,
    st.sampled_from(["", "甲", "乙"]),
    st.sampled_from(["", "X"]),
    st.sampled_from(["", "党支部", "group"]),
    codes,
)
member_rows = st.tuples(
    st.sampled_from(["li.ming", "gone", "n1", "n2", "n3", ""]),
    st.sampled_from(["", "李明", "新名"]),
    st.sampled_from(["", "New"]),
    codes,
    st.sampled_from(["", "党员", "党员、党小组组长"]),
    st.sampled_from(["", "书记", "讲师@hexi", "书记@c"]),
)


@given(st.lists(unit_rows, max_size=6), st.lists(member_rows, max_size=6))
def test_the_same_file_again_changes_nothing(
    unit_lines: list[tuple[str, ...]], member_lines: list[tuple[str, ...]]
) -> None:
    tables = [units(*unit_lines), members(*member_lines)]
    first = plan(tables, EXISTING)
    again = plan(tables, afterwards(first, EXISTING))
    assert (again.units, again.members) == ([], [])
    assert len(again.faults) <= len(first.faults)
