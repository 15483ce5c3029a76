"""Acts of one state, the newest first: however many others are over besides."""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

KIND_STATE, STATE = "ix_acts_kind_state", "ix_acts_state"


def upgrade() -> None:
    """Two more indexes."""
    op.create_index(KIND_STATE, "acts", ["kind", "is_over", "state", "id"])
    op.create_index(STATE, "acts", ["is_over", "state", "id"])


def downgrade() -> None:
    """As it was."""
    op.drop_index(STATE, table_name="acts")
    op.drop_index(KIND_STATE, table_name="acts")
