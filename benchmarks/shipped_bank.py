"""How long the diagnostic is over the bank that ships, and how right: `python -m benchmarks.shipped_bank`.

Made-up people of each role take the diagnostic as it ships, through the verbs of the site, with the real questions. Of
each person it is known which rungs they hold: in each topic a height, 0 to 4 equally often, two topics correlated by
a half. Who holds a rung misses its question with SLIP; who does not says so with UNKNOWN, and else hits by chance.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
import numpy as np
from numpy.random import Generator

from benchmarks.town import stock
from edu import create_app
from edu.base.actor import Actor
from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.cli.demo_world import right_values, wrong_values
from edu.config import Settings, default_database, kept_secret
from edu.courses import queries as courses
from edu.gaps import queries as gaps
from edu.people import actions as people
from edu.quizzes import actions as quizzes
from edu.quizzes import queries as attempts
from edu.quizzes.kinds import KINDS
from edu.records import actions as records

SLIP, UNKNOWN, SHARED = 0.10, 0.60, 0.5
#: Abilities at which one stands a rung higher: the quintiles of a normal distribution.
CUTS = (-0.8416, -0.2533, 0.2533, 0.8416)


@dataclass
class Count:
    """What became of the people of one role."""

    questions: list[int]
    rungs: int = 0
    right: int = 0
    lacking: int = 0
    unseen: int = 0
    held: int = 0
    needless: int = 0

    def row(self, name: str, members: int) -> str:
        p95 = np.percentile(self.questions, 95)
        shares = (self.right / self.rungs, self.unseen / max(1, self.lacking), self.needless / max(1, self.held))
        told = " | ".join(f"{share:.3f}" for share in shares)
        return f"| {name} | {self.rungs // members} | {np.mean(self.questions):.1f} | {p95:.0f} | {told} |"


@click.command()
@click.option("--members", default=40, show_default=True, help="Of each role.")
@click.option("--seed", default=1, show_default=True)
def main(members: int, seed: int) -> None:
    """Print a table: a row a role."""
    chance = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app(Settings(kept_secret(instance), default_database(instance), instance))
        with app.app_context():
            stock(app)
            begin_write()
            at = now()
            unit = people.add_unit(code="all", name="all", name_en=None, kind="branch", parent_id=None, by=None, at=at)
            print("| role | rungs | questions | p95 | right rungs | lacking, not seen | held, asked for again |")
            print("|---|---|---|---|---|---|---|")
            for role in courses.roles():
                count = Count([])
                for number in range(members):
                    examine(person(f"{role.key}-{number}", unit, role.id, at), count, chance, at)
                print(count.row(role.names["en"], members), flush=True)


def examine(member_id: int, count: Count, chance: Generator, at: datetime) -> None:
    """One person takes the diagnostic; what it says is compared with what is so."""
    topics = courses.topics()
    common = chance.normal()
    ability = np.sqrt(SHARED) * common + np.sqrt(1 - SHARED) * chance.normal(size=len(topics))
    heights = {topic.id: int(np.searchsorted(CUTS, own)) for topic, own in zip(topics, ability, strict=True)}
    actor = Actor(member_id, ())
    count.questions.append(take(actor, heights, chance, at))
    for ladder in gaps.ladders(actor.member_id, on=day_of(at)):
        for layer in range(1, ladder.required + 1):
            holds, said = heights[ladder.topic_id] >= layer, ladder.holds[layer - 1]
            count.rungs += 1
            count.right += holds == said
            count.lacking, count.unseen = count.lacking + (not holds), count.unseen + (said and not holds)
            count.held, count.needless = count.held + holds, count.needless + (holds and not said)
    db.session.commit()
    begin_write()


def person(login: str, unit: int, role_id: int, at: datetime) -> int:
    member_id = people.add_member(
        login=login,
        name=login,
        name_en=None,
        unit_id=unit,
        password_hash=None,
        must_change=False,
        by=None,
        on=day_of(at),
        at=at,
    )
    records.give_role(member_id, role_id, by=None, on=day_of(at), at=at)
    return member_id


def take(actor: Actor, heights: dict[int, int], chance: Generator, at: datetime) -> int:
    """Take the diagnostic to its end. Returns the number of questions."""
    attempt_id = quizzes.start_diagnostic(actor, None, at=at)
    is_over, asked = False, 0
    while not is_over:
        asked += 1
        question = attempts.keyed(attempt_id)[0]
        topic_id, layer = attempts.cell_of(attempt_id, question.position)
        holds = heights[topic_id] >= layer
        is_unknown = not holds and chance.random() < UNKNOWN
        luck = 1 - SLIP if holds else KINDS[question.kind].guess(question.face)
        values = right_values(question) if chance.random() < luck else wrong_values(question)
        moment = at + timedelta(seconds=30 * asked)
        is_over = quizzes.answer(actor, attempt_id, question.position, values, is_unknown=is_unknown, at=moment)
    return asked


if __name__ == "__main__":
    main()
