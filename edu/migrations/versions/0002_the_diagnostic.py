"""What a diagnostic needs, and what time and calibration add.

Evidence learns to keep "I haven't learned this yet", with the rates at which it is said, and the prior that somebody
started from. An attempt may be about topics instead of a module. Beliefs remember when each layer was last shown, and
a rung that is held knows on which day a review of it is due and on which it lapses. Questions and topics get versioned
parameters, questions get alarms.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    widen_evidence(is_sqlite=is_sqlite)
    widen_attempts()
    with op.batch_alter_table("belief") as belief:
        belief.add_column(sa.Column("memory", sa.JSON(), nullable=True))
    with op.batch_alter_table("holding") as holding:
        holding.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        holding.add_column(sa.Column("lapses_on", sa.Date(), nullable=True))
    add_calibration()
    add_priors()


def widen_evidence(*, is_sqlite: bool) -> None:
    with op.batch_alter_table("evidence") as evidence:
        evidence.add_column(sa.Column("unknown_held", sa.Double(), nullable=True))
        evidence.add_column(sa.Column("unknown_lacking", sa.Double(), nullable=True))
        evidence.add_column(sa.Column("states", sa.JSON(), nullable=True))
        evidence.drop_constraint("evidence_kind_known", type_="check")
        evidence.drop_constraint("evidence_outcome_known", type_="check")
        evidence.create_check_constraint("evidence_kind_known", "kind IN ('answer', 'study', 'verdict', 'start')")
        evidence.create_check_constraint(
            "evidence_outcome_known",
            "outcome IN ('right', 'wrong', 'unknown', 'studied', 'passed', 'failed', 'started')",
        )
        evidence.create_check_constraint(
            "evidence_unknown_has_both_rates", "(unknown_held IS NULL) = (unknown_lacking IS NULL)"
        )
        evidence.create_check_constraint(
            "evidence_unknown_was_offered", "outcome <> 'unknown' OR unknown_held IS NOT NULL"
        )
        evidence.create_check_constraint("evidence_start_has_states", "(kind = 'start') = (states IS NOT NULL)")
    if is_sqlite:  # it changes a table by copying it, and the copy has lost its triggers
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER evidence_refuses_{deed.lower()} BEFORE {deed} ON evidence "
                "BEGIN SELECT RAISE(ABORT, 'evidence is only added to'); END"
            )
    op.create_index("evidence_question_version_id_ix", "evidence", ["question_version_id"])


def widen_attempts() -> None:
    op.drop_index("attempt_one_open", "attempt")
    with op.batch_alter_table("attempt") as attempt:
        attempt.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="quiz"))
        attempt.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        attempt.add_column(sa.Column("layer", sa.Integer(), nullable=True))
        attempt.add_column(sa.Column("validity", sa.String(), nullable=True))
        attempt.alter_column("module_id", existing_type=sa.Integer(), nullable=True)
        attempt.alter_column("version_id", existing_type=sa.Integer(), nullable=True)
        attempt.drop_constraint("attempt_closed_has_share", type_="check")
        attempt.drop_constraint("attempt_closed_has_passed", type_="check")
        attempt.create_foreign_key("attempt_topic_id_fkey", "topic", ["topic_id"], ["id"])
        attempt.create_check_constraint("attempt_kind_known", "kind IN ('quiz', 'diagnostic', 'check', 'review')")
        attempt.create_check_constraint("attempt_quiz_has_module", "(kind = 'quiz') = (module_id IS NOT NULL)")
        attempt.create_check_constraint("attempt_quiz_has_version", "(kind = 'quiz') = (version_id IS NOT NULL)")
        attempt.create_check_constraint("attempt_check_has_rung", "(kind = 'check') = (layer IS NOT NULL)")
        attempt.create_check_constraint(
            "attempt_closed_has_share", "(kind = 'quiz' AND closed_at IS NOT NULL) = (share IS NOT NULL)"
        )
        attempt.create_check_constraint(
            "attempt_closed_has_passed", "(kind = 'quiz' AND closed_at IS NOT NULL) = (passed IS NOT NULL)"
        )
        attempt.create_check_constraint("attempt_validity_known", "validity IN ('valid', 'recheck', 'not_valid')")
    with op.batch_alter_table("attempt") as attempt:
        attempt.alter_column("kind", existing_type=sa.String(), nullable=False, server_default=None)
    for name, columns, where in (
        ("attempt_one_open", ["member_id", "module_id"], "closed_at IS NULL AND kind = 'quiz'"),
        ("attempt_one_diagnostic_open", ["member_id"], "closed_at IS NULL AND kind = 'diagnostic'"),
        ("attempt_one_check_open", ["member_id", "topic_id", "layer"], "closed_at IS NULL AND kind = 'check'"),
        ("attempt_one_review_open", ["member_id"], "closed_at IS NULL AND kind = 'review'"),
    ):
        op.create_index(
            name, "attempt", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index("attempt_kind_ix", "attempt", ["kind", "id"])
    with op.batch_alter_table("attempt_question") as question:
        question.add_column(sa.Column("purpose", sa.String(), nullable=False, server_default="scored"))
        question.add_column(sa.Column("weight", sa.Double(), nullable=True))
        question.add_column(sa.Column("predicted", sa.Double(), nullable=True))
        question.create_check_constraint(
            "attempt_question_purpose_known", "purpose IN ('scored', 'control', 'newcomer')"
        )
        question.create_check_constraint("attempt_question_weight_0_to_1", "weight BETWEEN 0 AND 1")
        question.create_check_constraint("attempt_question_predicted_0_to_1", "predicted BETWEEN 0 AND 1")
    with op.batch_alter_table("attempt_question") as question:
        question.alter_column("purpose", existing_type=sa.String(), nullable=False, server_default=None)


def add_calibration() -> None:
    op.create_table(
        "calibration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="calibration_pkey"),
    )
    op.create_table(
        "question_parameters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calibration_id", sa.Integer(), nullable=False),
        sa.Column("question_version_id", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("slip", sa.Double(), nullable=False),
        sa.Column("guess", sa.Double(), nullable=False),
        sa.Column("by_holders", sa.Double(), nullable=False),
        sa.Column("by_others", sa.Double(), nullable=False),
        sa.Column("exposure", sa.Double(), nullable=False),
        sa.Column("easier", sa.Double(), nullable=False),
        sa.Column("harder", sa.Double(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.CheckConstraint("slip BETWEEN 0 AND 1 AND guess BETWEEN 0 AND 1", name="question_parameters_odds_0_to_1"),
        sa.CheckConstraint("exposure BETWEEN 0 AND 1", name="question_parameters_exposure_0_to_1"),
        sa.ForeignKeyConstraint(["calibration_id"], ["calibration.id"], name="question_parameters_calibration_id_fkey"),
        sa.ForeignKeyConstraint(
            ["question_version_id"], ["question_version.id"], name="question_parameters_question_version_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="question_parameters_pkey"),
        sa.UniqueConstraint(
            "question_version_id",
            "calibration_id",
            name="question_parameters_question_version_id_calibration_id_key",
        ),
    )
    unique_where("question_parameters_one_current", "question_parameters", ["question_version_id"], "is_current")
    op.create_table(
        "topic_parameters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calibration_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("holes", sa.Double(), nullable=False),
        sa.Column("heights", sa.JSON(), nullable=False),
        sa.Column("unknown_held", sa.Double(), nullable=False),
        sa.Column("unknown_lacking", sa.Double(), nullable=False),
        sa.Column("facilities", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["calibration_id"], ["calibration.id"], name="topic_parameters_calibration_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="topic_parameters_topic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="topic_parameters_pkey"),
        sa.UniqueConstraint("topic_id", "calibration_id", name="topic_parameters_topic_id_calibration_id_key"),
    )
    unique_where("topic_parameters_one_current", "topic_parameters", ["topic_id"], "is_current")
    op.create_table(
        "question_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('easier', 'harder', 'weak')", name="question_alarm_kind_known"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="question_alarm_closed_by_somebody"),
        sa.ForeignKeyConstraint(
            ["question_version_id"], ["question_version.id"], name="question_alarm_question_version_id_fkey"
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["member.id"], name="question_alarm_closed_by_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="question_alarm_pkey"),
    )
    unique_where("question_alarm_one_open", "question_alarm", ["question_version_id"], "closed_at IS NULL")


def add_priors() -> None:
    op.create_table(
        "prior",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="prior_topic_id_fkey"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="prior_role_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="prior_pkey"),
    )
    unique_where("prior_one_current_of_all", "prior", ["topic_id"], "is_current AND role_id IS NULL")
    unique_where("prior_one_current_of_role", "prior", ["topic_id", "role_id"], "is_current AND role_id IS NOT NULL")


def unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
