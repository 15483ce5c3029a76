"""a supporting unit has a day of its own by which it answers, and the day on which it did"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

AWAITED = sa.text("answer_due_on IS NOT NULL AND answered_on IS NULL")


def upgrade() -> None:
    for name in ("answer_due_on", "answered_on"):
        op.add_column("case_units", sa.Column(name, sa.Date(), nullable=True))
    op.create_index("ix_case_units_awaited", "case_units", ["unit_id", "case_id"], sqlite_where=AWAITED, postgresql_where=AWAITED)


def downgrade() -> None:
    op.drop_index("ix_case_units_awaited", "case_units")
    for name in ("answered_on", "answer_due_on"):
        op.drop_column("case_units", name)
