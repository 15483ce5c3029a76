"""No penalty is made public before it is decided: the database refuses it by itself."""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

SAID = "a penalty is made public once it is decided"
UNDECIDED = ("NEW.kind = 'penalty' AND NEW.state = 'published' AND NOT EXISTS (SELECT 1 FROM penalties JOIN acts "
             "ON acts.id = penalties.act_id WHERE 'act:' || acts.number = NEW.subject AND penalties.decided_on IS NOT NULL)")
POSTGRES = f"""
CREATE FUNCTION refuse_undecided_penalty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {UNDECIDED} THEN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """One guard, for both ways in."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE"):
            op.execute(f"CREATE TRIGGER publications_decided_{verb.lower()} BEFORE {verb} ON publications WHEN {UNDECIDED} "
                       f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        return
    op.execute(POSTGRES)
    op.execute("CREATE TRIGGER publications_decided BEFORE INSERT OR UPDATE ON publications "
               "FOR EACH ROW EXECUTE FUNCTION refuse_undecided_penalty()")


def downgrade() -> None:
    """Gone."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"DROP TRIGGER publications_decided_{verb}")
        return
    op.execute("DROP TRIGGER publications_decided ON publications")
    op.execute("DROP FUNCTION refuse_undecided_penalty()")
