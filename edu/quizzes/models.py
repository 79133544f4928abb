"""Tables: questions and their versions, attempts and the answers in them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where


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
    """One sitting of one version's quiz by one member."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("share BETWEEN 0 AND 1", name="attempt_share_0_to_1"),
        CheckConstraint("(closed_at IS NULL) = (share IS NULL)", name="attempt_closed_has_share"),
        CheckConstraint("(closed_at IS NULL) = (passed IS NULL)", name="attempt_closed_has_passed"),
        Index("attempt_member_module_ix", "member_id", "module_id", "id"),
        unique_where("attempt_one_open", "member_id", "module_id", where="closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    #: The version answered. Never changes, so an old attempt can always be read again.
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: Share of the questions right, 0–1, and whether that is a pass. Set together with closed_at and never again.
    share: Mapped[float | None]
    passed: Mapped[bool | None]
    #: What changed on the ladder, as shown on the result: {"before": […], "after": […]} of rung states.
    change: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class AttemptQuestion(Model):
    """One question of an attempt: the version asked, the order shown, the answer given."""

    __tablename__ = "attempt_question"
    __table_args__ = (UniqueConstraint("attempt_id", "question_version_id"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    #: 1, 2, 3 … as shown.
    position: Mapped[int] = mapped_column(primary_key=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    #: Option names in the order shown.
    order: Mapped[list[Any]]
    #: As the kind's `read` gives it; None: not answered yet.
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime | None]
    #: 'right', 'wrong' or 'blank': set when its round was submitted; from then on the answer stands.
    outcome: Mapped[str | None]
