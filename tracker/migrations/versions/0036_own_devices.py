"""Sessions on a device of one's own last for days."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column; every session of today is on a device of somebody else's."""
    op.add_column("sessions", sa.Column("is_own_device", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """As before."""
    op.drop_column("sessions", "is_own_device")
