"""What a place by the railway was seen from: train and direction, flight and whose.

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

COLUMNS = (("train_no", 20), ("heading", 5), ("flight_no", 40), ("flown_by", 60))


def upgrade() -> None:
    """Earlier cases say nothing of it."""
    with op.batch_alter_table("case_places") as table:
        for name, length in COLUMNS:
            table.add_column(sa.Column(name, sa.String(length), server_default="", nullable=False))
        table.create_check_constraint(op.f("ck_case_places_heading"), "heading IN ('', 'up', 'down')")


def downgrade() -> None:
    """As it was."""
    with op.batch_alter_table("case_places") as table:
        table.drop_constraint(op.f("ck_case_places_heading"), type_="check")
        for name, _ in COLUMNS:
            table.drop_column(name)
