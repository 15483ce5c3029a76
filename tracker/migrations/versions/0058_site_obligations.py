"""what sites owe by their permits; audits of cleaner production and their schemes"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DAYS = ("(started_on IS NULL OR started_on >= listed_on) AND (reported_on IS NULL OR reported_on >= started_on) AND "
        "(assessed_on IS NULL OR assessed_on >= started_on) AND (accepted_on IS NULL OR accepted_on >= assessed_on)")
OPEN = "satisfied_at IS NULL AND waived_at IS NULL"
SAID = "what a site owed does not change"
FIXED = ("id", "site_id", "entry_id", "kind", "period", "period_to", "opens_on", "due_on", "recorded_at")
SATISFIED, WAIVED = ("satisfied_on", "document", "satisfied_at", "satisfied_by_id"), ("waived_ground", "waived_at", "waived_by_id")
TRIGGERS = (("fixed", f"UPDATE OF {', '.join(FIXED)}", "1"),
            ("satisfied", f"UPDATE OF {', '.join(SATISFIED)}", "OLD.satisfied_at IS NOT NULL"),
            ("waived", f"UPDATE OF {', '.join(WAIVED)}", "OLD.waived_at IS NOT NULL"),
            ("kept", "DELETE", "1"))
FUNCTION = f"""
CREATE FUNCTION refuse_site_obligation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_ARGV[0] = 'fixed' OR (TG_ARGV[0] = 'satisfied' AND OLD.satisfied_at IS NOT NULL)
     OR (TG_ARGV[0] = 'waived' AND OLD.waived_at IS NOT NULL) THEN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
KEPT = "a scheme of an audit is not deleted"
KEPT_FUNCTION = f"""
CREATE FUNCTION refuse_audit_scheme_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    make_obligations()
    make_audits()
    make_guards()


def make_obligations() -> None:
    op.create_table(
        "site_obligations",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("period_to", "opens_on", "due_on")),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("satisfied_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("satisfied_at", MOMENT, nullable=True),
        sa.Column("satisfied_by_id", ID, nullable=True),
        sa.Column("waived_ground", sa.String(20), nullable=False),
        sa.Column("waived_at", MOMENT, nullable=True),
        sa.Column("waived_by_id", ID, nullable=True),
        sa.CheckConstraint("kind IN ('year', 'half', 'quarter', 'month')", name=op.f("ck_site_obligations_kind")),
        sa.CheckConstraint("(satisfied_at IS NULL) = (satisfied_on IS NULL)", name=op.f("ck_site_obligations_satisfied_whole")),
        sa.CheckConstraint("(waived_at IS NULL) = (waived_ground = '')", name=op.f("ck_site_obligations_waived_whole")),
        sa.CheckConstraint("period_to < opens_on AND opens_on <= due_on", name=op.f("ck_site_obligations_days")),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_site_obligations_{name}"), ondelete="RESTRICT")
          for name, table in (("site_id", "sites"), ("entry_id", "site_entries"), ("satisfied_by_id", "people"),
                              ("waived_by_id", "people"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_obligations")),
        sa.UniqueConstraint("entry_id", "kind", "period", name=op.f("uq_site_obligations_entry_id_kind_period")),
    )
    op.create_index("ix_site_obligations_due", "site_obligations", ["due_on", "id"], sqlite_where=sa.text(OPEN),
                    postgresql_where=sa.text(OPEN))
    op.create_index("ix_site_obligations_site", "site_obligations", ["site_id", "period_to"])
    op.create_index("ix_site_obligations_period", "site_obligations", ["kind", "period"])


def make_audits() -> None:
    op.create_table(
        "audits",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("year", ID, nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("started_on", "reported_on", "assessed_on", "accepted_on")),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", ID, nullable=True),
        sa.CheckConstraint(DAYS, name=op.f("ck_audits_days")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_audits_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_audits_recorded_by_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
        sa.UniqueConstraint("site_id", "year", name=op.f("uq_audits_site_id_year")),
    )
    op.create_table(
        "audit_schemes",
        sa.Column("id", ID, nullable=False),
        sa.Column("audit_id", ID, nullable=False),
        sa.Column("n", ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("saved", sa.String(200), nullable=False),
        sa.Column("implemented_on", sa.Date(), nullable=True),
        sa.Column("invested_fen", ID, nullable=True),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", ID, nullable=True),
        sa.CheckConstraint("kind IN ('low', 'high')", name=op.f("ck_audit_schemes_kind")),
        sa.CheckConstraint("invested_fen IS NULL OR invested_fen >= 0", name=op.f("ck_audit_schemes_invested")),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_schemes_audit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_audit_schemes_recorded_by_id"),
                                ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_schemes")),
        sa.UniqueConstraint("audit_id", "n", name=op.f("uq_audit_schemes_audit_id_n")),
    )


def make_guards() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(FUNCTION)
        op.execute(KEPT_FUNCTION)
    for name, on, when in TRIGGERS:
        does = (f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END" if is_sqlite else
                f"FOR EACH ROW EXECUTE FUNCTION refuse_site_obligation_change('{name}')")
        op.execute(f"CREATE TRIGGER site_obligations_{name} BEFORE {on} ON site_obligations {does}")
    does = (f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END" if is_sqlite else
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_scheme_delete()")
    op.execute(f"CREATE TRIGGER audit_schemes_kept BEFORE DELETE ON audit_schemes {does}")


def downgrade() -> None:
    for table in ("audit_schemes", "audits", "site_obligations"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_audit_scheme_delete()")
        op.execute("DROP FUNCTION refuse_site_obligation_change()")
