"""The simulation asks as the product asks, repeats itself, and finds what docs/gap-engine.md claims, loosely on few people."""

import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from flask import Flask

from edu.cli.accuracy_picture import picture
from edu.config import ROOT
from edu.gaps import choose, ladder, populations, simulation, stop, strategies
from edu.gaps.calibration import NOT_ASKED, RIGHT, UNKNOWN
from edu.gaps.choose import Item, Sitting, Standing
from edu.gaps.claims import claims
from edu.gaps.ladder import Outcome
from edu.gaps.populations import PER_CELL, TOPICS
from edu.gaps.stop import BY_COST, QUICK, SHIPPED
from edu.gaps.strategies import Way

OUTCOMES = {RIGHT: Outcome.RIGHT, UNKNOWN: Outcome.UNKNOWN}


@pytest.fixture(scope="module")
def findings():
    return simulation.simulate(150, seed=1, banks=1, earlier=200)


@pytest.fixture(scope="module")
def bench():
    """A bank, some people, and parameters that differ from question to question."""
    random = np.random.default_rng(11)
    world = populations.world(random)
    people = populations.people(world, 40, random)
    known = simulation.defaults(world)
    return people, strategies.Parameters(
        world.slip, world.guess, world.slip, world.guess, known.usable, known.prior, world.minutes
    )


class OneMember:
    """A test by the product's pure functions, of the member in one row."""

    def __init__(self, people, parameters, way, row, exposure):
        self.people, self.parameters, self.way, self.row = people, parameters, way, row
        self.required = people.required[row].tolist()
        asking = zip(parameters.choosing_slip.ravel().tolist(), parameters.choosing_guess.ravel().tolist(), strict=True)
        items = [Item(n, n // 40, n // PER_CELL % 4 + 1, slip, guess) for n, (slip, guess) in enumerate(asking)]
        self.bank = choose.bank(items)
        self.beliefs = [tuple(prior) for prior in parameters.prior.tolist()]
        self.asked = []
        self.exposure = exposure
        topics = sum(need > 0 for need in self.required)
        self.rule = stop.short(way.rule.most_in_test, topics, way.rule) if way.is_short else way.rule

    def ends(self):
        minutes = self.parameters.minutes.tolist()
        return [
            stop.topic_end(
                ladder.marginals(self.beliefs[topic]),
                minutes[topic][:need],
                asked=sum(item // 40 == topic for item in self.asked),
                left=need * PER_CELL - sum(item // 40 == topic for item in self.asked),
                rule=self.rule,
            )
            for topic, need in enumerate(self.required)
        ]

    def run(self):
        while not stop.is_over(ends := self.ends(), asked=len(self.asked), rule=self.rule):
            standings = [
                Standing(topic, ladder.marginals(self.beliefs[topic]), need)
                for topic, need in enumerate(self.required)
                if not ends[topic]
            ]
            unknown = ladder.OFFERED if self.way.offers else None
            sitting = Sitting(self.row, set(self.asked), self.exposure, unknown)
            self.observe(choose.choose(self.bank, standings, sitting, step=len(self.asked)))
        return self

    def observe(self, item):
        at = np.array([self.row]), np.array([item.id])
        offered, weight = self.way.offers and not self.way.gambles, self.way.weight
        outcome = OUTCOMES.get(int(populations.answers(self.people, *at, offered=offered)[0]), Outcome.WRONG)
        slip, guess = (float(part.ravel()[item.id]) for part in (self.parameters.slip, self.parameters.guess))
        if self.way.offers:
            after = ladder.update_offered(
                self.beliefs[item.topic], item.layer, outcome, slip=slip, guess=guess, weight=weight
            )
        else:
            right = outcome is Outcome.RIGHT
            after = ladder.update(self.beliefs[item.topic], item.layer, right=right, slip=slip, guess=guess)
        self.beliefs[item.topic] = after
        self.asked.append(item.id)


@pytest.mark.parametrize(
    "way",
    [
        Way(),
        Way(rule=QUICK),
        Way(rule=BY_COST),
        Way(offers=True),
        Way(rule=stop.Rule(most_in_test=24), is_short=True),
        Way(rule=SHIPPED, weight=0.8, offers=True),
        Way(rule=SHIPPED, weight=0.8, offers=True, gambles=True),
    ],
    ids=["certainty", "quick", "cost", "don't know", "short", "shipped", "gamblers"],
)
def test_many_are_asked_just_what_the_product_asks_each(bench, way):
    people, parameters = bench
    result = strategies.adaptive(people, parameters, way)
    for row in range(0, len(people), 3):
        one = OneMember(people, parameters, way, row, None).run()
        assert sorted(one.asked) == np.flatnonzero(result.table[row] != NOT_ASKED).tolist()
        assert np.abs(result.belief[row] - np.array(one.beliefs)).max() < 1e-9


def test_exposure_is_held_back_alike(bench):
    people, parameters = bench
    test = strategies.Test(people, parameters, Way(holds_back=True))
    test.exposure = np.random.default_rng(2).uniform(0, 1, populations.ITEMS)
    result = strategies.asked_through(test)
    for row in range(0, len(people), 5):
        one = OneMember(people, parameters, Way(), row, dict(enumerate(test.exposure.tolist()))).run()
        assert sorted(one.asked) == np.flatnonzero(result.table[row] != NOT_ASKED).tolist()


def test_the_same_seed_gives_the_same_figures():
    few = {"banks": 1, "earlier": 20}
    once = simulation.simulate(10, seed=4, **few)
    assert once == simulation.simulate(10, seed=4, **few)
    assert once.runs != simulation.simulate(10, seed=5, **few).runs


def test_what_ladder_claims_is_found_loosely(findings):
    run = findings.runs
    adaptive, form = run["adaptive"], run["fixed 64"]
    assert adaptive.questions < 0.65 * form.questions
    assert adaptive.topic > form.topic + 0.01
    assert adaptive.unseen < 0.06 and run["holes"].unseen < 0.08
    assert adaptive.saved > 0.45
    assert run["adaptive, with don't know"].questions < adaptive.questions
    assert run["adaptive, quick check"].questions < adaptive.questions
    assert max(adaptive.error, run["holes"].error) < 0.04
    assert run["leak: best 5"].unseen < run["leak: best item"].unseen


def test_every_claim_says_whether_it_is_met(findings):
    rows = claims(findings)
    assert len(rows) == 10
    assert all(row.name and row.target and re.search(r"\d", row.measured) for row in rows)


def test_the_measure_of_calibration():
    predicted, truth = np.array([0.9] * 10 + [0.1] * 10), np.array([1.0] * 9 + [0.0] + [1.0] * 3 + [0.0] * 7)
    assert simulation.calibration_error(predicted, truth) == pytest.approx(0.1)


def test_an_answer_known_to_everybody_is_right(bench):
    people, _parameters = bench
    rows = np.arange(len(people))
    known = populations.leaked(people, np.array([7]))
    assert (populations.answers(known, rows, np.full(len(rows), 7), offered=True) == RIGHT).all()
    assert (people.chance[:, 7] < 1).all(), "the people themselves are as they were"


def test_the_population_is_as_described():
    random = np.random.default_rng(1)
    world = populations.world(random)
    people = populations.people(world, 4000, random)
    assert people.held.mean(axis=(0, 1)) == pytest.approx([0.8, 0.6, 0.4, 0.2], abs=0.02)
    correlations = np.corrcoef(people.ability.T)[np.triu_indices(TOPICS, 1)]
    assert correlations.mean() == pytest.approx(0.5, abs=0.03)
    assert (world.slip.mean(), world.guess.mean()) == pytest.approx((0.10, 0.25), abs=0.02)
    holes = populations.people(world, 4000, random, holes=0.1).held
    assert (np.diff(holes.astype(int), axis=2) > 0).any(axis=2).mean() == pytest.approx(0.06, abs=0.02)


def test_the_picture_is_svg_that_says_in_words_what_it_shows(findings):
    root = ElementTree.fromstring(picture(findings.curves))
    names = {"{http://www.w3.org/2000/svg}title", "{http://www.w3.org/2000/svg}desc"}
    assert names <= {child.tag for child in root}
    assert "adaptive:" in root.findtext("{http://www.w3.org/2000/svg}desc")


def test_the_command_gives_claims_for_a_program(site: Flask):
    run = site.test_cli_runner().invoke(
        args=["gaps", "simulate", "--members", "10", "--banks", "1", "--earlier", "20", "--json"]
    )
    assert run.exit_code == 0, run.output
    rows = json.loads(run.stdout)["claims"]
    assert all(set(row) == {"name", "target", "measured", "met"} for row in rows)
    assert len(rows) == 13


def test_the_example_in_the_document_runs(capsys):
    text = (ROOT / "docs" / "gap-engine.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    space = {}
    exec(compile(example, "docs/gap-engine.md", "exec"), space)
    held, lacking = ladder.marginals(space["belief"])
    assert held > 0.975 and lacking < 0.05
    assert space["topic"].is_ladder
    assert len([line for line in example.splitlines() if line and not line.startswith(("from", "import"))]) <= 12


def test_no_worker_carries_numpy():
    """Pages about one person compute in plain Python; the command loads what it needs when it is called."""
    code = "import sys; from edu import create_app; create_app(); sys.exit('numpy' in sys.modules)"
    environment = {**os.environ, "SECRET_KEY": "x" * 32}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
