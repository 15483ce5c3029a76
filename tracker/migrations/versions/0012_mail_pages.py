"""mails as pages with pictures, the cadence record they belong to, what became of them; group robots as readers; who heads a unit"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("record_id", BIG, nullable=True))
        table.add_column(sa.Column("html", sa.Text(), nullable=True))
        table.add_column(sa.Column("pictures", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("deliveries", BIG, nullable=False, server_default="0"))
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("bounce", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("robot", sa.String(40), nullable=True))
        table.alter_column("person_id", existing_type=BIG, nullable=True)
        table.create_check_constraint(op.f("ck_outbox_reader"), "(person_id IS NULL) <> (robot IS NULL)")
        table.create_foreign_key(op.f("fk_outbox_record_id"), "cadence_records", ["record_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_outbox_record_id"), ["record_id"])
    op.add_column("people", sa.Column("is_head", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("people", "is_head")
    op.execute("DELETE FROM outbox WHERE person_id IS NULL")
    with op.batch_alter_table("outbox") as table:
        table.drop_index(op.f("ix_outbox_record_id"))
        table.drop_constraint(op.f("fk_outbox_record_id"), type_="foreignkey")
        table.drop_constraint(op.f("ck_outbox_reader"), type_="check")
        table.alter_column("person_id", existing_type=BIG, nullable=False)
        for name in ("robot", "bounce", "bounced_at", "deliveries", "pictures", "html", "record_id"):
            table.drop_column(name)
