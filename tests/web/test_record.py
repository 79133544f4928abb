"""My record: what is stored, how it came about, who looked."""

from edu.base.clock import day_of, now
from edu.base.db import begin_write
from edu.courses import actions
from edu.courses import queries as courses
from edu.records import queries as records
from edu.records.forecast import forecast


def test_the_record_shows_completions_hours_quizzes_and_who_looked(world, browser):
    page = browser.as_(world.members["zhou.ming"]).get("record.show")
    assert page.text.count("not passed") == 2
    passed = ("rights-1-member", "data-1-personal", "law-1-fraud", "emergency-1-golden-minutes")
    minutes = sum(courses.published(key, "en").minutes for key in passed)
    assert f"Online self-study {minutes} {minutes // 15 / 4:g}" in page.text
    assert "Lin Wei" in page.text
    assert "Your record, as the secretary of your branch sees it" in page.text


def test_an_empty_record_says_what_will_stand_there(world, browser):
    page = browser.as_(world.members["ye.zi"]).get("record.show")
    for words in ("No hours yet", "Nothing completed yet", "No quiz yet", "Nobody has looked yet"):
        assert words in page.text


def test_ones_own_look_is_not_logged(world, browser):
    person = browser.as_(world.members["lin.wei"])
    person.get("record.show")
    assert "Nobody has looked yet" in person.get("record.show").text


def test_every_quiz_taken_opens_its_result(world, browser):
    person = browser.as_(world.members["zhou.ming"])
    page = person.get("record.show")
    for address in {part.split('"')[0] for part in page.html.split('href="')[1:] if part.startswith("/quiz/")}:
        assert "The questions" in person.get(address).text


def test_the_record_costs_the_same_statements_whatever_is_in_it(world, browser, count_statements):
    counts = set()
    for login in ("ye.zi", "wu.jie"):
        person = browser.as_(world.members[login])
        person.get("record.show")
        with count_statements() as statements:
            person.get("record.show")
        counts.add(len(statements))
    assert len(counts) == 1
    assert counts.pop() <= 12


def test_looks_are_counted_by_day_person_and_page(world, browser):
    lin, zhou = browser.as_(world.members["lin.wei"]), browser.as_(world.members["zhou.ming"])
    for _ in range(3):
        lin.get("units.person", unit_id=world.units["second"], member_id=world.members["zhou.ming"])
    page = zhou.get("record.show")
    assert page.text.count("Lin Wei") == 2  # a look two days ago, and three today
    assert "Times that day" in page.text
    assert ' class="n">3</td>' in page.html


def test_a_module_no_longer_offered_is_named_but_leads_nowhere(world, browser):
    done = courses.published("data-1-personal", "en")
    begin_write()
    actions.retire_modules([done.module_id], by=None, at=world.at)
    page = browser.as_(world.members["zhou.ming"]).get("record.show")
    assert done.title in page.text
    assert 'href="/modules/data-1-personal"' not in page.html


def test_what_comes_due_in_the_next_quarter(world, browser):
    fading = forecast(records.spans(world.members["lin.wei"]), on=day_of(now()))
    page = browser.as_(world.members["lin.wei"]).get("record.show")
    assert fading and page.html.count('class="tick"') == len(fading)
    assert "one or two questions are enough" in page.text
    fresh = browser.as_(world.members["ye.zi"]).get("record.show")
    assert "Nothing comes due before" in fresh.text


def test_diagnostics_stand_in_the_record_and_lead_to_their_result(world, browser):
    page = browser.as_(world.members["su.qing"]).get("record.show")
    assert "Diagnostics, checks, reviews and practice" in page.text
    assert 'href="/diagnostic/' in page.html and "/result" in page.html
