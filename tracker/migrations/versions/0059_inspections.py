"""Inspections of supervised sites, who may be sent, and who is barred; nobody goes alone.

Revision ID: 0059
Revises: 0057
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON, OVER = ("planned", "done"), ("published", "not_possible", "voided")
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  sa.column("is_first_day_counted", sa.Boolean), sa.column("rolls", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
OF_INSPECTIONS = [{"source_key": "", "stage": stage, "amount": amount, "unit": "working_day", "is_first_day_counted": False,
                   "rolls": False, "basis": basis, "effective_from": date(2018, 1, 1), "effective_to": None}
                  for stage, amount, basis in (
                      ("inspect", 10, "产品默认值，无法规依据：安排检查没有写明最迟日期的（可在期限规则中修改）"),
                      ("publish_result", 20, "产品默认值，未核对法规：检查结果自完成之日起20个工作日内公开（可在期限规则中修改）"))]
SAID = "an inspection on the spot is done by two people or more"
ALONE = ("NEW.kind = 'inspection' AND NEW.state = 'done' AND OLD.state <> 'done' "
         "AND EXISTS (SELECT 1 FROM inspections i WHERE i.act_id = NEW.id AND i.mode = 'on_site') "
         "AND (SELECT count(*) FROM act_hands h WHERE h.act_id = NEW.id AND h.round = NEW.round AND h.part = 'inspector') < 2")
POSTGRES = f"""
CREATE FUNCTION refuse_lone_inspection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {ALONE} THEN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """The tables, the states, the limits and the guard."""
    op.bulk_insert(STATES, [{"kind": "inspection", "state": state, "is_over": is_over}
                            for is_over, states in ((False, GOING_ON), (True, OVER)) for state in states])
    op.bulk_insert(LIMITS, OF_INSPECTIONS)
    make_inspections()
    make_roster()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER acts_lone_inspection BEFORE UPDATE OF state ON acts WHEN {ALONE} "
                   f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        return
    op.execute(POSTGRES)
    op.execute("CREATE TRIGGER acts_lone_inspection BEFORE UPDATE OF state ON acts FOR EACH ROW "
               "EXECUTE FUNCTION refuse_lone_inspection()")


def make_inspections() -> None:
    op.create_table(
        "inspections",
        sa.Column("act_id", ID, autoincrement=False, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("draw_id", ID, nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(40), nullable=True),
        sa.Column("is_certificate_shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mode IN ('on_site', 'off_site')", name=op.f("ck_inspections_mode")),
        sa.CheckConstraint("origin IN ('draw', 'complaint', 'operation', 'follow_up', 'emergency', 'positive_list')",
                           name=op.f("ck_inspections_origin")),
        sa.CheckConstraint("result IN ('ok', 'problem', 'serious')", name=op.f("ck_inspections_result")),
        sa.CheckConstraint("planned_on <= due_on", name=op.f("ck_inspections_days")),
        sa.CheckConstraint("(done_on IS NULL) = (result IS NULL) AND (done_on IS NULL) = (started_at IS NULL)",
                           name=op.f("ck_inspections_done")),
        sa.CheckConstraint("result IS NULL OR mode = 'off_site' OR is_certificate_shown",
                           name=op.f("ck_inspections_certificate")),
        *(sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_inspections_{name}"), ondelete="RESTRICT")
          for name, target in (("act_id", "acts.id"), ("site_id", "sites.id"), ("draw_id", "acts.id"))),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_inspections")),
    )
    for name, columns in (("ix_inspections_site", ["site_id", "done_on"]), ("ix_inspections_done", ["done_on"]),
                          ("ix_inspections_draw", ["draw_id"])):
        op.create_index(name, "inspections", columns)


def make_roster() -> None:
    days = "valid_to IS NULL OR valid_from <= valid_to"
    op.create_table(
        "inspector_roster",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("certificate_no", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(days, name=op.f("ck_inspector_roster_days")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inspector_roster_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_roster")),
    )
    op.create_index("uq_inspector_roster_person", "inspector_roster", ["person_id", "valid_from"], unique=True)
    op.create_table(
        "interests",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(days, name=op.f("ck_interests_days")),
        sa.CheckConstraint("ground IN ('kin', 'holding', 'business', 'requested', 'other')", name=op.f("ck_interests_ground")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interests_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_interests_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
    )
    op.create_index("uq_interests_person_site", "interests", ["person_id", "site_id", "valid_from"], unique=True)
    op.create_index("ix_interests_site", "interests", ["site_id"])


def downgrade() -> None:
    """Gone."""
    op.execute("DROP TRIGGER acts_lone_inspection" + ("" if op.get_bind().dialect.name == "sqlite" else " ON acts"))
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_lone_inspection()")
    for table in ("interests", "inspector_roster", "inspections"):
        op.drop_table(table)
    op.execute("DELETE FROM limits WHERE stage IN ('inspect', 'publish_result')")
    op.execute("DELETE FROM act_states WHERE kind = 'inspection'")
