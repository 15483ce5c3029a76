"""A second factor of an account, its recovery codes, and when a session showed it.

Revision ID: 0066
Revises: 0065
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SINCE = "second_factor_since"  # from when on somebody who must have one can have it: their days of grace begin no earlier
NOW = {"sqlite": "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')",
       "postgresql": "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+00:00\"')"}


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(400), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("mark", sa.String(1), nullable=False),
        sa.Column("code_hash", sa.String(200), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"])
    op.add_column("sessions", sa.Column("second_at", MOMENT, nullable=True))
    op.execute(f"INSERT INTO preferences (key, value) SELECT '{SINCE}', {NOW[op.get_bind().dialect.name]}")


def downgrade() -> None:
    op.execute("DELETE FROM preferences WHERE key = 'second_factor_since'")
    op.drop_column("sessions", "second_at")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
