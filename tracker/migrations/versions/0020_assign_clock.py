"""a case that waits to be assigned has a limit: one working day, which is the product's own default

Where cases are registered already, the moment of this upgrade is kept: for them the clock starts now, so that what has waited for
months is not told to be months late tomorrow."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  sa.column("is_first_day_counted", sa.Boolean), sa.column("effective_from", sa.Date),
                  sa.column("effective_to", sa.Date))
ASSIGN = {"source_key": "", "stage": "assign", "amount": 1, "unit": "working_day", "is_first_day_counted": False,
          "basis": "产品默认值，无法规依据：登记或退回后1个工作日内交办（可在期限规则中修改）", "effective_from": date(2018, 1, 1),
          "effective_to": None}
# The moment in UTC, as ISO 8601 writes it.
BEGUN = {
    "sqlite": """
INSERT INTO preferences (key, value) SELECT 'assign_clock_began', strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')
WHERE EXISTS (SELECT 1 FROM cases WHERE state = 'registered')""",
    "postgresql": """
INSERT INTO preferences (key, value)
SELECT 'assign_clock_began', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')
WHERE EXISTS (SELECT 1 FROM cases WHERE state = 'registered')""",
}


def upgrade() -> None:
    op.bulk_insert(LIMITS, [ASSIGN])
    connection = op.get_bind()
    connection.exec_driver_sql(BEGUN[connection.dialect.name])


def downgrade() -> None:
    op.execute("DELETE FROM preferences WHERE key = 'assign_clock_began'")
    op.execute("DELETE FROM limits WHERE stage = 'assign'")
