"""the original of a file that comes from a reporter may be sealed: it opens for a custodian of identities alone"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("evidence", sa.Column("is_original_sealed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("evidence", "is_original_sealed")
