"""mails have a kind, a thread and what stands of them in a mail of several; people choose how they want each kind"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("kind", sa.String(20), server_default="informed", nullable=False))
        table.add_column(sa.Column("bundle", sa.String(80), nullable=True))
        table.add_column(sa.Column("thread", sa.String(120), nullable=True))
    op.create_index("ix_outbox_bundle", "outbox", ["bundle", "due_at"], sqlite_where=sa.text("bundle IS NOT NULL"),
                    postgresql_where=sa.text("bundle IS NOT NULL"))
    op.add_column("mail_bodies", sa.Column("gist", sa.Text(), server_default="", nullable=False))
    outbox = sa.table("outbox", sa.column("kind"), sa.column("priority"))
    for priority, kind in ((0, "security"), (10, "lists"), (20, "asked")):
        op.execute(outbox.update().where(outbox.c.priority == priority).values(kind=kind))
    op.create_table(
        "mail_choices",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.CheckConstraint("way IN ('at_once', 'in_digest', 'never')", name=op.f("ck_mail_choices_way")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mail_choices_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_choices")),
    )


def downgrade() -> None:
    op.drop_table("mail_choices")
    op.drop_column("mail_bodies", "gist")
    op.drop_index("ix_outbox_bundle", "outbox")
    with op.batch_alter_table("outbox") as table:
        for name in ("thread", "bundle", "kind"):
            table.drop_column(name)
