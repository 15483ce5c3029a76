"""Programmes: their states."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON = {"programme": ("drafting", "adopted")}
OVER = {"programme": ("finished", "cancelled")}


def upgrade() -> None:
    """The rows."""
    op.bulk_insert(STATES, [{"kind": kind, "state": state, "is_over": is_over}
                            for is_over, every in ((False, GOING_ON), (True, OVER))
                            for kind, states in every.items() for state in states])


def downgrade() -> None:
    """Gone."""
    op.execute("DELETE FROM act_states WHERE kind = 'programme'")
