"""Verbs: observe what was shown, and rebuild everything that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update

from edu.base.clock import day_of
from edu.base.db import db, insert
from edu.gaps import evidence, lasting, queries
from edu.gaps.evidence import Answer, Observation, Picture, Start, Study, Verdict
from edu.gaps.models import Belief, Evidence, Prior
from edu.people import queries as people
from edu.records import actions as records

#: Columns of evidence that not every kind has.
OPTIONAL = (
    "slip",
    "guess",
    "share",
    "attempt_id",
    "question_version_id",
    "version_id",
    "unknown_held",
    "unknown_lacking",
    "states",
)


def observe(
    member_id: int, topic_id: int, observations: Sequence[Observation], *, unit_id: int, at: datetime
) -> Picture:
    """Append evidence and move the belief, the rungs held, the standings and the tallies with it.

    Everything happens in the caller's transaction; the member's row is locked first, so that two submissions of one
    person queue up. The first evidence of a topic keeps the prior it started from, where calibration found one.
    Returns the picture after the evidence.
    """
    people.lock_members([member_id])
    picture = queries.picture(member_id, topic_id)
    if picture.on is None and (found := queries.start_of(member_id, topic_id, on=day_of(at))):
        observations = [found, *observations]
    db.session.execute(
        insert(Evidence),
        [
            {"member_id": member_id, "topic_id": topic_id, "unit_id": unit_id, "at": at, **_columns(observation)}
            for observation in observations
        ],
    )
    picture = lasting.submitted(picture, observations, at)
    if _believe(member_id, topic_id, picture, at=at):
        records.restate([member_id], on=day_of(at))
    return picture


def set_priors(topic_id: int, found: Mapping[int | None, tuple[Sequence[float], int]], *, at: datetime) -> None:
    """From now on newcomers of a topic start from these.

    found   role, or None for anybody → (states, how many members they were found from).
    """
    current = (Prior.topic_id == topic_id, Prior.is_current)
    db.session.execute(update(Prior).where(*current).values(is_current=False))
    for role_id, (states, members) in found.items():
        row = {"topic_id": topic_id, "role_id": role_id, "states": list(states), "members": members}
        db.session.add(Prior(**row, at=at, is_current=True))
    db.session.flush()


def rebuild(*, on: date) -> int:
    """Throw away everything derived and make it again from the evidence. Returns how many members it was about.

    Everybody is held first: what a submission wrote and did not commit yet would be counted by neither.
    """
    people.lock_members(people.all_member_ids())
    records.forget_derived()
    db.session.execute(delete(Belief))
    members = queries.members_with_evidence()
    for member_id in members:
        _replay(member_id)
    for passed in queries.passed_quizzes():
        records.complete_module(
            passed.member_id,
            passed.module_id,
            passed.version_id,
            unit_id=passed.unit_id,
            minutes=passed.minutes,
            share=passed.share,
            at=passed.at,
        )
    records.restate_all(on=on)
    return len(members)


def _replay(member_id: int) -> None:
    """One member's beliefs and holdings from the evidence, submission by submission, as they came."""
    pictures: dict[int, Picture] = {}
    layers = queries.layer_count()
    for sent in queries.submissions(queries.evidence_of(member_id)):
        topic_id, at = sent[0].topic_id, sent[0].at
        before = pictures.get(topic_id) or evidence.blank(layers)
        pictures[topic_id] = lasting.submitted(before, [row.observation for row in sent], at)
        _believe(member_id, topic_id, pictures[topic_id], at=at)


def _believe(member_id: int, topic_id: int, picture: Picture, *, at: datetime) -> bool:
    """Store a picture and the rungs that it holds. Returns whether those changed."""
    belief = {
        "states": list(picture.belief),
        "shown": [asdict(here) for here in picture.shown],
        "memory": [one and [one.stability, one.difficulty, one.last_at.isoformat()] for one in picture.memory],
        "updated_at": at,
    }
    db.session.execute(
        insert(Belief)
        .values(member_id=member_id, topic_id=topic_id, **belief)
        .on_conflict_do_update(index_elements=[Belief.member_id, Belief.topic_id], set_=belief)
    )
    spans = [(rung.due_on, rung.lapses_on) if rung.held else None for rung in lasting.rungs(picture)]
    return records.hold(member_id, topic_id, spans, at=at)


def _columns(observation: Observation) -> dict[str, Any]:
    """The columns of the evidence row that keeps this observation."""
    row: dict[str, Any] = dict.fromkeys(OPTIONAL)
    row["layer"], row["weight"] = observation.layer, 0.0
    match observation:
        case Answer(offered=offered):
            row |= {"kind": "answer", "outcome": observation.outcome.value}
            row |= {"slip": observation.slip, "guess": observation.guess, "weight": observation.weight}
            row |= {"attempt_id": observation.attempt_id, "question_version_id": observation.question_version_id}
            if offered:
                row |= {"unknown_held": offered.held, "unknown_lacking": offered.lacking}
        case Study():
            row |= {"kind": "study", "outcome": "studied", "weight": observation.chance}
            row |= {"version_id": observation.version_id}
        case Verdict():
            row |= {"kind": "verdict", "outcome": "passed" if observation.passed else "failed"}
            row |= {"version_id": observation.version_id, "share": observation.share}
            row |= {"attempt_id": observation.attempt_id}
        case Start():
            row |= {"kind": "start", "outcome": "started", "states": list(observation.states)}
    return row
