"""Tables: evidence (append-only), beliefs (derived from it), and the priors that they start from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from edu.base.db import Model, unique_where


class Evidence(Model):
    """One thing that was shown, with the parameters as they were used. Rows are added, never changed or removed.

    kind 'answer'   outcome right | wrong | unknown, with slip, guess and weight; where "I don't know" was offered, slip
                    and guess are conditional on answering.
    kind 'study'    the module of version_id was worked through: `weight` is the chance that it taught the layer.
    kind 'verdict'  outcome passed | failed: how the closing quiz of version_id, or a review, ended; `share` was right.
    kind 'start'    the belief before all other evidence of the topic, where it is not the shipped prior; layer 0.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('answer', 'study', 'verdict', 'start')", name="evidence_kind_known"),
        CheckConstraint(
            "outcome IN ('right', 'wrong', 'unknown', 'studied', 'passed', 'failed', 'started')",
            name="evidence_outcome_known",
        ),
        CheckConstraint(
            "(kind = 'answer') = (slip IS NOT NULL AND guess IS NOT NULL)", name="evidence_answer_has_odds"
        ),
        CheckConstraint("(kind = 'verdict') = (share IS NOT NULL)", name="evidence_verdict_has_share"),
        CheckConstraint("weight BETWEEN 0 AND 1", name="evidence_weight_0_to_1"),
        CheckConstraint("(unknown_held IS NULL) = (unknown_lacking IS NULL)", name="evidence_unknown_has_both_rates"),
        CheckConstraint("outcome <> 'unknown' OR unknown_held IS NOT NULL", name="evidence_unknown_was_offered"),
        CheckConstraint("(kind = 'start') = (states IS NOT NULL)", name="evidence_start_has_states"),
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
    #: Where "I don't know" was offered: how often it is said by who holds the layer and by who lacks it, 0–1.
    unknown_held: Mapped[float | None]
    unknown_lacking: Mapped[float | None]
    #: Answers: exponent of the likelihood. Study: chance of learning. Verdicts: 0.
    weight: Mapped[float]
    share: Mapped[float | None]
    at: Mapped[datetime]
    #: Where the member was then, so that what is earned stays there.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: The attempt and the question version behind it; plain numbers, because evidence may come from elsewhere.
    attempt_id: Mapped[int | None] = mapped_column(index=True)
    question_version_id: Mapped[int | None] = mapped_column(index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    #: As Belief.states.
    states: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


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
    #: One entry a layer, from 1: null, or [stability in days, difficulty, last shown at] (gaps/forgetting). NULL: from
    #: before memory was kept; `rebuild` fills it.
    memory: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    #: The belief stands as of this day; what time does to it since is computed on reading.
    updated_at: Mapped[datetime]


class Prior(Model):
    """What is believed of someone of whom nothing is known yet, as calibration found it. Old ones are kept."""

    __tablename__ = "prior"
    __table_args__ = (
        unique_where("prior_one_current_of_all", "topic_id", where="is_current AND role_id IS NULL"),
        unique_where("prior_one_current_of_role", "topic_id", "role_id", where="is_current AND role_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    #: NULL: of whatever role.
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    #: As Belief.states.
    states: Mapped[list[Any]]
    #: How many members it was made from.
    members: Mapped[int]
    at: Mapped[datetime]
    is_current: Mapped[bool]
