"""appeals against lines of published appraisals"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PEOPLE = ("raised_by_id", "raised_for_id", "decided_by_id", "decided_for_id")


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("clause", sa.String(10), nullable=False),
        sa.Column("word", sa.String(60), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("fact_on", sa.Date(), nullable=False),
        sa.Column("points", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by_id", BIG, nullable=False),
        sa.Column("raised_for_id", BIG, nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_for_id", BIG, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IS NULL OR outcome IN ('upheld', 'rejected')", name=op.f("ck_appeals_outcome")),
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
                           name=op.f("ck_appeals_decided")),
        sa.CheckConstraint("decided_by_id <> raised_by_id", name=op.f("ck_appeals_another_person")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_appeals_report_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_appeals_unit_id"), ondelete="RESTRICT"),
        *(sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_appeals_{name}"), ondelete="RESTRICT") for name in PEOPLE),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("report_id", "unit_id", "rule", "case_number", "seq", "fact_on", name=op.f("uq_appeals_line")),
    )
    op.create_index(op.f("ix_appeals_unit_id"), "appeals", ["unit_id"])


def downgrade() -> None:
    op.drop_table("appeals")
