"""files are received one by one, and wait for the step that makes them evidence"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", BIG, nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("original_name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("shown_digest", sa.String(64)),
        sa.Column("thumb_digest", sa.String(64)),
        sa.Column("taken_at", sa.String(40)),
        sa.Column("lat", sa.Double),
        sa.Column("lng", sa.Double),
        sa.Column("role", sa.String(40)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("subject", sa.String(60)),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_uploads_person_id", ondelete="RESTRICT"),
        sa.CheckConstraint("size > 0", name=op.f("ck_uploads_ck_uploads_size")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_uploads_ck_uploads_digest")),
    )
    op.create_index("uq_uploads_person_client", "uploads", ["person_id", "client_id"], unique=True)
    op.create_index("ix_uploads_received_at", "uploads", ["received_at"])


    if op.get_bind().dialect.name == "postgresql":  # the type of a .docx has 71 characters; SQLite never minded
        op.alter_column("evidence", "media_type", type_=sa.String(100), existing_type=sa.String(60), existing_nullable=False)


def downgrade() -> None:
    op.drop_table("uploads")
