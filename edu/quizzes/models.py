"""Tables: questions, their versions and parameters; attempts and the answers in them; calibrations and alarms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where

#: Kinds of attempts.
QUIZ, DIAGNOSTIC, CHECK, REVIEW, PRACTICE = "quiz", "diagnostic", "check", "review", "practice"


class Question(Model):
    """A question of the bank, over all its versions."""

    __tablename__ = "question"
    __table_args__ = (Index("question_cell_ix", "topic_id", "layer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Permanent name in the files: "q-8k3m2p".
    key: Mapped[str] = mapped_column(unique=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    layer: Mapped[int]
    #: No longer drawn; old attempts still read it.
    is_retired: Mapped[bool] = mapped_column(default=False)


class QuestionVersion(Model):
    """What a question said from one publication to the next. Never changed once written."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("slip BETWEEN 0 AND 1 AND guess BETWEEN 0 AND 1", name="question_version_odds_0_to_1"),
        unique_where("question_version_one_current", "question_id", where="is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    is_current: Mapped[bool]
    #: A name in quizzes/kinds: "single", "multiple", "truefalse", "fillin", "number".
    kind: Mapped[str]
    #: What the member may see before submission, by language (shape: quizzes/kinds).
    faces: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What only the server knows before submission (shape: the kind's Key).
    key: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What is shown afterwards, by language: {"explanation": html, "feedback": {option: html},
    #: "blanks": [[spelling]]}; the spellings of a fill-in in that language only.
    lessons: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: [{"document", "article", "in_force_on", "review_by"}] by language.
    sources: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: First day on which someone must look at a source again.
    review_by: Mapped[date]
    #: Digest of everything above: the same digest, the same version.
    digest: Mapped[str]
    #: Chance to miss though held, and to hit though not held, 0–1; defaults by kind until calibrated.
    slip: Mapped[float]
    guess: Mapped[float]
    published_at: Mapped[datetime]


class Attempt(Model):
    """One sitting of one member.

    kind 'quiz'         the closing quiz of version_id.
    kind 'diagnostic'   of the topics that the member's roles require, or of topic_id alone.
    kind 'check'        three questions of one rung, topic_id and layer, asked because the member disagrees.
    kind 'review'       of the rungs that were due for it.
    kind 'practice'     some questions of topic_id that were answered wrong, asked again.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("share BETWEEN 0 AND 1", name="attempt_share_0_to_1"),
        CheckConstraint("kind IN ('quiz', 'diagnostic', 'check', 'review', 'practice')", name="attempt_kind_known"),
        CheckConstraint("(kind = 'quiz') = (module_id IS NOT NULL)", name="attempt_quiz_has_module"),
        CheckConstraint("(kind = 'quiz') = (version_id IS NOT NULL)", name="attempt_quiz_has_version"),
        CheckConstraint("(kind = 'check') = (layer IS NOT NULL)", name="attempt_check_has_rung"),
        CheckConstraint(
            "(kind = 'quiz' AND closed_at IS NOT NULL) = (share IS NOT NULL)", name="attempt_closed_has_share"
        ),
        CheckConstraint(
            "(kind = 'quiz' AND closed_at IS NOT NULL) = (passed IS NOT NULL)", name="attempt_closed_has_passed"
        ),
        CheckConstraint("validity IN ('valid', 'recheck', 'not_valid')", name="attempt_validity_known"),
        Index("attempt_member_module_ix", "member_id", "module_id", "id"),
        Index("attempt_kind_ix", "kind", "id"),
        unique_where("attempt_one_open", "member_id", "module_id", where="closed_at IS NULL AND kind = 'quiz'"),
        unique_where("attempt_one_diagnostic_open", "member_id", where="closed_at IS NULL AND kind = 'diagnostic'"),
        unique_where(
            "attempt_one_check_open", "member_id", "topic_id", "layer", where="closed_at IS NULL AND kind = 'check'"
        ),
        unique_where("attempt_one_review_open", "member_id", where="closed_at IS NULL AND kind = 'review'"),
        unique_where(
            "attempt_one_practice_open", "member_id", "topic_id", where="closed_at IS NULL AND kind = 'practice'"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str]
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    #: The version answered. Never changes, so an old attempt can always be read again.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    layer: Mapped[int | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: Share of the questions right, 0–1, and whether that is a pass. Set together with closed_at and never again.
    share: Mapped[float | None]
    passed: Mapped[bool | None]
    #: Whether the answers of a sitting can be believed (gaps/fit); NULL: too few to tell, or not closed.
    validity: Mapped[str | None]
    #: What changed, as shown on the result. Quiz: {"before": […], "after": […]} of rung states. Others: {"topics":
    #: [{"topic_id", "required", "before", "after", "q", "end"}], "odd": null or the [topic, layer] to check again}.
    change: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class AttemptQuestion(Model):
    """One question of an attempt: the version asked, the order shown, the answer given."""

    __tablename__ = "attempt_question"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_version_id"),
        CheckConstraint("purpose IN ('scored', 'control', 'newcomer')", name="attempt_question_purpose_known"),
        CheckConstraint("weight BETWEEN 0 AND 1", name="attempt_question_weight_0_to_1"),
        CheckConstraint("predicted BETWEEN 0 AND 1", name="attempt_question_predicted_0_to_1"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    #: 1, 2, 3 … as shown.
    position: Mapped[int] = mapped_column(primary_key=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    #: Option names in the order shown.
    order: Mapped[list[Any]]
    #: As the kind's `read` gives it; None: not answered yet.
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime | None]
    #: 'right', 'wrong', 'blank' or 'unknown': set when its round was submitted; from then on the answer stands.
    outcome: Mapped[str | None]
    #: 'scored'; 'control': decides nothing, its answer is set against `predicted`; 'newcomer': decides nothing yet.
    purpose: Mapped[str]
    #: What the answer weighs as evidence, 0–1; NULL: not said yet.
    weight: Mapped[float | None]
    #: The chance of a right answer as it was believed before this one, 0–1.
    predicted: Mapped[float | None]


class Calibration(Model):
    """One night's look at all answers."""

    __tablename__ = "calibration"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    answers: Mapped[int]
    members: Mapped[int]


class QuestionParameters(Model):
    """What a calibration found about a question version. Without any, the version's own slip and guess hold."""

    __tablename__ = "question_parameters"
    __table_args__ = (
        UniqueConstraint("question_version_id", "calibration_id"),
        CheckConstraint("slip BETWEEN 0 AND 1 AND guess BETWEEN 0 AND 1", name="question_parameters_odds_0_to_1"),
        CheckConstraint("exposure BETWEEN 0 AND 1", name="question_parameters_exposure_0_to_1"),
        unique_where("question_parameters_one_current", "question_version_id", where="is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"))
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    is_current: Mapped[bool]
    #: First answers given without help.
    answers: Mapped[int]
    #: 0–1, as used.
    slip: Mapped[float]
    guess: Mapped[float]
    #: How many of the answers are expected to come from members who hold the layer, and who lack it.
    by_holders: Mapped[float]
    by_others: Mapped[float]
    #: Share of the last 200 tests that asked its layer in which it was asked, 0–1.
    exposure: Mapped[float]
    #: Cumulated drift, in standard deviations, from 0.
    easier: Mapped[float]
    harder: Mapped[float]
    #: Too weak or too odd to be asked (calibration.flags).
    is_flagged: Mapped[bool]


class TopicParameters(Model):
    """What a calibration found about a topic."""

    __tablename__ = "topic_parameters"
    __table_args__ = (
        UniqueConstraint("topic_id", "calibration_id"),
        unique_where("topic_parameters_one_current", "topic_id", where="is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    is_current: Mapped[bool]
    answers: Mapped[int]
    members: Mapped[int]
    #: Share of members whose layers are not a ladder, 0–1.
    holes: Mapped[float]
    #: Share of members at each height, from 0; sum 1.
    heights: Mapped[list[Any]]
    #: How often "I haven't learned this yet" is said by who holds the layer and by who lacks it, 0–1.
    unknown_held: Mapped[float]
    unknown_lacking: Mapped[float]
    #: Share of right answers at each layer, from 1; null where nothing was answered.
    facilities: Mapped[list[Any]]


class QuestionAlarm(Model):
    """A question that someone must look at. While it is open its answers weigh half; nothing is deleted."""

    __tablename__ = "question_alarm"
    __table_args__ = (
        CheckConstraint("kind IN ('easier', 'harder', 'weak')", name="question_alarm_kind_known"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="question_alarm_closed_by_somebody"),
        unique_where("question_alarm_one_open", "question_version_id", where="closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    #: 'easier' or 'harder' than it was; 'weak': it hardly tells who holds the layer from who does not.
    kind: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
