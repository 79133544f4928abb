"""What the engine is worth where the truth is known: populations, ways to ask, and its targets beside them. numpy.

`flask gaps simulate` prints it. Everything follows from the seed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.random import Generator

from edu.gaps import calibration, ladder, other_ways, populations
from edu.gaps.calibration import NOT_ASKED, Question
from edu.gaps.evidence import LEAST_POWER, UNPROVEN
from edu.gaps.ladder import OFFERED
from edu.gaps.many import Floats, Progress, silent
from edu.gaps.populations import ITEMS, LAYERS, PER_CELL, TOPICS, People, World
from edu.gaps.stop import BY_COST, QUICK, SHIPPED, Rule
from edu.gaps.strategies import SHAPE, Parameters, Result, Test, Watch, Way, adaptive

#: Earlier members whose answers the questions are calibrated from, and how many of them come before each night's
#: calibration.
EARLIER, NIGHTLY = 500, 100
#: Minutes that one question takes a member (design choice).
QUESTION_MINUTES = 1.0
#: Minutes of a module, on average, in the simulation; and of those that ship with the product.
MODULE, SHORT_MODULE = float(np.mean(populations.MODULE_MINUTES)), 12.0
#: The share of questions that leak: those asked most.
LEAK = 0.20
#: Questions after which the picture's curves are measured.
MARKS = tuple(range(4, 49, 4))
#: The diagnostic of the product: "I haven't learned this yet" is offered, answers weigh .8, it ends by cost.
SHIPPED_WAY = Way(rule=SHIPPED, weight=UNPROVEN, offers=True, holds_back=True)
#: The comparison with an engine that knows the questions' true curves.
SHORT = 24


@dataclass(frozen=True, slots=True)
class Measures:
    """How well one population was served. Shares 0–1, over topics in which something is required."""

    #: Mean and 95th percentile of questions a member.
    questions: float
    questions_95: float
    #: "Needs something" or "needs nothing" is right.
    topic: float
    #: A topic's list of modules is exactly right.
    level: float
    #: Of the modules listed: harmonic mean of precision and recall.
    f1: float
    #: Of the topics with a real gap: shown as none.
    unseen: float
    #: Calibration error (ECE, ten bins) of the chance that a required layer is held.
    error: float
    #: Of the chances above .95 or below .05: the verdict is true.
    sure_true: float
    #: Of the minutes of all required modules: saved, the test's minutes taken off; lacking and not listed.
    saved: float
    missed: float
    #: What would be saved if modules took SHORT_MODULE minutes on average instead of 25.
    saved_short: float
    #: Minutes a member loses by the test, needless modules and, twice, missed ones.
    cost: float


def measured(people: People, result: Result, world: World) -> Measures:
    """The result of a test beside the truth."""
    wanted = np.arange(1, LAYERS + 1) <= people.required[:, :, None]
    asked_for = people.required > 0
    lacks, listed = ~people.held & wanted, ~result.held & wanted
    need, shown = lacks.any(axis=2), listed.any(axis=2)
    q, held = result.q[wanted], people.held[wanted]
    sure = (q > 0.95) | (q < 0.05)
    minutes = world.minutes * wanted
    per_member = result.questions.mean() * QUESTION_MINUTES
    all_minutes, studied = minutes.sum() / len(people), (minutes * listed).sum() / len(people)
    missed, needless = ((minutes * part).sum() / len(people) for part in (lacks & ~listed, listed & ~lacks))
    return Measures(
        questions=result.questions.mean(),
        questions_95=np.percentile(result.questions, 95),
        topic=(need == shown)[asked_for].mean(),
        level=(lacks == listed).all(axis=2)[asked_for].mean(),
        f1=2 * (lacks & listed).sum() / (lacks.sum() + listed.sum()),
        unseen=(need & ~shown).sum() / need.sum(),
        error=calibration_error(q, held.astype(float)),
        sure_true=((q > 0.5) == held)[sure].mean() if sure.any() else 1.0,
        saved=1 - (studied + per_member) / all_minutes,
        missed=missed / all_minutes,
        saved_short=1 - (studied + per_member * MODULE / SHORT_MODULE) / all_minutes,
        cost=per_member + needless + ladder.MISSED_COST * missed,
    )


def calibration_error(predicted: Floats, truth: Floats, bins: int = 10) -> float:
    """ECE: how far predictions lie from what came true, in bins of equal width, weighed by their size; 0–1."""
    place = np.minimum((predicted * bins).astype(int), bins - 1)
    gap = np.bincount(place, predicted, bins) - np.bincount(place, truth, bins)
    return float(np.abs(gap).sum() / len(predicted))


def mean_of(parts: Sequence[Measures]) -> Measures:
    return Measures(*(float(np.mean([getattr(part, f.name) for part in parts])) for f in fields(Measures)))


# What the engine believes of a bank.


def defaults(world: World, *, holes: float = ladder.HOLES) -> Parameters:
    """A bank nobody has answered yet: the means of the priors."""
    slip, guess = np.full(SHAPE, populations.SLIP[0]), np.full(SHAPE, populations.GUESS[0])
    prior = np.tile(np.array(ladder.prior(LAYERS, holes)), (TOPICS, 1))
    return Parameters(slip, guess, slip, guess, np.ones(SHAPE, bool), prior, world.minutes)


def calibrated(world: World, table: np.ndarray, *, is_blended: bool = False) -> Parameters:
    """The bank as calibrated, topic by topic, from what earlier members answered in their own diagnostics."""
    questions = [
        Question(layer, calibration.guess_prior("one")) for layer in range(1, LAYERS + 1) for _ in range(PER_CELL)
    ]
    width = LAYERS * PER_CELL
    topics = [
        calibration.calibrate(table[:, t * width : (t + 1) * width], questions, layers=LAYERS) for t in range(TOPICS)
    ]
    slip, guess, careful_slip, careful_guess = (
        np.array(part).reshape(SHAPE) for part in zip(*(_used(topic, is_blended) for topic in topics), strict=True)
    )
    usable = np.ones((TOPICS, width), bool)
    for number, topic in enumerate(topics):
        usable[number, list(topic.flagged)] = False
    usable = usable.reshape(SHAPE) & (1 - careful_slip - careful_guess >= LEAST_POWER)
    prior = np.array([topic.rungs.prior for topic in topics])
    rates = [topic.fit.rates.unknown or OFFERED for topic in topics]
    unknown = ladder.Unknown(float(np.mean([r.held for r in rates])), float(np.mean([r.lacking for r in rates])))
    return Parameters(slip, guess, careful_slip, careful_guess, usable, prior, world.minutes, unknown)


def _used(topic: calibration.Topic, is_blended: bool) -> tuple[Floats, Floats, Floats, Floats]:
    fit = topic.fit
    slip, guess = fit.slip, fit.guess
    if is_blended:
        slip = calibration.blended(populations.SLIP[0], fit.rates.slip, topic.answers)
        guess = calibration.blended(populations.GUESS[0], fit.rates.guess, topic.answers)
    return slip, guess, calibration.cautious(slip, fit.by_holders), calibration.cautious(guess, fit.by_others)


def earlier_answers(world: World, earlier: People, way: Way) -> np.ndarray:
    """What earlier members answered: the first by the defaults, each night's calibration serving the next."""
    tables: list[np.ndarray] = []
    parameters = defaults(world)
    for start in range(0, len(earlier), NIGHTLY):
        tables.append(adaptive(earlier.part(slice(start, start + NIGHTLY)), parameters, way).table)
        parameters = calibrated(world, np.concatenate(tables))
    return np.concatenate(tables)


# The runs.

Runs = dict[str, Measures]
#: name → points (questions, topic accuracy), for the picture.
Curves = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything measured: a row for each population and way, and the picture's curves."""

    members: int
    banks: int
    seed: int
    runs: Runs
    curves: Curves


def simulate(
    members: int = 1000, *, seed: int = 1, banks: int = 8, earlier: int = EARLIER, progress: Progress = silent
) -> Findings:
    """All populations and ways on `banks` banks, `members` people of each population on each; means over banks."""
    runs: list[Runs] = []
    curves: list[Curves] = []
    for number in range(banks):
        random = np.random.default_rng([seed, number])
        bank = _Bank(members, earlier, random)
        runs.append(bank.runs())
        curves.append(bank.curves())
        progress(number + 1, banks)
    joined = {name: mean_of([run[name] for run in runs]) for name in runs[0]}
    points = {
        name: [(float(x), float(y)) for x, y in np.mean([curve[name] for curve in curves], axis=0)]
        for name in curves[0]
    }
    return Findings(members, banks, seed, joined, points)


class _Bank:
    """One bank and its people."""

    def __init__(self, members: int, earlier: int, random: Generator) -> None:
        self.world = populations.world(random)
        self.earlier = earlier
        self.steps, self.parameters = self._population(members, random)
        self.with_holes, self.holes_parameters = self._population(members, random, holes=0.10)
        self.smooth, self.smooth_parameters = self._population(members, random, smooth=True)
        self.offered = self._calibrated(Way(offers=True), random)
        before = populations.people(self.world, earlier, random)
        self.blended = calibrated(self.world, earlier_answers(self.world, before, Way()), is_blended=True)

    def _population(
        self, members: int, random: Generator, *, holes: float = 0.0, smooth: bool = False
    ) -> tuple[People, Parameters]:
        """People to be tested, and the bank as calibrated from earlier people of the same kind."""
        tested = populations.people(self.world, members, random, holes=holes, smooth=smooth)
        return tested, self._calibrated(Way(), random, holes=holes, smooth=smooth)

    def _calibrated(self, way: Way, random: Generator, *, holes: float = 0.0, smooth: bool = False) -> Parameters:
        earlier = populations.people(self.world, self.earlier, random, holes=holes, smooth=smooth)
        return calibrated(self.world, earlier_answers(self.world, earlier, way))

    def _measured(self, people: People, parameters: Parameters, way: Way) -> Measures:
        return measured(people, adaptive(people, parameters, way), self.world)

    def runs(self) -> Runs:
        return {**self.on_steps(), **self.on_other_people(), **self.on_smooth(), **self.on_leak()}

    def on_steps(self) -> Runs:
        """Who stands on a rung."""
        people, known = self.steps, self.parameters
        ways = {
            "adaptive": Way(),
            "adaptive, held as sure as lacking": Way(rule=Rule(sure_held=0.95)),
            "adaptive, quick check": Way(rule=QUICK),
            "adaptive, by cost": Way(rule=BY_COST),
        }
        others = {
            "fixed 64": other_ways.fixed(people, known, 2),
            "fixed 128": other_ways.fixed(people, known, 4),
            "random": other_ways.at_random(people, known, Way()),
            "staircase": other_ways.staircase(people, known, 5),
            "SPRT": other_ways.sprt(people, known),
        }
        return {
            **{name: self._measured(people, known, way) for name, way in ways.items()},
            "adaptive, with don't know": self._measured(people, self.offered, Way(offers=True)),
            "as shipped": self._measured(people, self.offered, SHIPPED_WAY),
            "as shipped: gamblers": self._measured(people, self.offered, replace(SHIPPED_WAY, gambles=True)),
            "adaptive, blended parameters": self._measured(people, self.blended, Way()),
            **{name: measured(people, result, self.world) for name, result in others.items()},
        }

    def on_other_people(self) -> Runs:
        """Holes, and a bank that nobody has answered yet."""
        return {
            "holes": self._measured(self.with_holes, self.holes_parameters, Way()),
            "cold start": self._measured(self.steps, defaults(self.world), Way()),
            "as shipped: cold start": self._measured(self.steps, defaults(self.world), SHIPPED_WAY),
        }

    def on_smooth(self) -> Runs:
        """Abilities without steps."""
        people, known, rule = self.smooth, self.smooth_parameters, Rule(most_in_test=SHORT)
        oracles = {
            name: other_ways.scored(other_ways.oracle(people, self.world, SHORT, best_for_need=best), SHORT)
            for name, best in (("smooth: oracle 3PL, 24", False), ("smooth: best possible, 24", True))
        }
        return {
            "smooth": self._measured(people, known, Way()),
            "smooth: as shipped": self._measured(people, known, SHIPPED_WAY),
            "smooth: weight .8": self._measured(people, known, Way(weight=0.8)),
            "smooth: weight .6": self._measured(people, known, Way(weight=0.6)),
            "smooth: fixed 64": measured(people, other_ways.fixed(people, known, 2), self.world),
            "smooth: at most 24, shared": self._measured(people, known, Way(rule=rule, is_short=True)),
            "smooth: at most 24": self._measured(people, known, Way(rule=rule)),
            **{name: measured(people, result, self.world) for name, result in oracles.items()},
        }

    def on_leak(self) -> Runs:
        """The questions asked most are known to everybody."""
        ways = {"best item": Way(best=1), "best 5": Way(), "best 5, held back": Way(holds_back=True)}
        return {f"leak: {name}": self._leaked(way) for name, way in ways.items()}

    def _leaked(self, way: Way) -> Measures:
        asked = (adaptive(self.steps, self.parameters, way).table != NOT_ASKED).mean(axis=0)
        worst = np.argsort(-asked, kind="stable")[: int(LEAK * ITEMS)]
        return self._measured(populations.leaked(self.steps, worst), self.parameters, way)

    def curves(self) -> Curves:
        people, known = self.steps, self.parameters
        curves: Curves = {
            "adaptive": self._watched(lambda watch: adaptive(people, known, Way(), watch=watch)),
            "with don't know": self._watched(
                lambda watch: adaptive(people, self.offered, Way(offers=True), watch=watch)
            ),
            "random": self._watched(lambda watch: other_ways.at_random(people, known, Way(), watch=watch)),
        }
        forms: dict[str, Iterable[Result]] = {
            "fixed form": (other_ways.fixed(people, known, count) for count in (1, 2, 3, 4, 5)),
            "staircase": (other_ways.staircase(people, known, count) for count in (3, 5, 7)),
            "SPRT": (other_ways.sprt(people, known, error=error) for error in (0.2, 0.1, 0.05)),
        }
        for name, results in forms.items():
            curves[name] = [self._point(measured(people, result, self.world)) for result in results]
        return curves

    def _watched(self, run: Callable[[Watch], Result]) -> list[tuple[float, float]]:
        """A point at each of the MARKS; a test that is over before the last of them stays where it was."""
        points: list[tuple[float, float]] = []

        def watch(step: int, test: Test) -> None:
            if step in MARKS:
                points.append(self._point(measured(test.people, test.result(), self.world)))

        points.append(self._point(measured(self.steps, run(watch), self.world)))
        return points + points[-1:] * (len(MARKS) + 1 - len(points))

    @staticmethod
    def _point(measures: Measures) -> tuple[float, float]:
        return measures.questions, measures.topic
