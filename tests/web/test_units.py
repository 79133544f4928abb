"""The units' pages: what they say, whom they name, what they hand out."""

import io
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from python_calamine import CalamineWorkbook

from edu.cli.demo_world import PEOPLE
from edu.people import queries as people
from tests.statistics.town import Town, riverside


@pytest.fixture
def town(app) -> Town:
    return riverside()


class Links(HTMLParser):
    """Address and words of every link, and the words of every heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.heading = ""
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", ""))

    def handle_endtag(self, tag):
        while self.tags and self.tags.pop() != tag:
            pass

    def handle_data(self, data):
        if "a" in self.tags and self.links:
            address, words = self.links[-1]
            self.links[-1] = (address, words + data)
        if "h1" in self.tags:
            self.heading += data


def first_number(text: str) -> int | None:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else None


def numbers_of(page) -> list[tuple[str, int]]:
    """Address and number of every figure that opens a list; percentages count rungs, so their lists are not compared."""
    return [
        (address, number)
        for address, words in Links(page.html).links
        if "/list?" in address and "%" not in words and (number := first_number(words)) is not None
    ]


def sheets_of(answer) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.response.get_data()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def secretary(town: Town, unit: str) -> int:
    return town.actor("secretary", unit).member_id


def test_one_unit_opens_at_once_and_several_are_listed(town, browser):
    one = browser.as_(secretary(town, "first"))
    assert one.get("units.index", expect=302).location == f"/units/{town.units['first']}"
    both = secretary(town, "first")
    town.actor("board", "market", both)
    page = browser.as_(both).get("units.index")
    assert [words for address, words in Links(page.html).links if re.fullmatch(r"/units/\d+", address)] == [
        "first",
        "market",
    ]


def test_the_page_opens_with_its_answer(town, browser):
    page = browser.as_(secretary(town, "first")).get("units.show", unit_id=town.units["first"])
    assert Links(page.html).heading == "What first lacks"
    assert "14 of the 26 required layers are still lacking." in page.text
    assert "A meeting on privacy, layer 1" in page.text


def test_a_unit_that_lacks_nothing_says_so(town, browser):
    town.unit("done", "top")
    town.people("done", 6, "member", holds="aid1 aid2 privacy1")
    page = browser.as_(secretary(town, "done")).get("units.show", unit_id=town.units["done"])
    assert Links(page.html).heading == "done lacks nothing"
    assert "Every one of the 18 required layers is held." in page.text
    assert "Nobody needs a hand right now" in page.text


def test_units_without_members_and_without_requirements_say_so(town, browser):
    board = browser.as_(town.actor("board", "top").member_id)
    page = board.get("units.show", unit_id=town.units["empty"])
    assert "Nobody is in this unit yet." in page.text
    town.unit("idle", "top")
    town.people("idle", 6)
    assert "Nothing is required of anyone here yet." in board.get("units.show", unit_id=town.units["idle"]).text


def test_a_unit_that_is_too_small_says_so_and_nothing_else(town, browser):
    board = browser.as_(town.actor("board", "top").member_id)
    page = board.get("units.show", unit_id=town.units["couriers"])
    assert "There are too few people here" in page.text
    assert numbers_of(page) == []
    listed = board.get("units.behind", unit_id=town.units["couriers"])
    assert Links(listed.html).heading == "Too few people to show"


def test_other_units_do_not_exist(town, browser):
    reader = browser.as_(secretary(town, "first"))
    there = people.members_in(1, 100)
    stranger = next(member for member in there if member.unit_id == town.units["market"])
    market, nowhere = town.units["market"], 99999
    for unit_id in (market, nowhere):
        pages = [
            reader.get(endpoint, unit_id=unit_id, expect=404).text
            for endpoint in ("units.show", "units.behind", "units.export")
        ]
        pages.append(reader.get("units.person", unit_id=unit_id, member_id=stranger.id, expect=404).text)
        assert all("market" not in page and stranger.name not in page for page in pages)
    reader.get("units.person", unit_id=town.units["first"], member_id=stranger.id, expect=404)


def test_members_without_a_duty_have_no_such_page(town, browser):
    plain = browser.as_(town.people("first", 1, "member")[0])
    plain.get("units.show", unit_id=town.units["first"], expect=403)


@pytest.mark.parametrize("query", ["topic=x", "topic=999", "layer=1.5", "role=-1", "state=all", "topic=" + "9" * 30])
def test_a_number_that_is_not_on_the_page_has_no_list(town, browser, query):
    board = browser.as_(town.actor("board", "top").member_id)
    board.get(f"/units/{town.units['top']}/list?{query}", expect=404)


def check_every_number(reader, unit_id: int) -> int:
    """Follow every figure of a unit's page, and of the lists below it; returns how many were compared."""
    start = reader.get("units.show", unit_id=unit_id)
    waiting, seen = numbers_of(start), set()
    while waiting:
        address, number = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        listed = reader.get(address)
        assert first_number(Links(listed.html).heading) == number, address
        waiting += numbers_of(listed)
    return len(seen)


def test_every_number_opens_the_list_with_the_same_number(town, browser):
    board = browser.as_(town.actor("board", "top").member_id)
    assert check_every_number(board, town.units["top"]) > 20
    assert check_every_number(browser.as_(secretary(town, "second")), town.units["second"]) > 15


@pytest.mark.parametrize(("kind", "unit"), [("board", "top"), ("board", "first"), ("secretary", "second")])
def test_the_sheets_have_the_numbers_of_the_page(town, browser, kind, unit):
    reader = browser.as_(town.actor(kind, unit).member_id)
    page = reader.get("units.show", unit_id=town.units[unit])
    sheets = sheets_of(reader.get("units.export", unit_id=town.units[unit]))
    gaps = next(number for address, number in numbers_of(page) if address.endswith("list?state=open"))
    rungs = sheets["Topics and layers"]
    together = next(row for row in rungs if row[0] == "Together")
    assert together[4] == gaps == sum(row[4] for row in rungs[2:] if isinstance(row[1], float) and row[4] != "hidden")
    if "Units" in sheets:
        rows = sheets["Units"]
        last = next(place for place, row in enumerate(rows) if row[0] == "Together")
        assert rows[last][4] == gaps == sum(row[4] for row in rows[2:last] if row[4] != "hidden")
        members = next(number for address, number in numbers_of(page) if address.endswith("list?state=members"))
        assert rows[last][1] == members == sum(row[1] for row in rows[2:last] if row[1] not in ("hidden", ""))


def test_the_sheets_name_persons_to_the_own_secretary_only(town, browser):
    own = sheets_of(browser.as_(secretary(town, "second")).get("units.export", unit_id=town.units["second"]))
    board = browser.as_(town.actor("board", "top").member_id)
    above = sheets_of(board.get("units.export", unit_id=town.units["second"]))
    assert "east 0" in str(own["Members"])
    assert "Members" not in above
    assert "east 0" not in str(above)
    assert "left out" in str(sheets_of(board.get("units.export", unit_id=town.units["top"]))["Notes"])


def test_every_look_is_noted_for_those_who_were_named_and_only_for_them(town, browser):
    viewer = secretary(town, "second")
    reader, unit_id = browser.as_(viewer), town.units["second"]
    seen = next(member.id for member in people.members_in(1, 100) if member.name == "east 0")
    fine = next(member.id for member in people.members_in(1, 100) if member.name == "second 0")
    reader.get("units.show", unit_id=unit_id)
    reader.get("units.behind", unit_id=unit_id, state="open")
    reader.get("units.person", unit_id=unit_id, member_id=seen)
    assert [view.page for view in people.views_of(seen)] == ["units.person", "units.behind", "units.show"]
    assert people.views_of(fine) == []
    reader.get("units.export", unit_id=unit_id)
    assert [view.page for view in people.views_of(fine)] == ["units.export"]
    assert people.views_of(viewer) == []


def test_a_look_that_was_refused_is_not_a_look(town, browser):
    other = next(member.id for member in people.members_in(1, 100) if member.name == "market 0")
    browser.as_(secretary(town, "first")).get("units.person", unit_id=town.units["first"], member_id=other, expect=404)
    assert people.views_of(other) == []


def test_the_page_of_a_member_tells_where_they_stand(town, browser):
    member = next(member for member in people.members_in(1, 100) if member.name == "first 0")
    page = browser.as_(secretary(town, "first")).get("units.person", unit_id=town.units["first"], member_id=member.id)
    assert Links(page.html).heading == "first 0"
    assert "This look is noted, and first 0 can see it." in page.text


def test_of_a_member_under_relief_nothing_is_required_on_their_page_either(world, browser):
    lin, second = browser.as_(world.members["lin.wei"]), world.units["second"]
    page = lin.get("units.person", unit_id=second, member_id=world.members["wei.guoqiang"])
    assert "Nothing is required of this member at present." in page.text
    assert "Lacks" not in page.text and "not shown yet" not in page.text


def test_the_page_of_each_member_says_the_number_of_the_list(world, browser):
    lin, second = browser.as_(world.members["lin.wei"]), world.units["second"]
    listed = {row[0]: row[4] for row in sheets_of(lin.get("units.export", unit_id=second))["Members"]}
    for person in PEOPLE:
        if person.unit.startswith("second"):
            page = lin.get("units.person", unit_id=second, member_id=world.members[person.login])
            lacks = re.search(r"Lacks (\d+) of", page.text)
            assert int(lacks[1] if lacks else 0) == listed[person.name_en]


def test_a_page_of_a_committee_asks_as_many_statements_for_one_branch_as_for_all(town, browser, count_statements):
    reader = browser.as_(town.actor("board", "top").member_id)
    counts = []
    for unit in ("parish", "top"):
        with count_statements() as statements:
            reader.get("units.show", unit_id=town.units[unit])
        counts.append(len(statements))
    assert counts == [11, 11]


def test_every_number_of_the_demo_is_that_of_its_list(world, browser):
    compared = 0
    for person in PEOPLE:
        for kind, unit in person.duties:
            if kind in ("board", "secretary"):
                reader = browser.as_(world.members[person.login])
                compared += check_every_number(reader, world.units[unit])
    assert compared > 100


def forecast_of(page) -> list[list[str]]:
    """The rows of the forecast on a page."""
    table = re.search(r'<table[^>]*id="forecast".*?</table>', page.html, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table[0] if table else "", re.DOTALL)[1:]
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_what_comes_due_is_told_to_the_own_secretary_alone_and_the_sheet_says_the_same(world, browser):
    second = world.units["second"]
    own = browser.as_(world.members["lin.wei"])
    rows = forecast_of(own.get("units.show", unit_id=second))
    assert rows and all(int(row[2]) + int(row[3]) >= int(row[1]) > 0 for row in rows)
    book = CalamineWorkbook.from_filelike(io.BytesIO(own.get("units.export", unit_id=second).response.data))
    lines = book.get_sheet_by_name("Next quarter").to_python()
    named = {row[0] for row in rows}
    assert [[row[0], *(str(int(cell)) for cell in row[1:5])] for row in lines if row[0] in named] == rows
    above = browser.as_(world.members["zheng.hong"]).get("units.show", unit_id=second)
    assert "In the next quarter" not in above.text
