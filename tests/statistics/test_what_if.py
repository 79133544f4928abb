"""What everybody lacks under other requirements: as counted member by member, and as it would really be."""

import hashlib
import json
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import func, select

from edu.base.clock import day_of
from edu.base.db import Model, begin_write, db
from edu.cli.demo_world import take_quiz
from edu.courses import actions as courses
from edu.courses import queries as catalogue
from edu.gaps import queries as gap_queries
from edu.people import queries as people
from edu.records import actions as records
from edu.records.models import Standing
from edu.statistics import what_if
from edu.statistics.queries import organisation as rows
from edu.statistics.what_if import Organisation
from tests import make
from tests.times import MONDAY


def made_up(seed, members=70, roles=4, topics=3):
    random = Random(seed)
    has = [random.sample(range(roles), random.randint(0, 3)) for _ in range(members)]
    held = [[random.randrange(16) for _ in range(topics)] for _ in range(members)]
    asks = [[random.randint(0, 4) for _ in range(topics)] for _ in range(roles)]
    first = np.cumsum([0, *map(len, has)])
    flat = np.array([role for each in has for role in each], np.int32)
    return Organisation(first, flat, np.array(held, np.uint8)), np.array(asks, np.uint8), has, held, asks


def one_by_one(has, held, asks, topic, layer):
    """(required, lacking) members in one cell, counted as a person would."""
    wanted = [max((asks[role][topic] for role in roles), default=0) >= layer for roles in has]
    lacks = [want and not held[m][topic] >> (layer - 1) & 1 for m, want in enumerate(wanted)]
    return sum(wanted), sum(lacks)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_figures_are_what_counting_member_by_member_gives(seed, chunk):
    everybody, asks, *plain = made_up(seed)
    found = what_if.figures(everybody, asks, 4, chunk=chunk)
    for topic in range(3):
        for layer in range(1, 5):
            counted = found.required[topic, layer - 1], found.lacking[topic, layer - 1]
            assert counted == one_by_one(*plain, topic, layer)
    lists = what_if.gaps(everybody, asks, chunk=chunk)
    assert found.members == (lists != 0).any(axis=1).sum()
    assert found.lacking.sum() == sum(int(mask).bit_count() for mask in lists.ravel())


def test_progress_is_told_and_nobody_at_all_is_no_trouble():
    everybody, asks, *_plain = made_up(1)
    seen = []
    what_if.figures(everybody, asks, 4, chunk=30, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(30, 70), (60, 70), (70, 70)]
    nobody = Organisation(np.zeros(1, int), np.zeros(0, np.int32), np.zeros((0, 3), np.uint8))
    assert what_if.figures(nobody, asks, 4).members == 0
    assert what_if.gaps(nobody, asks).shape == (0, 3)


def masks(on):
    """member → topic → the required layers not held, from each member's own ladders."""
    return {
        member_id: {
            ladder.topic_id: sum(1 << (layer - 1) for layer in ladder.lacking)
            for ladder in gap_queries.ladders(member_id, on=on)
        }
        for member_id in rows.member_ids(on=on)
    }


def read(on):
    topics, roles = catalogue.topics(), catalogue.roles()
    asked = catalogue.requirements(on=on)
    asks = np.array([[asked.get(r.id, {}).get(t.id, 0) for t in topics] for r in roles], np.uint8)
    lists = what_if.gaps(rows.organisation([t.id for t in topics], [r.id for r in roles], on=on), asks)
    return {
        member_id: {topic.id: int(mask) for topic, mask in zip(topics, line, strict=True)}
        for member_id, line in zip(rows.member_ids(on=on), lists, strict=True)
    }


@pytest.mark.parametrize("days", [0, 200, 900])
def test_gap_lists_are_those_of_each_members_own_ladders(world, days):
    """Also long after, when much has lapsed; who is relieved is left out."""
    on = day_of(world.at + timedelta(days=days))
    found = read(on)
    assert found == masks(on)
    assert world.members["wei.guoqiang"] not in found
    assert len(found) == len(people.all_member_ids()) - 1


def lacking_by_cell():
    counted = (
        select(Standing.topic_id, Standing.layer, func.count())
        .where(Standing.role_id.is_(None), Standing.is_held.is_(False))
        .group_by(Standing.topic_id, Standing.layer)
    )
    return {(topic_id, layer): count for topic_id, layer, count in db.session.execute(counted)}


@pytest.fixture
def school(app):
    begin_write()
    built = make.school({"member": {"aid": 2, "privacy": 1}, "leader": {"aid": 3}})
    for login, roles in (("ada", ("member",)), ("ben", ("member", "leader")), ("cleo", ()), ("dan", ("leader",))):
        actor = make.member(login, built.units["north"], *[built.roles[role] for role in roles])
        if login != "cleo":
            take_quiz(actor, "aid-1", "+", at=MONDAY)
    db.session.commit()
    return built


def state():
    tables = sorted(Model.metadata.tables.items())
    found = [
        repr(db.session.execute(select(table).order_by(*table.primary_key.columns)).all()) for _name, table in tables
    ]
    db.session.rollback()
    return hashlib.sha256(repr(found).encode()).hexdigest()


def ask(app, *changes):
    args = ["gaps", "what-if", "--json", "--on", day_of(MONDAY).isoformat()]
    return app.test_cli_runner().invoke(args=args + [f"--require={change}" for change in changes])


def test_it_says_what_would_really_be_and_writes_nothing(school, app):
    before = state()
    said = json.loads(ask(app, "member:aid=4", "member:privacy=0", "leader:privacy=2").stdout)
    assert state() == before
    topics = {topic.key: topic.id for topic in catalogue.topics()}
    assert {(topics[c["topic"]], c["layer"]): c["lacking_now"] for c in said["cells"] if c["lacking_now"]} == (
        lacking_by_cell()
    )
    begin_write()
    courses.define_framework(
        make.framework({"member": {"aid": 4}, "leader": {"aid": 3, "privacy": 2}}), on=day_of(MONDAY)
    )
    records.restate_all(on=day_of(MONDAY))
    assert {(topics[c["topic"]], c["layer"]): c["lacking_then"] for c in said["cells"] if c["lacking_then"]} == (
        lacking_by_cell()
    )
    assert said["members"] == 4 and said["with_gaps"] == {"now": 3, "then": 3}


def test_minutes_are_those_of_the_shortest_modules(school, app):
    said = json.loads(ask(app, "leader:aid=1").stdout)
    assert said["minutes"] == {"now": 10 * 3, "then": 10 * 2}, "layer 2, which one member fewer would need"
    untaught = [(cell["topic"], cell["layer"]) for cell in said["cells"] if not cell["minutes"]]
    assert ("aid", 3) in untaught and ("privacy", 1) in untaught


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("member:aid", "is not written ROLE:TOPIC=LAYER"),
        ("membr:aid=2", "there is no role “membr”; there are leader, member"),
        ("member:ade=2", "there is no topic “ade”; there are aid, privacy"),
        ("member:aid=7", "there is no layer 7; the highest is 4"),
    ],
)
def test_what_was_typed_wrong_is_named(school, app, change, said):
    answer = ask(app, change)
    assert answer.exit_code == 2
    assert said in answer.output


def test_as_text_it_is_a_table(school, app):
    answer = app.test_cli_runner().invoke(args=["gaps", "what-if", "--on", day_of(MONDAY).isoformat()])
    assert "aid 2" in answer.stdout and "members who lack something: 3 now, 3 then" in answer.stdout
    assert "4 of 4 members" in answer.stderr


def test_restating_tells_how_far_it_is(school):
    seen = []
    begin_write()
    records.restate_all(on=day_of(MONDAY), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 4)]
