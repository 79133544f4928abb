"""Tables in: rows of text from xlsx and csv files, however people saved them, each with the line it stands on."""

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from edu.base.errors import Invalid
from edu.base.i18n import mark

#: Bounds for an xlsx file (which is a zip). Chosen: a roster of 100,000 people unpacks to about 60 MB.
MOST_BYTES = 100_000_000
#: Times that a file may shrink when packed, judged above RATIO_FROM bytes. Measured: 20,000 equal rows shrink 40 times.
MOST_RATIO, RATIO_FROM = 200, 1_000_000
#: Cells of the rectangle that a sheet's corners span. The reader allocates all of it: two cells in opposite corners of
#: a sheet of 9 kB asked for 17 thousand million cells and ended the process when it was tried.
MOST_CELLS = 5_000_000

#: Lines looked at for the header; above it stand a title and notes.
HEADER_WITHIN = 20

REFERENCE = re.compile(rb'\br=["\']([A-Za-z]{0,3})(\d{1,7})["\']')


@dataclass(frozen=True, slots=True)
class Row:
    #: Line in the file (csv) or row in the sheet (xlsx), from 1.
    line: int
    #: One text for each header.
    cells: tuple[str, ...]
    #: Some byte could not be read.
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it that are not empty."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def plain_header(text: str) -> str:
    """A header without what people add to it: "姓名 *" and "姓名（必填）" are 姓名."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\(.*?\)|[\s*:_-]", "", text)


def read_tables(source: Path | bytes, name: str, known: Collection[str]) -> list[Table]:
    """The tables of an xlsx file (one a sheet) or a csv file (one). Raises Invalid when the file cannot be read.

    known   header words, as `plain_header` writes them; the row with most of them, two at least, is the header.
            A sheet without such a row is left out.
    """
    return [table for title, rows in _sheets(source, name) if (table := _table(title, rows, known))]


def read_rows(source: Path | bytes, name: str) -> list[Row]:
    """Every row of a csv file or of the first sheet of an xlsx file. Raises Invalid when the file cannot be read."""
    return next((rows for _title, rows in _sheets(source, name)), [])


def _sheets(source: Path | bytes, name: str) -> Iterable[tuple[str, list[Row]]]:
    content = source if isinstance(source, bytes) else source.read_bytes()
    return _xlsx_rows(content) if content.startswith(b"PK\x03\x04") else [(name, _csv_rows(content))]


def read_table(source: Path | bytes, name: str, known: Collection[str]) -> Table:
    """The only, or the first, table of a file. Raises Invalid when there is none."""
    for table in read_tables(source, name, known):
        return table
    raise Invalid(mark("No table with a known header was found in %(name)s."), name=name)


def _table(name: str, rows: list[Row], known: Collection[str]) -> Table | None:
    def hits(row: Row) -> int:
        return len({plain_header(cell) for cell in row.cells} & set(known))

    head = max(range(min(len(rows), HEADER_WITHIN)), key=lambda index: hits(rows[index]), default=None)
    if head is None or hits(rows[head]) < 2:
        return None
    headers = tuple(cell.strip() for cell in rows[head].cells)
    width = max(index + 1 for index, header in enumerate(headers) if header)
    body = (
        Row(row.line, _cut(row.cells, width), row.is_damaged)
        for row in rows[head + 1 :]
        if any(cell.strip() for cell in row.cells)
    )
    return Table(name, headers[:width], tuple(body))


def _cut(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in (cells + ("",) * width)[:width])


# csv


def _csv_rows(content: bytes) -> list[Row]:
    text = _decoded(content)
    delimiter = max(",\t;", key=text[:10_000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append(Row(line, tuple(_unquoted(cell) for cell in cells), any("\ufffd" in cell for cell in cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(mark("Line %(line)s cannot be read as csv: %(fault)s."), line=line, fault=error) from None
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, with or without BOM, else GB18030. A byte that cannot be read becomes U+FFFD.

    A damaged UTF-8 file is still UTF-8, though nearly any bytes can be taken for GB18030 and give wrong characters
    without complaint: so UTF-8 holds as long as most of what is not ASCII reads well.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    text = content.decode("utf-8-sig", "replace")
    unread = text.count("\ufffd")
    well_read = sum(character > "\x7f" for character in text) - unread
    return text if unread == 0 or well_read > unread else content.decode("gb18030", "replace")


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that `sheets.write_csv` puts before what looks like a formula."""
    return cell[1:] if re.match(r"'[=+\-@\t\r]", cell) else cell


# xlsx


def _xlsx_rows(content: bytes) -> Iterator[tuple[str, list[Row]]]:
    refuse_bombs(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            first = sheet.start[0] + 1 if sheet.start else 1
            rows = sheet.to_python(skip_empty_area=True)
            yield name, [Row(first + at, tuple(_text(cell) for cell in cells)) for at, cells in enumerate(rows)]
    except (CalamineError, zipfile.BadZipFile) as error:
        raise Invalid(mark("The file cannot be read as xlsx: %(fault)s."), fault=error) from None


def _text(cell: str | float | bool | date | time | datetime | timedelta) -> str:
    """A cell as text; a staff number that the sheet keeps as 10023.0 is "10023"."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def refuse_bombs(content: bytes) -> None:
    """Raises Invalid for a file that would fill the memory when it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            total = 0
            for entry in archive.infolist():
                is_sheet = entry.filename.startswith("xl/worksheets/")
                total += _measured(content, entry, MOST_BYTES - total, is_sheet)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise Invalid(mark("The file cannot be read as xlsx: %(fault)s."), fault=error) from None
    if total > RATIO_FROM and total > MOST_RATIO * len(content):
        raise Invalid(mark("The file is too large when unpacked."))


def _measured(content: bytes, entry: zipfile.ZipInfo, most: int, is_sheet: bool) -> int:
    """How many bytes an entry of a zip really unpacks to: what the zip says of itself may be a lie.

    most      give up beyond this many
    is_sheet  also look how far apart its cells lie
    """
    header = content[entry.header_offset : entry.header_offset + 30]
    start = entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        unpacked = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        unpacked = zlib.decompressobj(-15).decompress(packed, max(most, 0) + 1)
    else:
        raise zipfile.BadZipFile(entry.filename)
    if len(unpacked) > most:
        raise Invalid(mark("The file is too large when unpacked."))
    if is_sheet:
        _refuse_wide(unpacked)
    return len(unpacked)


def _refuse_wide(sheet: bytes) -> None:
    columns, rows = 1, 1
    for letters, digits in REFERENCE.findall(sheet):
        rows = max(rows, int(digits))
        if letters:
            columns = max(columns, _column(letters))
    if rows * columns > MOST_CELLS:
        raise Invalid(mark("A sheet has cells too far apart. Delete what stands far below or far right of the table."))


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
