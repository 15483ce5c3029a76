"""what leaves the outbox first is told by its priority; how many cases somebody registered lately is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

LISTED = 10


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("priority", sa.BigInteger().with_variant(sa.Integer, "sqlite"), server_default="20",
                                   nullable=False))
        table.drop_index("ix_outbox_state_due")
        table.create_index("ix_outbox_state_priority_due", ["state", "priority", "due_at"])
    outbox = sa.table("outbox", sa.column("priority"), sa.column("mail"))
    op.execute(outbox.update().where(outbox.c.mail.in_(("morning", "report", "robot_report"))).values(priority=LISTED))
    op.create_index("ix_cases_registered", "cases", ["registered_by_id", "registered_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_registered", "cases")
    with op.batch_alter_table("outbox") as table:
        table.drop_index("ix_outbox_state_priority_due")
        table.create_index("ix_outbox_state_due", ["state", "due_at"])
        table.drop_column("priority")
