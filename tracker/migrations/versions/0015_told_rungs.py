"""whether a rung of the ladder was told or passed over; of the rows before, nobody knows"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("reminders", sa.Column("is_told", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("reminders", "is_told")
