"""`flask demo` and `flask gaps`."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from edu.base.db import db
from edu.cli import demo, demo_world
from edu.config import default_database
from edu.records.models import Tally


def tallies():
    columns = Tally.unit_id, Tally.role_id, Tally.topic_id, Tally.layer, Tally.required, Tally.held
    return sorted(map(tuple, db.session.execute(select(*columns).where(Tally.required > 0))), key=repr)


@pytest.fixture
def local(app):
    """Settings as `make run` has them."""
    settings = app.config["SETTINGS"]
    return replace(settings, database_url=default_database(settings.instance))


def test_only_the_local_default_database_is_filled(app, local):
    assert demo.refusal(local) == ""
    assert "DATABASE_URL" in demo.refusal(replace(local, database_url="postgresql+psycopg://db/buque"))
    assert "0.0.0.0" in demo.refusal(replace(local, host="0.0.0.0"))


def test_a_database_with_people_is_left_alone(world, local):
    assert demo.refusal(local) != ""


def test_the_command_says_why_it_will_not(app):
    answer = app.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 1
    assert "default SQLite" in answer.output


def test_everyone_who_is_suggested_is_in_the_world(world):
    for login in demo_world.SHOWN:
        assert login in world.members
        assert any(login in line for line in demo.sign_ins())


def test_the_world_is_the_same_every_time(world):
    assert len(demo_world.PEOPLE) == len(world.members)
    assert len({person.login for person in demo_world.PEOPLE}) == len(demo_world.PEOPLE)


def test_rebuilding_says_how_many_members_it_was_about(world, app):
    answer = app.test_cli_runner().invoke(args=["gaps", "rebuild"])
    begun = sum(person.path != "none" or person.login in demo_world.DIAGNOSED for person in demo_world.PEOPLE)
    assert answer.output == f"Rebuilt from the evidence of {begun} members.\n"


def test_restating_on_a_quiet_day_changes_no_figure(world, app):
    before = tallies()
    answer = app.test_cli_runner().invoke(args=["gaps", "restate"])
    assert answer.exit_code == 0
    assert tallies() == before
