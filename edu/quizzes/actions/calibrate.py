"""Calibration: what all answers say of the questions and the topics, found at night and stored as a new version.

numpy comes along: this is loaded by the command alone, never by a page.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import update

from edu.base import audit
from edu.base.db import db, insert
from edu.courses import queries as courses
from edu.gaps import actions as gaps
from edu.gaps import calibration, ladder
from edu.gaps import queries as gap_queries
from edu.gaps.calibration import Drift, drifted
from edu.people import queries as people
from edu.quizzes.models import Calibration, QuestionAlarm, QuestionParameters, TopicParameters
from edu.quizzes.queries import calibration as read
from edu.quizzes.queries.calibration import FirstAnswer, LiveQuestion
from edu.quizzes.queries.diagnostic import exposure

CODES = {"right": calibration.RIGHT, "wrong": calibration.WRONG, "unknown": calibration.UNKNOWN}
#: role, or None for anybody → (what is believed of someone new, how many members it was found from).
Priors = dict[int | None, tuple[Sequence[float], int]]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found about one topic."""

    topic_id: int
    questions: list[LiveQuestion]
    answers: int
    members: int
    topic: calibration.Topic
    #: By question version.
    drift: dict[int, Drift]
    facilities: list[float | None]
    priors: Priors


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run changed."""

    #: Questions whose parameters moved, and alarms opened.
    questions: int
    alarms: int


def look(*, on: date, progress: Callable[[int, int], None]) -> list[Found]:
    """Fit every topic to its first answers. Writes nothing, so that nobody waits for it.

    progress    called after each topic with (done, all).

    A question starts with the experience of 20 imagined answers and moves away from it as answers come, so that few
    hardly change it and some hundred are taken at their word (docs/gap-engine.md).
    """
    topics, heights = courses.topics(), _heights_by_role(on)
    found = []
    for done, topic in enumerate(topics, 1):
        questions, answers = read.live_questions(topic.id), read.first_answers(topic.id)
        if questions and answers:
            found.append(_found(topic.id, questions, answers, heights))
        progress(done, len(topics))
    return found


def _found(
    topic_id: int,
    questions: list[LiveQuestion],
    answers: Sequence[FirstAnswer],
    heights: dict[tuple[int, int], Counter[int]],
) -> Found:
    table, layers = _table(questions, answers), gap_queries.layer_count()
    known = [calibration.Question(q.layer, calibration.guess_prior_of(q.first_guess)) for q in questions]
    fitted = calibration.calibrate(table, known, layers=layers)
    return Found(
        topic_id,
        questions,
        len(answers),
        len(table),
        fitted,
        drifts(questions, answers),
        list(calibration.facilities(table, [question.layer for question in questions], layers)),
        _priors(topic_id, fitted, len(table), heights),
    )


def keep(found: Sequence[Found], *, at: datetime) -> Kept:
    """Store what moved as current, open alarms, and set where newcomers start. Old parameters are kept.

    Safe to repeat: without new answers nothing moves.
    """
    run = Calibration(at=at, answers=sum(one.answers for one in found), members=sum(one.members for one in found))
    db.session.add(run)
    db.session.flush()
    shares = exposure()
    moved = sum(_keep_questions(run, one, shares) for one in found)
    alarms = sum(_ring(run, one) for one in found)
    for one in found:
        _keep_topic(run, one)
        gaps.set_priors(one.topic_id, one.priors, at=at)
    audit.record("questions.calibrated", by=None, about=f"calibration:{run.id}", at=at, moved=moved, alarms=alarms)
    return Kept(moved, alarms)


def _table(questions: Sequence[LiveQuestion], answers: Sequence[FirstAnswer]) -> NDArray[np.int8]:
    """One topic's answers, members × questions."""
    column = {question.question_version_id: place for place, question in enumerate(questions)}
    row = {member_id: place for place, member_id in enumerate(dict.fromkeys(one.member_id for one in answers))}
    table = np.full((len(row), len(column)), calibration.NOT_ASKED, np.int8)
    for one in answers:
        table[row[one.member_id], column[one.question_version_id]] = CODES[one.outcome]
    return table


def _keep_questions(run: Calibration, found: Found, shares: dict[int, float]) -> int:
    """Store the parameters of the questions that moved. Returns how many did."""
    current = read.parameters_now([question.question_version_id for question in found.questions])
    moved = 0
    for place, question in enumerate(found.questions):
        version_id = question.question_version_id
        values = _parameters(found, place, shares.get(question.question_id, 0.0))
        before = current.get(version_id)
        if not values["answers"] or (before and all(getattr(before, name) == new for name, new in values.items())):
            continue
        if before:
            before.is_current = False
            db.session.flush()
        db.session.add(
            QuestionParameters(calibration_id=run.id, question_version_id=version_id, is_current=True, **values)
        )
        moved += 1
    db.session.flush()
    return moved


def _parameters(found: Found, place: int, share: float) -> dict[str, Any]:
    """The columns of one question's parameters."""
    fit, drift = found.topic.fit, found.drift[found.questions[place].question_version_id]
    return {
        "answers": int(found.topic.answers[place]),
        "slip": min(float(fit.slip[place]), calibration.MOST_SLIP),
        "guess": min(float(fit.guess[place]), calibration.MOST_GUESS),
        "by_holders": float(fit.by_holders[place]),
        "by_others": float(fit.by_others[place]),
        "exposure": share,
        "easier": drift.easier,
        "harder": drift.harder,
        "is_flagged": is_flagged(found.topic, place),
    }


def is_flagged(found: calibration.Topic, place: int) -> bool:
    """Whether a question is too weak to be asked, and has enough answers to say so."""
    return place in found.flagged and int(found.answers[place]) >= calibration.FEW


def drifts(questions: Sequence[LiveQuestion], answers: Sequence[FirstAnswer]) -> dict[int, Drift]:
    """question version → how far its answers have moved from what was expected of them.

    Of answers in diagnostics, each of which was predicted before it was given; what a closing quiz is answered right
    after study, which no prediction here knows, says nothing about a question's drift.
    """
    since = {question.question_version_id: question.watched_since for question in questions}
    found = dict.fromkeys(since, Drift())
    for one in answers:
        if one.predicted is not None and one.at > since[one.question_version_id]:
            before = found[one.question_version_id]
            found[one.question_version_id] = drifted(before, one.predicted, right=one.outcome == "right")
    return found


def _ring(run: Calibration, found: Found) -> int:
    """Open an alarm for each question that has drifted or is weak, unless one is open. Returns how many."""
    opened = 0
    for place, question in enumerate(found.questions):
        kind = alarm(found, place)
        if kind:
            row = {"question_version_id": question.question_version_id, "kind": kind, "opened_at": run.at}
            done = db.session.execute(
                insert(QuestionAlarm).values(row).on_conflict_do_nothing().returning(QuestionAlarm.id)
            )
            opened += done.scalar_one_or_none() is not None
    return opened


def alarm(found: Found, place: int) -> str | None:
    """'easier', 'harder' or, once a version, 'weak'; None: all is well."""
    question = found.questions[place]
    drift = found.drift[question.question_version_id]
    if drift.rings:
        return "easier" if drift.easier > drift.harder else "harder"
    return "weak" if is_flagged(found.topic, place) and not question.was_looked_at else None


def _keep_topic(run: Calibration, found: Found) -> None:
    unknown = found.topic.fit.rates.unknown or ladder.OFFERED
    db.session.execute(
        update(TopicParameters)
        .where(TopicParameters.topic_id == found.topic_id, TopicParameters.is_current)
        .values(is_current=False)
    )
    db.session.add(
        TopicParameters(
            calibration_id=run.id,
            topic_id=found.topic_id,
            is_current=True,
            answers=found.answers,
            members=found.members,
            holes=found.topic.rungs.holes,
            heights=found.topic.rungs.heights.tolist(),
            unknown_held=unknown.held,
            unknown_lacking=unknown.lacking,
            facilities=found.facilities,
        )
    )
    db.session.flush()


def _heights_by_role(on: date) -> dict[tuple[int, int], Counter[int]]:
    """(topic, role) → how many members of the role stood at each height in their first diagnostic."""
    found = list(read.first_diagnostics())
    roles = people.roles_by_member({member_id for member_id, _topic, _q in found}, on=on)
    heights: dict[tuple[int, int], Counter[int]] = {}
    for member_id, topic_id, q in found:
        for role_id in roles.get(member_id, ()):
            heights.setdefault((topic_id, role_id), Counter())[ladder.level(q)] += 1
    return heights


def _priors(
    topic_id: int, found: calibration.Topic, members: int, heights: dict[tuple[int, int], Counter[int]]
) -> Priors:
    """Where newcomers start: of a role, and of any; none from fewer than ROLE_KNOWN members."""
    priors: Priors = {}
    if members >= ladder.ROLE_KNOWN:
        priors[None] = (found.rungs.prior, members)
    layers = gap_queries.layer_count()
    for (topic, role_id), counts in heights.items():
        if topic == topic_id and counts.total() >= ladder.ROLE_KNOWN:
            stood = [counts[height] for height in range(layers + 1)]
            priors[role_id] = (ladder.prior_from(stood, found.rungs.holes), counts.total())
    return priors
