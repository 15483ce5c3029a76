"""the reference data that ships with the product: calendar, divisions, limits, sources"""

from datetime import date

from alembic import op
from sqlalchemy import delete, insert

from tracker.domain.limits import DEFAULT_LIMITS
from tracker.domain.sources import SOURCES, gate_text
from tracker.services.reference import shipped_areas, shipped_days
from tracker.storage.territory import AreaRow, CalendarRow, LimitRow, Source

revision = "0003"
down_revision = "0002"

GO_LIVE = date(2018, 1, 1)


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(insert(CalendarRow), [
        {"day": d.on, "kind": d.kind.value, "name": d.name, "source": d.source.value, "notice": d.notice} for d in shipped_days()
    ])
    bind.execute(insert(AreaRow), [
        {"code": a.code, "valid_from": a.valid_from or date.min, "name": a.name, "level": a.level.value,
         "parent_code": a.parent_code or "", "valid_to": a.valid_to, "successors": ",".join(a.successor_codes)}
        for a in shipped_areas()
    ])
    bind.execute(insert(LimitRow), [
        {"source_key": r.source or "", "stage": r.stage.value, "amount": r.amount, "unit": r.unit.value,
         "is_first_day_counted": r.first_day_counts, "basis": r.basis, "effective_from": r.effective_from,
         "effective_to": r.effective_to}
        for r in DEFAULT_LIMITS
    ])
    bind.execute(insert(Source), [
        {"key": s.key, "name": s.name, "kind": s.kind, "channel": s.channel, "is_notice_required": s.is_notice_required,
         "submit_gate": gate_text(s.gates[0]), "verify_gate": gate_text(s.gates[1]), "close_gate": gate_text(s.gates[2]),
         "valid_from": GO_LIVE, "valid_to": None}
        for s in SOURCES
    ])


def downgrade() -> None:
    bind = op.get_bind()
    for table in (Source, LimitRow, AreaRow, CalendarRow):
        bind.execute(delete(table))
