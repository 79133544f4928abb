"""Nouns: a member's ladders, the plan, the evidence behind them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, func, select

from edu.base.clock import day_of
from edu.base.db import AnySelect, db
from edu.base.i18n import LANGUAGES
from edu.courses import queries as courses
from edu.courses.models import Layer, Requirement, Topic, Version
from edu.gaps import evidence, lasting
from edu.gaps.evidence import Observation, Picture, Shown, Start
from edu.gaps.forgetting import Memory
from edu.gaps.ladder import Unknown
from edu.gaps.models import Belief, Evidence, Prior
from edu.gaps.plan import Course, Step, shortest_by_cell, shortest_plan
from edu.gaps.rungs import Ladder, ladder_of
from edu.people.models import MemberRole


@dataclass(frozen=True, slots=True)
class Replayed:
    """One row of evidence, ready to be applied again."""

    member_id: int
    topic_id: int
    unit_id: int
    at: datetime
    observation: Observation


@dataclass(frozen=True, slots=True)
class Passed:
    """A closing quiz that was passed: what a completion is made from."""

    member_id: int
    module_id: int
    version_id: int
    unit_id: int
    minutes: int
    share: float
    at: datetime


def layer_count() -> int:
    return int(db.session.execute(LAYERS).scalar_one())


def picture(member_id: int, topic_id: int) -> Picture:
    """What is known of a member in one topic; before any evidence, the prior."""
    row = db.session.execute(
        select(Belief.states, Belief.shown, Belief.memory, Belief.updated_at).where(
            Belief.member_id == member_id, Belief.topic_id == topic_id
        )
    ).first()
    return picture_of(*row) if row else evidence.blank(layer_count())


def picture_of(
    states: Sequence[float], shown: Sequence[dict[str, int]], memory: Sequence[Any] | None, updated_at: datetime
) -> Picture:
    """A stored belief as the picture it was made from."""
    return Picture(
        tuple(states),
        tuple(Shown(here["right"], here["wrong"], bool(here["failed"])) for here in shown),
        tuple(one and Memory(one[0], one[1], datetime.fromisoformat(one[2])) for one in memory or [None] * len(shown)),
        day_of(updated_at),
    )


def _lasts(row: type[MemberRole] | type[Requirement]) -> ColumnElement[bool]:
    """Whether a dated row holds on the day `on`."""
    on = bindparam("on", type_=Date())
    return (row.since_on <= on) & (row.until_on.is_(None) | (row.until_on > on))


#: Hot: asked on home and at every submission.
REQUIRED: AnySelect = (
    select(Requirement.topic_id, Requirement.layer, Requirement.role_id)
    .join(MemberRole, MemberRole.role_id == Requirement.role_id)
    .where(MemberRole.member_id == bindparam("member_id"), _lasts(MemberRole), _lasts(Requirement))
    .order_by(Requirement.layer, Requirement.role_id.desc())
)
LAYERS = select(func.count()).select_from(Layer)
BELIEFS: AnySelect = (
    select(
        Topic.id,
        LAYERS.scalar_subquery(),
        Belief.states,
        Belief.shown,
        Belief.memory,
        Belief.updated_at,
        Prior.role_id,
        Prior.states,
    )
    .outerjoin(Belief, (Belief.topic_id == Topic.id) & (Belief.member_id == bindparam("member_id")))
    .outerjoin(Prior, (Prior.topic_id == Topic.id) & Prior.is_current & Belief.member_id.is_(None))
    .where(Topic.is_retired.is_(False))
    .order_by(Topic.position)
)


def required_of_member(member_id: int, *, on: date) -> dict[int, tuple[int, int]]:
    """topic → (layer, role): the maximum over the member's roles on a day, and the role that asks for it."""
    rows = db.session.execute(REQUIRED, {"member_id": member_id, "on": on})
    return {topic_id: (layer, role_id) for topic_id, layer, role_id in rows}


def ladders(member_id: int, *, on: date) -> list[Ladder]:
    """The member's ladder in every topic on a day from the last evidence on, in the topics' order. Two statements."""
    required = required_of_member(member_id, on=on)
    found = []
    for topic_id, known in pictures(member_id, required, on=on).items():
        layer, role_id = required.get(topic_id, (0, None))
        found.append(ladder_of(known, topic_id=topic_id, required=layer, role_id=role_id))
    return found


def pictures(member_id: int, required: Mapping[int, tuple[int, int]], *, on: date) -> dict[int, Picture]:
    """topic → what is known of the member on a day from the last evidence on, in the topics' order. One statement.

    required    as `required_of_member` has it: of whom nothing is known starts where others in the role were found.
    """
    pictures: dict[int, Picture] = {}
    rows = db.session.execute(BELIEFS, {"member_id": member_id})
    for topic_id, of_topic in groupby(rows, key=lambda row: row[0]):
        found = list(of_topic)
        _topic, layers, *belief, _role, _states = found[0]
        if belief[0]:
            pictures[topic_id] = lasting.on_day(picture_of(*belief), on)
        else:
            fresh = evidence.blank(layers)
            start = _start({row[-2]: row[-1] for row in found if row[-1]}, topic_id, required)
            pictures[topic_id] = evidence.add(fresh, start) if start else fresh
    return pictures


def _start(
    found: Mapping[int | None, Sequence[float]], topic_id: int, required: Mapping[int, tuple[int, int]]
) -> Start | None:
    """The prior of the role that asks for most in a topic, else that of anybody.

    found   role, or None for anybody → what calibration found to be likely of someone new in the topic.
    """
    _layer, role_id = required.get(topic_id, (0, None))
    states = found.get(role_id) or found.get(None)
    return Start(tuple(states)) if states else None


def start_of(member_id: int, topic_id: int, *, on: date) -> Start | None:
    """Where someone of whom nothing is known yet starts from; None: at the shipped prior."""
    rows: AnySelect = select(Prior.role_id, Prior.states).where(Prior.topic_id == topic_id, Prior.is_current)
    found = {role_id: states for role_id, states in db.session.execute(rows)}
    return _start(found, topic_id, required_of_member(member_id, on=on))


def ladder(member_id: int, topic_id: int, *, on: date) -> Ladder:
    """The member's ladder in one topic."""
    layer, role_id = required_of_member(member_id, on=on).get(topic_id, (0, None))
    known = lasting.on_day(picture(member_id, topic_id), on)
    return ladder_of(known, topic_id=topic_id, required=layer, role_id=role_id)


def minutes_by_cell() -> dict[tuple[int, int], int]:
    """(topic, layer) → minutes of its shortest module."""
    modules = courses.catalogue(LANGUAGES[0])
    offered = [Course(row.id, row.topic_id, row.layer, row.minutes) for row in modules]
    return {cell: course.minutes for cell, course in shortest_by_cell(offered).items()}


def plan(rungs: Sequence[Ladder], modules: Sequence[courses.ModuleRow]) -> tuple[Step, ...]:
    """The plan for these ladders out of the catalogue. One statement, for the prerequisites."""
    requires = courses.prerequisites()
    offered = [
        Course(row.id, row.topic_id, row.layer, row.minutes, frozenset(requires.get(row.id, ()))) for row in modules
    ]
    return shortest_plan(rungs, offered)


def pictures_then(member_id: int, *, on: date) -> dict[int, Picture]:
    """topic → what was known of the member at the end of a past day, from the evidence as it stood then."""
    layers = layer_count()
    pictures: dict[int, Picture] = {}
    for sent in submissions(row for row in evidence_of(member_id) if day_of(row.at) <= on):
        before = pictures.get(sent[0].topic_id) or evidence.blank(layers)
        pictures[sent[0].topic_id] = lasting.submitted(before, [row.observation for row in sent], sent[0].at)
    return {topic_id: lasting.on_day(known, on) for topic_id, known in pictures.items()}


def submissions(rows: Iterable[Replayed]) -> Iterator[list[Replayed]]:
    """A member's evidence, submission by submission: what was shown of one topic at one moment."""
    for _key, sent in groupby(rows, key=lambda row: (row.topic_id, row.at)):
        yield list(sent)


def evidence_of(member_id: int, topic_id: int | None = None) -> list[Replayed]:
    """A member's evidence in the order it came, in one topic or in all."""
    chosen = EVIDENCE.where(Evidence.member_id == member_id)
    if topic_id is not None:
        chosen = chosen.where(Evidence.topic_id == topic_id)
    return [_replayed(row) for row in db.session.execute(chosen.order_by(Evidence.id))]


EVIDENCE = select(
    Evidence.member_id,
    Evidence.topic_id,
    Evidence.unit_id,
    Evidence.at,
    Evidence.kind,
    Evidence.layer,
    Evidence.outcome,
    Evidence.slip,
    Evidence.guess,
    Evidence.weight,
    Evidence.share,
    Evidence.attempt_id,
    Evidence.question_version_id,
    Evidence.version_id,
    Evidence.unknown_held,
    Evidence.unknown_lacking,
    Evidence.states,
)


def _replayed(row: Any) -> Replayed:
    observation: Observation
    if row.kind == "answer":
        offered = None if row.unknown_held is None else Unknown(row.unknown_held, row.unknown_lacking)
        observation = evidence.Answer(
            row.layer,
            row.outcome == "right",
            row.slip,
            row.guess,
            row.weight,
            row.attempt_id,
            row.question_version_id,
            offered,
            row.outcome == "unknown",
        )
    elif row.kind == "study":
        observation = evidence.Study(row.layer, row.version_id, row.weight)
    elif row.kind == "verdict":
        observation = evidence.Verdict(row.layer, row.version_id, row.outcome == "passed", row.share, row.attempt_id)
    else:
        observation = Start(tuple(row.states))
    return Replayed(row.member_id, row.topic_id, row.unit_id, row.at, observation)


def needs_rebuild() -> bool:
    """Whether some belief is from before memory was kept, so that it would never fade."""
    return db.session.execute(select(Belief.member_id).where(Belief.memory.is_(None)).limit(1)).first() is not None


def members_with_evidence() -> list[int]:
    return list(db.session.scalars(select(Evidence.member_id).distinct().order_by(Evidence.member_id)))


def passed_quizzes() -> list[Passed]:
    """Every passed closing quiz, in the order they were passed."""
    rows: AnySelect = (
        select(
            Evidence.member_id,
            Version.module_id,
            Evidence.version_id,
            Evidence.unit_id,
            Version.minutes,
            Evidence.share,
            Evidence.at,
        )
        .join(Version, Version.id == Evidence.version_id)
        .where(Evidence.kind == "verdict", Evidence.outcome == "passed")
        .order_by(Evidence.id)
    )
    return [Passed(*row) for row in db.session.execute(rows)]


def has_studied(member_id: int, version_id: int) -> bool:
    """Whether the learning step of this version was already taken by this member."""
    return (
        db.session.execute(
            select(Evidence.id)
            .where(Evidence.member_id == member_id, Evidence.kind == "study", Evidence.version_id == version_id)
            .limit(1)
        ).first()
        is not None
    )
