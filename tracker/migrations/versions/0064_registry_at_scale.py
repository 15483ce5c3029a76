"""a file of a register may come again once others came after it; what the list of sites is narrowed by has its index"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0062"
branch_labels = None
depends_on = None

STANDING = sa.text("withdrawn_at IS NULL")
OPEN = sa.text("satisfied_at IS NULL AND waived_at IS NULL")
NARROWED_BY = ("kind", "site_class", "status", "trade_code")


def upgrade() -> None:
    """Indexes alone."""
    op.drop_index("uq_site_batches_file", "site_batches")
    op.create_index("ix_site_batches_last", "site_batches", ["register", "id"], sqlite_where=STANDING, postgresql_where=STANDING)
    for column in NARROWED_BY:
        op.create_index(f"ix_sites_{column}", "sites", [column, "code"])
    op.create_index("ix_site_obligations_open", "site_obligations", ["site_id", "due_on"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """Back; where a file came twice, the earlier batches stay and the later index is no longer unique of them."""
    op.drop_index("ix_site_obligations_open", "site_obligations")
    for column in NARROWED_BY:
        op.drop_index(f"ix_sites_{column}", "sites")
    op.drop_index("ix_site_batches_last", "site_batches")
    op.create_index("uq_site_batches_file", "site_batches", ["register", "digest", "mode"], unique=True, sqlite_where=STANDING,
                    postgresql_where=STANDING)
