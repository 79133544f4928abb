"""`flask questions` says of outside data what a trainer can act on, as a table and for programs."""

import json
from pathlib import Path

import pytest

from edu.base.sheets import Sheet, write_csv, write_xlsx

HEADERS = ("name", "site", "Q1", "Q2", "Q3")
ROWS = [(f"p{n}", "north" if n % 2 else "south", *(int(n % 6 > place) for place in range(3))) for n in range(240)]


@pytest.fixture
def run(app):
    return lambda *arguments: app.test_cli_runner().invoke(
        args=["questions", "analyse", *map(str, arguments), "--language", "en"]
    )


@pytest.fixture(params=["csv", "xlsx"])
def file(request, tmp_path: Path) -> Path:
    path = tmp_path / f"answers.{request.param}"
    csv = request.param == "csv"
    path.write_bytes(write_csv(HEADERS, ROWS) if csv else write_xlsx([Sheet("a", "", HEADERS, ROWS)]))
    return path


def test_a_table_a_line_a_question(run, file: Path) -> None:
    said = run(file)
    assert said.exit_code == 0, said.output
    assert said.output.startswith("240 people, 3 questions; alpha 0.8")
    assert "| Q2 | 0.667 |" in said.output


def test_the_same_for_a_program(run, file: Path) -> None:
    found = json.loads(run(file, "--json").output)
    assert found["n"] == 240
    assert [item["id"] for item in found["items"]] == ["Q1", "Q2", "Q3"]
    assert set(found["items"][0]) == {
        "id", "facility", "point_biserial", "point_biserial_corrected", "discrimination_index", "alpha_if_deleted",
        "distractors", "flags",
    }  # fmt: skip


def test_two_groups_for_a_program(run, file: Path) -> None:
    found = json.loads(run(file, "--json", "--group", "site", "--focal", "north").output)
    assert all("dif" in item for item in found["items"])


def test_two_groups_beside_each_other(run, file: Path) -> None:
    assert "| Groups |" in run(file, "--group", "site").output
    refused = run(file, "--group", "name")
    assert (refused.exit_code, "needs two values" in refused.output) == (1, True)


def test_a_slip_is_told_with_file_row_and_column(run, tmp_path: Path) -> None:
    path = tmp_path / "slip.csv"
    path.write_bytes(write_csv(HEADERS, [*ROWS, ("z", "north", 1, 0, "O")]))
    said = run(path)
    assert said.exit_code == 1
    assert "slip.csv: Row 242, column Q3: “O” is neither 0 nor 1." in said.output
