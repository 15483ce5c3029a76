"""a file of a register may come again once others came after it; what the list of sites is narrowed by has its index"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

STANDING = sa.text("withdrawn_at IS NULL")
LASTING = sa.text("ended_at IS NULL AND valid_to IS NOT NULL")
NARROWED_BY = ("kind", "site_class", "status", "trade_code")


def upgrade() -> None:
    """Indexes alone."""
    op.drop_index("uq_site_batches_file", "site_batches")
    op.create_index("ix_site_batches_last", "site_batches", ["register", "id"], sqlite_where=STANDING, postgresql_where=STANDING)
    for column in NARROWED_BY:
        op.create_index(f"ix_sites_{column}", "sites", [column, "code"])
    op.create_index("ix_site_entries_last", "site_entries", ["register", "valid_to"], sqlite_where=LASTING, postgresql_where=LASTING)


def downgrade() -> None:
    """Back; not where a file came twice, for the old index has it once."""
    op.drop_index("ix_site_entries_last", "site_entries")
    for column in NARROWED_BY:
        op.drop_index(f"ix_sites_{column}", "sites")
    op.drop_index("ix_site_batches_last", "site_batches")
    op.create_index("uq_site_batches_file", "site_batches", ["register", "digest", "mode"], unique=True, sqlite_where=STANDING,
                    postgresql_where=STANDING)
