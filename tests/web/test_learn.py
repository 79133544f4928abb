"""Studying: the catalogue, a module's page, where one stopped, its pictures."""

import re

import pytest

from edu.base.db import begin_write, db
from edu.config import ROOT
from tests import make


@pytest.fixture
def zhou(world, browser):
    return browser.as_(world.members["zhou.ming"])


def test_a_module_opens_in_the_readers_language(world, browser):
    zh = browser.as_(world.members["zhou.ming"], "zh-CN").get("learn.show", key="data-2-roster")
    en = browser.as_(world.members["zhou.ming"], "en").get("learn.show", key="data-2-roster")
    assert zh.html != en.html
    assert '<html lang="zh-CN"' in zh.html
    assert '<html lang="en"' in en.html


def test_a_module_outside_ones_path_opens_too(world, browser):
    assert "Take the quiz" in browser.as_(world.members["sun.li"]).get("learn.show", key="law-2-help").text


def test_an_unknown_module_is_not_there(zhou):
    zhou.get("learn.show", key="no-such", expect=404)


def test_the_place_is_kept_and_offered(zhou):
    page = zhou.get("learn.show", key="law-1-fraud")
    assert "Continue at" not in page.text
    anchor = re.findall(r'<h2 id="([^"]+)"', page.html)[2]
    zhou.post("learn.place", {"anchor": anchor}, key="law-1-fraud", expect=303)
    again = zhou.get("learn.show", key="law-1-fraud")
    assert f'href="#{anchor}"' in again.html
    assert "Continue at" in again.text


def test_a_place_that_is_no_section_is_refused(zhou):
    zhou.post("learn.place", {"anchor": "<script>"}, key="law-1-fraud", expect=422)


def test_a_script_is_told_that_the_place_is_kept(zhou):
    page = zhou.get("learn.show", key="law-1-fraud")
    anchor = re.findall(r'<h2 id="([^"]+)"', page.html)[1]
    headers = {"Accept": "application/json"}
    said = zhou.post("learn.place", {"anchor": anchor}, key="law-1-fraud", expect=200, headers=headers)
    assert said.json == {"kept": anchor}


def test_pictures_are_served_under_their_digest_and_run_nothing(zhou):
    page = zhou.get("learn.show", key="data-2-roster")
    address = re.search(r'src="(/media/[^"]+)"', page.html).group(1)
    picture = zhou.get(address, expect=200).response
    assert picture.mimetype == "image/svg+xml"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert "immutable" in picture.headers["Cache-Control"]
    zhou.get(address.replace("/media/", "/media/0"), expect=404)
    zhou.get(address + "x", expect=404)


def test_the_catalogue_lists_every_topic_and_module(zhou):
    page = zhou.get("learn.catalogue")
    assert page.html.count('class="shelf"') == 8
    assert page.html.count('href="/modules/') == len(list((ROOT / "content").glob("*/*/module.zh-CN.md")))
    assert "No module yet." not in page.text


def test_a_topic_without_a_module_says_so(app, browser):
    begin_write()
    school = make.school()
    page = browser.as_(make.member("ada", school.units["north"], school.roles["member"])).get("learn.catalogue")
    assert "No module yet." in page.text


@pytest.mark.parametrize(
    ("word", "key"), [("名册", "data-2-roster"), ("按压", "emergency-1"), ("96110", "law-1-fraud")]
)
def test_search_finds_two_character_words(world, browser, word, key):
    page = browser.as_(world.members["zhou.ming"], "zh-CN").get(f"/modules?q={word}")
    hits = page.html.split('id="hits"')[1].split('class="shelf"')[0]
    assert f'href="/modules/{key}' in hits


@pytest.mark.parametrize("wanted", ['"', "NEAR(", "a AND", "* OR *", "<script>alert(1)</script>", "%", "'; --"])
def test_search_takes_whatever_is_typed(zhou, wanted):
    page = zhou.get("learn.catalogue", q=wanted)
    assert "<script>alert" not in page.html


def test_nothing_found_says_so(zhou):
    assert "Nothing found" in zhou.get("learn.catalogue", q="qwertyuiop").text


def test_the_next_and_the_previous_module_of_the_topic_are_offered(zhou):
    first = zhou.get("learn.show", key="data-1-personal")
    assert 'rel="next" href="/modules/data-2-roster"' in first.html
    assert 'rel="prev"' not in first.html


def test_a_module_page_costs_the_same_for_a_short_and_a_long_module(world, zhou, count_statements):
    counts = set()
    for key in ("data-1-personal", "law-2-help"):
        zhou.get("learn.show", key=key)
        with count_statements() as statements:
            zhou.get("learn.show", key=key)
        counts.add(len(statements))
    assert len(counts) == 1
    assert counts.pop() <= 6


def test_a_new_version_drops_a_place_in_the_old_one(app, browser):
    begin_write()
    school = make.school()
    ada = make.member("ada", school.units["north"], school.roles["member"])
    db.session.commit()
    reader = browser.as_(ada)
    reader.post("learn.place", {"anchor": "s1"}, key="aid-1", expect=303)
    assert "Continue at" in reader.get("learn.show", key="aid-1").text
    begin_write()
    make.module("aid-1", school.topics["aid"], 1)
    assert "Continue at" not in reader.get("learn.show", key="aid-1").text
