"""Item analysis against published tables, against what can be worked out by hand, and against slips of the pen."""

import json
import os

import numpy as np
import pytest

from edu.base.errors import Invalid
from edu.base.tables import Row
from edu.config import ROOT
from edu.quizzes.item_analysis import (
    LEAST_PEOPLE,
    SENTENCES,
    Responses,
    analyse,
    differential,
    option_of,
    upper_lower,
)
from edu.quizzes.response_tables import choice, read_responses

PUBLISHED = ROOT.parent / "shared" / "fixtures" / "psychometrics"


def published(name: str) -> tuple[dict, np.ndarray]:
    path = PUBLISHED / name
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("the published tables are not beside this checkout")
    data = json.loads(path.read_text("utf-8"))
    rows = [[int(cell) for cell in pattern] for pattern, count in data["patterns"].items() for _ in range(count)]
    return data, np.array(rows, dtype=float)


def scored(rows: list[list[float]]) -> Responses:
    table = np.array(rows, dtype=float)
    return Responses(tuple(str(place) for place in range(table.shape[1])), table)


@pytest.mark.parametrize("name", ["lsat7.json", "deayala_math.json"])
def test_published_tables_are_reproduced(name: str) -> None:
    data, table = published(name)
    found, expected = analyse(scored(table.tolist())), data["ctt"]
    assert found.n == data["n"]
    assert found.alpha == pytest.approx(expected["alpha"], abs=1e-6)
    for figure in ("facility", "point_biserial", "point_biserial_corrected", "alpha_if_deleted"):
        if figure in expected:
            assert [getattr(item, figure) for item in found.items] == pytest.approx(expected[figure], abs=1e-6), figure


def test_worked_out_by_hand() -> None:
    """Four people, totals 3 2 1 0: variances .25 + .3333 + .25 of the items over 1.6667 of the total."""
    found = analyse(scored([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    assert [item.facility for item in found.items] == [0.75, 0.5, 0.25]
    assert found.alpha == pytest.approx(1.5 * (1 - (0.25 + 1 / 3 + 0.25) / (5 / 3)))
    assert found.sem == pytest.approx(np.sqrt(5 / 3) * np.sqrt(1 - found.alpha))


def test_ties_at_the_edge_count_in_part() -> None:
    """Ten people of three scores; 27 % is 2.7 of them: the upper two and .7 of the eight in the middle …"""
    rest = np.array([2.0] * 2 + [1.0] * 6 + [0.0] * 2)
    shares = np.array([1.0, 1.0, 1, 1, 1, 0, 0, 0, 0.0, 0.0])
    assert upper_lower(shares, rest) == pytest.approx((2 + 0.7 * 0.5) / 2.7 - 0.7 * 0.5 / 2.7)


def test_the_order_of_the_rows_decides_nothing() -> None:
    table = np.random.default_rng(3).random((200, 6)) < [[0.2, 0.4, 0.5, 0.6, 0.7, 0.9]]
    one = analyse(scored(table.astype(float).tolist()))
    other = analyse(scored(table[np.random.default_rng(4).permutation(200)].astype(float).tolist()))
    for mine, yours in zip(one.items, other.items, strict=True):
        assert mine.discrimination_index == pytest.approx(yours.discrimination_index)
        assert mine.point_biserial_corrected == pytest.approx(yours.point_biserial_corrected)


@pytest.mark.parametrize(
    ("rows", "alpha"), [([[1.0], [0.0]], None), ([[1.0, 1.0], [1.0, 1.0]], None), ([[1.0, 0.0]], None)],
    ids=["one question", "all alike", "one person"],
)  # fmt: skip
def test_what_cannot_be_told_is_not_told(rows: list[list[float]], alpha: float | None) -> None:
    found = analyse(scored(rows))
    assert (found.alpha, found.sem) == (alpha, None)
    assert all(item.flags == () for item in found.items)


def crowd(people: int = 200) -> list[Row]:
    """People of five heights and six questions with four options; the strong choose C of the last, whose key says A."""
    random = np.random.default_rng(1)
    height = np.repeat(np.arange(5), people // 5)
    header = [Row(1, ("name", *(f"Q{place}" for place in range(1, 7))))]
    key = [Row(2, ("key", *"AAAAAA"))]
    rows = []
    for line, own in enumerate(height, 3):
        knows = [random.random() < 0.15 + 0.2 * own for _place in range(6)]
        chosen = ["A" if known else random.choice(["B", "C"]) for known in knows]
        chosen[5] = "C" if knows[5] else random.choice(["A", "B"])
        rows.append(Row(line, (f"p{line}", *chosen)))
    return [*header, *key, *rows]


def test_a_wrong_key_is_suspected() -> None:
    found = analyse(read_responses(crowd()).responses)
    last = found.items[-1]
    assert last.flags[:2] == ("negative", "check-key")
    assert SENTENCES["check-key"] % {"option": option_of(last, "check-key")} == (
        "Strong members choose C: is the key right, or the wording?"
    )
    assert all("check-key" not in item.flags for item in found.items[:-1])
    assert {choice.option: choice.is_key for choice in last.distractors} == {"A": True, "B": False, "C": False}
    assert sum(choice.count for choice in last.distractors) == found.n


def test_an_option_that_nobody_believes_is_named() -> None:
    rows = crowd()
    rows[2] = Row(3, ("p3", "D", *rows[2].cells[2:]))
    found = analyse(read_responses(rows).responses)
    assert "dead" in found.items[0].flags
    assert option_of(found.items[0], "dead") == "D"


def test_few_people_judge_no_question() -> None:
    rows = crowd()
    few = analyse(read_responses([*rows[:2], *rows[-(LEAST_PEOPLE - 1) :]]).responses)
    assert all(item.flags == () for item in few.items)


def test_two_groups_of_the_same_standing() -> None:
    """Admissions to six departments at Berkeley, 1973 (Bickel, Hammel & O'Connell 1975, Science 187).

    R's mantelhaen.test(UCBAdmissions): common odds ratio .9046968, X-squared 1.4269.
    """
    men = [(512, 313), (353, 207), (120, 205), (138, 279), (53, 138), (22, 351)]
    women = [(89, 19), (17, 8), (202, 391), (131, 244), (94, 299), (24, 317)]
    right, focal, strata = [], [], []
    for group, tables in ((False, men), (True, women)):
        for department, (admitted, rejected) in enumerate(tables):
            right += [True] * admitted + [False] * rejected
            focal += [group] * (admitted + rejected)
            strata += [department] * (admitted + rejected)
    found = differential(np.array(right), np.array(focal), strata)
    assert found is not None
    assert found.odds_ratio == pytest.approx(0.9046968, abs=1e-7)
    assert found.chi_square == pytest.approx(1.4269, abs=1e-4)
    assert found.size == "A"


def test_a_question_made_harder_for_one_group_is_large() -> None:
    random = np.random.default_rng(5)
    focal = np.arange(1000) % 2 == 0
    strata = random.integers(0, 5, 1000)
    right = random.random(1000) < np.where(focal, 0.3, 0.7)
    found = differential(right, focal, strata)
    assert found is not None
    assert (found.size, found.delta < -1.5) == ("C", True)
    assert differential(right[:150], focal[:150], strata[:150]) is None


# reading


def rows_of(*lines: str) -> list[Row]:
    return [Row(number, tuple(line.split(","))) for number, line in enumerate(lines, 1)]


@pytest.mark.parametrize(
    "rows",
    [
        rows_of("name,Q1,Q2", "a,1,0", "b,0,1"),
        rows_of("Q1,Q2,total", "1,0,1", "0,1.0,1"),
        rows_of("姓名,Q1,Q2", "答案,B,AC", "a,b,A", "b,A,ｃ，ａ"),
        rows_of("id,Q1,Q2", "7,B,C", "8,B,", "9,C,C"),
    ],
    ids=["0 and 1", "a total beside them", "with a key", "the first row is the key"],
)  # fmt: skip
def test_tables_as_people_keep_them(rows: list[Row]) -> None:
    responses = read_responses(rows).responses
    assert responses.items == ("Q1", "Q2")
    assert responses.scores.tolist() == [[1, 0], [0, 1]]


def test_a_table_without_a_title_line() -> None:
    responses = read_responses(rows_of("1,0", "0,1")).responses
    assert (responses.items, responses.scores.tolist()) == (("1", "2"), [[1, 0], [0, 1]])


def test_points_and_groups() -> None:
    table = read_responses(rows_of("site,Q1,Q2", "north,2,0", "south,,1.5"), points=True, group="site")
    assert table.groups == ("north", "south")
    assert table.responses.scores.tolist() == [[2, 0], [0, 1.5]]
    assert [item.facility for item in analyse(table.responses).items] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        (rows_of(), {}, "The table is empty."),
        (rows_of("Q1,Q2"), {}, "The table has no row of a person."),
        (rows_of("Q1", *"1" * 12, "l"), {}, "Row 14, column Q1: “l” is neither 0 nor 1."),
        (rows_of("Q1,Q2", "1,x"), {"points": True}, "Row 2, column Q2: “x” is no number of points."),
        (rows_of("Q1", "-1"), {"points": True}, "Points are numbers from 0."),
        (rows_of("Q1,Q2", "1,0"), {"group": "site"}, "There is no column site."),
        (rows_of("name,Q1", "a,B"), {}, "The cells are not 0 and 1, and there is no key: add a row that begins with “key” or 答案."),
        ([Row(1, ("Q1",)), Row(2, ("\ufffd",), is_damaged=True)], {}, "Row 2 has a byte that cannot be read."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_place(rows: list[Row], options: dict, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_responses(rows, **options)
    assert str(refused.value) == told


def test_one_spelling_of_a_choice() -> None:
    assert {choice(text) for text in ("AB", "b，a", "ＡＢ", " a、b ")} == {"AB"}
    assert choice("正确") == "正确"
