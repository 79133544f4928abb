"""Sheets out: numbers that calculate, text that stays text."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

from python_calamine import CalamineWorkbook

from edu.base.sheets import Percent, Sheet, write_csv, write_xlsx


def rows_of(content: bytes, at: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(at).to_python()


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


TABLE = Sheet(
    name="台账",
    title="学习台账",
    headers=["姓名", "学时", "完成率", "日期", "时间"],
    rows=[
        ["李明", 3, Percent(0.5), date(2026, 11, 2), datetime(2026, 11, 1, 17, 30, tzinfo=UTC)],
        ["王芳", 1.25, None, None, None],
    ],
    total=["合计", 4.25, Percent(0.25), None, None],
    footer="数据时间 2026-11-02",
)


def test_cells_come_back_as_what_they_are() -> None:
    assert rows_of(write_xlsx([TABLE])) == [
        ["学习台账", "", "", "", ""],
        ["姓名", "学时", "完成率", "日期", "时间"],
        ["李明", 3.0, 0.5, date(2026, 11, 2), datetime(2026, 11, 2, 1, 30)],  # noqa: DTZ001 - a sheet has no zones
        ["王芳", 1.25, "", "", ""],
        ["合计", 4.25, 0.25, "", ""],
        ["", "", "", "", ""],
        ["数据时间 2026-11-02", "", "", "", ""],
    ]


def test_the_header_is_frozen_the_data_filtered_and_the_table_printable() -> None:
    content = write_xlsx([TABLE])
    sheet, book = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/workbook.xml")
    assert re.search(r'<pane ySplit="2" topLeftCell="A3"[^>]*state="frozen"', sheet)
    assert '<autoFilter ref="A2:E4"/>' in sheet  # without the total row
    assert "$A$1:$E$7" in book
    assert "$2:$2" in book


def test_text_that_looks_like_a_formula_stays_text() -> None:
    wicked = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
    content = write_xlsx([Sheet("s", "=1+1", ["=a"], [[each] for each in wicked])])
    assert [row[0] for row in rows_of(content)] == ["=1+1", "=a", *wicked]
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")


def test_in_csv_it_gets_an_apostrophe() -> None:
    assert write_csv(["a", "b"], [["=1+1", -1], ["x", Percent(0.5)], [None, date(2026, 1, 2)]]) == (
        b"\xef\xbb\xbfa,b\r\n'=1+1,-1\r\nx,0.5\r\n,2026-01-02\r\n"
    )


def test_a_sheet_with_no_rows_and_one_with_a_bad_name_open_too() -> None:
    content = write_xlsx(
        [Sheet("a/b:c" * 20, "t", ["x"], []), Sheet("A B C" * 20, "t", ["x"], []), Sheet("", "t", ["x"], [])]
    )
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert len({name.lower() for name in names}) == 3
    assert all(0 < len(name) <= 31 for name in names)
    assert rows_of(content) == [["t"], ["x"]]


def test_a_text_longer_than_a_cell_is_cut_not_lost() -> None:
    assert len(str(rows_of(write_xlsx([Sheet("s", "t", ["x"], [["长" * 40_000]])]))[2][0])) == 32_767
