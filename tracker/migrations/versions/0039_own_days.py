"""Days off and days on that one place has of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table, empty."""
    op.create_table(
        "own_days",
        sa.Column("area_code", sa.String(12), nullable=False), sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False), sa.Column("name", sa.String(40), nullable=False),
        sa.Column("paper", sa.String(80), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'makeup', 'workday', 'weekend')", name=op.f("ck_own_days_kind")),
        sa.PrimaryKeyConstraint("area_code", "day", name=op.f("pk_own_days")),
    )


def downgrade() -> None:
    """Gone."""
    op.drop_table("own_days")
