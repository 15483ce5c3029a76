"""a case says since when a matter of it waits to be coordinated, and by which day a supervision order is answered"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

OPEN_MATTER = sa.text("matter_since_on IS NOT NULL")


def upgrade() -> None:
    op.add_column("cases", sa.Column("matter_since_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("supervision_due_on", sa.Date(), nullable=True))
    op.create_index("ix_cases_matter", "cases", ["matter_since_on", "id"], sqlite_where=OPEN_MATTER, postgresql_where=OPEN_MATTER)


def downgrade() -> None:
    op.drop_index("ix_cases_matter", "cases")
    op.drop_column("cases", "supervision_due_on")
    op.drop_column("cases", "matter_since_on")
