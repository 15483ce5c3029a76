"""an index of what each person logged, for the desk of who logs issues"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_cases_logged", "cases", ["registered_by_id", "received_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_cases_logged", "cases")
