"""guards that the database keeps by itself: facts and seals are append-only, a verifier is of no rectifying unit"""

from alembic import op

revision = "0002"
down_revision = "0001"

APPEND_ONLY = ("facts", "seals")

SQLITE_GUARD = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# INSERT OR REPLACE removes the old row without firing its DELETE trigger, so a taken key is refused beforehand.
SQLITE_KEYS = {"facts": "(stream = NEW.stream AND seq = NEW.seq) OR id = NEW.id", "seals": "day = NEW.day"}
SQLITE_NO_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})
BEGIN SELECT RAISE(ABORT, '{table} is append-only: this number is taken'); END
"""
SQLITE_UNITS = """
CREATE TRIGGER cases_verifier_unit BEFORE UPDATE OF verified_unit_id ON cases
WHEN NEW.verified_unit_id IS NOT NULL
 AND EXISTS (SELECT 1 FROM case_units WHERE case_id = NEW.id AND unit_id = NEW.verified_unit_id)
BEGIN SELECT RAISE(ABORT, 'verifier is of a rectifying unit'); END
"""
SQLITE_PARTS = """
CREATE TRIGGER case_units_verifier_{verb} BEFORE {verb} ON case_units
WHEN EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND verified_unit_id = NEW.unit_id)
BEGIN SELECT RAISE(ABORT, 'verifier is of a rectifying unit'); END
"""
POSTGRES_GUARD_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRES_UNITS_FUNCTION = """
CREATE FUNCTION refuse_own_verifier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verified_unit_id IS NOT NULL
     AND EXISTS (SELECT 1 FROM case_units WHERE case_id = NEW.id AND unit_id = NEW.verified_unit_id) THEN
    RAISE EXCEPTION 'verifier is of a rectifying unit' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_PARTS_FUNCTION = """
CREATE FUNCTION refuse_verifier_s_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND verified_unit_id = NEW.unit_id) THEN
    RAISE EXCEPTION 'verifier is of a rectifying unit' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(SQLITE_GUARD.format(table=table, verb=verb))
            op.execute(SQLITE_NO_REPLACE.format(table=table, taken=SQLITE_KEYS[table]))
        op.execute(SQLITE_UNITS)
        for verb in ("INSERT", "UPDATE"):
            op.execute(SQLITE_PARTS.format(verb=verb))
        return
    op.execute(POSTGRES_GUARD_FUNCTION)
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                   "FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    op.execute(POSTGRES_UNITS_FUNCTION)
    op.execute("CREATE TRIGGER cases_verifier_unit BEFORE UPDATE OF verified_unit_id ON cases "
               "FOR EACH ROW EXECUTE FUNCTION refuse_own_verifier()")
    op.execute(POSTGRES_PARTS_FUNCTION)
    op.execute("CREATE TRIGGER case_units_verifier BEFORE INSERT OR UPDATE ON case_units "
               "FOR EACH ROW EXECUTE FUNCTION refuse_verifier_s_unit()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
            op.execute(f"DROP TRIGGER {table}_no_replace")
        op.execute("DROP TRIGGER cases_verifier_unit")
        for verb in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER case_units_verifier_{verb}")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP TRIGGER cases_verifier_unit ON cases")
    op.execute("DROP TRIGGER case_units_verifier ON case_units")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_own_verifier()")
    op.execute("DROP FUNCTION refuse_verifier_s_unit()")
