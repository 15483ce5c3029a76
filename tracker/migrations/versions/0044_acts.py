"""Acts beside the case: what is official and has a number, a state and a flow, with hands, links, units, duties and limits.

A state of an act is a row, so that a later kind adds rows and rebuilds no table."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  sa.column("is_first_day_counted", sa.Boolean), sa.column("rolls", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
MINUTES = {"source_key": "", "stage": "minutes", "amount": 5, "unit": "working_day", "is_first_day_counted": False, "rolls": False,
           "basis": "产品默认值，无法规依据：会后5个工作日内印发纪要（可在期限规则中修改）", "effective_from": date(2018, 1, 1),
           "effective_to": None}
STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON = {"meeting": ("drafting", "called", "held", "issued")}
OVER = {"meeting": ("settled", "cancelled")}


def upgrade() -> None:
    """The tables, empty but for the states; and the limit for minutes, which is the product's own default."""
    op.create_table(
        "act_states",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "state", name=op.f("pk_act_states")),
        sa.UniqueConstraint("kind", "state", "is_over", name=op.f("uq_act_states_kind_state_is_over")),
    )
    op.create_table(
        "acts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subkind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("round", BIG, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("sight", sa.String(40), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("list_due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by_id", BIG, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("seq >= 1 AND round >= 1", name=op.f("ck_acts_counted")),
        sa.CheckConstraint("ended_on IS NULL OR began_on IS NULL OR ended_on >= began_on", name=op.f("ck_acts_days")),
        sa.CheckConstraint("is_over = (closed_at IS NOT NULL)", name=op.f("ck_acts_over")),
        sa.CheckConstraint("sight IN ('area', 'narrow')", name=op.f("ck_acts_sight")),
        sa.ForeignKeyConstraint(["kind", "state", "is_over"], ["act_states.kind", "act_states.state", "act_states.is_over"], name=op.f("fk_acts_kind_state"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_acts_opened_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_acts_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        sa.UniqueConstraint("number", name=op.f("uq_acts_number")),
    )
    op.create_index("ix_acts_due", "acts", ["is_over", "list_due_on", "id"])
    op.create_index("ix_acts_kind_area", "acts", ["kind", "area_code", "began_on"])
    op.create_index("ix_acts_kind_due", "acts", ["kind", "is_over", "list_due_on", "id"])
    op.create_index("ix_acts_unit_due", "acts", ["unit_id", "list_due_on", "id"])
    op.create_table(
        "act_hands",
        sa.Column("act_id", BIG, nullable=False),
        sa.Column("round", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_hands_act_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_act_hands_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("act_id", "round", "person_id", name=op.f("pk_act_hands")),
    )
    op.create_index("ix_act_hands_person", "act_hands", ["person_id", "act_id"])
    op.create_table(
        "act_links",
        sa.Column("act_id", BIG, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.CheckConstraint("grade IN ('ordinary', 'serious')", name=op.f("ck_act_links_grade")),
        sa.CheckConstraint("role IN ('agenda', 'found', 'ground', 'punishes', 'refers', 'interviews', 'attached', 'site', 'follows')", name=op.f("ck_act_links_role")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_links_act_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("act_id", "role", "target", name=op.f("pk_act_links")),
    )
    op.create_index("ix_act_links_target", "act_links", ["target", "role"])
    op.create_table(
        "act_forces",
        sa.Column("act_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("vehicle_count", BIG, nullable=False),
        sa.Column("person_count", BIG, nullable=False),
        sa.CheckConstraint("vehicle_count >= 0 AND person_count >= 0", name=op.f("ck_act_forces_counts")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_act_forces_act_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_act_forces_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("act_id", "unit_id", name=op.f("pk_act_forces")),
    )
    op.create_index("ix_act_forces_unit", "act_forces", ["unit_id", "act_id"])
    op.create_table(
        "duties",
        sa.Column("id", BIG, nullable=False),
        sa.Column("act_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("extension_count", BIG, nullable=False),
        sa.Column("weight", BIG, nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.String(20), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by_id", BIG, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("answered_for_id", BIG, nullable=True),
        sa.Column("answered_unit_id", BIG, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("checked_by_id", BIG, nullable=True),
        sa.Column("checked_unit_id", BIG, nullable=True),
        sa.Column("result", sa.String(40), nullable=True),
        sa.Column("round", BIG, nullable=False),
        sa.CheckConstraint("checked_unit_id <> answered_unit_id", name=op.f("ck_duties_answering_unit")),
        sa.CheckConstraint("weight >= 0 AND extension_count >= 0 AND round >= 1", name=op.f("ck_duties_counted")),
        sa.CheckConstraint("starts_on <= due_on", name=op.f("ck_duties_days")),
        sa.CheckConstraint("kind IN ('report_back', 'measure', 'milestone', 'follow_up', 'patrol')", name=op.f("ck_duties_kind")),
        sa.CheckConstraint("(state = 'met') = (result IS NOT NULL AND result = 'passed')", name=op.f("ck_duties_met")),
        sa.CheckConstraint("kind = 'patrol' OR checked_unit_id <> unit_id", name=op.f("ck_duties_owing_unit")),
        sa.CheckConstraint("checked_by_id <> answered_by_id", name=op.f("ck_duties_persons")),
        sa.CheckConstraint("result IN ('passed', 'waived')", name=op.f("ck_duties_result")),
        sa.CheckConstraint("state IN ('open', 'answered', 'met', 'waived')", name=op.f("ck_duties_state")),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["people.id"], name=op.f("fk_duties_acknowledged_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_duties_act_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_duties_answered_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["answered_for_id"], ["people.id"], name=op.f("fk_duties_answered_for_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["answered_unit_id"], ["units.id"], name=op.f("fk_duties_answered_unit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["checked_by_id"], ["people.id"], name=op.f("fk_duties_checked_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["checked_unit_id"], ["units.id"], name=op.f("fk_duties_checked_unit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_duties_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("act_id", "position", name=op.f("uq_duties_act_id_position")),
    )
    op.create_index("ix_duties_state_due", "duties", ["state", "due_on"])
    op.create_index("ix_duties_unit_due", "duties", ["unit_id", "state", "due_on"])
    op.create_index("uq_duties_patrol", "duties", ["act_id", "subject", "starts_on"], unique=True, sqlite_where=sa.text("kind = 'patrol'"), postgresql_where=sa.text("kind = 'patrol'"))
    op.create_table(
        "clocks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("round", BIG, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("owner_unit_id", BIG, nullable=True),
        sa.Column("paused_from_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.CheckConstraint("started_on <= due_on AND amount > 0", name=op.f("ck_clocks_days")),
        sa.CheckConstraint("outcome IN ('met', 'late', 'dropped')", name=op.f("ck_clocks_outcome")),
        sa.CheckConstraint("(stopped_on IS NULL) = (outcome IS NULL)", name=op.f("ck_clocks_stopped")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["units.id"], name=op.f("fk_clocks_owner_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("subject", "stage", "round", name=op.f("uq_clocks_subject_stage_round")),
    )
    op.create_index("ix_clocks_running", "clocks", ["due_on"], sqlite_where=sa.text("stopped_on IS NULL"), postgresql_where=sa.text("stopped_on IS NULL"))
    op.bulk_insert(STATES, [{"kind": kind, "state": state, "is_over": is_over}
                            for is_over, every in ((False, GOING_ON), (True, OVER))
                            for kind, states in every.items() for state in states])
    op.bulk_insert(LIMITS, [MINUTES])


def downgrade() -> None:
    """Gone."""
    op.execute("DELETE FROM limits WHERE stage = 'minutes'")
    for table in ("clocks", "duties", "act_forces", "act_links", "act_hands", "acts", "act_states"):
        op.drop_table(table)
