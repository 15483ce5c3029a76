"""reminders of any stream: of cases, and of the duties and limits of acts; a natural person as the party of an act, sealed"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_STREAMS, OF_CASES = "uq_reminders_stream_round_lap_rung", "uq_reminders_case_id_round_lap_rung"
OF_A_CASE = "fk_reminders_case_id"
LAP = ["round", "lap", "rung"]


def upgrade() -> None:
    op.add_column("acts", sa.Column("person_party", sa.Text(), nullable=True))
    op.add_column("reminders", sa.Column("stream", sa.String(80), nullable=True))
    op.execute("UPDATE reminders SET stream = (SELECT 'case:' || number FROM cases WHERE cases.id = reminders.case_id)")
    with op.batch_alter_table("reminders") as table:
        table.alter_column("stream", existing_type=sa.String(80), nullable=False)
        table.drop_constraint(op.f(OF_CASES), type_="unique")
        table.drop_constraint(op.f(OF_A_CASE), type_="foreignkey")
        table.drop_column("case_id")
        table.create_unique_constraint(op.f(OF_STREAMS), ["stream", *LAP])


def downgrade() -> None:
    op.drop_column("acts", "person_party")
    op.execute("DELETE FROM reminders WHERE stream NOT LIKE 'case:%'")
    op.add_column("reminders", sa.Column("case_id", BIG, nullable=True))
    op.execute("UPDATE reminders SET case_id = (SELECT id FROM cases WHERE 'case:' || cases.number = reminders.stream)")
    with op.batch_alter_table("reminders") as table:
        table.alter_column("case_id", existing_type=BIG, nullable=False)
        table.drop_constraint(op.f(OF_STREAMS), type_="unique")
        table.drop_column("stream")
        table.create_unique_constraint(op.f(OF_CASES), ["case_id", *LAP])
        table.create_foreign_key(op.f(OF_A_CASE), "cases", ["case_id"], ["id"], ondelete="CASCADE")
