"""supervised sites: their names and dated entries; what an entry says stays; control orders and their hours"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
VALUES = ("(register = 'site_class' AND value IN ('A', 'B', 'C')) OR "
          "(register = 'status' AND value IN ('active', 'suspended', 'ended'))")
FIXED = ("id", "site_id", "register", "value", "grounds", "document_no", "valid_from", "recorded_at", "recorded_by_id",
         "recorded_for_id")
SAID = "an entry of a site does not change"
POSTGRES = f"""
CREATE FUNCTION refuse_site_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_ARGV[0] = 'fixed' OR OLD.decided_at IS NOT NULL THEN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""


STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON, OVER = ("drafted", "issued", "lifted"), ("assessed", "voided")
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  sa.column("is_first_day_counted", sa.Boolean), sa.column("rolls", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
ACK_CONTROL = {"source_key": "", "stage": "ack_control", "amount": 2, "unit": "natural_hour", "is_first_day_counted": False,
               "rolls": False, "basis": "产品默认值，无法规依据：管控令发布后2小时内各点位确认收到（可在期限规则中修改）",
               "effective_from": date(2018, 1, 1), "effective_to": None}
SOURCE = """
INSERT INTO sources (key, name, kind, channel, submit_gate, verify_gate, close_gate, is_notice_required, valid_from, valid_to)
SELECT 'CONTROL', '管控核查问题', kind, channel, submit_gate, verify_gate, close_gate, is_notice_required, valid_from, valid_to
FROM sources WHERE key = 'PATROL'
"""


def upgrade() -> None:
    make_sites()
    make_controls()
    make_entries()
    make_guards()


def make_controls() -> None:
    op.bulk_insert(STATES, [{"kind": "control", "state": state, "is_over": is_over}
                            for is_over, states in ((False, GOING_ON), (True, OVER)) for state in states])
    op.bulk_insert(LIMITS, [ACK_CONTROL])
    op.execute(SOURCE)


def make_sites() -> None:
    op.create_table(
        "sites",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("normalised", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=False),
        sa.Column("plant_no", ID, nullable=False),
        sa.Column("trade_code", sa.String(5), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("site_class", sa.String(1), nullable=False),
        sa.Column("seq", ID, nullable=False),
        sa.CheckConstraint("kind IN ('company', 'construction', 'catering', 'station', 'public_facility', 'other')",
                           name=op.f("ck_sites_kind")),
        sa.CheckConstraint("status IN ('active', 'suspended', 'ended')", name=op.f("ck_sites_status")),
        sa.CheckConstraint("site_class IN ('', 'A', 'B', 'C')", name=op.f("ck_sites_site_class")),
        sa.CheckConstraint("plant_no >= 1 AND seq >= 1", name=op.f("ck_sites_counted")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sites_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("code", name=op.f("uq_sites_code")),
    )
    known = sa.text("credit_code <> ''")
    op.create_index("uq_sites_credit_plant", "sites", ["credit_code", "plant_no"], unique=True, sqlite_where=known,
                    postgresql_where=known)
    op.create_index("ix_sites_area", "sites", ["area_code", "code"])
    op.create_index("ix_sites_unit", "sites", ["unit_id", "code"])
    op.create_index("ix_sites_name", "sites", ["normalised", "area_code"])
    op.create_table(
        "site_names",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("normalised", sa.String(200), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_names_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_names")),
    )
    op.create_index("ix_site_names_normalised", "site_names", ["normalised"])


def make_entries() -> None:
    people = ("recorded_by_id", "recorded_for_id", "decided_by_id")
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
        sa.CheckConstraint("register IN ('site_class', 'status')", name=op.f("ck_site_entries_register")),
        sa.CheckConstraint(VALUES, name=op.f("ck_site_entries_value")),
        sa.CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name=op.f("ck_site_entries_decided")),
        sa.CheckConstraint("register <> 'site_class' OR decided_by_id IS NULL OR (decided_by_id <> recorded_by_id "
                           "AND (recorded_for_id IS NULL OR decided_by_id <> recorded_for_id))",
                           name=op.f("ck_site_entries_decider_is_another")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_entries_site_id"), ondelete="RESTRICT"),
        *(sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_site_entries_{name}"), ondelete="RESTRICT")
          for name in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_entries")),
    )
    waiting = sa.text("decided_at IS NULL")
    op.create_index("ix_site_entries_site", "site_entries", ["site_id", "register", "valid_from"])
    op.create_index("ix_site_entries_waiting", "site_entries", ["register", "id"], sqlite_where=waiting,
                    postgresql_where=waiting)


def make_guards() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, on, when in (("fixed", f"UPDATE OF {', '.join(FIXED)}", "1"), ("decided", "UPDATE", "OLD.decided_at IS NOT NULL"),
                               ("kept", "DELETE", "1")):
            op.execute(f"CREATE TRIGGER site_entries_{name} BEFORE {on} ON site_entries WHEN {when} "
                       f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        return
    op.execute(POSTGRES)
    for name, on in (("fixed", f"UPDATE OF {', '.join(FIXED)}"), ("decided", "UPDATE"), ("kept", "DELETE")):
        op.execute(f"CREATE TRIGGER site_entries_{name} BEFORE {on} ON site_entries "
                   f"FOR EACH ROW EXECUTE FUNCTION refuse_site_entry_change('{name}')")


def downgrade() -> None:
    op.execute("DELETE FROM sources WHERE key = 'CONTROL'")
    op.execute("DELETE FROM limits WHERE stage = 'ack_control'")
    op.execute("DELETE FROM act_states WHERE kind = 'control'")
    for table in ("site_entries", "site_names", "sites"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_site_entry_change()")
