"""a case keeps the id that its form made, so that a second click registers nothing twice"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("cases", sa.Column("client_id", sa.String(40)))
    op.create_index("uq_cases_client_id", "cases", ["client_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_cases_client_id", "cases")
    op.drop_column("cases", "client_id")
