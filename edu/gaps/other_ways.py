"""Other ways to ask, to compare the product's own with. Pure; numpy.

All are scored by the same ladder with the same parameters: they differ in what is asked and when it ends.
"""

from collections.abc import Callable

import numpy as np

from edu.gaps import many
from edu.gaps.calibration import NOT_ASKED, RIGHT
from edu.gaps.many import Floats, Truth, Whole
from edu.gaps.populations import CUTS, ITEMS, LAYERS, PER_CELL, TOPICS, D, People, World, answers
from edu.gaps.stop import Rule
from edu.gaps.strategies import SHAPE, Parameters, Result, Test, Watch, Way, entropy, likelihoods, roll


def fixed(people: People, parameters: Parameters, per_cell: int) -> Result:
    """One form for everybody: the first `per_cell` questions of every cell."""
    test = Test(people, parameters, Way())
    rows = np.arange(len(people))
    for cell in range(TOPICS * LAYERS):
        for place in range(per_cell):
            test.observe(rows, np.full(len(rows), cell * PER_CELL + place))
    return test.result()


Pick = Callable[[Test, Whole, Truth, int], Whole]


def one_by_one(test: Test, pick: Pick, over: Callable[[Test], Truth], watch: Watch | None = None) -> Result:
    """Any way that asks one question after the other: `pick` the question, `over` says which topics are still open."""
    for step in range(test.way.rule.most_in_test):
        undecided = over(test)
        rows = np.flatnonzero(undecided.any(axis=1))
        if not len(rows):
            break
        test.observe(rows, pick(test, rows, undecided[rows], step))
        if watch:
            watch(step + 1, test)
    return test.result()


def at_random(people: People, parameters: Parameters, way: Way, *, watch: Watch | None = None) -> Result:
    """Any question of the required layers of an undecided topic; ends as the adaptive way does."""
    return one_by_one(Test(people, parameters, way), _any_question, Test.open_topics, watch)


def _any_question(test: Test, rows: Whole, undecided: Truth, step: int) -> Whole:
    may = (test.table[rows] == NOT_ASKED).reshape(-1, *SHAPE) & (test.wanted[rows] & undecided[:, :, None])[..., None]
    return _one_of(may.reshape(len(rows), ITEMS), test, rows, step)


def _one_of(may: Truth, test: Test, rows: Whole, step: int) -> Whole:
    """One of the questions that may be asked, each as likely."""
    luck = roll(test.seeds[rows, None], step * ITEMS + np.arange(ITEMS)[None, :])
    return np.asarray(np.where(may, luck, -1.0).argmax(axis=1))


def staircase(people: People, parameters: Parameters, per_topic: int) -> Result:
    """Topic by topic from the middle of what is required: up after a right answer, down after a wrong one."""
    stairs = _Stairs(people, per_topic)
    way = Way(rule=Rule(most_in_test=TOPICS * per_topic))
    return one_by_one(Test(people, parameters, way), stairs.pick, stairs.over)


class _Stairs:
    def __init__(self, people: People, per_topic: int) -> None:
        self.at = (people.required + 1) // 2
        self.per_topic = per_topic

    def over(self, test: Test) -> Truth:
        return np.asarray((test.asked < self.per_topic) & (test.people.required > 0))

    def pick(self, test: Test, rows: Whole, undecided: Truth, step: int) -> Whole:
        topics = undecided.argmax(axis=1)
        cell = topics * LAYERS + self.at[rows, topics] - 1
        items = _one_of(_in_cell(test, rows, cell), test, rows, step)
        right = answers(test.people, rows, items, offered=False) == RIGHT
        moved = self.at[rows, topics] + np.where(right, 1, -1)
        self.at[rows, topics] = moved.clip(1, test.people.required[rows, topics])
        return items


def _in_cell(test: Test, rows: Whole, cell: Whole) -> Truth:
    left = test.table[rows] == NOT_ASKED
    return np.asarray(left & (np.arange(ITEMS) // PER_CELL == cell[:, None]))


def sprt(people: People, parameters: Parameters, *, error: float = 0.05, most: int = 8) -> Result:
    """Wald's test of one layer after the other, from the required one down until one is held.

    error   both kinds, 0–1: the log likelihood ratio ends at +-ln((1 - error) / error).
    most    questions of one layer; then the sign decides.
    """
    walk = _Walk(people, np.log((1 - error) / error), most)
    way = Way(rule=Rule(most_in_topic=ITEMS, most_in_test=ITEMS))
    return one_by_one(Test(people, parameters, way), walk.pick, walk.over)


class _Walk:
    def __init__(self, people: People, bound: float, most: int) -> None:
        self.at = people.required.copy()
        self.ratio = np.zeros(self.at.shape)
        self.here = np.zeros(self.at.shape, np.int64)
        self.bound, self.most = bound, most

    def over(self, test: Test) -> Truth:
        return self.at > 0

    def pick(self, test: Test, rows: Whole, undecided: Truth, step: int) -> Whole:
        topics = undecided.argmax(axis=1)
        items = _one_of(_in_cell(test, rows, topics * LAYERS + self.at[rows, topics] - 1), test, rows, step)
        given = answers(test.people, rows, items, offered=False)
        slip, guess = test.parameters.slip.ravel()[items], test.parameters.guess.ravel()[items]
        if_held, if_not = likelihoods(given, slip, guess, None)
        self.ratio[rows, topics] += np.log(if_held / if_not)
        self.here[rows, topics] += 1
        self._move(rows, topics)
        return items

    def _move(self, rows: Whole, topics: Whole) -> None:
        """Held: the topic is done. Not held: one layer down, from the beginning."""
        ratio = self.ratio[rows, topics]
        tired = self.here[rows, topics] >= self.most
        held, lacks = (ratio >= self.bound) | (tired & (ratio >= 0)), (ratio <= -self.bound) | (tired & (ratio < 0))
        self.at[rows, topics] = np.where(held, 0, self.at[rows, topics] - lacks)
        fresh = held | lacks
        self.ratio[rows, topics] = np.where(fresh, 0.0, ratio)
        self.here[rows, topics] = np.where(fresh, 0, self.here[rows, topics])


# An engine that knows the truth about the smooth population's questions.

#: Abilities on which it computes.
GRID = np.linspace(-4, 4, 61)


def oracle(people: People, world: World, questions: int, *, best_for_need: bool = False) -> Floats:
    """members × topics × layers: the chance that each layer is held, by a 3PL engine with the true parameters.

    It asks where the Fisher information is largest at its estimate of the ability (the mean of the posterior), topics
    in turn: the usual computerised adaptive test.
    best_for_need   asks instead what tells most about "the required layer is held": the best that can be done.
    """
    engine = _Oracle(people, world)
    for _ in range(questions):
        engine.ask(best_for_need=best_for_need)
    return np.stack([(engine.belief * (cut <= GRID)).sum(axis=2) for cut in CUTS], axis=2)


class _Oracle:
    def __init__(self, people: People, world: World) -> None:
        per_topic = (TOPICS, LAYERS * PER_CELL)
        sharpness, difficulty = D * world.sharpness.reshape(per_topic), world.difficulty.reshape(per_topic)
        guess = world.guess.reshape(per_topic)[:, :, None]
        step = 1 / (1 + np.exp(-sharpness[:, :, None] * (GRID - difficulty[:, :, None])))
        #: topics × questions × abilities: chance of a right answer, and Fisher information.
        self.right = guess + (1 - guess) * step
        self.fisher = (sharpness[:, :, None] * step) ** 2 * (1 - self.right) / self.right
        self.people = people
        normal = np.exp(-(GRID**2) / 2)
        self.belief = np.tile(normal / normal.sum(), (len(people), TOPICS, 1))
        self.left = np.ones((len(people), *per_topic), bool)
        #: members × topics × abilities: enough for what is required.
        self.enough = CUTS[np.maximum(people.required, 1) - 1][:, :, None] <= GRID

    def ask(self, *, best_for_need: bool) -> None:
        rows = np.arange(len(self.people))
        topics, places = self._best_for_need() if best_for_need else self._usual(rows)
        items = topics * LAYERS * PER_CELL + places
        right = answers(self.people, rows, items, offered=False) == RIGHT
        chance = self.right[topics, places]
        belief = self.belief[rows, topics] * np.where(right[:, None], chance, 1 - chance)
        self.belief[rows, topics] = belief / belief.sum(axis=1, keepdims=True)
        self.left[rows, topics, places] = False

    def _usual(self, rows: Whole) -> tuple[Whole, Whole]:
        asked = (~self.left).sum(axis=2)
        topics = np.where(self.people.required > 0, asked, ITEMS).argmin(axis=1)
        estimate = (self.belief[rows, topics] * GRID).sum(axis=1)
        at = np.abs(GRID - estimate[:, None]).argmin(axis=1)
        told = np.where(self.left[rows, topics], self.fisher[topics, :, at], -1.0)
        return topics, told.argmax(axis=1)

    def _best_for_need(self) -> tuple[Whole, Whole]:
        """Mutual information of each question with "enough"."""
        enough = self.belief * self.enough
        q = enough.sum(axis=2)[:, :, None]
        both = np.einsum("mtg,tig->mti", enough, self.right)
        right = np.einsum("mtg,tig->mti", self.belief, self.right)
        if_held = (both / q.clip(1e-9)).clip(1e-9, 1 - 1e-9)
        if_not = ((right - both) / (1 - q).clip(1e-9)).clip(1e-9, 1 - 1e-9)
        told = entropy(right.clip(1e-9, 1 - 1e-9)) - q * entropy(if_held) - (1 - q) * entropy(if_not)
        told[~self.left | (self.people.required == 0)[:, :, None]] = -np.inf
        best = told.reshape(len(told), -1).argmax(axis=1)
        return best // (LAYERS * PER_CELL), best % (LAYERS * PER_CELL)


def scored(q: Floats, questions: int) -> Result:
    """The oracle's chances after so many questions as a result, decided at the same cost as everybody's."""
    members = len(q)
    everything = np.ones((members, LAYERS), bool)
    held = many.held(q.reshape(-1, LAYERS), np.repeat(everything, TOPICS, axis=0)).reshape(q.shape)
    nothing = np.empty((members, 0))
    asked = np.full((members, 1), questions)
    return Result(nothing, q, held, asked, nothing.astype(np.int8))
