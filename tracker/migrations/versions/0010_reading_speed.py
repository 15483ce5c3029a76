"""indexes for the weeks of the dashboard and for requests that wait for a decision"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ASKED = sa.text("pending IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_cases_received_closed", "cases", ["received_on", "closed_at", "jurisdiction", "sponsor_id"])
    op.create_index("ix_cases_closed_received", "cases", ["closed_at", "received_on", "jurisdiction", "sponsor_id"])
    op.create_index("ix_cases_pending", "cases", ["pending", "jurisdiction"], sqlite_where=ASKED, postgresql_where=ASKED)


def downgrade() -> None:
    for name in ("ix_cases_pending", "ix_cases_closed_received", "ix_cases_received_closed"):
        op.drop_index(name, "cases")
