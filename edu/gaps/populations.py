"""Made-up banks and made-up people, for measuring the engine where the truth is known. Pure; numpy.

Nothing here says anything about real people: docs/gap-engine.md tells what is measured on them.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from edu.gaps.calibration import RIGHT, UNKNOWN, WRONG
from edu.gaps.ladder import OFFERED
from edu.gaps.many import Floats, Truth, Whole

#: The bank that the targets speak of.
TOPICS, LAYERS, PER_CELL, ROLES = 8, 4, 10, 6
ITEMS = TOPICS * LAYERS * PER_CELL
#: Mean and standard deviation over questions (docs/gap-engine.md).
SLIP, GUESS = (0.10, 0.06), (0.25, 0.08)
#: Correlation of the abilities of one person in two topics.
SHARED = 0.5
#: Heights 0–4 are equally frequent: the cuts are the quintiles of a normal ability.
CUTS = np.array([-0.8416, -0.2533, 0.2533, 0.8416])
#: Minutes of a module, each equally likely in this range: mean 25.
MODULE_MINUTES = (10, 40)
#: Discrimination of the smooth population's questions: median and spread on the log scale, logistic metric with
#: D = 1.7 as textbooks tabulate it; and how far a question's difficulty lies from its layer's cut.
SHARPNESS, SHARPNESS_SPREAD, OFF_CUT, D = 1.0, 0.3, 0.3, 1.7


@dataclass(frozen=True, slots=True)
class World:
    """A bank, what each role requires, and how long the modules take. Arrays are topics × layers × questions."""

    slip: Floats
    guess: Floats
    #: For the smooth population: sharpness and difficulty on the ability scale. Its lower asymptote is `guess`.
    sharpness: Floats
    difficulty: Floats
    #: roles × topics: the highest layer required, 0 for none.
    roles: Whole
    #: topics × layers.
    minutes: Floats


@dataclass(frozen=True, slots=True)
class People:
    """Who is tested, and the truth about them."""

    #: members × topics: the highest layer required.
    required: Whole
    #: members × topics: ability, standard normal.
    ability: Floats
    #: members × topics × layers: what is held.
    held: Truth
    #: members × (topics × layers × questions): the chance of a right answer, and fixed chance numbers for it and for
    #: saying "I don't know".
    chance: Floats
    luck: Floats
    doubt: Floats

    def __len__(self) -> int:
        return len(self.required)

    def part(self, rows: slice) -> "People":
        return People(*(getattr(self, name)[rows] for name in self.__slots__))


def world(random: Generator) -> World:
    """A bank of 8 topics × 4 layers × 10 questions for 6 roles that require 0–4 layers, each equally often."""
    shape = (TOPICS, LAYERS, PER_CELL)
    places = np.arange(ROLES * TOPICS) % (LAYERS + 1)
    return World(
        slip=_beta(random, *SLIP, shape).clip(0.005, 0.40),
        guess=_beta(random, *GUESS, shape).clip(0.005, 0.50),
        sharpness=SHARPNESS * np.exp(random.normal(0, SHARPNESS_SPREAD, shape)),
        difficulty=CUTS[None, :, None] + random.normal(0, OFF_CUT, shape),
        roles=random.permutation(places).reshape(ROLES, TOPICS),
        minutes=random.integers(*MODULE_MINUTES, (TOPICS, LAYERS), endpoint=True).astype(float),
    )


def _beta(random: Generator, mean: float, deviation: float, shape: tuple[int, ...]) -> Floats:
    total = mean * (1 - mean) / deviation**2 - 1
    return random.beta(mean * total, (1 - mean) * total, shape)


def people(world: World, members: int, random: Generator, *, holes: float = 0.0, smooth: bool = False) -> People:
    """Members of every role alike, whose abilities in two topics correlate by SHARED.

    holes    this share of (member, topic) has one layer, any, flipped.
    smooth   answers follow a 3PL curve of the ability instead of a step at the layer.
    """
    common = np.sqrt(SHARED) * random.normal(size=(members, 1))
    ability = common + np.sqrt(1 - SHARED) * random.normal(size=(members, TOPICS))
    held = ability[:, :, None] >= CUTS
    flipped = random.random((members, TOPICS, 1)) < holes
    held ^= flipped & (random.integers(0, LAYERS, (members, TOPICS, 1)) == np.arange(LAYERS))
    chance = smooth_chance(world, ability) if smooth else step_chance(world, held)
    return People(
        required=world.roles[random.integers(0, ROLES, members)],
        ability=ability,
        held=held,
        chance=chance.reshape(members, ITEMS),
        luck=random.random((members, ITEMS)),
        doubt=random.random((members, ITEMS)),
    )


def step_chance(world: World, held: Truth) -> Floats:
    """1 - slip where the layer is held, else guess."""
    return np.where(held[..., None], 1 - world.slip, world.guess)


def smooth_chance(world: World, ability: Floats) -> Floats:
    """c + (1 - c) / (1 + exp(-D a (theta - b))) (Birnbaum 1968)."""
    distance = ability[:, :, None, None] - world.difficulty
    return world.guess + (1 - world.guess) / (1 + np.exp(-D * world.sharpness * distance))


def answers(people: People, rows: Whole, items: Whole, *, offered: bool) -> NDArray[np.int64]:
    """What members answer to one question each: RIGHT, WRONG or, where it is offered, UNKNOWN."""
    right = people.luck[rows, items] < people.chance[rows, items]
    given = np.where(right, RIGHT, WRONG)
    if offered:
        held = people.held.reshape(len(people), -1)[rows, items // PER_CELL]
        says = people.doubt[rows, items] < np.where(held, OFFERED.held, OFFERED.lacking)
        given = np.where(says, UNKNOWN, given)
    return given


def leaked(people: People, items: Whole) -> People:
    """The same people, who all know the key of some questions, and say so."""
    chance, doubt = people.chance.copy(), people.doubt.copy()
    chance[:, items] = doubt[:, items] = 1.0
    return replace(people, chance=chance, doubt=doubt)
