"""The bank: how many questions each cell has, what is known of each, and how many decisions rest on it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from edu.base.db import AnySelect, db
from edu.base.errors import NotFound
from edu.base.i18n import mark
from edu.courses.models import Module
from edu.gaps import ladder
from edu.gaps.models import Evidence
from edu.quizzes.asking import CONTROL
from edu.quizzes.models import (
    DIAGNOSTIC,
    Attempt,
    AttemptQuestion,
    Calibration,
    Question,
    QuestionAlarm,
    QuestionParameters,
    QuestionVersion,
    TopicParameters,
)
from edu.quizzes.queries.closing import face_in
from edu.quizzes.queries.parameters import GUESS, HOLDS_NOW, SLIP
from edu.quizzes.reliability import Prediction


def bank_counts() -> dict[tuple[int, int], int]:
    """Live questions by (topic, layer)."""
    rows = (
        select(Question.topic_id, Question.layer, func.count())
        .where(Question.is_retired.is_(False))
        .group_by(Question.topic_id, Question.layer)
    )
    return {(topic_id, layer): count for topic_id, layer, count in db.session.execute(rows)}


def review_dates() -> dict[int, date]:
    """module → the earliest day on which one of its live questions must be looked at again."""
    rows = (
        select(Question.module_id, func.min(QuestionVersion.review_by))
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.is_retired.is_(False), QuestionVersion.is_current)
        .group_by(Question.module_id)
    )
    return {module_id: day for module_id, day in db.session.execute(rows)}


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """One live question as a trainer sees it in a list."""

    id: int
    key: str
    module_key: str
    topic_id: int
    layer: int
    kind: str
    #: Cleaned HTML, in the language asked for.
    stem: str
    version_id: int
    version_number: int
    #: As used now, 0–1.
    slip: float
    guess: float
    #: First answers since the last change, and how many of them are expected from holders and from others.
    answers: int
    by_holders: float
    by_others: float
    exposure: float
    easier: float
    harder: float
    is_flagged: bool
    #: Of the open alarm: 'easier', 'harder' or 'weak'; None: there is none.
    alarm: str | None

    @property
    def power(self) -> float:
        """How well it tells who holds the layer from who does not, 0–1."""
        return 1 - self.slip - self.guess


@dataclass(frozen=True, slots=True)
class PastParameters:
    """What one calibration found of a question."""

    at: datetime
    version_number: int
    answers: int
    slip: float
    guess: float


@dataclass(frozen=True, slots=True)
class AlarmRow:
    kind: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopicFindings:
    """What the last calibration found of a topic."""

    at: datetime
    answers: int
    members: int
    holes: float
    heights: tuple[float, ...]
    unknown_held: float
    unknown_lacking: float
    #: Share of right answers at each layer, from 1, 0–1; None where nothing was answered.
    facilities: tuple[float | None, ...]

    @property
    def falls(self) -> bool:
        """Whether each layer is harder than the one below, as far as there are answers."""
        return ladder.falls(self.facilities)


QUESTIONS: AnySelect = (
    select(
        Question.id,
        Question.key,
        Module.key.label("module_key"),
        Question.topic_id,
        Question.layer,
        QuestionVersion.kind,
        QuestionVersion.faces,
        QuestionVersion.id.label("version_id"),
        QuestionVersion.number,
        SLIP,
        GUESS,
        func.coalesce(QuestionParameters.answers, 0),
        func.coalesce(QuestionParameters.by_holders, 0.0),
        func.coalesce(QuestionParameters.by_others, 0.0),
        func.coalesce(QuestionParameters.exposure, 0.0),
        func.coalesce(QuestionParameters.easier, 0.0),
        func.coalesce(QuestionParameters.harder, 0.0),
        func.coalesce(QuestionParameters.is_flagged, False),
        QuestionAlarm.kind.label("alarm"),
    )
    .join(QuestionVersion, (QuestionVersion.question_id == Question.id) & QuestionVersion.is_current)
    .join(Module, Module.id == Question.module_id)
    .outerjoin(QuestionParameters, HOLDS_NOW)
    .outerjoin(
        QuestionAlarm,
        (QuestionAlarm.question_version_id == QuestionVersion.id) & QuestionAlarm.closed_at.is_(None),
    )
    .where(Question.is_retired.is_(False))
)


def _bank_question(row: Any, language: str) -> BankQuestion:
    number, key, module_key, topic_id, layer, kind, faces, *known = row
    return BankQuestion(number, key, module_key, topic_id, layer, kind, face_in(faces, language)["stem"], *known)


def questions_of(topic_id: int, language: str, *, first: int, most: int) -> list[BankQuestion]:
    """The live questions of a topic by layer and key, `most` of them from place `first` on."""
    rows = QUESTIONS.where(Question.topic_id == topic_id).order_by(Question.layer, Question.key)
    return [_bank_question(row, language) for row in db.session.execute(rows.offset(first).limit(most))]


def alarmed_questions(language: str, *, most: int) -> list[BankQuestion]:
    """The questions that someone must look at, those alarmed longest first."""
    rows = QUESTIONS.where(QuestionAlarm.kind.is_not(None)).order_by(QuestionAlarm.opened_at, Question.key)
    return [_bank_question(row, language) for row in db.session.execute(rows.limit(most))]


def question_called(key: str, language: str) -> BankQuestion:
    """One live question. Raises NotFound."""
    row = db.session.execute(QUESTIONS.where(Question.key == key)).first()
    if row is None:
        raise NotFound(mark("There is no such question."))
    return _bank_question(row, language)


def past_parameters(question_id: int, *, most: int) -> list[PastParameters]:
    """What the latest calibrations found of a question over all its versions, latest first."""
    rows: AnySelect = (
        select(
            Calibration.at,
            QuestionVersion.number,
            QuestionParameters.answers,
            QuestionParameters.slip,
            QuestionParameters.guess,
        )
        .join(Calibration, Calibration.id == QuestionParameters.calibration_id)
        .join(QuestionVersion, QuestionVersion.id == QuestionParameters.question_version_id)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionParameters.id.desc())
        .limit(most)
    )
    return [PastParameters(*row) for row in db.session.execute(rows)]


def alarms_of(question_id: int) -> list[AlarmRow]:
    """Every alarm of a question, latest first."""
    rows: AnySelect = (
        select(QuestionAlarm.kind, QuestionAlarm.opened_at, QuestionAlarm.closed_at)
        .join(QuestionVersion, QuestionVersion.id == QuestionAlarm.question_version_id)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionAlarm.id.desc())
    )
    return [AlarmRow(*row) for row in db.session.execute(rows)]


def decisions_on(question_id: int) -> int:
    """How many rungs of how many members rest, among others, on an answer to this question; one rung a member."""
    versions = select(QuestionVersion.id).where(QuestionVersion.question_id == question_id)
    rows = select(func.count(Evidence.member_id.distinct())).where(
        Evidence.question_version_id.in_(versions), Evidence.weight > 0
    )
    return int(db.session.execute(rows).scalar_one())


def topic_findings(topic_id: int) -> TopicFindings | None:
    """What the last calibration found of a topic; None before the first."""
    rows: AnySelect = (
        select(
            Calibration.at,
            TopicParameters.answers,
            TopicParameters.members,
            TopicParameters.holes,
            TopicParameters.heights,
            TopicParameters.unknown_held,
            TopicParameters.unknown_lacking,
            TopicParameters.facilities,
        )
        .join(Calibration, Calibration.id == TopicParameters.calibration_id)
        .where(TopicParameters.topic_id == topic_id, TopicParameters.is_current)
    )
    row = db.session.execute(rows).first()
    if row is None:
        return None
    at, answers, members, holes, heights, held, lacking, facilities = row
    return TopicFindings(at, answers, members, holes, tuple(heights), held, lacking, tuple(facilities))


#: How many of the latest diagnostics the live figures of a topic look at.
LATEST = 2000


def predictions(topic_id: int) -> list[Prediction]:
    """What was predicted of the control questions of a topic, and whether it came; the latest ones."""
    rows: AnySelect = (
        select(AttemptQuestion.predicted, AttemptQuestion.outcome)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Question.topic_id == topic_id,
            AttemptQuestion.purpose == CONTROL,
            AttemptQuestion.predicted.is_not(None),
            AttemptQuestion.outcome.in_(("right", "wrong", "unknown")),
            or_(AttemptQuestion.weight.is_(None), AttemptQuestion.weight > 0),
        )
        .order_by(AttemptQuestion.attempt_id.desc())
        .limit(LATEST)
    )
    return [(predicted, outcome == "right") for predicted, outcome in db.session.execute(rows)]


def not_sure_endings(topic_id: int) -> tuple[int, int]:
    """(diagnostics that ended with a rung of a topic not sure, diagnostics about it), of the latest ones."""
    rows = (
        select(Attempt.change)
        .where(Attempt.kind == DIAGNOSTIC, Attempt.closed_at.is_not(None))
        .order_by(Attempt.id.desc())
        .limit(LATEST)
    )
    about = [
        one for change in db.session.scalars(rows) if change for one in change["topics"] if one["topic_id"] == topic_id
    ]
    return sum("unsure" in one["after"] for one in about), len(about)
