"""the reference data that ships with the product: calendar, divisions, limits, sources"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from tracker.domain.evidence.sources import SOURCES, gate_text
from tracker.domain.rules.limits import DEFAULT_LIMITS
from tracker.services.rules.reference import shipped_areas, shipped_days

revision = "0003"
down_revision = "0002"

GO_LIVE = date(2018, 1, 1)

# The tables as they are at this revision: the models may have grown since.
DAYS = sa.table("calendar_days", sa.column("day", sa.Date), *map(sa.column, ("kind", "name", "source", "notice")))
AREAS = sa.table("areas", *map(sa.column, ("code", "name", "level", "parent_code", "successors")),
                 sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")), sa.column("is_first_day_counted", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
RULES = sa.table("sources", *map(sa.column, ("id", "key", "name", "kind", "channel", "submit_gate", "verify_gate", "close_gate")),
                 sa.column("is_notice_required", sa.Boolean), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(sa.insert(DAYS), [
        {"day": d.on, "kind": d.kind.value, "name": d.name, "source": d.source.value, "notice": d.notice} for d in shipped_days()
    ])
    bind.execute(sa.insert(AREAS), [
        {"code": a.code, "valid_from": a.valid_from or date.min, "name": a.name, "level": a.level.value,
         "parent_code": a.parent_code or "", "valid_to": a.valid_to, "successors": ",".join(a.successor_codes)}
        for a in shipped_areas()
    ])
    bind.execute(sa.insert(LIMITS), [
        {"source_key": r.source or "", "stage": r.stage.value, "amount": r.amount, "unit": r.unit.value,
         "is_first_day_counted": r.first_day_counts, "basis": r.basis, "effective_from": r.effective_from,
         "effective_to": r.effective_to}
        for r in DEFAULT_LIMITS
    ])
    kept = set(bind.scalars(sa.select(RULES.c.key)))  # those that cases rest on outlive a downgrade
    missing = [
        {"key": s.key, "name": s.name, "kind": s.kind, "channel": s.channel, "is_notice_required": s.is_notice_required,
         "submit_gate": gate_text(s.gates[0]), "verify_gate": gate_text(s.gates[1]), "close_gate": gate_text(s.gates[2]),
         "valid_from": GO_LIVE, "valid_to": None}
        for s in SOURCES if s.key not in kept
    ]
    if missing:
        bind.execute(sa.insert(RULES), missing)


def downgrade() -> None:
    bind = op.get_bind()
    used = sa.text("id NOT IN (SELECT source_id FROM cases UNION SELECT source_id FROM import_batches)")
    bind.execute(sa.delete(RULES).where(used))
    for table in (LIMITS, AREAS, DAYS):
        bind.execute(sa.delete(table))
