"""Nouns: a member's ladders, the plan, the evidence behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, bindparam, func, select

from edu.base.db import AnySelect, db
from edu.courses import queries as courses
from edu.courses.models import Layer, Requirement, Topic, Version
from edu.gaps import evidence
from edu.gaps.evidence import Observation, Picture, Shown
from edu.gaps.models import Belief, Evidence
from edu.gaps.plan import Course, Step, shortest_plan
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
        select(Belief.states, Belief.shown).where(Belief.member_id == member_id, Belief.topic_id == topic_id)
    ).first()
    return picture_of(*row) if row else evidence.blank(layer_count())


def picture_of(states: Sequence[float], shown: Sequence[dict[str, int]]) -> Picture:
    """A stored belief as the picture it was made from."""
    return Picture(tuple(states), tuple(Shown(here["right"], here["wrong"], bool(here["failed"])) for here in shown))


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
BELIEFS: AnySelect = (
    select(Topic.id, Belief.states, Belief.shown)
    .outerjoin(Belief, (Belief.topic_id == Topic.id) & (Belief.member_id == bindparam("member_id")))
    .where(Topic.is_retired.is_(False))
    .order_by(Topic.position)
)
LAYERS = select(func.count()).select_from(Layer)


def required_of_member(member_id: int, *, on: date) -> dict[int, tuple[int, int]]:
    """topic → (layer, role): the maximum over the member's roles on a day, and the role that asks for it."""
    rows = db.session.execute(REQUIRED, {"member_id": member_id, "on": on})
    return {topic_id: (layer, role_id) for topic_id, layer, role_id in rows}


def ladders(member_id: int, *, on: date) -> list[Ladder]:
    """The member's ladder in every topic, in the topics' order. Three statements."""
    required = required_of_member(member_id, on=on)
    rows = db.session.execute(BELIEFS, {"member_id": member_id}).all()
    fresh = evidence.blank(layer_count())
    found = []
    for topic_id, states, shown in rows:
        layer, role_id = required.get(topic_id, (0, None))
        known = picture_of(states, shown) if states else fresh
        found.append(ladder_of(known, topic_id=topic_id, required=layer, role_id=role_id))
    return found


def ladder(member_id: int, topic_id: int, *, on: date) -> Ladder:
    """The member's ladder in one topic."""
    layer, role_id = required_of_member(member_id, on=on).get(topic_id, (0, None))
    return ladder_of(picture(member_id, topic_id), topic_id=topic_id, required=layer, role_id=role_id)


def plan(rungs: Sequence[Ladder], modules: Sequence[courses.ModuleRow]) -> tuple[Step, ...]:
    """The plan for these ladders out of the catalogue. One statement, for the prerequisites."""
    requires = courses.prerequisites()
    offered = [
        Course(row.id, row.topic_id, row.layer, row.minutes, frozenset(requires.get(row.id, ()))) for row in modules
    ]
    return shortest_plan(rungs, offered)


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
)


def _replayed(row: object) -> Replayed:
    member_id, topic_id, unit_id, at, kind, layer, outcome, *rest = tuple(row)  # type: ignore[arg-type, var-annotated]
    slip, guess, weight, share, attempt_id, question_version_id, version_id = rest
    observation: Observation
    if kind == "answer":
        right = outcome == "right"
        observation = evidence.Answer(layer, right, slip, guess, weight, attempt_id, question_version_id)
    elif kind == "study":
        observation = evidence.Study(layer, version_id, weight)
    else:
        observation = evidence.Verdict(layer, version_id, outcome == "passed", share, attempt_id)
    return Replayed(member_id, topic_id, unit_id, at, observation)


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
