"""accounts of services: devices and other systems, which never sign in, get no mail and head no unit"""

from alembic import op

revision = "0019"
down_revision = "0018"

# Alembic adds no CHECK to a table of SQLite without building it anew; both engines take one that comes with its column.
COLUMN = (
    "ALTER TABLE people ADD COLUMN kind VARCHAR(40) DEFAULT 'person' NOT NULL "
    "CONSTRAINT ck_people_kind CHECK (kind IN ('person', 'service')) "
    "CONSTRAINT ck_people_service CHECK (kind = 'person' OR (email IS NULL AND NOT is_head))"
)


def upgrade() -> None:
    op.execute(COLUMN)


def downgrade() -> None:
    op.drop_column("people", "kind")
