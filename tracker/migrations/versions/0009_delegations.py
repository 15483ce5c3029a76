"""substitutes: who stands in for whom, and a case that remembers for whom it was submitted, verified and closed"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONGEST = {"sqlite": "julianday(to_on) - julianday(from_on) < 90", "postgresql": "to_on - from_on < 90"}

# Columns of `cases`, each with the rules that may be asked once it is there. Added one by one: to build the table anew would
# take its triggers and, by the cascade, its assignments along.
COLUMNS = (
    ("pending_for_id", "people", {
        "pending_for_another": "pending_for_id IS NULL OR (pending_by_id IS NOT NULL AND pending_for_id <> pending_by_id)"}),
    ("submitted_for_id", "people", {
        "submitted_for_another": "submitted_for_id IS NULL OR (submitted_by_id IS NOT NULL AND submitted_for_id <> submitted_by_id)"}),
    ("submitted_for_unit_id", "units", {}),
    ("verified_for_id", "people", {
        "verified_for_another": "verified_for_id IS NULL OR (verified_by_id IS NOT NULL AND verified_for_id <> verified_by_id)",
        "verifier_is_no_submitter_s_substitute":
            "verified_by_id <> submitted_for_id AND verified_for_id <> submitted_by_id AND verified_for_id <> submitted_for_id"}),
    ("verified_for_unit_id", "units", {
        "represented_verifier_is_of_another_unit": "verified_for_unit_id IS NULL OR verified_for_unit_id <> lead_unit_id"}),
    ("closed_for_id", "people", {
        "closed_for_another": "closed_for_id IS NULL OR (closed_by_id IS NOT NULL AND closed_for_id <> closed_by_id)",
        "closer_is_no_submitter_s_substitute":
            "closed_by_id <> submitted_for_id AND closed_for_id <> submitted_by_id AND closed_for_id <> submitted_for_id",
        "closer_is_no_verifier_s_substitute":
            "closed_by_id <> verified_for_id AND closed_for_id <> verified_by_id AND closed_for_id <> verified_for_id"}),
)

SQLITE_UNITS = """
CREATE TRIGGER cases_represented_unit BEFORE UPDATE OF verified_for_unit_id ON cases
WHEN NEW.verified_for_unit_id IS NOT NULL
 AND EXISTS (SELECT 1 FROM case_units WHERE case_id = NEW.id AND unit_id = NEW.verified_for_unit_id)
BEGIN SELECT RAISE(ABORT, 'verifier is of a rectifying unit'); END
"""
SQLITE_PARTS = """
CREATE TRIGGER case_units_represented_{verb} BEFORE {verb} ON case_units
WHEN EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND verified_for_unit_id = NEW.unit_id)
BEGIN SELECT RAISE(ABORT, 'verifier is of a rectifying unit'); END
"""
POSTGRES_UNITS = """
CREATE FUNCTION refuse_represented_verifier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verified_for_unit_id IS NOT NULL
     AND EXISTS (SELECT 1 FROM case_units WHERE case_id = NEW.id AND unit_id = NEW.verified_for_unit_id) THEN
    RAISE EXCEPTION 'verifier is of a rectifying unit' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_PARTS = """
CREATE FUNCTION refuse_represented_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND verified_for_unit_id = NEW.unit_id) THEN
    RAISE EXCEPTION 'verifier is of a rectifying unit' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "delegations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("principal_id", BIG, nullable=False),
        sa.Column("substitute_id", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("principal_id <> substitute_id", name=op.f("ck_delegations_not_oneself")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_delegations_term")),
        sa.CheckConstraint(LONGEST[dialect], name=op.f("ck_delegations_longest")),
        *(sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_delegations_{name}"), ondelete="RESTRICT")
          for name in ("principal_id", "substitute_id", "made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index("ix_delegations_principal_id", "delegations", ["principal_id"])
    op.create_index("ix_delegations_substitute", "delegations", ["substitute_id", "to_on"])
    kind = "INTEGER" if dialect == "sqlite" else "BIGINT"
    for name, table, rules in COLUMNS:
        checks = " ".join(f"CONSTRAINT ck_cases_{rule} CHECK ({condition})" for rule, condition in rules.items())
        op.execute(f"ALTER TABLE cases ADD COLUMN {name} {kind} CONSTRAINT fk_cases_{name} REFERENCES {table} (id) {checks}")
    if dialect == "sqlite":
        op.execute(SQLITE_UNITS)
        for verb in ("INSERT", "UPDATE"):
            op.execute(SQLITE_PARTS.format(verb=verb))
        return
    op.execute(POSTGRES_UNITS)
    op.execute("CREATE TRIGGER cases_represented_unit BEFORE UPDATE OF verified_for_unit_id ON cases "
               "FOR EACH ROW EXECUTE FUNCTION refuse_represented_verifier()")
    op.execute(POSTGRES_PARTS)
    op.execute("CREATE TRIGGER case_units_represented BEFORE INSERT OR UPDATE ON case_units "
               "FOR EACH ROW EXECUTE FUNCTION refuse_represented_unit()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER cases_represented_unit")
        for verb in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER case_units_represented_{verb}")
    else:
        op.execute("DROP TRIGGER cases_represented_unit ON cases")
        op.execute("DROP TRIGGER case_units_represented ON case_units")
        op.execute("DROP FUNCTION refuse_represented_verifier()")
        op.execute("DROP FUNCTION refuse_represented_unit()")
    for name, _, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE cases DROP COLUMN {name}")
    op.drop_table("delegations")
