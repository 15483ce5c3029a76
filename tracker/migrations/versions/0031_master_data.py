"""telephones of units and people; of sources: level, since when the notice holds, and the grammar of their numbers"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("units", sa.Column("phone", sa.String(60), nullable=True))
    op.add_column("people", sa.Column("phone", sa.String(60), nullable=True))
    op.add_column("sources", sa.Column("level", sa.String(20), server_default="", nullable=False))
    op.add_column("sources", sa.Column("notice_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("number_grammar", sa.String(200), server_default="", nullable=False))
    op.add_column("sources", sa.Column("number_samples", sa.String(300), server_default="", nullable=False))
    op.add_column("sources", sa.Column("number_check", sa.String(10), server_default="", nullable=False))
    op.add_column("sources", sa.Column("number_since", sa.Date(), nullable=True))


def downgrade() -> None:
    for name in ("number_since", "number_check", "number_samples", "number_grammar", "notice_since", "level"):
        op.drop_column("sources", name)
    op.drop_column("people", "phone")
    op.drop_column("units", "phone")
