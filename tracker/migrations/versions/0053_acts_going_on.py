"""Indexes of a long list of acts: those that are over from the newest, and how many of each kind go on, of which all that the fence
of a reader asks of an act stands in it."""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

OVER, KIND_OVER, GOING_ON = "ix_acts_over", "ix_acts_kind_over", "ix_acts_going_on"


def upgrade() -> None:
    """Three more."""
    op.create_index(OVER, "acts", ["is_over", "id"])
    op.create_index(KIND_OVER, "acts", ["kind", "is_over", "id"])
    op.create_index(GOING_ON, "acts", ["is_over", "kind", "area_code", "sight", "unit_id", "id"])


def downgrade() -> None:
    """As it was."""
    op.drop_index(GOING_ON, table_name="acts")
    op.drop_index(KIND_OVER, table_name="acts")
    op.drop_index(OVER, table_name="acts")
