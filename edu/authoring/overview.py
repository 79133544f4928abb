"""What a tree teaches: its cells (topic × layer), and the plan of each role from nothing. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edu.authoring.checks import number_in, required_keys
from edu.authoring.framework import FrameworkFile
from edu.authoring.tree import Parsed
from edu.courses.framework import RoleSpec, TopicSpec
from edu.gaps.plan import Course, Step, shortest_plan
from edu.gaps.rungs import Ladder


@dataclass(frozen=True, slots=True)
class Taught:
    """A module as the map shows it."""

    key: str
    topic: TopicSpec
    layer: int
    minutes: int
    #: Language → title.
    titles: dict[str, str]
    requires: tuple[str, ...]
    #: Kind of question → how many.
    kinds: Counter[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One rung of one topic."""

    topic: TopicSpec
    layer: int
    modules: tuple[Taught, ...]
    #: Who requires it.
    roles: tuple[RoleSpec, ...]


@dataclass(frozen=True, slots=True)
class RolePlan:
    """What somebody with an empty record is served."""

    role: RoleSpec
    #: In order; None where nothing teaches the rung.
    modules: tuple[Taught | None, ...]

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules if module)


def taught(file: FrameworkFile, modules: Sequence[Parsed]) -> list[Taught]:
    """The modules that belong to a declared topic, in the order of topics and layers."""
    topics = {topic.key: topic for topic in file.framework.topics}
    found = []
    for module in modules:
        page, topic = module.pages.get(file.leading), topics.get(module.folder.partition("/")[0])
        if page is None or topic is None:
            continue
        quiz = module.quizzes.get(file.leading)
        found.append(
            Taught(
                key=page.words("id"),
                topic=topic,
                layer=number_in(page, "layer"),
                minutes=number_in(page, "minutes"),
                titles={language: other.words("title") for language, other in module.pages.items()},
                requires=required_keys(page),
                kinds=Counter(block.kind for block in quiz.blocks) if quiz else Counter(),
            )
        )
    return sorted(found, key=lambda one: (file.topic_keys.index(one.topic.key), one.layer, one.key))


def cells(file: FrameworkFile, modules: Sequence[Taught]) -> Iterator[Cell]:
    """Every rung that is taught or required."""
    for topic in file.framework.topics:
        for layer in file.layer_numbers:
            here = tuple(one for one in modules if (one.topic, one.layer) == (topic, layer))
            roles = tuple(role for role in file.framework.roles if role.requires.get(topic.key, 0) >= layer)
            if here or roles:
                yield Cell(topic, layer, here, roles)


def role_plans(file: FrameworkFile, modules: Sequence[Taught]) -> Iterator[RolePlan]:
    numbers = {one.key: number for number, one in enumerate(modules)}
    courses = [
        Course(
            module_id=numbers[one.key],
            topic_id=file.topic_keys.index(one.topic.key),
            layer=one.layer,
            minutes=one.minutes,
            requires=frozenset(numbers[key] for key in one.requires if key in numbers),
        )
        for one in modules
    ]
    for role in file.framework.roles:
        steps = shortest_plan([empty(file, role, place) for place in range(len(file.topic_keys))], courses)
        yield RolePlan(role, tuple(module_of(step, modules) for step in steps))


def empty(file: FrameworkFile, role: RoleSpec, place: int) -> Ladder:
    """The ladder of somebody who has shown nothing."""
    none = len(file.layer_numbers)
    required = role.requires.get(file.topic_keys[place], 0)
    return Ladder(place, required, None, q=(0.0,) * none, shown=(), holds=(False,) * none)


def module_of(step: Step, modules: Sequence[Taught]) -> Taught | None:
    return None if step.module_id is None else modules[step.module_id]
