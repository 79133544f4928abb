"""A table of responses as people keep it, one row a person and one column a question → scores. Pure.

Cells are 0 and 1, or points, or what was chosen, with a key row. A title line may be missing; columns that speak of the
person (names, numbers, totals) are passed over. An empty cell is a question left out: wrong.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edu.base.errors import Invalid
from edu.base.i18n import mark
from edu.base.tables import Row, plain_header
from edu.quizzes.item_analysis import Responses

#: What the key's row is called in its first cell, and headers of what is no question, as `plain_header` writes them.
KEY_ROW = frozenset("key keys answerkey answer answers correct correctanswer 答案 标准答案 正确答案 参考答案".split())
PERSON = frozenset(
    "id no nr number name person people student studentid member login user total score sum date time "
    "姓名 序号 编号 学号 工号 准考证号 账号 总分 成绩 得分 单位 部门 支部 小组 日期 时间".split()
)
ZERO, ONE = frozenset({"0", "0.0"}), frozenset({"1", "1.0"})
#: A column of which so much is 0 and 1 holds scores; the rest are slips of the pen, and are told.
MOSTLY = 0.9
SEPARATORS = re.compile(r"[\s,，、;；/]+")


@dataclass(frozen=True, slots=True)
class ResponseTable:
    responses: Responses
    #: What each person's cell says in the column asked for as group.
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Grid:
    """The table without its title line and without its key."""

    headers: tuple[str, ...]
    people: tuple[Row, ...]
    key: Row | None


def read_responses(rows: Sequence[Row], *, points: bool = False, group: str | None = None) -> ResponseTable:
    """Scores, choices where there is a key, and the group of each person. Raises Invalid, naming row and column."""
    for row in rows:
        if row.is_damaged:
            raise Invalid(mark("Row %(line)s has a byte that cannot be read."), line=row.line)
    grid = _grid([row for row in rows if any(cell.strip() for cell in row.cells)])
    group_column = _column(grid, group) if group else None
    columns = [at for at in range(len(grid.headers)) if at != group_column and not _speaks_of_person(grid.headers[at])]
    if points:
        responses = _points(grid, columns)
    elif grid.key is None and (binary := [at for at in columns if _is_binary(grid, at)]):
        responses = _scored(grid, binary)
    else:
        responses = _keyed(grid, columns)
    groups = tuple(cell(row, group_column) for row in grid.people) if group_column is not None else ()
    return ResponseTable(responses, groups)


def _grid(rows: Sequence[Row]) -> _Grid:
    if not rows:
        raise Invalid(mark("The table is empty."))
    width = max(len(row.cells) for row in rows)
    has_title = not all(text in ZERO | ONE for text in map(str.strip, rows[0].cells) if text)
    headers = [rows[0].cells[at].strip() if has_title and at < len(rows[0].cells) else "" for at in range(width)]
    body = rows[1:] if has_title else rows
    keys = [row for row in body if plain_header(row.cells[0]) in KEY_ROW]
    people = tuple(row for row in body if row not in keys)
    if not people:
        raise Invalid(mark("The table has no row of a person."))
    named = tuple(header or str(at + 1) for at, header in enumerate(headers))
    return _Grid(named, people, keys[0] if keys else None)


def _column(grid: _Grid, name: str) -> int:
    if name not in grid.headers:
        raise Invalid(mark("There is no column %(name)s."), name=name)
    return grid.headers.index(name)


def _speaks_of_person(header: str) -> bool:
    return plain_header(header) in PERSON


def cell(row: Row, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _is_binary(grid: _Grid, at: int) -> bool:
    said = [text for row in grid.people if (text := cell(row, at))]
    return bool(said) and sum(text in ZERO | ONE for text in said) >= MOSTLY * len(said)


def _scored(grid: _Grid, columns: Sequence[int]) -> Responses:
    def score(row: Row, at: int) -> float:
        text = cell(row, at)
        if text and text not in ZERO | ONE:
            message = mark("Row %(line)s, column %(column)s: “%(cell)s” is neither 0 nor 1.")
            raise Invalid(message, line=row.line, column=grid.headers[at], cell=text)
        return float(text in ONE)

    scores = np.array([[score(row, at) for at in columns] for row in grid.people])
    return Responses(tuple(grid.headers[at] for at in columns), scores)


def _points(grid: _Grid, columns: Sequence[int]) -> Responses:
    def score(row: Row, at: int) -> float:
        text = cell(row, at)
        try:
            return float(text or 0)
        except ValueError:
            message = mark("Row %(line)s, column %(column)s: “%(cell)s” is no number of points.")
            raise Invalid(message, line=row.line, column=grid.headers[at], cell=text) from None

    scores = np.array([[score(row, at) for at in columns] for row in grid.people])
    if not columns or not np.isfinite(scores).all() or (scores < 0).any():
        raise Invalid(mark("Points are numbers from 0."))
    return Responses(tuple(grid.headers[at] for at in columns), scores)


def _keyed(grid: _Grid, columns: Sequence[int]) -> Responses:
    """What was chosen, against the row that is called key, else against the first row."""
    key, people = (grid.key, grid.people) if grid.key else (grid.people[0], grid.people[1:])
    asked = [at for at in columns if cell(key, at) and not (grid.key and at == 0)]
    if not asked or not people:
        message = mark("The cells are not 0 and 1, and there is no key: add a row that begins with “key” or 答案.")
        raise Invalid(message)
    keys = tuple(choice(cell(key, at)) for at in asked)
    choices = tuple(tuple(choice(cell(row, at)) for row in people) for at in asked)
    scores = np.array([[own == right for own in column] for column, right in zip(choices, keys, strict=True)], float).T
    return Responses(tuple(grid.headers[at] for at in asked), scores, choices, keys)


def choice(text: str) -> str:
    """One spelling of a choice: “b，a”, “BA” and “ＡＢ” are AB."""
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return "".join(sorted(set(plain))) if re.fullmatch("[A-H]{2,}", plain) else plain
