"""whose a case is may have to be confirmed first: candidates and their answers, where a case lies by the railway, and the state

A CHECK of a table of SQLite is changed where it is written: to build `cases` anew would let go whatever hangs on it."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("'registered', {new}'assigned', 'disputed', 'rectifying', 'suspended', 'phased', 'submitted', 'verified', 'noticing', "
          "'noticed', 'closed', 'merged', 'transferred', 'declined', 'voided'")
LED = "state NOT IN ('assigned', {also}'rectifying', 'suspended', 'phased', 'submitted') OR lead_unit_id IS NOT NULL"
PARTS = "part IN ('lead', 'supporting'{more})"
ANSWER = "answer IS NULL OR (answer IN ('claim', 'disclaim') AND part = 'candidate')"
# table, constraint, how it reads before and after
CHECKS = (
    ("cases", "state", f"state IN ({STATES.format(new='')})", f"state IN ({STATES.format(new=chr(39) + 'checking' + chr(39) + ', ')})"),
    ("cases", "active_has_lead_unit", LED.format(also="'disputed', "), LED.format(also="")),
    ("case_units", "part", PARTS.format(more=""), PARTS.format(more=", 'candidate', 'informed'")),
)
SOURCES = sa.table("sources", sa.column("key"), sa.column("needs_confirmation", sa.Boolean))
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  *(sa.column(name, sa.Boolean) for name in ("is_first_day_counted", "rolls")),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
CONFIRM = {"source_key": "", "stage": "confirm", "amount": 3, "unit": "working_day", "is_first_day_counted": False, "rolls": False,
           "basis": "产品默认值，无法规依据：下派后3个工作日内确认归属（可在期限规则中修改）", "effective_from": date(2018, 1, 1),
           "effective_to": None}

# A verifier is of no unit that rectifies; a unit that is only told of the case does not.
RECTIFIES = "part IN ('lead', 'supporting')"
SQLITE_CASES = """
CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON cases
WHEN NEW.{column} IS NOT NULL
 AND EXISTS (SELECT 1 FROM case_units WHERE case_id = NEW.id AND unit_id = NEW.{column}{more})
BEGIN SELECT RAISE(ABORT, 'verifier is of a rectifying unit'); END
"""
SQLITE_UNITS = """
CREATE TRIGGER {name}_{verb} BEFORE {verb} ON case_units
WHEN {more}EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND {column} = NEW.unit_id)
BEGIN SELECT RAISE(ABORT, 'verifier is of a rectifying unit'); END
"""
POSTGRES_CASES = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.{column} IS NOT NULL
     AND EXISTS (SELECT 1 FROM case_units WHERE case_id = NEW.id AND unit_id = NEW.{column}{more}) THEN
    RAISE EXCEPTION 'verifier is of a rectifying unit' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_UNITS = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {more}EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND {column} = NEW.unit_id) THEN
    RAISE EXCEPTION 'verifier is of a rectifying unit' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
VERIFIERS = (("verified_unit_id", "cases_verifier_unit", "case_units_verifier", "refuse_own_verifier", "refuse_verifier_s_unit"),
             ("verified_for_unit_id", "cases_represented_unit", "case_units_represented", "refuse_represented_verifier",
              "refuse_represented_unit"))


def upgrade() -> None:
    op.add_column("sources", sa.Column("needs_confirmation", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(SOURCES.update().where(SOURCES.c.key == "RAIL").values(needs_confirmation=True))
    for name in ("confirm_due_on", "confirmed_on"):
        op.add_column("cases", sa.Column(name, sa.Date(), nullable=True))
    op.execute(f"ALTER TABLE case_units ADD COLUMN answer VARCHAR(10) CONSTRAINT ck_case_units_answer CHECK ({ANSWER})")
    make_places()
    for table, name, before, after in CHECKS:
        change_check(table, name, before, after)
    make_guards(f" AND {RECTIFIES}", f"NEW.{RECTIFIES} AND ")
    op.bulk_insert(LIMITS, [CONFIRM])


def make_places() -> None:
    op.create_table(
        "case_places",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("section_code", sa.String(60), nullable=False),
        sa.Column("line", sa.String(60), nullable=False),
        sa.Column("mileage", sa.String(20), nullable=False),
        sa.Column("mileage_to", sa.String(20), nullable=False),
        sa.Column("metre", sa.Double(), nullable=True),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("fence", sa.String(10), nullable=False),
        sa.Column("fence_metres", sa.Double(), nullable=True),
        sa.Column("owner_code", sa.String(60), nullable=False),
        sa.Column("rule_code", sa.String(10), nullable=False),
        sa.Column("rechecked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side IN ('', 'left', 'right')", name=op.f("ck_case_places_side")),
        sa.CheckConstraint("fence IN ('', 'inside', 'outside', 'on_line', 'unknown')", name=op.f("ck_case_places_fence")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_places_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_places")),
    )
    op.create_index("ix_case_places_section", "case_places", ["section_code", "case_id"])


def change_check(table: str, name: str, before: str, after: str) -> None:
    """Another condition for a CHECK of this name."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, after)
        return
    sql = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    if sql.count(before) != 1:
        raise RuntimeError(f"ck_{table}_{name} does not read as it did")
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
                         (sql.replace(before, after), table))
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")


def make_guards(of_cases: str, of_units: str) -> None:
    """The guards of the verifier's unit, with what else they ask."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for column, on_cases, on_units, cases_function, units_function in VERIFIERS:
        if not is_sqlite:
            op.execute(POSTGRES_CASES.format(function=cases_function, column=column, more=of_cases))
            op.execute(POSTGRES_UNITS.format(function=units_function, column=column, more=of_units))
            continue
        op.execute(f"DROP TRIGGER {on_cases}")
        op.execute(SQLITE_CASES.format(name=on_cases, column=column, more=of_cases))
        for verb in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER {on_units}_{verb}")
            op.execute(SQLITE_UNITS.format(name=on_units, verb=verb, column=column, more=of_units))


def downgrade() -> None:
    # The older product has no state for a case that is being checked: it waits to be assigned again.
    op.execute("DELETE FROM limits WHERE stage = 'confirm'")
    op.execute("DELETE FROM case_units WHERE part NOT IN ('lead', 'supporting')")
    op.execute("UPDATE cases SET state = 'registered' WHERE state = 'checking' OR (state = 'disputed' AND lead_unit_id IS NULL)")
    make_guards("", "")
    for table, name, before, after in reversed(CHECKS):
        change_check(table, name, after, before)
    op.drop_table("case_places")
    op.execute("ALTER TABLE case_units DROP COLUMN answer")
    for name in ("confirmed_on", "confirm_due_on"):
        op.execute(f"ALTER TABLE cases DROP COLUMN {name}")
    op.drop_column("sources", "needs_confirmation")
