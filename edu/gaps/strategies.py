"""The product's way to ask, for many members at once, to be measured. Pure; numpy.

It is `choose`, `ladder` and `stop` written for arrays; tests/gaps/test_simulation.py shows that both ask the same
people the same questions and believe the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edu.gaps import many
from edu.gaps.calibration import NOT_ASKED, RIGHT, UNKNOWN
from edu.gaps.choose import BEST, MOST_EXPOSED, PLACES
from edu.gaps.ladder import MISSED_COST, OFFERED, Unknown
from edu.gaps.many import Floats, Truth, Whole
from edu.gaps.populations import ITEMS, LAYERS, PER_CELL, TOPICS, People, answers
from edu.gaps.stop import BY_CERTAINTY, Rule, short

STATES = 1 << LAYERS
SHAPE = (TOPICS, LAYERS, PER_CELL)
#: Members who are tested before the exposure of questions is counted again.
SESSION = 200


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the engine believes of the bank. Arrays are topics × layers × questions."""

    slip: Floats
    guess: Floats
    #: One standard error worse, for choosing.
    choosing_slip: Floats
    choosing_guess: Floats
    #: Not flagged, and good enough for choosing.
    usable: Truth
    #: topics × states.
    prior: Floats
    #: topics × layers: minutes of the modules, for ending by cost.
    minutes: Floats
    #: How often "I don't know" is said.
    unknown: Unknown = OFFERED


@dataclass(frozen=True, slots=True)
class Way:
    """How to ask."""

    rule: Rule = BY_CERTAINTY
    #: "I don't know" is offered.
    offers: bool = False
    #: Chance decides among this many best questions.
    best: int = BEST
    #: Evidence weight.
    weight: float = 1.0
    #: Topics share the questions, as in `stop.short`.
    is_short: bool = False
    #: Hold questions back that were asked too often.
    holds_back: bool = False
    #: Nobody says "I don't know" though it is offered: who does not know guesses.
    gambles: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a test leaves."""

    #: members × topics × states, and × layers: the belief, what it rests on.
    belief: Floats
    q: Floats
    held: Truth
    #: members × topics: questions asked.
    asked: Whole
    #: members × questions: answers as calibration takes them.
    table: NDArray[np.int8]

    @property
    def questions(self) -> Whole:
        return self.asked.sum(axis=1)


class Test:
    """Members in the middle of a test, all at the same question number."""

    __test__ = False  # not for pytest

    def __init__(self, people: People, parameters: Parameters, way: Way, *, first_seed: int = 0) -> None:
        members = len(people)
        self.people, self.parameters, self.way = people, parameters, way
        self.seeds = first_seed + np.arange(members)
        self.unknown = parameters.unknown if way.offers else None
        topics = (people.required > 0).sum(axis=1)
        rules = {count: short(way.rule.most_in_test, count, way.rule) for count in range(TOPICS + 1)}
        caps = np.array([(rules[count] if way.is_short else way.rule).most_in_topic for count in range(TOPICS + 1)])
        self.most_in_topic = caps[topics][:, None]
        self.belief = np.broadcast_to(parameters.prior, (members, TOPICS, STATES)).copy()
        self.q = many.marginals(self.belief.reshape(-1, STATES)).reshape(members, TOPICS, LAYERS)
        self.table = np.full((members, ITEMS), NOT_ASKED, np.int8)
        self.asked = np.zeros((members, TOPICS), np.int64)
        self.answered = np.zeros((members, TOPICS, LAYERS), bool)
        self.right = np.zeros((members, TOPICS, LAYERS), bool)
        self.wanted = np.arange(1, LAYERS + 1) <= people.required[:, :, None]
        self.exposure = np.zeros(ITEMS)

    def observe(self, rows: Whole, items: Whole) -> None:
        """Ask one question of each of these members, and believe accordingly."""
        topics, layers = items // (LAYERS * PER_CELL), items // PER_CELL % LAYERS
        given = answers(self.people, rows, items, offered=self.way.offers and not self.way.gambles)
        self.table[rows, items] = given
        self.asked[rows, topics] += 1
        self.answered[rows, topics, layers] = True
        self.right[rows, topics, layers] |= given == RIGHT
        slip, guess = self.parameters.slip.ravel()[items], self.parameters.guess.ravel()[items]
        if_held, if_not = likelihoods(given, slip, guess, self.unknown)
        beliefs = self.belief[rows, topics]
        many.weigh(beliefs, layers + 1, if_held**self.way.weight, if_not**self.way.weight)
        self.belief[rows, topics] = beliefs
        self.q[rows, topics] = many.marginals(beliefs)

    def open_topics(self) -> Truth:
        """members × topics: still to be asked about, by the rule; `stop` for arrays."""
        rule = self.way.rule
        if rule.question_cost is None:
            done = (self.q < 1 - rule.sure) | (self.q > rule.sure_held) | ~self.wanted
            settled = done.all(axis=2)
        else:
            settled = self.risk() < rule.question_cost
        settled &= self.asked >= rule.least_in_topic
        left = (self.table == NOT_ASKED).reshape(-1, *SHAPE).any(axis=3) & self.wanted
        undecided = ~settled & (self.asked < self.most_in_topic) & left.any(axis=2)
        return np.asarray(undecided & (self.asked.sum(axis=1) < rule.most_in_test)[:, None])

    def risk(self) -> Floats:
        """members × topics: minutes the decisions are expected to cost."""
        cost = np.minimum(self.q, MISSED_COST * (1 - self.q)) * self.parameters.minutes
        return np.asarray((cost * self.wanted).sum(axis=2))

    def result(self) -> Result:
        members = len(self.people)
        shown = many.evident(self.answered.reshape(-1, LAYERS), self.right.reshape(-1, LAYERS))
        held = many.held(self.q.reshape(-1, LAYERS), shown).reshape(members, TOPICS, LAYERS)
        return Result(self.belief, self.q, held, self.asked, self.table)


def likelihoods(
    given: NDArray[np.int64], slip: Floats, guess: Floats, unknown: Unknown | None
) -> tuple[Floats, Floats]:
    """P(answer | held) and P(answer | not held), as `ladder.likelihoods`."""
    if_held = np.where(given == RIGHT, 1 - slip, slip)
    if_not = np.where(given == RIGHT, guess, 1 - guess)
    if unknown is None:
        return if_held, if_not
    silent = given == UNKNOWN
    return (
        np.where(silent, unknown.held, if_held * (1 - unknown.held)),
        np.where(silent, unknown.lacking, if_not * (1 - unknown.lacking)),
    )


# The adaptive way.


class Chooser:
    """`choose.choose` for arrays; what a question tells is computed again only in the topic just asked about."""

    def __init__(self, test: Test) -> None:
        self.test = test
        parameters = test.parameters
        self.guess = parameters.choosing_guess
        self.power = 1 - parameters.choosing_slip - self.guess
        self.at_slip, self.at_guess = entropy(parameters.choosing_slip), entropy(self.guess)
        members = len(test.people)
        self.told = np.zeros((members, *SHAPE))
        self.mean = np.zeros((members, TOPICS, LAYERS))
        for topic in range(TOPICS):
            self.refresh(np.arange(members), np.full(members, topic))

    def refresh(self, rows: Whole, topics: Whole) -> None:
        """What each question of one topic of each member would tell now, and each cell's mean."""
        q = self.test.q[rows, topics][:, :, None]
        told = informed(
            q,
            self.guess[topics],
            self.power[topics],
            self.at_slip[topics],
            self.at_guess[topics],
            self.test.unknown,
        )
        may = self.eligible(rows, topics)
        told[~may] = -np.inf
        self.told[rows, topics] = told
        count = may.sum(axis=2)
        total = np.where(may, told, 0.0).sum(axis=2)
        mean = np.divide(total, count, out=np.full(total.shape, -np.inf), where=count > 0)
        self.mean[rows, topics] = np.where(self.test.wanted[rows, topics], mean.round(PLACES), -np.inf)

    def eligible(self, rows: Whole, topics: Whole) -> Truth:
        """members × layers × questions: not asked yet, and not of others too often, unless no other is left."""
        left = (self.test.table.reshape(-1, *SHAPE)[rows, topics] == NOT_ASKED) & self.test.parameters.usable[topics]
        if not self.test.way.holds_back:
            return np.asarray(left)
        share = self.test.exposure.reshape(SHAPE)[topics]
        items = np.arange(ITEMS).reshape(SHAPE)[topics]
        fresh = left & (roll(self.test.seeds[rows, None, None], -1 - items) * share <= MOST_EXPOSED)
        return np.where(fresh.any(axis=2, keepdims=True), fresh, left)

    def next(self, rows: Whole, open_topics: Truth, step: int) -> Whole:
        """The next question of each of these members."""
        mean = np.where(open_topics[:, :, None], self.mean[rows], -np.inf).reshape(len(rows), -1)
        cell = mean.argmax(axis=1)
        told = self.told.reshape(-1, TOPICS * LAYERS, PER_CELL)[rows, cell].round(PLACES)
        order = np.argsort(-told, axis=1, kind="stable")
        among = np.minimum(np.isfinite(told).sum(axis=1), self.test.way.best)
        place = (roll(self.test.seeds[rows], np.full(len(rows), step)) * among).astype(int)
        return np.asarray(cell * PER_CELL + order[np.arange(len(rows)), place])


def informed(
    q: Floats, guess: Floats, power: Floats, at_slip: Floats, at_guess: Floats, unknown: Unknown | None
) -> Floats:
    """`choose.informed` for arrays that fit each other."""
    said: Floats | float = 0.0
    answered: Floats | float = 1.0
    if unknown is not None:
        answered = q * (1 - unknown.held) + (1 - q) * (1 - unknown.lacking)
        rates = entropy(np.array([unknown.held, unknown.lacking]))
        said = entropy(answered) - q * rates[0] - (1 - q) * rates[1]
        q = q * (1 - unknown.held) / answered
    return np.asarray(said + answered * (entropy(guess + power * q) - q * at_slip - (1 - q) * at_guess))


def entropy(p: Floats) -> Floats:
    return np.asarray(-p * np.log(p) - (1 - p) * np.log(1 - p))


def roll(seed: Whole, step: Whole) -> Floats:
    """`choose.roll` for arrays."""
    word = np.uint64
    with np.errstate(over="ignore"):
        mixed = seed.astype(word) * word(0x9E3779B97F4A7C15) + (step + 1).astype(word) * word(0xD1B54A32D192ED03)
        mixed = (mixed ^ (mixed >> word(30))) * word(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> word(27))) * word(0x94D049BB133111EB)
    return np.asarray(((mixed ^ (mixed >> word(31))) >> word(11)) / float(1 << 53))


Watch = Callable[[int, Test], None]


def adaptive(people: People, parameters: Parameters, way: Way, *, watch: Watch | None = None) -> Result:
    """The product's way, a session of members after the other where exposure is held back."""
    if not way.holds_back:
        return asked_through(Test(people, parameters, way), watch)
    results: list[Result] = []
    exposure = np.zeros(ITEMS)
    for start in range(0, len(people), SESSION):
        test = Test(people.part(slice(start, start + SESSION)), parameters, way, first_seed=start)
        test.exposure = exposure
        results.append(asked_through(test, watch))
        exposure = exposures(results[-1].table)
    return joined(results)


def asked_through(test: Test, watch: Watch | None = None) -> Result:
    """Question by question until everybody's test is over."""
    chooser = Chooser(test)
    for step in range(test.way.rule.most_in_test):
        undecided = test.open_topics()
        rows = np.flatnonzero(undecided.any(axis=1))
        if not len(rows):
            break
        items = chooser.next(rows, undecided[rows], step)
        test.observe(rows, items)
        chooser.refresh(rows, items // (LAYERS * PER_CELL))
        if watch:
            watch(step + 1, test)
    return test.result()


def exposures(table: NDArray[np.int8]) -> Floats:
    """question → share of the tests that asked its cell in which it was asked."""
    asked = (table != NOT_ASKED).reshape(-1, TOPICS * LAYERS, PER_CELL)
    tests = asked.any(axis=2).sum(axis=0)[:, None]
    return np.asarray((asked.sum(axis=0) / np.maximum(tests, 1)).ravel())


def joined(results: list[Result]) -> Result:
    return Result(*(np.concatenate([getattr(r, name) for r in results]) for name in Result.__slots__))
