"""The first tables.

Everything the first release keeps, from people to authoring; what each table and column means is told in the models.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

#: What only grows: the ground that every figure stands on, and the trail of who did what.
ONLY_ADDED_TO = ("evidence", "audit_entry")


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_entry_pkey"),
    )
    op.create_index("audit_entry_actor_id_ix", "audit_entry", ["actor_id"])
    op.create_index("audit_entry_at_ix", "audit_entry", ["at"])

    op.create_table(
        "hour_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("minutes_per_hour", sa.Integer(), nullable=False),
        sa.Column("round_down_to", sa.Double(), nullable=False),
        sa.Column("year_starts", sa.String(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.CheckConstraint("minutes_per_hour > 0", name="hour_policy_minutes_positive"),
        sa.PrimaryKeyConstraint("id", name="hour_policy_pkey"),
        sa.UniqueConstraint("category", "since_on", name="hour_policy_category_since_on_key"),
    )

    op.create_table(
        "layer",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 6", name="layer_number_1_to_6"),
        sa.PrimaryKeyConstraint("number", name="layer_pkey"),
    )

    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="role_pkey"),
        sa.UniqueConstraint("key", name="role_key_key"),
    )

    op.create_table(
        "throttle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("span_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="throttle_pkey"),
        sa.UniqueConstraint("key", "span_started_at", name="throttle_key_span_started_at_key"),
    )
    op.create_index("throttle_span_started_at_ix", "throttle", ["span_started_at"])

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("short_names", sa.JSON(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="topic_pkey"),
        sa.UniqueConstraint("key", name="topic_key_key"),
    )

    op.create_table(
        "unit_kind",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="unit_kind_pkey"),
    )

    op.create_table(
        "module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="module_topic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="module_pkey"),
        sa.UniqueConstraint("key", name="module_key_key"),
    )
    op.create_index("module_topic_id_ix", "module", ["topic_id"])

    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("layer BETWEEN 1 AND 6", name="requirement_layer_1_to_6"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="requirement_role_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="requirement_topic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="requirement_pkey"),
    )
    op.create_index(
        "requirement_one_open",
        "requirement",
        ["role_id", "topic_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_index("requirement_role_id_ix", "requirement", ["role_id"])

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("home_first", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("first <= last", name="unit_range_in_order"),
        sa.ForeignKeyConstraint(["kind"], ["unit_kind.key"], name="unit_kind_fkey"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="unit_parent_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="unit_pkey"),
        sa.UniqueConstraint("code", name="unit_code_key"),
    )
    op.create_index("unit_first_ix", "unit", ["first"])
    op.create_index("unit_parent_id_ix", "unit", ["parent_id"])

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="member_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="member_pkey"),
        sa.UniqueConstraint("login", name="member_login_key"),
    )
    op.create_index("member_unit_id_ix", "member", ["unit_id"])

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="question_module_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="question_topic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="question_pkey"),
        sa.UniqueConstraint("key", name="question_key_key"),
    )
    op.create_index("question_cell_ix", "question", ["topic_id", "layer"])
    op.create_index("question_module_id_ix", "question", ["module_id"])

    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= held AND held <= required", name="tally_held_within_required"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="tally_role_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="tally_topic_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="tally_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="tally_pkey"),
    )
    op.create_index(
        "tally_all_roles",
        "tally",
        ["unit_id", "topic_id", "layer"],
        unique=True,
        sqlite_where=sa.text("role_id IS NULL"),
        postgresql_where=sa.text("role_id IS NULL"),
    )
    op.create_index(
        "tally_one_role",
        "tally",
        ["unit_id", "role_id", "topic_id", "layer"],
        unique=True,
        sqlite_where=sa.text("role_id IS NOT NULL"),
        postgresql_where=sa.text("role_id IS NOT NULL"),
    )

    op.create_table(
        "belief",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="belief_member_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="belief_topic_id_fkey"),
        sa.PrimaryKeyConstraint("member_id", "topic_id", name="belief_pkey"),
    )

    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('trainer', 'secretary', 'board', 'administrator')", name="duty_kind_known"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="duty_member_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="duty_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="duty_pkey"),
    )
    op.create_index("duty_member_id_ix", "duty", ["member_id"])
    op.create_index(
        "duty_one_open",
        "duty",
        ["member_id", "kind", "unit_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_index("duty_unit_id_ix", "duty", ["unit_id"])

    op.create_table(
        "holding",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="holding_member_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="holding_topic_id_fkey"),
        sa.PrimaryKeyConstraint("member_id", "topic_id", "layer", name="holding_pkey"),
    )

    op.create_table(
        "member_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="member_role_member_id_fkey"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="member_role_role_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="member_role_pkey"),
    )
    op.create_index("member_role_member_id_ix", "member_role", ["member_id"])
    op.create_index(
        "member_role_one_open",
        "member_role",
        ["member_id", "role_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_index("member_role_role_id_ix", "member_role", ["role_id"])

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR since_on <= until_on", name="membership_days_in_order"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="membership_member_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="membership_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="membership_pkey"),
    )
    op.create_index("membership_member_id_ix", "membership", ["member_id"])
    op.create_index(
        "membership_one_open",
        "membership",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_index("membership_unit_id_ix", "membership", ["unit_id"])

    op.create_table(
        "question_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("faces", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("lessons", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("slip", sa.Double(), nullable=False),
        sa.Column("guess", sa.Double(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("slip BETWEEN 0 AND 1 AND guess BETWEEN 0 AND 1", name="question_version_odds_0_to_1"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name="question_version_question_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="question_version_pkey"),
        sa.UniqueConstraint("question_id", "number", name="question_version_question_id_number_key"),
    )
    op.create_index(
        "question_version_one_current",
        "question_version",
        ["question_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "relief",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("reason IN ('age', 'leave', 'posting', 'other')", name="relief_reason_known"),
        sa.CheckConstraint("until_on IS NULL OR since_on <= until_on", name="relief_days_in_order"),
        sa.ForeignKeyConstraint(["approved_by"], ["member.id"], name="relief_approved_by_fkey"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="relief_member_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="relief_pkey"),
    )
    op.create_index("relief_member_id_ix", "relief", ["member_id"])

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("origin IN ('file', 'browser')", name="revision_origin_known"),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name="revision_made_by_fkey"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="revision_module_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="revision_pkey"),
        sa.UniqueConstraint("module_id", "name", "number", name="revision_module_id_name_number_key"),
    )
    op.create_index(
        "revision_one_current",
        "revision",
        ["module_id", "name"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="sign_in_member_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="sign_in_pkey"),
        sa.UniqueConstraint("token_digest", name="sign_in_token_digest_key"),
    )
    op.create_index("sign_in_member_id_ix", "sign_in", ["member_id"])

    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="standing_member_id_fkey"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="standing_role_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="standing_topic_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="standing_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="standing_pkey"),
    )
    op.create_index("standing_member_id_ix", "standing", ["member_id"])
    op.create_index("standing_unit_cell_ix", "standing", ["unit_id", "topic_id", "layer"])

    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 60", name="version_minutes_1_to_60"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="version_module_id_fkey"),
        sa.ForeignKeyConstraint(["published_by"], ["member.id"], name="version_published_by_fkey"),
        sa.PrimaryKeyConstraint("id", name="version_pkey"),
        sa.UniqueConstraint("module_id", "number", name="version_module_id_number_key"),
    )
    op.create_index(
        "version_one_current",
        "version",
        ["module_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="view_member_id_fkey"),
        sa.ForeignKeyConstraint(["viewer_id"], ["member.id"], name="view_viewer_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="view_pkey"),
    )
    op.create_index("view_member_id_ix", "view", ["member_id"])

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("change", sa.JSON(), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (passed IS NULL)", name="attempt_closed_has_passed"),
        sa.CheckConstraint("(closed_at IS NULL) = (share IS NULL)", name="attempt_closed_has_share"),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name="attempt_share_0_to_1"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="attempt_member_id_fkey"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="attempt_module_id_fkey"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="attempt_version_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="attempt_pkey"),
    )
    op.create_index("attempt_member_module_ix", "attempt", ["member_id", "module_id", "id"])
    op.create_index(
        "attempt_one_open",
        "attempt",
        ["member_id", "module_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name="completion_share_0_to_1"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="completion_member_id_fkey"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="completion_module_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="completion_unit_id_fkey"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="completion_version_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="completion_pkey"),
        sa.UniqueConstraint("member_id", "version_id", name="completion_member_id_version_id_key"),
    )
    op.create_index("completion_module_id_ix", "completion", ["module_id"])
    op.create_index("completion_unit_id_ix", "completion", ["unit_id"])

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("slip", sa.Double(), nullable=True),
        sa.Column("guess", sa.Double(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("question_version_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'answer') = (slip IS NOT NULL AND guess IS NOT NULL)", name="evidence_answer_has_odds"
        ),
        sa.CheckConstraint("(kind = 'verdict') = (share IS NOT NULL)", name="evidence_verdict_has_share"),
        sa.CheckConstraint("kind IN ('answer', 'study', 'verdict')", name="evidence_kind_known"),
        sa.CheckConstraint(
            "outcome IN ('right', 'wrong', 'studied', 'passed', 'failed')", name="evidence_outcome_known"
        ),
        sa.CheckConstraint("weight BETWEEN 0 AND 1", name="evidence_weight_0_to_1"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="evidence_member_id_fkey"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="evidence_topic_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="evidence_unit_id_fkey"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="evidence_version_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="evidence_pkey"),
    )
    op.create_index("evidence_attempt_id_ix", "evidence", ["attempt_id"])
    op.create_index("evidence_member_topic_ix", "evidence", ["member_id", "topic_id", "id"])

    op.create_table(
        "media",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="media_version_id_fkey"),
        sa.PrimaryKeyConstraint("version_id", "name", name="media_pkey"),
    )
    op.create_index("media_digest_ix", "media", ["digest"])

    op.create_table(
        "place",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="place_member_id_fkey"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="place_module_id_fkey"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="place_version_id_fkey"),
        sa.PrimaryKeyConstraint("member_id", "module_id", name="place_pkey"),
    )

    op.create_table(
        "prerequisite",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="prerequisite_module_id_fkey"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="prerequisite_version_id_fkey"),
        sa.PrimaryKeyConstraint("version_id", "module_id", name="prerequisite_pkey"),
    )

    op.create_table(
        "version_text",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="version_text_version_id_fkey"),
        sa.PrimaryKeyConstraint("version_id", "language", name="version_text_pkey"),
    )

    op.create_table(
        "attempt_question",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_version_id", sa.Integer(), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="attempt_question_attempt_id_fkey"),
        sa.ForeignKeyConstraint(
            ["question_version_id"], ["question_version.id"], name="attempt_question_question_version_id_fkey"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name="attempt_question_pkey"),
        sa.UniqueConstraint(
            "attempt_id", "question_version_id", name="attempt_question_attempt_id_question_version_id_key"
        ),
    )
    op.create_index("attempt_question_question_version_id_ix", "attempt_question", ["question_version_id"])

    op.create_table(
        "hours_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=False),
        sa.CheckConstraint("minutes > 0", name="hours_entry_minutes_positive"),
        sa.ForeignKeyConstraint(["completion_id"], ["completion.id"], name="hours_entry_completion_id_fkey"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="hours_entry_member_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="hours_entry_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="hours_entry_pkey"),
        sa.UniqueConstraint("completion_id", name="hours_entry_completion_id_key"),
    )
    op.create_index("hours_entry_member_id_ix", "hours_entry", ["member_id"])
    op.create_index("hours_entry_unit_id_ix", "hours_entry", ["unit_id"])

    is_sqlite = op.get_bind().dialect.name == "sqlite"
    search_on_sqlite() if is_sqlite else search_on_postgresql()
    refuse_changes_on_sqlite() if is_sqlite else refuse_changes_on_postgresql()


def search_on_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE module_words USING fts5("
        "title, body, module_id UNINDEXED, language UNINDEXED, shown_title UNINDEXED, shown_body UNINDEXED, "
        "tokenize = 'unicode61 remove_diacritics 0')"
    )


def search_on_postgresql() -> None:
    op.execute(
        "CREATE TABLE module_words (module_id integer NOT NULL REFERENCES module (id), language varchar NOT NULL, "
        "words tsvector NOT NULL, shown_title varchar NOT NULL, shown_body varchar NOT NULL, "
        "PRIMARY KEY (module_id, language))"
    )
    op.execute("CREATE INDEX module_words_words_ix ON module_words USING gin (words)")


def refuse_changes_on_sqlite() -> None:
    for table in ONLY_ADDED_TO:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            )


def refuse_changes_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
    )
    for table in ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
