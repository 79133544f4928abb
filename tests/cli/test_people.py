"""`flask people`: rosters in, the first administrator, a new password."""

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from edu.base import passwords
from edu.base.clock import day_of, now
from edu.base.db import db
from edu.base.errors import Invalid
from edu.base.sheets import Sheet, write_csv, write_xlsx
from edu.cli.people import people
from edu.courses import actions as courses
from edu.people import actions, queries
from edu.people.models import Member
from edu.people.names import checked_name
from edu.records.models import Standing
from tests import make
from tests.browser import Browser

NAUGHTY = Path(__file__).parents[3] / "shared/fixtures/text/naughty-strings.json"
MEMBER_HEADERS = ["登录名", "姓名", "英文名", "单位", "岗位", "职责"]
UNIT_HEADERS = ["代码", "名称", "英文名", "类别", "上级"]


def run(app: Flask, *arguments: str | Path, expect: int = 0) -> Result:
    db.session.commit()
    result = app.test_cli_runner().invoke(people, [str(argument) for argument in arguments])
    db.session.rollback()
    db.session.expire_all()
    assert result.exit_code == expect, (result.output, result.exception)
    return result


def roster(path: Path, units: list[list[str]], members: list[list[str]]) -> Path:
    path.write_bytes(
        write_xlsx([Sheet("单位", "名册", UNIT_HEADERS, units), Sheet("党员", "名册", MEMBER_HEADERS, members)])
    )
    return path


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def school(app: Flask) -> make.School:
    return make.school()


@pytest.fixture
def file(school: make.School, tmp_path: Path) -> Path:
    make.member("old", school.units["north"], school.roles["member"])
    return roster(
        tmp_path / "roster.xlsx",
        [["east", "东片", "East", "whole", "north"]],
        [
            ["zhao", "赵敏", "Zhao Min", "east", "member、leader", "书记"],
            ["wang", "王芳", "", "south", "member", ""],
            ["old", "旧名", "", "south", "", ""],
            ["bad", "坏行", "", "nowhere", "", ""],
        ],
    )


def test_without_apply_it_only_says_what_would_change(app: Flask, file: Path) -> None:
    result = run(app, "import", file, expect=1)
    assert result.output.splitlines()[:9] == [
        "  add unit east 东片 under north",
        "  add zhao 赵敏: in east; + role member; + role leader; + duty secretary for east",
        "  add wang 王芳: in south; + role member",
        "  change old: now 旧名; move north → south",
        "Units: 1 added, 0 changed, 0 moved.",
        "Members: 2 added, 1 changed, 1 moved.",
        "Roles: 3 given, 0 ended. Duties: 1 given.",
        "Unchanged rows: 0. Bad rows: 1.",
        f"1 bad rows, with their reasons: {file.with_name('roster-bad-rows.xlsx')}",
    ]
    assert "Nothing was written" in result.output
    assert queries.find_member("zhao") is None
    assert queries.unit_called("east") is None
    assert not list(file.parent.glob("one-time-passwords-*"))


def test_with_apply_it_writes_and_the_same_file_again_changes_nothing(
    app: Flask, school: make.School, file: Path
) -> None:
    run(app, "import", file, "--apply", expect=1)
    zhao, old = queries.find_member("zhao"), queries.find_member("old")
    assert zhao is not None
    assert old is not None
    assert (zhao.name, zhao.name_en, zhao.unit_name) == ("赵敏", "Zhao Min", "东片")
    assert queries.roles_of(zhao.id, on=day_of(now())) == set(school.roles.values())
    assert [(duty.kind, duty.unit.name) for duty in queries.duties_of(zhao.id)] == [("secretary", "东片")]
    assert (old.name, old.unit_name) == ("旧名", "south")
    assert [row.unit.name for row in queries.memberships_of(old.id)] == ["south", "north"]
    files = set(file.parent.iterdir())
    again = run(app, "import", file, "--apply", expect=1)
    assert "Units: 0 added, 0 changed, 0 moved.\nMembers: 0 added, 0 changed, 0 moved." in again.output
    assert "Unchanged rows: 4. Bad rows: 1." in again.output
    assert set(file.parent.iterdir()) == files


def test_new_members_get_one_time_passwords_in_a_file_for_their_branch(
    app: Flask, file: Path, browser: Browser
) -> None:
    run(app, "import", file, "--apply", "--language", "en", expect=1)
    north, south = (file.with_name(f"one-time-passwords-{code}.xlsx") for code in ("north", "south"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (north, south)] == [0o600] * 2
    _title, headers, row = sheets_of(north)["north"]
    assert headers == ["Unit", "Name", "Login name", "One-time password", "Opens until"]
    assert row[:3] == ["east", "赵敏", "zhao"]  # the group's people, with the branch's secretary
    guest = browser.nobody()
    guest.post("account.sign_in", {"login": "zhao", "password": str(row[3])})
    assert guest.get("/", expect=303).location == "/account/password"


def test_a_file_of_passwords_not_yet_handed_out_is_not_overwritten(
    app: Flask, school: make.School, tmp_path: Path
) -> None:
    for login in ("a", "b"):
        run(app, "import", roster(tmp_path / "r.xlsx", [], [[login, login, "", "north", "", ""]]), "--apply")
    assert {path.name for path in tmp_path.glob("one-time*")} == {
        "one-time-passwords-north.xlsx",
        "one-time-passwords-north-2.xlsx",
    }


def test_bad_rows_come_back_with_a_reason_and_can_be_imported_once_put_right(
    app: Flask, school: make.School, file: Path
) -> None:
    run(app, "import", file, "--language", "en", expect=1)
    bad = file.with_name("roster-bad-rows.xlsx")
    assert sheets_of(bad)["党员"][1:] == [
        [*MEMBER_HEADERS, "Row", "Reason"],
        ["bad", "坏行", "", "nowhere", "", "", 6.0, "There is no unit with the code nowhere."],
    ]
    make.unit("nowhere", "branch", school.units["top"])
    run(app, "import", bad, "--apply")
    assert queries.find_member("bad") is not None


def test_a_csv_from_excel_in_gb18030_is_read_and_a_broken_byte_costs_one_row(
    app: Flask, school: make.School, tmp_path: Path
) -> None:
    lines = ["登录名,姓名,单位", "li,李明,north", "wang,王芳,north"]
    content = "\r\n".join(lines).encode("gb18030") + b"\xff\r\n" + "zhao,赵敏,south\r\n".encode("gb18030")
    (tmp_path / "r.csv").write_bytes(content)
    run(app, "import", tmp_path / "r.csv", "--apply", expect=1)
    assert [queries.find_member(login) is not None for login in ("li", "wang", "zhao")] == [True, False, True]
    assert sheets_of(tmp_path / "r-bad-rows.xlsx")["r"][2][0] == "wang"


def test_what_is_required_follows_from_the_roles_at_once(app: Flask, school: make.School, file: Path) -> None:
    run(app, "import", file, "--apply", expect=1)
    zhao = queries.find_member("zhao")
    assert zhao is not None
    assert db.session.scalar(select(func.count()).select_from(Standing).where(Standing.member_id == zhao.id))


def test_a_file_that_is_no_roster_is_refused_in_words(app: Flask, school: make.School, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert "No table with known headers" in run(app, "import", tmp_path / "x.csv", expect=1).output
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    assert "cannot be read as xlsx" in run(app, "import", tmp_path / "x.xlsx", expect=1).output


def test_the_first_administrator_is_made_with_the_unit_at_the_top(app: Flask, browser: Browser) -> None:
    assert "flask content load" in run(app, "administrator", "root", "--name", "总管", expect=1).output
    courses.define_framework(make.framework({}), on=day_of(make.FOUNDED))
    actions.define_unit_kinds([actions.UnitKindSpec("whole", make.words("whole"), False)])
    assert "--name" in run(app, "administrator", "root", expect=1).output
    output = run(app, "administrator", "Root", "--name", "总管", "--unit-name", "河西街道党委").output
    password = re.search(r"password: (\S+)", output)
    assert password
    assert [unit.name for unit in queries.root_units()] == ["河西街道党委"]
    guest = browser.nobody()
    guest.post("account.sign_in", {"login": "root", "password": password.group(1)})
    guest.post("account.password", {"present": password.group(1), "new": "a long sentence", "again": "a long sentence"})
    assert "河西街道党委" in guest.get("people.index").text
    again = run(app, "administrator", "root").output
    assert "password" not in again


def test_a_member_becomes_administrator_and_keeps_the_password(app: Flask, school: make.School) -> None:
    member_id = make.member("ada", school.units["north"]).member_id
    run(app, "administrator", "ADA")
    assert [(duty.kind, duty.unit.name) for duty in queries.duties_of(member_id)] == [("administrator", "top")]


def test_a_new_password_is_printed_and_opens_once(app: Flask, school: make.School) -> None:
    member_id = make.member("ada", school.units["north"]).member_id
    output = run(app, "password", "ADA").output
    row = db.session.get(Member, member_id)
    assert row is not None
    assert passwords.verify(row.password_hash, output.strip().rsplit(" ", 1)[1])
    assert row.must_change_password
    assert "Nobody signs in as eve" in run(app, "password", "eve", expect=1).output


@pytest.mark.skipif(not NAUGHTY.exists() and "CI" not in os.environ, reason="the shared fixtures are not here")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_naughty_names_come_in_as_they_are_or_come_back(
    app: Flask, school: make.School, tmp_path: Path, kind: str
) -> None:
    # U+FFFE is no character; XlsxWriter writes it as the text "_xFFFE_".
    texts = [text for text in json.loads(NAUGHTY.read_text("utf-8")) if "\ufffe" not in text]
    rows = [[f"n{at}", text, "", "north", "", ""] for at, text in enumerate(texts)]
    path = tmp_path / f"naughty.{kind}"
    path.write_bytes(
        write_csv(MEMBER_HEADERS, rows) if kind == "csv" else write_xlsx([Sheet("s", "t", MEMBER_HEADERS, rows)])
    )
    output = run(app, "import", path, expect=1).output
    good = [text for text in texts if accepted(text)]
    assert f"Members: {len(good)} added" in output


def accepted(text: str) -> bool:
    try:
        return bool(checked_name(text))
    except Invalid:
        return False


def test_a_role_that_is_no_longer_in_the_framework_ends_like_any_other(
    app: Flask, school: make.School, tmp_path: Path
) -> None:
    ada = make.member("ada", school.units["north"], school.roles["member"], school.roles["leader"])
    courses.define_framework(make.framework({"member": {"aid": 1}}), on=day_of(now()))
    path = roster(tmp_path / "roster.xlsx", [], [["ada", "", "", "", "member", ""]])
    assert "change ada: - role leader" in run(app, "import", path, "--apply").output
    assert queries.roles_of(ada.member_id, on=day_of(now())) == {school.roles["member"]}
