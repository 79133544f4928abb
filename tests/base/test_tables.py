"""Tables in: however people saved them; and files that would harm are refused before they are read."""

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from edu.base.errors import Invalid
from edu.base.sheets import FORMULA_STARTS, Sheet, write_csv, write_xlsx
from edu.base.tables import Row, Table, plain_header, read_table, read_tables

KNOWN = {"登录名", "姓名", "login", "name"}
ROWS = (Row(2, ("li.ming", "李明")), Row(3, ("wang", "王芳")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_common_encoding_reads_the_same(encoding: str) -> None:
    content = "登录名,姓名\nli.ming,李明\nwang,王芳\n".encode(encoding)
    assert read_table(content, "people", KNOWN) == Table("people", ("登录名", "姓名"), ROWS)


def test_a_byte_that_cannot_be_read_is_reported_with_its_row_and_nothing_is_dropped() -> None:
    content = "登录名,姓名\nli.ming,李明\nwang,王".encode() + b"\xff\n" + "zhao,赵敏\n".encode()
    table = read_table(content, "people", KNOWN)
    assert [(row.line, row.is_damaged) for row in table.rows] == [(2, False), (3, True), (4, False)]
    assert table.rows[0].cells == ("li.ming", "李明")


def test_a_damaged_gb18030_file_is_reported_by_row_too() -> None:
    content = "登录名,姓名\nli.ming,李明\nwang,王芳".encode("gb18030") + b"\xff\n"
    assert [(row.line, row.is_damaged) for row in read_table(content, "p", KNOWN).rows] == [(2, False), (3, True)]


def test_notes_above_the_header_and_empty_rows_are_skipped_and_lines_stay_true() -> None:
    content = '说明：请勿改动\n,\n登录名,姓名（必填）\n\nli.ming,"李\n明"\nwang,王芳\n'.encode()
    table = read_table(content, "p", KNOWN)
    assert table.headers == ("登录名", "姓名（必填）")
    assert [(row.line, row.cells) for row in table.rows] == [(5, ("li.ming", "李\n明")), (7, ("wang", "王芳"))]


def test_semicolons_and_tabs_separate_as_well() -> None:
    for delimiter in ";\t":
        content = f"login{delimiter}name\na{delimiter}b\n".encode()
        assert read_table(content, "p", KNOWN).rows == (Row(2, ("a", "b")),)


def test_an_xlsx_gives_a_table_for_each_sheet_with_a_header() -> None:
    content = write_xlsx(
        [
            Sheet("说明", "只是说明", ["怎么填"], [["随便"]]),
            Sheet("党员", "名册", ["登录名", "姓名"], [["li.ming", "李明"], [10023, "王芳"]]),
        ]
    )
    rows = (Row(3, ("li.ming", "李明")), Row(4, ("10023", "王芳")))
    assert read_tables(content, "x", KNOWN) == [Table("党员", ("登录名", "姓名"), rows)]


def test_a_file_without_a_known_header_says_so() -> None:
    with pytest.raises(Invalid, match=r"x\.csv"):
        read_table(b"a,b\n1,2\n", "x.csv", KNOWN)


def test_headers_are_compared_without_what_people_add() -> None:
    assert {plain_header(text) for text in ("登录名", " 登录名* ", "登录名（必填）", "登 录 名:")} == {"登录名"}
    assert plain_header("Login-Name") == "loginname"


def test_what_write_csv_guards_reads_back_as_it_was() -> None:
    texts = [start + "x" for start in FORMULA_STARTS if start not in "\t\r"]
    content = write_csv(["login", "name"], [[text, "n"] for text in texts])
    assert [row.cells[0] for row in read_table(content, "p", KNOWN).rows] == texts


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    with suppress(Invalid):
        assert all(table.headers for table in read_tables(content, "x", KNOWN))


# Files that would fill the memory.


def far_apart(row: int, column: int) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "login")
        sheet.write(0, 1, "name")
        sheet.write(row, column, "x")
    return stream.getvalue()


def test_two_cells_in_opposite_corners_are_refused_before_the_reader_allocates_what_lies_between() -> None:
    with pytest.raises(Invalid, match="too far apart"):
        read_tables(far_apart(1_048_575, 16_383), "x", KNOWN)
    assert len(read_tables(far_apart(40_000, 3), "x", KNOWN)) == 1


def zipped(size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", b"0" * size)
    return stream.getvalue()


def test_a_zip_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(Invalid, match="too large"):
        read_tables(zipped(101_000_000), "x", KNOWN)
    with pytest.raises(Invalid, match="too large"):
        read_tables(zipped(2_000_000), "x", KNOWN)  # only 2 MB, but 1,000 times what it was


def test_a_zip_that_lies_about_its_size_is_measured() -> None:
    honest = zipped(150_000_000)
    size = struct.pack("<I", 150_000_000)
    assert honest.count(size) == 2
    with pytest.raises(Invalid, match="too large"):
        read_tables(honest.replace(size, struct.pack("<I", 10)), "x", KNOWN)


def test_a_broken_zip_is_refused_in_words(tmp_path: Path) -> None:
    whole = write_xlsx([Sheet("s", "t", ["login", "name"], [["a", "b"]])])
    (tmp_path / "cut.xlsx").write_bytes(whole[:-200])
    with pytest.raises(Invalid, match="cannot be read as xlsx"):
        read_tables(tmp_path / "cut.xlsx", "cut", KNOWN)
