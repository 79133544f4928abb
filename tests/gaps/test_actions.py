"""Everything derived follows from the evidence, and can be made again from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.base.db import begin_write, db
from edu.cli.demo_world import take_quiz
from edu.gaps import actions, queries
from edu.gaps.evidence import Answer, Start
from edu.gaps.ladder import OFFERED, Outcome, Unknown, prior_from, update_offered
from edu.gaps.models import Belief, Evidence
from edu.people.models import Relief
from edu.records import actions as records
from edu.records.models import Completion, Holding, HoursEntry, Standing, Tally
from tests import make
from tests.times import MONDAY
from tests.together import meanwhile

#: Everything that follows from the evidence; surrogate ids and zero tallies carry no meaning.
DERIVED = {
    Belief: (Belief.member_id, Belief.topic_id, Belief.states, Belief.shown, Belief.memory, Belief.updated_at),
    Holding: (
        Holding.member_id,
        Holding.topic_id,
        Holding.layer,
        Holding.since_at,
        Holding.due_on,
        Holding.lapses_on,
    ),
    Completion: (
        Completion.member_id,
        Completion.module_id,
        Completion.version_id,
        Completion.unit_id,
        Completion.share,
        Completion.completed_at,
    ),
    HoursEntry: (
        HoursEntry.member_id,
        HoursEntry.unit_id,
        HoursEntry.category,
        HoursEntry.minutes,
        HoursEntry.studied_on,
    ),
    Standing: (
        Standing.member_id,
        Standing.unit_id,
        Standing.role_id,
        Standing.topic_id,
        Standing.layer,
        Standing.is_held,
    ),
    Tally: (Tally.unit_id, Tally.role_id, Tally.topic_id, Tally.layer, Tally.required, Tally.held),
}


def derived():
    """Every derived table as sorted rows; beliefs to nine decimals (they are sums of many products)."""
    tables = {}
    for table, columns in DERIVED.items():
        query = select(*columns)
        if table is Tally:
            query = query.where(Tally.required > 0)
        tables[table.__tablename__] = sorted(
            (
                tuple(
                    [round(p, 9) for p in value] if column is Belief.states else value
                    for column, value in zip(columns, row, strict=True)
                )
                for row in db.session.execute(query)
            ),
            key=repr,
        )
    return tables


@pytest.fixture
def busy(app):
    """A branch in which much has happened: passes, fails, moves, relief, a role given and ended, someone gone."""
    begin_write()
    school = make.school()
    north, south = school.units["north"], school.units["south"]
    role, leader = school.roles["member"], school.roles["leader"]
    ada, ben, cleo = (make.member(login, north, role) for login in ("ada", "ben", "cleo"))
    dan = make.member("dan", south, role, leader)
    take_quiz(ada, "aid-1", "+", at=MONDAY)
    take_quiz(ada, "aid-2", "~", at=MONDAY + timedelta(days=1))
    take_quiz(ben, "aid-1", "-", at=MONDAY)
    take_quiz(ben, "aid-1", "+", at=MONDAY + timedelta(days=3))
    take_quiz(dan, "aid-2", "+", at=MONDAY)
    take_quiz(cleo, "aid-1", "+", at=MONDAY)
    later = MONDAY + timedelta(days=4)
    records.move_member(ada.member_id, south, by=None, on=day_of(later), at=later)
    take_quiz(ada, "aid-1", "-", at=later + timedelta(days=1))
    records.end_role(dan.member_id, leader, by=None, on=day_of(later), at=later)
    records.grant_relief(ben.member_id, "age", until_on=None, by=dan.member_id, on=day_of(later), at=later)
    records.deactivate(cleo.member_id, by=None, on=day_of(later), at=later)
    db.session.commit()
    return school


def test_the_rebuilt_tables_are_equal(busy):
    before = derived()
    assert all(before.values()), "every derived table has something to lose"
    begin_write()
    assert actions.rebuild(on=day_of(MONDAY + timedelta(days=10))) == 4
    assert derived() == before


def test_a_rebuild_mends_what_was_tampered_with(busy):
    before = derived()
    begin_write()
    db.session.execute(update(Tally).values(held=Tally.required))
    db.session.execute(update(Belief).values(shown=[]))
    assert derived() != before
    actions.rebuild(on=day_of(MONDAY + timedelta(days=10)))
    assert derived() == before


def test_a_rebuild_of_the_whole_demo_world_changes_nothing(world):
    before = derived()
    begin_write()
    actions.rebuild(on=day_of(world.at))
    assert derived() == before


def test_a_rebuild_waits_for_a_quiz_that_is_being_submitted(app, busy):
    dora = make.member("dora", busy.units["north"], busy.roles["member"])
    later = MONDAY + timedelta(days=10)
    meanwhile(app, lambda: take_quiz(dora, "aid-1", "+", at=later), lambda: actions.rebuild(on=day_of(later)))
    before = derived()
    begin_write()
    actions.rebuild(on=day_of(later))
    assert derived() == before


def test_evidence_is_replayed_to_the_same_belief_to_the_bit(busy):
    stored = select(Belief.member_id, Belief.topic_id, Belief.states, Belief.shown, Belief.memory, Belief.updated_at)
    for member_id, topic_id, *belief in db.session.execute(stored):
        known = queries.picture_of(*belief)
        assert queries.pictures_then(member_id, on=known.on)[topic_id] == known


def test_the_past_can_be_looked_at_from_any_day(busy):
    """Whatever is shown later, a past day shows what was known on it: to the bit."""
    (ada,) = db.session.scalars(select(Evidence.member_id).order_by(Evidence.id).limit(1))
    aid, days = busy.topics["aid"], [day_of(MONDAY) + timedelta(days=n) for n in range(12)]
    before = [queries.pictures_then(ada, on=day)[aid] for day in days]
    assert len({known.belief for known in before}) == len(days), "it fades from day to day"
    begin_write()
    take_quiz(Actor(ada, ()), "aid-1", "-", at=MONDAY + timedelta(days=20))
    assert [queries.pictures_then(ada, on=day)[aid] for day in days] == before
    assert queries.pictures_then(ada, on=day_of(MONDAY) - timedelta(days=1)) == {}


def test_evidence_cannot_be_changed_or_removed(busy):
    for statement in (update(Evidence).values(weight=0.5), Evidence.__table__.delete()):
        begin_write()
        with pytest.raises(Exception, match="only added"):
            db.session.execute(statement)
        db.session.rollback()


def test_what_was_earned_stays_in_the_unit_where_it_was_earned(busy):
    (ada,) = db.session.execute(
        select(Completion.member_id).where(Completion.module_id == busy.modules["aid-2"], Completion.share < 1)
    ).one()
    units = set(db.session.scalars(select(Completion.unit_id).where(Completion.member_id == ada)))
    assert units == {busy.units["north"]}
    standing = set(db.session.scalars(select(Standing.unit_id).where(Standing.member_id == ada)))
    assert standing == {busy.units["south"]}


def test_relief_takes_a_member_out_of_every_figure_and_its_end_puts_them_back(busy):
    (ben,) = db.session.execute(select(Relief.member_id)).one()
    figures = select(Standing.id).where(Standing.member_id == ben)
    assert db.session.execute(figures).all() == []
    begin_write()
    after = MONDAY + timedelta(days=9)
    records.end_relief(ben, by=None, on=day_of(after), at=after)
    assert len(db.session.execute(figures).all()) == 6


def test_an_observation_from_elsewhere_needs_no_quiz(busy):
    begin_write()
    someone = make.member("paper", busy.units["north"], busy.roles["member"])
    right = Answer(1, right=True, slip=0.1, guess=0.02, weight=1.0)
    actions.observe(someone.member_id, busy.topics["privacy"], [right] * 2, unit_id=busy.units["north"], at=MONDAY)
    ladder = queries.ladder(someone.member_id, busy.topics["privacy"], on=day_of(MONDAY))
    assert ladder.holds == (True, False, False, False)


def test_the_reason_of_a_gap_is_the_highest_role_that_asks(app):
    begin_write()
    school = make.school()
    both = make.member("both", school.units["north"], school.roles["member"], school.roles["leader"])
    ladder = queries.ladder(both.member_id, school.topics["aid"], on=day_of(MONDAY))
    assert (ladder.required, ladder.role_id) == (3, school.roles["leader"])


def test_i_have_not_learned_this_and_a_found_prior_are_kept_and_replayed(busy):
    begin_write()
    later = MONDAY + timedelta(days=10)
    aid, north = busy.topics["aid"], busy.units["north"]
    states = prior_from((0, 0, 40, 0, 0))
    actions.set_priors(aid, {None: (states, 40)}, at=MONDAY)
    someone = make.member("new", north, busy.roles["member"])
    unknown = Answer(2, right=False, slip=0.1, guess=0.2, weight=0.8, offered=Unknown(0.03, 0.5), unknown=True)
    right = Answer(1, right=True, slip=0.1, guess=0.2, weight=0.8, offered=OFFERED)
    actions.observe(someone.member_id, aid, [unknown, right], unit_id=north, at=later)
    expected = update_offered(states, 2, Outcome.UNKNOWN, slip=0.1, guess=0.2, unknown=Unknown(0.03, 0.5), weight=0.8)
    expected = update_offered(expected, 1, Outcome.RIGHT, slip=0.1, guess=0.2, weight=0.8)
    assert queries.picture(someone.member_id, aid).belief == expected
    assert [row.observation for row in queries.evidence_of(someone.member_id)] == [Start(states), unknown, right]
    before = derived()
    actions.set_priors(aid, {None: (prior_from((40, 0, 0, 0, 0)), 40)}, at=MONDAY)  # a later night finds another
    actions.rebuild(on=day_of(later))
    assert derived() == before
