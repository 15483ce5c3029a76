"""The works of cases 拆清绿改装亮: by which standard they are judged, and what the last verification found."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table."""
    op.create_table(
        "case_works",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("work", sa.String(10), nullable=False),
        sa.Column("standard", sa.String(10), nullable=False),
        sa.Column("standard_from", sa.Date()),
        sa.Column("got", BIG),
        sa.Column("most", BIG),
        sa.Column("failed_musts", BIG),
        sa.Column("round", BIG),
        sa.CheckConstraint("work IN ('demolish', 'clear', 'green', 'rebuild', 'decorate', 'light')", name=op.f("ck_case_works_work")),
        sa.CheckConstraint("standard IN ('urban', 'rural')", name=op.f("ck_case_works_standard")),
        sa.CheckConstraint(
            "(got IS NULL) = (most IS NULL) AND (got IS NULL) = (failed_musts IS NULL) AND (got IS NULL) = (round IS NULL)",
            name=op.f("ck_case_works_scored_whole")),
        sa.CheckConstraint("got IS NULL OR (0 <= got AND got <= most AND failed_musts >= 0 AND round >= 1)",
                           name=op.f("ck_case_works_scored_within")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_works_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "work", name=op.f("pk_case_works")),
    )
    op.create_index(op.f("ix_case_works_work"), "case_works", ["work", "standard", "case_id"])


def downgrade() -> None:
    """Gone."""
    op.drop_table("case_works")
