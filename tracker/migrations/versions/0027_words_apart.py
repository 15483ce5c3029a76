"""what people wrote lies apart from the facts, where it can be erased: a row may be added and erased, and nothing besides"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

KEPT = "NEW.stream = OLD.stream AND NEW.seq = OLD.seq AND NEW.name = OLD.name"
ERASING = f"{KEPT} AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"
SQLITE_GUARDS = (
    f"""
CREATE TRIGGER words_no_UPDATE BEFORE UPDATE ON words WHEN NOT ({ERASING})
BEGIN SELECT RAISE(ABORT, 'words are only erased'); END
""",
    """
CREATE TRIGGER words_no_DELETE BEFORE DELETE ON words
BEGIN SELECT RAISE(ABORT, 'words are only erased'); END
""",
    """
CREATE TRIGGER words_no_replace BEFORE INSERT ON words
WHEN EXISTS (SELECT 1 FROM words WHERE stream = NEW.stream AND seq = NEW.seq AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'words are only erased: this name is taken'); END
""",
)
POSTGRES_FUNCTION = f"""
CREATE FUNCTION refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF {ERASING} THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'words are only erased' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# One change of a fact passes: texts in the body of an old one are erased, as a fact of the ledger itself says to the letter.
SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in ("id", "stream", "seq", "kind", "actor_id", "at", "previous", "digest"))
SQLITE_FACTS = f"""
CREATE TRIGGER facts_no_UPDATE BEFORE UPDATE ON facts
WHEN NOT ({SAME} AND EXISTS (
  SELECT 1 FROM facts AS r WHERE r.stream = 'ledger' AND r.kind = 'ledger:redacted' AND r.id > OLD.id
  AND json_extract(r.body, '$.stream') = OLD.stream AND json_extract(r.body, '$.seq') = OLD.seq
  AND json_extract(r.body, '$.body') = NEW.body))
BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END
"""  # noqa: S608 - our own names
SQLITE_FACTS_BEFORE = """
CREATE TRIGGER facts_no_UPDATE BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'facts is append-only'); END
"""
POSTGRES_FACTS_FUNCTION = f"""
CREATE FUNCTION refuse_other_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF {SAME} AND EXISTS (
      SELECT 1 FROM facts AS r WHERE r.stream = 'ledger' AND r.kind = 'ledger:redacted' AND r.id > OLD.id
      AND r.body::json ->> 'stream' = OLD.stream AND (r.body::json ->> 'seq')::bigint = OLD.seq
      AND r.body::json ->> 'body' = NEW.body) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""  # noqa: S608 - our own names
POSTGRES_FACTS = "CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE ON facts FOR EACH ROW EXECUTE FUNCTION {}()"


def upgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("words"):
        _create_table()
    else:  # an older product was here for a while: what belongs to facts that are gone is nobody's
        op.execute("DELETE FROM words WHERE NOT EXISTS "
                   "(SELECT 1 FROM facts WHERE facts.stream = words.stream AND facts.seq = words.seq)")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER facts_no_UPDATE")
        for guard in (*SQLITE_GUARDS, SQLITE_FACTS):
            op.execute(guard)
        return
    op.execute("DROP TRIGGER facts_append_only ON facts")
    op.execute(POSTGRES_FACTS_FUNCTION)
    op.execute(POSTGRES_FACTS.format("refuse_other_facts"))
    op.execute(POSTGRES_FUNCTION)
    op.execute("CREATE TRIGGER words_only_erased BEFORE UPDATE OR DELETE ON words "
               "FOR EACH ROW EXECUTE FUNCTION refuse_other_words()")
    op.execute("CREATE TRIGGER words_no_truncate BEFORE TRUNCATE ON words "
               "FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_words()")


def downgrade() -> None:
    """The older product does not know the table. Where it holds words it stays: nothing else has them."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for name in ("words_no_UPDATE", "words_no_DELETE", "words_no_replace", "facts_no_UPDATE"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute(SQLITE_FACTS_BEFORE)
    else:
        op.execute("DROP TRIGGER facts_append_only ON facts")
        op.execute("DROP FUNCTION refuse_other_facts()")
        op.execute(POSTGRES_FACTS.format("refuse_change"))
        op.execute("DROP TRIGGER words_only_erased ON words")
        op.execute("DROP TRIGGER words_no_truncate ON words")
        op.execute("DROP FUNCTION refuse_other_words()")
    if bind.execute(sa.text("SELECT 1 FROM words LIMIT 1")).first() is None:
        op.drop_table("words")


def _create_table() -> None:
    op.create_table(
        "words",
        sa.Column("stream", sa.String(60), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(salt) = CASE WHEN erased_at IS NULL THEN 32 ELSE 0 END", name=op.f("ck_words_salt")),
        sa.CheckConstraint("erased_at IS NULL OR text = ''", name=op.f("ck_words_erased")),
        sa.PrimaryKeyConstraint("stream", "seq", "name", name=op.f("pk_words")),
    )
