"""Sheets out: xlsx files that a clerk can calculate with, and csv. base/tables reads them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from edu.base.clock import ZONE


@dataclass(frozen=True, slots=True)
class Percent:
    """A share 0–1 that the sheet shows as a percentage."""

    share: float


Cell = str | int | float | date | datetime | Percent | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title line, a header, rows of cells as long as the header, perhaps a total row and a footer."""

    name: str
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    #: Below the table: what the figures mean and when they were made.
    footer: str = ""


#: Excel's limits: characters in a cell and in a sheet's name, and what a name may not contain.
CELL_LENGTH = 32_767
NAME_LENGTH = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

#: Column widths, in characters of the default font: chosen so that a name fits and five columns fit on a screen.
NARROWEST, WIDEST = 8, 48
#: Rows looked at to choose a width: in constant-memory mode it must be known before the first row.
WIDTH_SAMPLE = 200

#: First characters that a spreadsheet would take for a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

HEADER_ROW = 1


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one xlsx file: real numbers and dates, frozen header, filter, print area.

    Text is always written as text, whatever it begins with, so that no cell becomes a formula.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": False}) as book:
        formats = _formats(book)
        used: set[str] = set()
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.name, used)), sheet, formats)
    return stream.getvalue()


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A csv file in UTF-8 with BOM, as Excel expects; a text that looks like a formula gets a leading apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_csv_cell(header) for header in headers])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case Percent(share):
            return share
        case datetime():
            return cell.astimezone(ZONE).isoformat(timespec="minutes")
        case date():
            return cell.isoformat()
        case str() if cell.startswith(FORMULA_STARTS):
            return "'" + cell
    return cell


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """One format for each kind of cell, plain and bold (for the total row)."""
    shapes: dict[str, dict[str, Any]] = {
        "text": {"text_wrap": True, "valign": "top"},
        "number": {"valign": "top"},
        "percent": {"num_format": "0%", "valign": "top"},
        "day": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
        "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"},
    }
    formats = {name: book.add_format(shape) for name, shape in shapes.items()}
    formats |= {f"{name} total": book.add_format(shape | {"bold": True, "top": 1}) for name, shape in shapes.items()}
    formats["title"] = book.add_format({"bold": True, "font_size": 14})
    formats["header"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats["footer"] = book.add_format({"italic": True})
    return formats


def _write_sheet(to: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    """Row by row from the top: constant-memory mode forgets a row once the next one begins."""
    for column, width in enumerate(_widths(sheet)):
        to.set_column(column, column, width)
    to.write_string(0, 0, sheet.title[:CELL_LENGTH], formats["title"])
    for column, header in enumerate(sheet.headers):
        to.write_string(HEADER_ROW, column, header[:CELL_LENGTH], formats["header"])
    row = HEADER_ROW
    for row, cells in enumerate(sheet.rows, start=HEADER_ROW + 1):
        for column, cell in enumerate(cells):
            _write_cell(to, row, column, cell, formats, "")
    last_data = row
    if sheet.total is not None:
        row += 1
        for column, cell in enumerate(sheet.total):
            _write_cell(to, row, column, cell, formats, " total")
    if sheet.footer:
        row += 2
        to.write_string(row, 0, sheet.footer[:CELL_LENGTH], formats["footer"])
    _prepare_for_reading(to, last_data, row, len(sheet.headers) - 1)


def _write_cell(to: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, Format], weight: str) -> None:
    match cell:
        case None | "":
            to.write_blank(row, column, None, formats["text" + weight])
        case str():
            to.write_string(row, column, cell[:CELL_LENGTH], formats["text" + weight])
        case Percent(share):
            to.write_number(row, column, share, formats["percent" + weight])
        case datetime():
            to.write_datetime(row, column, cell.astimezone(ZONE).replace(tzinfo=None), formats["moment" + weight])
        case date():
            to.write_datetime(row, column, cell, formats["day" + weight])
        case _:
            to.write_number(row, column, cell, formats["number" + weight])


def _prepare_for_reading(to: Worksheet, last_data: int, last_row: int, last_column: int) -> None:
    """Header stays in sight and on every printed page; the filter spans the data without the total."""
    to.freeze_panes(HEADER_ROW + 1, 0)
    to.autofilter(HEADER_ROW, 0, last_data, last_column)
    to.print_area(0, 0, last_row, last_column)
    to.repeat_rows(HEADER_ROW)
    to.set_landscape()
    to.set_paper(9)  # A4
    to.fit_to_pages(1, 0)


def _sheet_name(name: str, used: set[str]) -> str:
    """A name that Excel accepts and that no other sheet has; Excel compares without case."""
    base = NOT_IN_NAMES.sub(" ", name).strip("' ")[:NAME_LENGTH] or "Sheet"
    number, chosen = 1, base
    while chosen.lower() in used:
        number += 1
        chosen = f"{base[: NAME_LENGTH - len(str(number)) - 1]} {number}"
    used.add(chosen.lower())
    return chosen


def _widths(sheet: Sheet) -> list[int]:
    """Per column the widest of the first cells, within reason; a Chinese character is two wide."""
    sample = list(islice(sheet.rows, WIDTH_SAMPLE))
    return [
        min(WIDEST, max(NARROWEST, 2 + max(_width(row[column]) for row in [sheet.headers, *sample])))
        for column in range(len(sheet.headers))
    ]


def _width(cell: Cell) -> int:
    match cell:
        case str():
            return max(
                (sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in cell.split("\n")), default=0
            )
        case datetime():
            return 16
        case date():
            return 10
    return 6
