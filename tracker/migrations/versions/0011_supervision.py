"""cadences as records, frozen reports, reminders given, and the dated values of the rule book"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = ("reports", "rule_values")
SQLITE_KEYS = {
    "reports": "(name = NEW.name AND period = NEW.period AND area_code = NEW.area_code) OR id = NEW.id",
    "rule_values": "(key = NEW.key AND effective_from = NEW.effective_from) OR id = NEW.id",
}

SQLITE_NO_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})
BEGIN SELECT RAISE(ABORT, '{table} is append-only: this number is taken'); END
"""


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_fact_id", BIG, nullable=False),
        sa.Column("case_count", BIG, nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_reports_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("name", "period", "area_code", name=op.f("uq_reports_name_period_area_code")),
    )
    _cadence_records()
    op.create_table(
        "reminders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("round", BIG, nullable=False),
        sa.Column("lap", sa.String(10), nullable=False),
        sa.Column("rung", sa.String(60), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reminders_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("case_id", "round", "lap", "rung", name=op.f("uq_reminders_case_id_round_lap_rung")),
    )
    op.create_index("ix_reminders_on", "reminders", ["on_date"])
    op.create_table(
        "rule_values",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(300), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_rule_values_made_by_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_values")),
        sa.UniqueConstraint("key", "effective_from", name=op.f("uq_rule_values_key_effective_from")),
    )
    _freeze()


def _cadence_records() -> None:
    op.create_table(
        "cadence_records",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cadence", sa.String(60), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_caught_up", sa.Boolean(), nullable=False),
        sa.Column("case_count", BIG, nullable=False),
        sa.Column("recipient_count", BIG, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("report_id", BIG, nullable=True),
        sa.Column("signed_by_id", BIG, nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_note", sa.String(500), nullable=False),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_cadence_records_state")),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_cadence_records_finished")),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name=op.f("ck_cadence_records_signed")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_cadence_records_report_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name=op.f("fk_cadence_records_signed_by_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadence_records")),
        sa.UniqueConstraint("cadence", "period", "area_code", name=op.f("uq_cadence_records_cadence_period_area_code")),
    )
    op.create_index("ix_cadence_records_due", "cadence_records", ["cadence", "due_at"])
    op.create_index(op.f("ix_cadence_records_report_id"), "cadence_records", ["report_id"])


def _freeze() -> None:
    """A published period and a rule's value are followed by later ones, never changed."""
    if op.get_bind().dialect.name != "sqlite":
        for table in FROZEN:
            op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                       "FOR EACH ROW EXECUTE FUNCTION refuse_change()")
            op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                       "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
        return
    for table in FROZEN:
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                       f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        op.execute(SQLITE_NO_REPLACE.format(table=table, taken=SQLITE_KEYS[table]))


def downgrade() -> None:
    for table in ("cadence_records", "reports", "reminders", "rule_values"):  # their triggers go with them
        op.drop_table(table)
