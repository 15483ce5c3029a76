"""Draws of sites to be inspected: one of a quarter that stands, committed before it is drawn.

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON, OVER = ("preparing", "committed", "drawn"), ("closed", "abandoned")
STANDING = sa.text("NOT is_abandoned")


def upgrade() -> None:
    """The tables and the states."""
    op.bulk_insert(STATES, [{"kind": "draw", "state": state, "is_over": is_over}
                            for is_over, states in ((False, GOING_ON), (True, OVER)) for state in states])
    op.create_table(
        "draws",
        sa.Column("act_id", ID, autoincrement=False, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("attempt", ID, nullable=False),
        sa.Column("is_abandoned", sa.Boolean(), nullable=False),
        sa.Column("roster_on", sa.Date(), nullable=False),
        sa.Column("roster_file_id", ID, nullable=True),
        sa.Column("roster_digest", sa.String(64), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("witness_on", sa.Date(), nullable=True),
        sa.Column("witness", sa.String(80), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("result_digest", sa.String(64), nullable=False),
        sa.CheckConstraint("level IN ('county', 'city')", name=op.f("ck_draws_level")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_draws_attempt")),
        sa.CheckConstraint("(roster_digest = '') = (commitment = '') AND (roster_digest = '') = (roster_file_id IS NULL)",
                           name=op.f("ck_draws_committed")),
        sa.CheckConstraint("(seed = '') = (result_digest = '') AND (seed = '') = (witness = '')", name=op.f("ck_draws_drawn")),
        sa.CheckConstraint("seed = '' OR commitment <> ''", name=op.f("ck_draws_committed_first")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_draws_act_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["roster_file_id"], ["evidence.id"], name=op.f("fk_draws_roster_file_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_draws")),
    )
    op.create_index("uq_draws_key", "draws", ["level", "area_code", "quarter"], unique=True, sqlite_where=STANDING,
                    postgresql_where=STANDING)
    op.create_index("ix_draws_quarter", "draws", ["level", "quarter"])
    op.create_table(
        "draw_sites",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("stratum", sa.String(1), nullable=False),
        sa.Column("rank", ID, nullable=False),
        sa.Column("replaced_by_rank", ID, nullable=True),
        sa.Column("inspection_id", ID, nullable=False),
        sa.CheckConstraint("rank >= 1 AND (replaced_by_rank IS NULL OR replaced_by_rank > rank)",
                           name=op.f("ck_draw_sites_ranks")),
        sa.CheckConstraint("stratum IN ('A', 'B', 'C')", name=op.f("ck_draw_sites_stratum")),
        *(sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_draw_sites_{name}"), ondelete="RESTRICT")
          for name, target in (("act_id", "acts.id"), ("site_id", "sites.id"), ("inspection_id", "acts.id"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_sites")),
        sa.UniqueConstraint("act_id", "site_id", name=op.f("uq_draw_sites_act_id_site_id")),
        sa.UniqueConstraint("act_id", "stratum", "rank", name=op.f("uq_draw_sites_act_id_stratum_rank")),
        sa.UniqueConstraint("inspection_id", name=op.f("uq_draw_sites_inspection_id")),
    )
    op.create_index("ix_draw_sites_site", "draw_sites", ["site_id"])


def downgrade() -> None:
    """Gone."""
    op.drop_table("draw_sites")
    op.drop_table("draws")
    op.execute("DELETE FROM act_states WHERE kind = 'draw'")
