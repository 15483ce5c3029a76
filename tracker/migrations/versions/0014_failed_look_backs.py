"""an index of the closed cases whose look-back failed, for the desk of who reopens them"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

# In each engine's own words, as the query has them: SQLite takes a partial index only for the very same condition.
IN_SQLITE, IN_POSTGRESQL = sa.text("is_look_back_failed IS 1"), sa.text("is_look_back_failed IS true")


def upgrade() -> None:
    op.create_index("ix_cases_look_back_failed", "cases", ["state", "list_due_on", "id", "jurisdiction"], sqlite_where=IN_SQLITE,
                    postgresql_where=IN_POSTGRESQL)


def downgrade() -> None:
    op.drop_index("ix_cases_look_back_failed", "cases")
