"""an area says whose it is, by which paper it began or ended, and what the state calls a town that a functional zone runs"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

# Alembic adds no CHECK to a table of SQLite without building it anew; both engines take one that comes with its column.
KIND = ("ALTER TABLE areas ADD COLUMN kind VARCHAR(10) DEFAULT 'official' NOT NULL "
        "CONSTRAINT ck_areas_kind CHECK (kind IN ('official', 'zone', 'local', 'outside'))")


def upgrade() -> None:
    op.execute(KIND)
    op.add_column("areas", sa.Column("formal_code", sa.String(12), server_default="", nullable=False))
    op.add_column("areas", sa.Column("document_no", sa.String(60), server_default="", nullable=False))


def downgrade() -> None:
    # The older product knows neither local codes nor these levels, and would not start with one.
    op.execute("DELETE FROM areas WHERE kind <> 'official' OR level IN ('province', 'cell')")
    for name in ("document_no", "formal_code", "kind"):
        op.drop_column("areas", name)
