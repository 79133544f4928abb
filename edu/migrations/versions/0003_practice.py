"""Practice from the mistakes notebook.

A fifth kind of attempt: some questions that were answered wrong, asked again. It is no quiz and passes nothing, and
one is open at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OPEN = (
    ("attempt_one_open", ["member_id", "module_id"], "closed_at IS NULL AND kind = 'quiz'"),
    ("attempt_one_diagnostic_open", ["member_id"], "closed_at IS NULL AND kind = 'diagnostic'"),
    ("attempt_one_check_open", ["member_id", "topic_id", "layer"], "closed_at IS NULL AND kind = 'check'"),
    ("attempt_one_review_open", ["member_id"], "closed_at IS NULL AND kind = 'review'"),
)
PRACTICE_OPEN = ("attempt_one_practice_open", ["member_id", "topic_id"], "closed_at IS NULL AND kind = 'practice'")


def upgrade() -> None:
    # SQLite changes a table by copying it; its partial indexes are made anew, so that the copy has them as they were.
    for name, _columns, _where in OPEN:
        op.drop_index(name, "attempt")
    with op.batch_alter_table("attempt") as attempt:
        attempt.drop_constraint("attempt_kind_known", type_="check")
        attempt.create_check_constraint(
            "attempt_kind_known", "kind IN ('quiz', 'diagnostic', 'check', 'review', 'practice')"
        )
    for name, columns, where in (*OPEN, PRACTICE_OPEN):
        op.create_index(
            name, "attempt", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
