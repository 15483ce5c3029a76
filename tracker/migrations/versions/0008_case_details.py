"""where the phone was, whether a pin was moved by hand, and the answers to the questions of a type"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# A column's own CHECK, because SQLite adds none to a table without copying it, triggers and all.
CHECKS = {
    "located_by": "located_by IN ('device', 'pin', 'text')",
    "device_lng": "NOT (device_lat = 0 AND device_lng = 0)",
}
NAMES = {"located_by": "ck_cases_located_by", "device_lng": "ck_cases_device_not_null_island"}
COLUMNS = (
    ("located_by", sa.String(10), "VARCHAR(10)"), ("device_lat", sa.Double(), "DOUBLE"), ("device_lng", sa.Double(), "DOUBLE"),
    ("device_datum", sa.String(10), "VARCHAR(10)"), ("device_accuracy_metres", sa.Double(), "DOUBLE"), ("answers", sa.Text(), "TEXT"),
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, kind, sqlite_kind in COLUMNS:
        if is_sqlite and name in CHECKS:
            op.execute(f"ALTER TABLE cases ADD COLUMN {name} {sqlite_kind} CONSTRAINT {NAMES[name]} CHECK ({CHECKS[name]})")
        else:
            op.add_column("cases", sa.Column(name, kind))
    if not is_sqlite:
        for name, condition in CHECKS.items():
            op.create_check_constraint(op.f(NAMES[name]), "cases", condition)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for name in NAMES.values():
            op.drop_constraint(op.f(name), "cases", type_="check")
    for name in ("answers", "device_accuracy_metres", "device_datum", "device_lng", "device_lat", "located_by"):
        op.drop_column("cases", name)
