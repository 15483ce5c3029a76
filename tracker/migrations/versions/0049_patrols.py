"""Patrols of both sides of the railway, daily patrols, and the plans that own what is owed: their states."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON = {"patrol": ("logged", "denied"), "patrol_plan": ("drafting", "in_force")}
OVER = {"patrol": ("confirmed", "voided"), "daily_patrol": ("recorded",), "patrol_plan": ("ended", "cancelled")}


def upgrade() -> None:
    """The rows."""
    op.bulk_insert(STATES, [{"kind": kind, "state": state, "is_over": is_over}
                            for is_over, every in ((False, GOING_ON), (True, OVER))
                            for kind, states in every.items() for state in states])


def downgrade() -> None:
    """Gone."""
    op.execute("DELETE FROM act_states WHERE kind IN ('patrol', 'daily_patrol', 'patrol_plan')")
