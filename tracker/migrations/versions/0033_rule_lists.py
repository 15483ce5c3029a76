"""the responsibility list has versions: those lines that stand are the first of them; a version in force does not change"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEPT = ("id", "number", "category", "area_code", "keywords", "side", "lead_unit_code", "supporting_unit_codes", "reason")
LINES = sa.table("routing_rules", *map(sa.column, (*KEPT, "list_id", "clause")), sa.column("valid_from", sa.Date),
                 sa.column("valid_to", sa.Date))
LISTS = sa.table("rule_lists", *map(sa.column, ("id", "number", "title")), sa.column("drafted_at", MOMENT),
                 sa.column("activated_at", MOMENT), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))

SETTLED = "activated_at IS NOT NULL OR dropped_at IS NOT NULL"
SQLITE_LINES = """
CREATE TRIGGER routing_rules_settled_{verb} BEFORE {verb} ON routing_rules
WHEN EXISTS (SELECT 1 FROM rule_lists WHERE id IN ({rows}) AND ({settled}))
BEGIN SELECT RAISE(ABORT, 'a line of a settled list does not change'); END
"""
ROWS = {"INSERT": "NEW.list_id", "UPDATE": "OLD.list_id, NEW.list_id", "DELETE": "OLD.list_id"}
SQLITE_LISTS = """
CREATE TRIGGER rule_lists_settled_{verb} BEFORE {on} ON rule_lists
WHEN {when}
BEGIN SELECT RAISE(ABORT, 'a settled list does not change'); END
"""
# All of a list but its last day.
FIXED = ("id", "number", "title", "document_no", "copied_from", "drafted_by_id", "drafted_at", "edited_by_id", "edited_for_id",
         "edits", "valid_from", "activated_by_id", "activated_at", "lines_digest", "gap_reason", "dropped_at")
OLD_SETTLED = "OLD.activated_at IS NOT NULL OR OLD.dropped_at IS NOT NULL"
TAKEN = "EXISTS (SELECT 1 FROM rule_lists WHERE (id = NEW.id OR number = NEW.number) AND ({settled}))"
POSTGRES_LINES = """
CREATE FUNCTION refuse_settled_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM rule_lists WHERE id = OLD.list_id AND ({settled})))
     OR (TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM rule_lists WHERE id = NEW.list_id AND ({settled}))) THEN
    RAISE EXCEPTION 'a line of a settled list does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_LISTS = """
CREATE FUNCTION refuse_settled_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {settled} THEN
    RAISE EXCEPTION 'a settled list does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$
"""
COUNTER = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL"


def person(name: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (sa.Column(name, ID, nullable=True),
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_rule_lists_{name}"), ondelete="RESTRICT"))


def upgrade() -> None:
    rows = op.get_bind().execute(sa.select(*(LINES.c[name] for name in (*KEPT, "valid_from", "valid_to")))).mappings().all()
    make_lists()
    op.drop_table("routing_rules")
    make_lines()
    if rows:
        begun = min(row["valid_from"] for row in rows)
        op.get_bind().execute(LISTS.insert().values(
            id=1, number=1, title="责任清单", drafted_at=sa.func.now(), activated_at=sa.func.now(), valid_from=begun))
        op.get_bind().execute(LINES.insert(), [{**row, "list_id": 1, "clause": str(row["number"])} for row in rows])
    set_counters("routing_rules", "rule_lists")
    make_guards()


def make_lists() -> None:
    people = [person(name) for name in ("drafted_by_id", "edited_by_id", "edited_for_id", "activated_by_id")]
    op.create_table(
        "rule_lists",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("document_no", sa.String(60), server_default="", nullable=False),
        sa.Column("copied_from", ID, nullable=True),
        *(column for column, _ in people),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("edits", ID, server_default="0", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("lines_digest", sa.String(64), server_default="", nullable=False),
        sa.Column("gap_reason", sa.String(300), server_default="", nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.CheckConstraint("(activated_at IS NULL) = (valid_from IS NULL)", name=op.f("ck_rule_lists_in_force")),
        sa.CheckConstraint("activated_at IS NULL OR dropped_at IS NULL", name=op.f("ck_rule_lists_settled_once")),
        sa.CheckConstraint("activated_by_id <> edited_by_id AND activated_by_id <> edited_for_id",
                           name=op.f("ck_rule_lists_activator_is_not_editor")),
        *(key for _, key in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_lists")),
        sa.UniqueConstraint("number", name=op.f("uq_rule_lists_number")),
    )


def make_lines(*, is_versioned: bool = True) -> None:
    # Older migrations take the column away with its CHECK, which SQLite does only where it stands in the column itself.
    side = sa.CheckConstraint("side IN ('', 'inside', 'outside')", name=op.f("ck_routing_rules_side"))
    columns: list[sa.schema.SchemaItem] = [
        sa.Column("id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("keywords", sa.String(200), nullable=False),
        sa.Column("side", sa.String(10), *([] if is_versioned else [side]), server_default="", nullable=False),
        sa.Column("lead_unit_code", sa.String(60), nullable=False),
        sa.Column("supporting_unit_codes", sa.String(300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=is_versioned),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
    ]
    if is_versioned:
        columns += [
            side,
            sa.Column("list_id", ID, nullable=False),
            sa.Column("clause", sa.String(20), server_default="", nullable=False),
            sa.Column("work", sa.String(10), server_default="", nullable=False),
            sa.Column("basis", sa.String(300), server_default="", nullable=False),
            sa.CheckConstraint("work IN ('', 'demolish', 'clear', 'green', 'rebuild', 'decorate', 'light')",
                               name=op.f("ck_routing_rules_work")),
            sa.ForeignKeyConstraint(["list_id"], ["rule_lists.id"], name=op.f("fk_routing_rules_list_id"),
                                    ondelete="RESTRICT"),
            sa.UniqueConstraint("list_id", "number", name=op.f("uq_routing_rules_list_id_number")),
        ]
    else:
        columns.append(sa.UniqueConstraint("number", name=op.f("uq_routing_rules_number")))
    op.create_table("routing_rules", *columns)


def set_counters(*tables: str) -> None:
    """Ids were given; those that PostgreSQL gives go on behind them."""
    if op.get_bind().dialect.name != "sqlite":
        for table in tables:
            op.execute(COUNTER.format(table=table))


def make_guards() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb, rows in ROWS.items():
            op.execute(SQLITE_LINES.format(verb=verb, rows=rows, settled=SETTLED))
        for verb, on, when in (("UPDATE", f"UPDATE OF {', '.join(FIXED)}", OLD_SETTLED), ("DELETE", "DELETE", OLD_SETTLED),
                               ("INSERT", "INSERT", TAKEN.format(settled=SETTLED))):
            op.execute(SQLITE_LISTS.format(verb=verb, on=on, when=when))
        return
    op.execute(POSTGRES_LINES.format(settled=SETTLED))
    op.execute("CREATE TRIGGER routing_rules_settled BEFORE INSERT OR UPDATE OR DELETE ON routing_rules "
               "FOR EACH ROW EXECUTE FUNCTION refuse_settled_line()")
    op.execute(POSTGRES_LISTS.format(settled=OLD_SETTLED))
    op.execute(f"CREATE TRIGGER rule_lists_settled BEFORE UPDATE OF {', '.join(FIXED)} OR DELETE ON rule_lists "
               "FOR EACH ROW EXECUTE FUNCTION refuse_settled_list()")


def downgrade() -> None:
    """The lines of the newest version in force stay; what was before versions knew no other."""
    bind = op.get_bind()
    newest = bind.execute(sa.select(LISTS.c.id, LISTS.c.valid_from).where(LISTS.c.activated_at.is_not(None))
                          .order_by(LISTS.c.number.desc()).limit(1)).first()
    rows = [] if newest is None else bind.execute(
        sa.select(*(LINES.c[name] for name in (*KEPT, "valid_from", "valid_to"))).where(LINES.c.list_id == newest.id)
        ).mappings().all()
    op.drop_table("routing_rules")
    op.drop_table("rule_lists")
    if bind.dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_settled_line()")
        op.execute("DROP FUNCTION refuse_settled_list()")
    make_lines(is_versioned=False)
    if newest is not None and rows:
        bind.execute(LINES.insert(), [{**row, "valid_from": row["valid_from"] or newest.valid_from} for row in rows])
    set_counters("routing_rules")
