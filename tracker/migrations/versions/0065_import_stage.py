"""How far an import is, in two halves: reading the table, and writing the cases."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Jobs of before are read or over."""
    op.add_column("import_jobs", sa.Column("is_writing", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Gone."""
    op.drop_column("import_jobs", "is_writing")
