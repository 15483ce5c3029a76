"""Circulars that are signed before they go out."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _people(table: str, *names: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_{table}_{name}"), ondelete="RESTRICT") for name in names]


def upgrade() -> None:
    """The table, empty: what was frozen before went out unsigned, as it was then."""
    op.create_table(
        "circulars",
        sa.Column("id", BIG, nullable=False), sa.Column("report_id", BIG, nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False), sa.Column("state", sa.String(10), nullable=False),
        sa.Column("sign_by_on", sa.Date(), nullable=False), sa.Column("is_mailed", sa.Boolean(), nullable=False),
        sa.Column("addressees", sa.String(200), nullable=False), sa.Column("office", sa.String(80), nullable=False),
        sa.Column("office_area", sa.String(12), nullable=False),
        sa.Column("document_short", sa.String(8), nullable=False), sa.Column("copies", sa.String(200), nullable=False),
        sa.Column("printed_by", sa.String(200), nullable=False), sa.Column("composed_at", MOMENT, nullable=False),
        sa.Column("series", sa.String(60), nullable=True), sa.Column("serial", BIG, nullable=True),
        sa.Column("number", sa.String(40), nullable=False), sa.Column("signed_by_id", BIG, nullable=True),
        sa.Column("signed_for_id", BIG, nullable=True), sa.Column("issued_at", MOMENT, nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.CheckConstraint("state IN ('composed', 'signed', 'unsigned')", name=op.f("ck_circulars_state")),
        sa.CheckConstraint("(state = 'composed') = (issued_at IS NULL) AND (issued_at IS NULL) = (digest IS NULL)",
                           name=op.f("ck_circulars_issued")),
        sa.CheckConstraint("(state = 'signed') = (signed_by_id IS NOT NULL)", name=op.f("ck_circulars_signed")),
        sa.CheckConstraint("(serial IS NULL) = (series IS NULL)", name=op.f("ck_circulars_numbered")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_circulars_report_id"), ondelete="RESTRICT"),
        *_people("circulars", "signed_by_id", "signed_for_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars")),
        sa.UniqueConstraint("report_id", name=op.f("uq_circulars_report_id")),
        sa.UniqueConstraint("series", "serial", name=op.f("uq_circulars_series_serial")),
    )


def downgrade() -> None:
    """Gone."""
    op.drop_table("circulars")
