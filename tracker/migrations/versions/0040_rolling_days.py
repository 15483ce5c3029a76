"""Last days on days off roll to the next working day where the limit says so; the register is sorted by day of receipt."""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

FIRST_DAY = date(2026, 12, 1)
COPIED = ("source_key", "stage", "amount", "unit", "is_first_day_counted", "basis", "effective_to")
LIMITS = sa.table("limits", sa.column("id"), *map(sa.column, COPIED), sa.column("effective_from", sa.Date),
                  sa.column("rolls", sa.Boolean))
LIMITS.c.effective_to.type = sa.Date()
LIMITS.c.is_first_day_counted.type = sa.Boolean()
DAYS_OF_CASES = (LIMITS.c.unit == "calendar_day", LIMITS.c.stage.in_(("rectify", "phase")))


def upgrade() -> None:
    """What holds so far never rolls. What holds of a case's calendar days on the first day is followed by one that does."""
    op.add_column("limits", sa.Column("rolls", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cases", sa.Column("is_due_rolling", sa.Boolean(), nullable=False, server_default=sa.false()))
    bind = op.get_bind()
    going_on = (LIMITS.c.effective_from < FIRST_DAY,
                sa.or_(LIMITS.c.effective_to.is_(None), LIMITS.c.effective_to >= FIRST_DAY))
    rows = bind.execute(sa.select(LIMITS).where(*DAYS_OF_CASES, *going_on).order_by(LIMITS.c.id)).mappings().all()
    for row in rows:
        ended = LIMITS.update().where(LIMITS.c.id == row["id"])
        bind.execute(ended.values(effective_to=FIRST_DAY - timedelta(days=1)))
        bind.execute(LIMITS.insert().values({name: row[name] for name in COPIED} | {"effective_from": FIRST_DAY, "rolls": True}))
    op.create_index("ix_cases_received_list", "cases", ["received_on", "id"])
    op.create_index("ix_cases_state_received", "cases", ["state", "received_on", "id", "jurisdiction", "sponsor_id"])


def downgrade() -> None:
    """The limits as they were, each in force to the end of the one that followed it."""
    op.drop_index("ix_cases_state_received", table_name="cases")
    op.drop_index("ix_cases_received_list", table_name="cases")
    bind = op.get_bind()
    begun = (LIMITS.c.effective_from == FIRST_DAY, LIMITS.c.rolls.is_(sa.true()))
    for row in bind.execute(sa.select(LIMITS).where(*begun)).mappings().all():
        before = (LIMITS.c.source_key == row["source_key"], LIMITS.c.stage == row["stage"],
                  LIMITS.c.effective_to == FIRST_DAY - timedelta(days=1))
        bind.execute(LIMITS.update().where(*before).values(effective_to=row["effective_to"]))
        bind.execute(LIMITS.delete().where(LIMITS.c.id == row["id"]))
    op.drop_column("cases", "is_due_rolling")
    op.drop_column("limits", "rolls")
