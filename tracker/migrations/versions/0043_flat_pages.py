"""Indexes from which a desk and the map of a large register are read: what a walk asks of a case stands in them."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ASKED, ANSWERED = sa.text("pending IS NOT NULL"), sa.text("supervision_due_on IS NOT NULL")
FAILED, FAILED_THERE = sa.text("is_look_back_failed IS 1"), sa.text("is_look_back_failed IS true")
WALKED = ["state", "list_due_on", "id", "jurisdiction"]


def upgrade() -> None:
    """Wider ones in place of three, and two more."""
    op.drop_index("ix_cases_state_list", table_name="cases")
    op.create_index("ix_cases_state_list", "cases", [*WALKED, "sponsor_id", "source_id", "history"])
    op.drop_index("ix_cases_pending", table_name="cases")
    op.create_index("ix_cases_pending", "cases",
                    ["pending", "state", "list_due_on", "id", "jurisdiction", "sponsor_id", "pending_by_id"],
                    sqlite_where=ASKED, postgresql_where=ASKED)
    op.drop_index("ix_cases_look_back_failed", table_name="cases")
    op.create_index("ix_cases_look_back_failed", "cases", [*WALKED, "sponsor_id"],
                    sqlite_where=FAILED, postgresql_where=FAILED_THERE)
    op.create_index("ix_cases_to_answer", "cases", ["lead_unit_id", "state", "list_due_on", "id"],
                    sqlite_where=ANSWERED, postgresql_where=ANSWERED)
    op.create_index("ix_cases_state_place", "cases", ["state", "lat", "lng", "datum", "list_due_on", "jurisdiction", "sponsor_id"])


def downgrade() -> None:
    """As they were."""
    op.drop_index("ix_cases_state_place", table_name="cases")
    op.drop_index("ix_cases_to_answer", table_name="cases")
    op.drop_index("ix_cases_look_back_failed", table_name="cases")
    op.create_index("ix_cases_look_back_failed", "cases", WALKED, sqlite_where=FAILED, postgresql_where=FAILED_THERE)
    op.drop_index("ix_cases_pending", table_name="cases")
    op.create_index("ix_cases_pending", "cases", ["pending", "jurisdiction"], sqlite_where=ASKED, postgresql_where=ASKED)
    op.drop_index("ix_cases_state_list", table_name="cases")
    op.create_index("ix_cases_state_list", "cases", [*WALKED, "sponsor_id"])
