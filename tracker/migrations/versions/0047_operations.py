"""Operations and interviews: their states, the source of what operations find, and the limit for reporting back."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  sa.column("is_first_day_counted", sa.Boolean), sa.column("rolls", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
REPORT_BACK = {"source_key": "", "stage": "report_back", "amount": 30, "unit": "calendar_day", "is_first_day_counted": False,
               "rolls": False, "basis": "参照山东做法：约谈结束后30日内书面报送（可在期限规则中修改）",
               "effective_from": date(2018, 1, 1), "effective_to": None}
STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON = {"operation": ("planned", "under_way", "reported"), "interview": ("notified", "held")}
OVER = {"operation": ("finished", "cancelled"), "interview": ("settled", "cancelled")}
SOURCES = sa.table("sources", *map(sa.column, ("key", "name", "kind", "channel", "submit_gate", "verify_gate", "close_gate")),
                   sa.column("is_notice_required", sa.Boolean), sa.column("valid_from", sa.Date))
OPER = {"key": "OPER", "name": "专项行动问题", "kind": "patrol", "channel": "onsite", "is_notice_required": False,
        "submit_gate": "before_after_pair", "verify_gate": "onsite_record,onsite_photo",
        "close_gate": "before_after_pair,onsite_record,onsite_photo", "valid_from": date(2018, 1, 1)}


def upgrade() -> None:
    """The rows; a source that an office has under this key already stays as it is."""
    op.bulk_insert(STATES, [{"kind": kind, "state": state, "is_over": is_over}
                            for is_over, every in ((False, GOING_ON), (True, OVER))
                            for kind, states in every.items() for state in states])
    op.bulk_insert(LIMITS, [REPORT_BACK])
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM sources WHERE key = 'OPER'")) == 0:
        op.bulk_insert(SOURCES, [OPER])


def downgrade() -> None:
    """Gone; the source stays where cases came from it."""
    op.execute("DELETE FROM sources WHERE key = 'OPER' AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.source_id = sources.id)")
    op.execute("DELETE FROM limits WHERE stage = 'report_back'")
    op.execute("DELETE FROM act_states WHERE kind IN ('operation', 'interview')")
