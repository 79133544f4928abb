"""Tables: evidence (append-only) and beliefs (derived from it)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model


class Evidence(Model):
    """One thing that was shown, with the parameters as they were used. Rows are added, never changed or removed.

    kind 'answer'   outcome right | wrong, with slip, guess and weight.
    kind 'study'    the module of version_id was worked through: `weight` is the chance that it taught the layer.
    kind 'verdict'  outcome passed | failed: how the closing quiz of version_id ended; `share` of it was right.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('answer', 'study', 'verdict')", name="evidence_kind_known"),
        CheckConstraint("outcome IN ('right', 'wrong', 'studied', 'passed', 'failed')", name="evidence_outcome_known"),
        CheckConstraint(
            "(kind = 'answer') = (slip IS NOT NULL AND guess IS NOT NULL)", name="evidence_answer_has_odds"
        ),
        CheckConstraint("(kind = 'verdict') = (share IS NOT NULL)", name="evidence_verdict_has_share"),
        CheckConstraint("weight BETWEEN 0 AND 1", name="evidence_weight_0_to_1"),
        Index("evidence_member_topic_ix", "member_id", "topic_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    layer: Mapped[int]
    kind: Mapped[str]
    outcome: Mapped[str]
    #: Chance to miss though held, and to hit though not held, 0–1.
    slip: Mapped[float | None]
    guess: Mapped[float | None]
    #: Answers: exponent of the likelihood. Study: chance of learning. Verdicts: 0.
    weight: Mapped[float]
    share: Mapped[float | None]
    at: Mapped[datetime]
    #: Where the member was then, so that what is earned stays there.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: The attempt and the question version behind it; plain numbers, because evidence may come from elsewhere.
    attempt_id: Mapped[int | None] = mapped_column(index=True)
    question_version_id: Mapped[int | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))


class Belief(Model):
    """What the evidence says of one member in one topic. Derived; can be rebuilt."""

    __tablename__ = "belief"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    #: Probabilities of the 2^L subsets of layers; index bit k-1 set = layer k held. Sum 1.
    states: Mapped[list[Any]]
    #: One object a layer, from 1: {"right", "wrong", "failed"}: answers counted, and whether its last closing quiz
    #: was failed.
    shown: Mapped[list[Any]]
    updated_at: Mapped[datetime]
