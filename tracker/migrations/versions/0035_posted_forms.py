"""a form that was sent is known again"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "posted_forms",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("form_id", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("led_to", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_posted_forms_digest")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_posted_forms_person_id_people"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_forms")),
    )
    op.create_index("uq_posted_forms_person_form", "posted_forms", ["person_id", "form_id"], unique=True)
    op.create_index("ix_posted_forms_posted_at", "posted_forms", ["posted_at"])


def downgrade() -> None:
    op.drop_table("posted_forms")
