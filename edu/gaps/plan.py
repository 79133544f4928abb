"""The plan: the smallest ordered list of modules that closes every gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edu.gaps.rungs import Ladder


@dataclass(frozen=True, slots=True)
class Course:
    """A module as the plan sees it."""

    module_id: int
    topic_id: int
    layer: int
    minutes: int
    requires: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the plan: a rung to close, and the module that closes it."""

    topic_id: int
    layer: int
    #: None: nothing teaches this rung yet.
    module_id: int | None
    minutes: int
    #: The module that this one comes before, when nobody requires its own rung.
    before: int | None = None
    #: Modules of the plan that come before this one.
    requires: frozenset[int] = frozenset()


def fitting(steps: Sequence[Step], minutes: int) -> tuple[Step, ...]:
    """The steps of a plan, in its order, that fit into so many minutes.

    None whose prerequisite does not fit, and none above a rung of its topic that does not.
    """
    left = minutes
    taken: list[Step] = []
    missing = {step.module_id for step in steps}
    waiting: set[int] = set()
    for step in steps:
        if step.module_id is None:
            continue
        if step.minutes <= left and step.topic_id not in waiting and not step.requires & missing:
            left -= step.minutes
            taken.append(step)
            missing.discard(step.module_id)
        else:
            waiting.add(step.topic_id)
    return tuple(taken)


def shortest_plan(ladders: Sequence[Ladder], courses: Sequence[Course]) -> tuple[Step, ...]:
    """Every required rung that is not held, each with its shortest module, prerequisites first.

    Order: layer by layer from below, topics in the order of `ladders`; a prerequisite stands before what needs it.
    A prerequisite whose rung is held is not asked for again.
    """
    by_id = {course.module_id: course for course in courses}
    by_cell = shortest_by_cell(courses)
    held = {(rungs.topic_id, i + 1) for rungs in ladders for i, holds in enumerate(rungs.holds) if holds}
    wanted = sorted((layer, place, rungs.topic_id) for place, rungs in enumerate(ladders) for layer in rungs.lacking)
    steps: dict[tuple[int, int], Step] = {}
    for layer, _place, topic_id in wanted:
        course = by_cell.get((topic_id, layer))
        if course is None:
            steps[topic_id, layer] = Step(topic_id, layer, None, 0)
        else:
            _add(course, steps, by_id, held, before=None)
    return tuple(steps.values())


def shortest_by_cell(courses: Sequence[Course]) -> dict[tuple[int, int], Course]:
    """The shortest module of each (topic, layer); of equals the one that came first."""
    best: dict[tuple[int, int], Course] = {}
    for course in courses:
        cell = (course.topic_id, course.layer)
        if cell not in best or course.minutes < best[cell].minutes:
            best[cell] = course
    return best


def _add(
    course: Course,
    steps: dict[tuple[int, int], Step],
    by_id: Mapping[int, Course],
    held: set[tuple[int, int]],
    *,
    before: int | None,
    above: frozenset[int] = frozenset(),
) -> None:
    """Put a course into the plan after what it requires. `above` ends a ring that slipped past the checker."""
    cell = (course.topic_id, course.layer)
    if cell in steps or course.module_id in above:
        return
    for required in sorted(course.requires):
        needed = by_id.get(required)
        if needed and (needed.topic_id, needed.layer) not in held:
            _add(needed, steps, by_id, held, before=course.module_id, above=above | {course.module_id})
    steps[cell] = Step(*cell, course.module_id, course.minutes, before, course.requires)
