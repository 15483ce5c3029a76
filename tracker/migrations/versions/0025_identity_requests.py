"""a reporter is opened or erased by two persons; and since when the texts of a case are known not to name its reporter"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PEOPLE = ("asked_by_id", "asked_for_id", "decided_by_id", "decided_for_id")


def upgrade() -> None:
    op.add_column("identities", sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "identity_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason_code", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("asked_for_id", BIG, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_for_id", BIG, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_count", BIG, nullable=False),
        sa.CheckConstraint("purpose IN ('reveal', 'erase')", name=op.f("ck_identity_requests_purpose")),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'lapsed', 'done')", name=op.f("ck_identity_requests_state")),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_identity_requests_decided")),
        sa.CheckConstraint("state NOT IN ('granted', 'refused', 'done') OR decided_by_id IS NOT NULL",
                           name=op.f("ck_identity_requests_by_whom")),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name=op.f("ck_identity_requests_another_person")),
        sa.CheckConstraint("opened_count BETWEEN 0 AND 3", name=op.f("ck_identity_requests_opened")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_identity_requests_case_id"), ondelete="RESTRICT"),
        *(sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_identity_requests_{name}"), ondelete="RESTRICT")
          for name in PEOPLE),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_requests")),
    )
    op.create_index(op.f("ix_identity_requests_case_id"), "identity_requests", ["case_id"])
    op.create_index("ix_identity_requests_state", "identity_requests", ["state", "open_until"])


def downgrade() -> None:
    op.drop_table("identity_requests")
    op.drop_column("identities", "masked_at")
