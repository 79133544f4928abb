"""Today: what do I lack, and what next?"""

from datetime import timedelta

import pytest

from edu.authoring.actions import survey
from edu.base.clock import day_of
from edu.base.db import begin_write, db
from edu.base.i18n import LANGUAGES
from edu.cli.demo_world import take_quiz
from edu.config import ROOT
from edu.courses import actions as course_actions
from edu.courses import queries as courses
from edu.gaps import queries as gaps
from edu.records import actions as records
from tests import make
from tests.times import MONDAY


def test_home_says_what_is_lacking_and_why(world, browser):
    page = browser.as_(world.members["zhou.ming"]).get("home.show")
    lacking = sum(len(ladder.lacking) for ladder in gaps.ladders(world.members["zhou.ming"], on=day_of(world.at)))
    assert f"{lacking} rungs lacking, about" in page.text
    assert (
        "The role “Member” requires layer 2 in Data & privacy; of your answers at layer 2 so far, 1 of 3" in page.text
    )
    assert "100%" not in page.text


def test_home_continues_exactly_where_one_stopped(world, browser):
    page = browser.as_(world.members["zhou.ming"]).get("home.show")
    assert 'href="/modules/data-2-roster#' in page.html
    assert "You stopped at “" in page.text


def test_every_ladder_has_words_beside_its_picture(world, browser):
    page = browser.as_(world.members["zhou.ming"], "zh-CN").get("home.show")
    assert page.html.count('role="img"') == 8
    assert "数据安全与个人信息：共 4 层，已掌握 1 层，缺 1 层，还不确定 0 层" in page.html


def test_what_no_module_teaches_is_counted_and_said(world, browser):
    begin_write()
    gone = [courses.published(key, "en").module_id for key in ("rights-1-member", "rights-2-stages")]
    course_actions.retire_modules(gone, by=None, at=world.at)
    db.session.commit()
    page = browser.as_(world.members["ye.zi"]).get("home.show")
    assert "Lacking, but no module teaches it yet" in page.text
    assert "Rights & procedure, layers 1 and 2" in page.text


@pytest.mark.parametrize("plan", survey(ROOT / "content").plans, ids=lambda plan: plan.role.key)
def test_every_role_comes_from_an_empty_record_to_an_empty_list(world, browser, plan):
    begin_write()
    role_id = next(one.id for one in courses.roles() if one.key == plan.role.key)
    person = make.member("newcomer", world.units["second"], role_id)
    keys = {module.id: module.key for module in courses.catalogue("en")}
    taken = []
    while steps := gaps.plan(gaps.ladders(person.member_id, on=day_of(world.at)), courses.catalogue("en")):
        key, language = keys[steps[0].module_id], LANGUAGES[len(taken) % 2]
        take_quiz(person, key, "+", language=language, at=world.at + timedelta(minutes=10 * len(taken)))
        taken.append(key)
        assert len(taken) <= len(plan.modules)
    db.session.commit()
    assert taken == [module.key for module in plan.modules]
    assert "Nothing is lacking" in browser.as_(person).get("home.show").text
    assert "不缺了" in browser.as_(person, "zh-CN").get("home.show").text


def test_an_empty_plan_says_so_with_some_joy(app, browser):
    begin_write()
    school = make.school({"member": {"aid": 1}})
    ada = make.member("ada", school.units["north"], school.roles["member"])
    take_quiz(ada, "aid-1", "+", at=MONDAY)
    page = browser.as_(ada).get("home.show")
    assert "Nothing is lacking" in page.text
    assert "The plan" not in page.text


def test_someone_without_a_role_lacks_nothing_and_may_browse(app, browser):
    begin_write()
    school = make.school()
    page = browser.as_(make.member("guest", school.units["north"])).get("home.show")
    assert "Nothing is required of you yet" in page.text
    assert 'href="/modules"' in page.html


def test_under_relief_everything_is_recommended_and_the_reason_stays_unsaid(world, browser):
    page = browser.as_(world.members["wei.guoqiang"]).get("home.show")
    assert "Nothing is required of you at present; what stands here is recommended." in page.text
    assert "age" not in page.text.lower().split()


def test_a_rung_filled_leaves_the_plan(app, browser):
    begin_write()
    school = make.school()
    ada = make.member("ada", school.units["north"], school.roles["member"])
    before = browser.as_(ada).get("home.show")
    assert "About aid-1" in before.text
    begin_write()
    take_quiz(ada, "aid-1", "+", at=MONDAY)
    after = browser.as_(ada).get("home.show")
    assert "About aid-1" not in after.text
    assert "About aid-2" in after.text


def test_home_costs_the_same_statements_for_a_long_record(world, browser, count_statements):
    counts = []
    for login in ("ye.zi", "wu.jie"):
        visitor = browser.as_(world.members[login])
        visitor.get("home.show")
        with count_statements() as statements:
            visitor.get("home.show")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_a_prerequisite_of_no_role_says_what_it_is_for(app, browser):
    begin_write()
    school = make.school({"member": {"privacy": 1}})
    ada = make.member("ada", school.units["north"], school.roles["member"])
    make.module("privacy-1", school.topics["privacy"], 1, requires=frozenset({school.modules["aid-1"]}))
    db.session.commit()
    page = browser.as_(ada).get("home.show")
    assert "It comes before a module that your role requires." in page.text
    assert page.text.index("About aid-1") < page.text.index("About privacy-1")


def test_relief_that_ends_requires_again(world, browser):
    begin_write()
    wei = world.members["wei.guoqiang"]
    records.end_relief(wei, by=None, on=day_of(world.at), at=world.at)
    page = browser.as_(wei).get("home.show")
    assert "what stands here is recommended" not in page.text
