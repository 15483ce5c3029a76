"""entries for every register of the sites: number, last day, end, payload; the files they came in with; what is proposed of the
positive list"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TWO, MORE = "'site_class', 'status'", "'site_class', 'status', 'positive_list', 'commitment', 'permit', 'registration'"
VALUES = ("(register = 'site_class' AND value IN ('A', 'B', 'C')) OR "
          "(register = 'status' AND value IN ('active', 'suspended', 'ended'))")
MORE_VALUES = (f"{VALUES} OR (register = 'permit' AND value IN ('key', 'simple')) OR "
               "(register IN ('positive_list', 'commitment', 'registration') AND value = '')")
CHECKS = (("register", f"register IN ({TWO})", f"register IN ({MORE})"), ("value", VALUES, MORE_VALUES))
ENDED = "(ended_at IS NULL) = (ended_on IS NULL) AND (ended_at IS NULL) = (end_ground = '')"
OLD_FIXED = ("id", "site_id", "register", "value", "grounds", "document_no", "valid_from", "recorded_at", "recorded_by_id",
             "recorded_for_id")
FIXED = (*OLD_FIXED, "number", "is_number_odd", "valid_to", "payload", "import_batch_id")
DECIDED = ("decided_at", "decided_by_id", "is_accepted")
END = ("ended_on", "ended_at", "ended_by_id", "end_ground")
SAID = "an entry of a site does not change"
TRIGGERS = (("fixed", f"UPDATE OF {', '.join(FIXED)}", "1"),
            ("decided", f"UPDATE OF {', '.join(DECIDED)}", "OLD.decided_at IS NOT NULL"),
            ("ended", f"UPDATE OF {', '.join(END)}", "OLD.ended_at IS NOT NULL OR OLD.is_accepted IS NOT TRUE"),
            ("kept", "DELETE", "1"))
OLD_TRIGGERS = (("fixed", f"UPDATE OF {', '.join(OLD_FIXED)}", "1"), ("decided", "UPDATE", "OLD.decided_at IS NOT NULL"),
                ("kept", "DELETE", "1"))
FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_site_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_ARGV[0] = 'fixed' OR {{more}} THEN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
NEW_WHEN = ("(TG_ARGV[0] = 'decided' AND OLD.decided_at IS NOT NULL) OR "
            "(TG_ARGV[0] = 'ended' AND (OLD.ended_at IS NOT NULL OR OLD.is_accepted IS NOT TRUE))")
WAITS = sa.text("decided_at IS NULL")
NUMBERED, BATCHED = sa.text("number <> ''"), sa.text("import_batch_id IS NOT NULL")
DAYS = "valid_to IS NULL OR valid_to >= valid_from"
ANOTHER = ("register <> 'site_class' OR decided_by_id IS NULL OR (decided_by_id <> recorded_by_id "
           "AND (recorded_for_id IS NULL OR decided_by_id <> recorded_for_id))")


def new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.String(40), server_default="", nullable=False),
        sa.Column("is_number_odd", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("payload", sa.Text(), server_default="{}", nullable=False),
        sa.Column("import_batch_id", ID, nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", ID, nullable=True),
        sa.Column("end_ground", sa.String(20), server_default="", nullable=False),
    ]


def upgrade() -> None:
    make_batches()
    drop_triggers(OLD_TRIGGERS)
    if op.get_bind().dialect.name == "sqlite":
        rebuild_entries(MORE, MORE_VALUES, is_new=True)
    else:
        widen_entries()
    op.create_index("ix_site_entries_register", "site_entries", ["register", "valid_from", "site_id"])
    op.create_index("ix_site_entries_number", "site_entries", ["register", "number"], sqlite_where=NUMBERED,
                    postgresql_where=NUMBERED)
    op.create_index("ix_site_entries_batch", "site_entries", ["import_batch_id"], sqlite_where=BATCHED, postgresql_where=BATCHED)
    make_triggers(TRIGGERS, NEW_WHEN)
    make_proposals()


def widen_entries() -> None:
    """On PostgreSQL: more columns and other conditions."""
    for column in new_columns():
        op.add_column("site_entries", column)
    for name, table in (("import_batch_id", "site_batches"), ("ended_by_id", "people")):
        op.create_foreign_key(op.f(f"fk_site_entries_{name}"), "site_entries", table, [name], ["id"], ondelete="RESTRICT")
    op.create_check_constraint(op.f("ck_site_entries_ended_whole"), "site_entries", ENDED)
    op.create_check_constraint(op.f("ck_site_entries_days"), "site_entries", DAYS)
    for name, _, after in CHECKS:
        op.drop_constraint(op.f(f"ck_site_entries_{name}"), "site_entries")
        op.create_check_constraint(op.f(f"ck_site_entries_{name}"), "site_entries", after)


def rebuild_entries(registers: str, values: str, *, is_new: bool) -> None:
    """On SQLite, which changes no condition: the table anew, with the rows that fit."""
    op.drop_index("ix_site_entries_site", "site_entries")
    op.drop_index("ix_site_entries_waiting", "site_entries")
    op.rename_table("site_entries", "site_entries_before")
    people = ("recorded_by_id", "recorded_for_id", "decided_by_id", *(("ended_by_id",) if is_new else ()))
    kept = (*OLD_FIXED, *DECIDED)
    op.create_table(
        "site_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("value", sa.String(20), nullable=False),
        sa.Column("grounds", sa.String(120), nullable=False),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", ID, nullable=True),
        sa.Column("recorded_for_id", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        *(new_columns() if is_new else ()),
        sa.CheckConstraint(f"register IN ({registers})", name=op.f("ck_site_entries_register")),
        sa.CheckConstraint(values, name=op.f("ck_site_entries_value")),
        sa.CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name=op.f("ck_site_entries_decided")),
        sa.CheckConstraint(ANOTHER, name=op.f("ck_site_entries_decider_is_another")),
        *((sa.CheckConstraint(ENDED, name=op.f("ck_site_entries_ended_whole")),
           sa.CheckConstraint(DAYS, name=op.f("ck_site_entries_days")),
           sa.ForeignKeyConstraint(["import_batch_id"], ["site_batches.id"], name=op.f("fk_site_entries_import_batch_id"),
                                   ondelete="RESTRICT")) if is_new else ()),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_entries_site_id"), ondelete="RESTRICT"),
        *(sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_site_entries_{name}"), ondelete="RESTRICT")
          for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_entries")),
    )
    names = ", ".join(kept)
    op.execute(f"INSERT INTO site_entries ({names}) SELECT {names} "  # noqa: S608 - names of our own
               f"FROM site_entries_before WHERE register IN ({registers})")
    op.drop_table("site_entries_before")
    op.create_index("ix_site_entries_site", "site_entries", ["site_id", "register", "valid_from"])
    op.create_index("ix_site_entries_waiting", "site_entries", ["register", "id"], sqlite_where=WAITS)


def make_batches() -> None:
    op.create_table(
        "site_batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        *(sa.Column(f"{name}_count", ID, nullable=False) for name in ("row", "created", "known", "changed", "ended")),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("imported_by_id", ID, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("mode IN ('add', 'sync')", name=op.f("ck_site_batches_mode")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_site_batches_digest")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["people.id"], name=op.f("fk_site_batches_imported_by_id"),
                                ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_batches")),
        sa.UniqueConstraint("code", name=op.f("uq_site_batches_code")),
    )
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index("uq_site_batches_file", "site_batches", ["register", "digest", "mode"], unique=True, sqlite_where=standing,
                    postgresql_where=standing)


def make_proposals() -> None:
    people = ("proposed_by_id", "proposed_for_id", "decided_by_id")
    op.create_table(
        "site_proposals",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("record", sa.String(80), nullable=False),
        sa.Column("ticked", sa.Text(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by_id", ID, nullable=True),
        sa.Column("proposed_for_id", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.CheckConstraint("action IN ('admit', 'remove')", name=op.f("ck_site_proposals_action")),
        sa.CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name=op.f("ck_site_proposals_decided")),
        sa.CheckConstraint("decided_by_id IS NULL OR ((proposed_by_id IS NULL OR decided_by_id <> proposed_by_id) "
                           "AND (proposed_for_id IS NULL OR decided_by_id <> proposed_for_id))",
                           name=op.f("ck_site_proposals_decider_is_another")),
        sa.CheckConstraint("(action = 'remove') = (reason_code <> '')", name=op.f("ck_site_proposals_reason")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_proposals_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["entry_id"], ["site_entries.id"], name=op.f("fk_site_proposals_entry_id"), ondelete="RESTRICT"),
        *(sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_site_proposals_{name}"), ondelete="RESTRICT")
          for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_proposals")),
    )
    op.create_index("uq_site_proposals_waiting", "site_proposals", ["site_id"], unique=True, sqlite_where=WAITS,
                    postgresql_where=WAITS)


def drop_triggers(triggers: tuple[tuple[str, str, str], ...]) -> None:
    table = "" if op.get_bind().dialect.name == "sqlite" else " ON site_entries"
    for name, _, _ in triggers:
        op.execute(f"DROP TRIGGER site_entries_{name}{table}")


def make_triggers(triggers: tuple[tuple[str, str, str], ...], more: str) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(FUNCTION.format(more=more))
    for name, on, when in triggers:
        does = (f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END" if is_sqlite else
                f"FOR EACH ROW EXECUTE FUNCTION refuse_site_entry_change('{name}')")
        op.execute(f"CREATE TRIGGER site_entries_{name} BEFORE {on} ON site_entries {does}")


def downgrade() -> None:
    """Entries of the registers that came with this revision go with it."""
    op.drop_table("site_proposals")
    drop_triggers(TRIGGERS)
    for index in ("register", "number", "batch"):
        op.drop_index(f"ix_site_entries_{index}", "site_entries")
    if op.get_bind().dialect.name == "sqlite":
        rebuild_entries(TWO, VALUES, is_new=False)
    else:
        narrow_entries()
    op.drop_table("site_batches")
    make_triggers(OLD_TRIGGERS, "OLD.decided_at IS NOT NULL")


def narrow_entries() -> None:
    op.execute(f"DELETE FROM site_entries WHERE register NOT IN ({TWO})")  # noqa: S608 - names of our own
    for name, before, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_site_entries_{name}"), "site_entries")
        op.create_check_constraint(op.f(f"ck_site_entries_{name}"), "site_entries", before)
    for name in ("ended_whole", "days"):
        op.drop_constraint(op.f(f"ck_site_entries_{name}"), "site_entries")
    for column in new_columns():
        op.drop_column("site_entries", column.name)
