"""What an own district begins with: its city's areas, its province's sources, a unit for each part of it."""

from collections.abc import Sequence

from sqlalchemy import select

from tracker.domain.evidence.sources import NOTICED, OWN_SOURCES, SAMPLE, SHIPPED_LETTERS, under_letters
from tracker.domain.territory.letters import letters_of
from tracker.domain.territory.territory import Area
from tracker.services.house.master import rows
from tracker.services.house.work import Work
from tracker.services.people.units import add_unit
from tracker.services.rules import reference
from tracker.services.territory.lists import versions
from tracker.storage.rules.rules import LimitRow
from tracker.storage.territory.territory import AreaRow, Source

OFFICE_UNIT = "ZGB"
# The last three digits of a town's code say what it is: a street, a town or a township, or nothing that has a government.
FIRST_TOWN, FIRST_OTHER = 100, 400
UNIT_KIND = {9: "street", 6: "district", 4: "city"}
OFFICE, DOCUMENT, FILING = "生态环境问题整改工作领导小组办公室", "环督", "环销"
LOCAL_DUTY = "属地管理"
STREET_OFFICE, GOVERNMENT = "办事处", "人民政府"


def proposed_names(area_code: str) -> dict[str, object]:
    """What such an office is usually called; every letter of it may be changed."""
    area = reference.country().area(area_code)
    name = area.name if area is not None else ""
    return {"name": name + OFFICE, "document_short": name[:1] + DOCUMENT, "filing_short": name[:1] + FILING}


def unit_name(area: Area) -> str:
    """What the office of an area is called until somebody names it otherwise."""
    if len(area.code) == 9 and area.code.isdigit():
        kind = int(area.code[6:])
        return area.name + (STREET_OFFICE if kind < FIRST_TOWN else GOVERNMENT if kind < FIRST_OTHER else "")
    return area.name + (GOVERNMENT if len(area.code) == 6 and area.code.isdigit() else "")


def drop_other_areas(work: Work, root: str) -> None:
    """The areas that came with the database and lie in another city."""
    for row in work.session.scalars(select(AreaRow).where(AreaRow.code.not_like(f"{root}%"))):
        work.session.delete(row)


def fit_sources(work: Work, home: str) -> tuple[str, ...]:
    """The shipped sources under the province's letters, with those that only an own district has; returns their keys."""
    rows = {row.key.removesuffix(SHIPPED_LETTERS): row for row in work.session.scalars(select(Source))}
    limits = list(work.session.scalars(select(LimitRow)))
    for stem, (name, like) in OWN_SOURCES.items():
        if stem not in rows:
            rows[stem] = _source_like(work, rows[like], stem, name)
            limits += [_limit_like(work, each, stem) for each in limits if each.source_key == f"{like}{SHIPPED_LETTERS}"]
    letters = letters_of(home)
    for stem, row in rows.items():
        if row.kind == SAMPLE:
            work.session.delete(row)
        row.is_notice_required = row.is_notice_required or stem in NOTICED
        row.key = under_letters(row.key, letters)
    for limit in limits:
        limit.source_key = under_letters(limit.source_key, letters)
    work.session.flush()
    return tuple(sorted(row.key for row in rows.values() if row.kind != "sample"))


def add_units(office_name: str, home: Area, parts: Sequence[Area]) -> int:
    """The office itself, and a unit for each of the parts; returns how many."""
    add_unit(None, code=OFFICE_UNIT, name=office_name, kind="city" if len(home.code) == 4 else "department", area_code=home.code)
    for area in parts:
        add_unit(None, code=area.code, name=unit_name(area), area_code=area.code, kind=UNIT_KIND[len(area.code)])
    return len(parts) + 1


def draft_list(parts: Sequence[Area]) -> int:
    """The first draft of the responsibility list: each part is led by its own unit, until somebody writes more; returns its
    number."""
    number = versions.draft(None, versions.DraftOrder(copied_from=0))
    for place, area in enumerate(parts, start=1):
        rows.save_row(None, "routing", str(place), {"area_code": area.code, "lead_unit": area.code, "reason": LOCAL_DUTY})
    return number


def _source_like(work: Work, like: Source, stem: str, name: str) -> Source:
    row = Source(key=f"{stem}{SHIPPED_LETTERS}", name=name, kind=like.kind, channel=like.channel, is_notice_required=False,
                 submit_gate=like.submit_gate, verify_gate=like.verify_gate, close_gate=like.close_gate,
                 valid_from=like.valid_from)
    work.session.add(row)
    return row


def _limit_like(work: Work, like: LimitRow, stem: str) -> LimitRow:
    row = LimitRow(source_key=f"{stem}{SHIPPED_LETTERS}", stage=like.stage, amount=like.amount, unit=like.unit, basis=like.basis,
                   is_first_day_counted=like.is_first_day_counted, effective_from=like.effective_from,
                   effective_to=like.effective_to, rolls=like.rolls)
    work.session.add(row)
    return row
