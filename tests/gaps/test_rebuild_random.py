"""Whatever happened, in whatever order: a rebuild changes nothing, and every figure is the sum of what it counts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from edu.base.actor import Actor
from edu.base.clock import day_of
from edu.base.db import begin_write, db
from edu.base.errors import Conflict, Invalid, NotFound
from edu.cli.demo_world import go_on, take_diagnostic, take_quiz
from edu.courses import actions as courses
from edu.gaps import actions, queries
from edu.people import actions as people
from edu.people import queries as persons
from edu.quizzes import actions as quizzes
from edu.records import actions as records
from edu.records.models import Standing, Tally
from tests import make
from tests.gaps.test_actions import derived
from tests.times import MONDAY

STEPS = 40
TOPICS, LAYERS, ROLES = ("aid", "privacy"), 4, ("member", "leader")


class History:
    """A school in which something happens every few hours. The same seed makes the same history."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.at = MONDAY
        self.school = make.school()
        self.school.modules["privacy-1"] = make.module("privacy-1", self.school.topics["privacy"], 1)
        units, roles = list(self.school.units.values()), list(self.school.roles.values())
        self.members = [
            make.member(login, self.random.choice(units), *self.random.sample(roles, self.random.randint(0, 2)))
            for login in ("ada", "ben", "cleo", "dan")
        ]
        self.deeds: list[Callable[[], object]] = [self.quiz] * 4 + [
            self.diagnose,
            self.disagree,
            self.review,
            self.wait,
            self.move,
            self.give_role,
            self.end_role,
            self.grant_relief,
            self.end_relief,
            self.leave,
            self.return_,
            self.ask_otherwise,
            self.publish,
            self.retire,
            self.hang,
        ]

    def happen(self) -> None:
        """One more thing happens, or is refused; it leaves behind what a rebuild would make."""
        self.at += timedelta(hours=self.random.randint(1, 60))
        records.restate_all(on=day_of(self.at))  # the nightly job: relief ends by itself
        with suppress(Conflict, Invalid, NotFound):
            self.random.choice(self.deeds)()

    @property
    def someone(self) -> Actor:
        return self.random.choice(self.members)

    @property
    def now(self) -> dict[str, object]:
        return {"by": None, "on": day_of(self.at), "at": self.at}

    def quiz(self) -> None:
        take_quiz(self.someone, self.random.choice(sorted(self.school.modules)), self.random.choice("++~-"), at=self.at)

    def holds(self, _topic: int, layer: int) -> bool:
        """Of nobody in particular: what somebody holds is learned and forgotten at random here."""
        return self.random.random() < 0.9 / layer

    def diagnose(self) -> None:
        take_diagnostic(self.someone, self.holds, guesses=self.random.random() < 0.3, at=self.at)

    def disagree(self) -> None:
        someone = self.someone
        attempt_id = quizzes.start_check(someone, self.random.choice(TOPICS), self.random.randint(1, 3), at=self.at)
        go_on(someone, attempt_id, self.holds, at=self.at)

    def review(self) -> None:
        someone = self.someone
        go_on(someone, quizzes.start_review(someone, at=self.at), self.holds, at=self.at)

    def wait(self) -> None:
        """Half a year in which rungs come due and lapse."""
        self.at += timedelta(days=self.random.randint(60, 300))
        records.restate_all(on=day_of(self.at))

    def move(self) -> None:
        records.move_member(self.someone.member_id, self.random.choice(list(self.school.units.values())), **self.now)

    def give_role(self) -> None:
        records.give_role(self.someone.member_id, self.random.choice(list(self.school.roles.values())), **self.now)

    def end_role(self) -> None:
        records.end_role(self.someone.member_id, self.random.choice(list(self.school.roles.values())), **self.now)

    def grant_relief(self) -> None:
        until = self.random.choice([None, day_of(self.at) + timedelta(days=self.random.randint(1, 20))])
        now = self.now | {"by": self.members[0].member_id}
        records.grant_relief(self.someone.member_id, "leave", until_on=until, **now)

    def end_relief(self) -> None:
        records.end_relief(self.someone.member_id, **self.now)

    def leave(self) -> None:
        records.deactivate(self.someone.member_id, **self.now)

    def return_(self) -> None:
        records.reactivate(self.someone.member_id, **self.now)

    def ask_otherwise(self) -> None:
        """Requirements are raised, lowered, begun and ended; now and then a role goes, or comes again."""
        asked = {
            role: {topic: layer for topic in TOPICS if (layer := self.random.randint(0, LAYERS))}
            for role in ROLES
            if self.random.random() < 0.8
        }
        courses.define_framework(make.framework(asked), on=day_of(self.at))
        records.restate_all(on=day_of(self.at))  # as load does

    def publish(self) -> None:
        """A new version of a module; one that was retired is on offer again."""
        key = self.random.choice(sorted(self.school.modules))
        name, layer = key.split("-")
        make.module(key, self.school.topics[name], int(layer), questions=self.random.randint(3, 8), at=self.at)

    def retire(self) -> None:
        courses.retire_modules([self.random.choice(list(self.school.modules.values()))], by=None, at=self.at)

    def hang(self) -> None:
        north, south, top = (self.school.units[code] for code in ("north", "south", "top"))
        people.move_unit(north, self.random.choice([south, top]), by=None, at=self.at)


def agrees(history: History) -> None:
    """Tallies are sums of standings, and a standing says what the member's own ladder says."""
    on = day_of(history.at)
    what = (Standing.unit_id, Standing.role_id, Standing.topic_id, Standing.layer)
    counted = select(*what, func.count()).group_by(*what)
    kept = select(Tally.unit_id, Tally.role_id, Tally.topic_id, Tally.layer, Tally.required).where(Tally.required > 0)
    assert set(map(tuple, db.session.execute(counted))) == set(map(tuple, db.session.execute(kept)))
    relieved = persons.on_relief(persons.all_member_ids(), on=on)
    for member in history.members:
        own = (Standing.member_id == member.member_id, Standing.role_id.is_(None))
        rows = select(Standing.unit_id, Standing.topic_id, Standing.layer, Standing.is_held).where(*own)
        stated = {(unit, topic, layer): is_held for unit, topic, layer, is_held in db.session.execute(rows)}
        person = persons.member(member.member_id)
        is_counted = person.is_active and person.id not in relieved
        shown = {
            (person.unit_id, ladder.topic_id, layer): ladder.holds[layer - 1]
            for ladder in queries.ladders(member.member_id, on=on)
            for layer in range(1, ladder.required + 1)
        }
        assert stated == (shown if is_counted else {})


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_after_a_random_history_changes_nothing(app: object, seed: int) -> None:
    begin_write()
    history = History(seed)
    for step in range(1, STEPS + 1):
        history.happen()
        agrees(history)
        if step % 5 == 0:
            before = derived()
            actions.rebuild(on=day_of(history.at))
            assert derived() == before


def test_the_histories_are_busy(app: object) -> None:
    """A law that nothing could break proves nothing: over a history every derived table fills and changes."""
    begin_write()
    history, seen = History(1), []
    for _step in range(STEPS):
        history.happen()
        seen.append(derived())
    for table in seen[0]:
        assert len({repr(moment[table]) for moment in seen}) > 2
