"""Verbs: observe what was shown, and rebuild everything that follows from it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from edu.base.clock import day_of
from edu.base.db import db, insert
from edu.gaps import evidence, queries
from edu.gaps.evidence import Answer, Observation, Picture, Study, Verdict
from edu.gaps.models import Belief, Evidence
from edu.people import queries as people
from edu.records import actions as records


def observe(
    member_id: int, topic_id: int, observations: Sequence[Observation], *, unit_id: int, at: datetime
) -> Picture:
    """Append evidence and move the belief, the rungs held, the standings and the tallies with it.

    Everything happens in the caller's transaction; the member's row is locked first, so that two submissions of one
    person queue up. Returns the picture after the evidence.
    """
    people.lock_members([member_id])
    db.session.execute(
        insert(Evidence),
        [
            {"member_id": member_id, "topic_id": topic_id, "unit_id": unit_id, "at": at, **_columns(observation)}
            for observation in observations
        ],
    )
    picture = queries.picture(member_id, topic_id)
    for observation in observations:
        picture = _added(picture, observation)
    if _believe(member_id, topic_id, picture, at=at):
        records.restate([member_id], on=day_of(at))
    return picture


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
    rows = queries.evidence_of(member_id)
    for place, row in enumerate(rows):
        picture = pictures.get(row.topic_id) or evidence.blank(layers)
        pictures[row.topic_id] = _added(picture, row.observation)
        following = rows[place + 1] if place + 1 < len(rows) else None
        if following is None or (following.topic_id, following.at) != (row.topic_id, row.at):
            _believe(member_id, row.topic_id, pictures[row.topic_id], at=row.at)


def _added(picture: Picture, observation: Observation) -> Picture:
    """The picture with one more piece of evidence; of a layer that the framework no longer has, it says nothing."""
    return evidence.add(picture, observation) if observation.layer <= len(picture.shown) else picture


def _believe(member_id: int, topic_id: int, picture: Picture, *, at: datetime) -> bool:
    """Store a picture and the rungs that it holds. Returns whether those changed."""
    belief = {
        "states": list(picture.belief),
        "shown": [asdict(here) for here in picture.shown],
        "updated_at": at,
    }
    db.session.execute(
        insert(Belief)
        .values(member_id=member_id, topic_id=topic_id, **belief)
        .on_conflict_do_update(index_elements=[Belief.member_id, Belief.topic_id], set_=belief)
    )
    return records.hold(member_id, topic_id, evidence.held(picture), at=at)


def _columns(observation: Observation) -> dict[str, Any]:
    """The columns of the evidence row that keeps this observation.

    Raises ValueError for an answer where "I don't know" was offered: no column keeps that, and a rebuild would read
    it as another answer.
    """
    row: dict[str, Any] = dict.fromkeys(("slip", "guess", "share", "attempt_id", "question_version_id", "version_id"))
    row["layer"] = observation.layer
    match observation:
        case Answer(offered=offered) if offered is not None or observation.unknown:
            raise ValueError("an answer with “I don't know” on offer cannot be kept as evidence")
        case Answer():
            row |= {"kind": "answer", "outcome": "right" if observation.right else "wrong"}
            row |= {"slip": observation.slip, "guess": observation.guess, "weight": observation.weight}
            row |= {"attempt_id": observation.attempt_id, "question_version_id": observation.question_version_id}
        case Study():
            row |= {"kind": "study", "outcome": "studied", "weight": observation.chance}
            row |= {"version_id": observation.version_id}
        case Verdict():
            row |= {"kind": "verdict", "outcome": "passed" if observation.passed else "failed", "weight": 0.0}
            row |= {"version_id": observation.version_id, "share": observation.share}
            row |= {"attempt_id": observation.attempt_id}
    return row
