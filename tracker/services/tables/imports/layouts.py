"""Saved layouts: how tables with certain headers are read, made once by hand and chosen by themselves the next time."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.tables.columns import CaseColumn, normalised
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.tables.headings import Header
from tracker.domain.tables.plans import (
    ALIKE,
    ReadingChoices,
    TablePlan,
    as_json,
    from_json,
    header_words,
    headers_digest,
    likeness,
)
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.storage.tables.imports import ImportLayout

LONGEST_NAME = 40


@dataclass(frozen=True)
class LayoutLine:
    """A layout as it is listed and followed. `mapping` is by header; an empty column says that it is left out."""

    key: str
    name: str
    headers: tuple[str, ...]
    mapping: Mapping[str, str]
    choices: ReadingChoices
    source_key: str
    made_at: datetime
    valid_to: date | None = None

    def plan(self, header: Header) -> TablePlan:
        """The plan of a table with this header: columns that the layout knows, by their words."""
        said = {at: self.mapping.get(normalised(label)) for at, label in header.labels.items()}
        return TablePlan(header.rows, {at: CaseColumn(column) for at, column in said.items() if column},
                         frozenset(at for at, column in said.items() if column == ""))


def layouts(actor: Actor) -> tuple[LayoutLine, ...]:
    """Every layout that holds today, the newest first."""
    permits.require(actor, Permission.case_import)
    today = wiring().clock.today()
    rows = reading().scalars(select(ImportLayout).where(or_(ImportLayout.valid_to.is_(None), ImportLayout.valid_to >= today))
                             .order_by(ImportLayout.id.desc()))
    return tuple(_layout_line(row) for row in rows)


def layout_named(actor: Actor, name: str) -> LayoutLine:
    """The layout with this name or key. Raises `NotFound` listing those there are."""
    known = layouts(actor)
    for line in known:
        if name in (line.key, line.name):
            return line
    listed = Listed(line.name for line in known) or Say("（还没有）")
    raise NotFound(Say("没有导入版式“{name}”；已有：{listed}。", name=name, listed=listed), field="layout")


def layout_for(known: Sequence[LayoutLine], labels: Mapping[int, str]) -> tuple[LayoutLine | None, bool]:
    """The layout for a table with these headers, and whether they are the very same; None for less than four fifths alike."""
    words = header_words(labels)
    same = next((line for line in known if line.headers == words), None)
    if same is not None:
        return same, True
    best = max(known, key=lambda line: likeness(line.headers, words), default=None)
    return (best, False) if best is not None and likeness(best.headers, words) >= ALIKE else (None, False)


@deed
def save(work: Work, actor: Actor, name: str, header: Header, plan: TablePlan, choices: ReadingChoices, source_key: str) -> str:
    """Keep how a table was mapped; a layout of the same name is replaced. Returns its key. Raises `Invalid` for the name."""
    permits.require(actor, Permission.case_import)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(Say("版式名称应为 1 至 {longest_name} 字。", longest_name=LONGEST_NAME), field="layout_name")
    words = header_words(header.labels)
    mapping = {normalised(label): plan.columns[at].value if at in plan.columns else "" for at, label in header.labels.items()
               if at in plan.columns or at in plan.left_out}
    row = work.session.scalar(select(ImportLayout).where(ImportLayout.name == name, ImportLayout.valid_to.is_(None)))
    is_new = row is None
    if row is None:
        row = ImportLayout(key=free_key(work, name), name=name, area_code="", value_map="", options="", made_by_id=None,
                           valid_to=None, source_key="", headers="", headers_digest="", mapping="", made_at=work.clock.now())
        work.session.add(row)
    row.headers, row.headers_digest = json.dumps(words, ensure_ascii=False), headers_digest(words)
    row.mapping = json.dumps(mapping, ensure_ascii=False, sort_keys=True)
    row.value_map = as_json(ReadingChoices(values=choices.values))
    row.options = as_json(ReadingChoices(choices.takes_hidden, unplaced=choices.unplaced, skips_abroad=choices.skips_abroad))
    row.source_key, row.made_by_id, row.made_at = source_key, actor.id if actor.id > 0 else None, work.clock.now()
    work.session.flush()
    work.record(f"import-layout:{row.key}", ImportFacts.layout_saved, actor, {"is_new": is_new})
    return row.key


@deed
def end(work: Work, actor: Actor, key: str) -> str:
    """Choose a layout no longer, from today on; its name. Raises `NotFound`."""
    permits.require(actor, Permission.case_import)
    row = work.session.scalar(select(ImportLayout).where(ImportLayout.key == key, ImportLayout.valid_to.is_(None)))
    if row is None:
        raise NotFound("没有这个版式，或它已经停用。")
    row.valid_to = work.clock.today() - timedelta(days=1)
    work.session.flush()
    work.record(f"import-layout:{row.key}", ImportFacts.layout_ended, actor, {})
    return row.name


def free_key(work: Work, name: str) -> str:
    """A key that machines can type: the Latin letters and digits of the name, and a number."""
    bare = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:24] or "layout"
    taken = set(work.session.scalars(select(ImportLayout.key)))
    return next(key for number in range(1, len(taken) + 2) if (key := bare if number == 1 else f"{bare}-{number}") not in taken)


def _layout_line(row: ImportLayout) -> LayoutLine:
    options, values = from_json(row.options), from_json(row.value_map).values
    choices = ReadingChoices(options.takes_hidden, values=values, unplaced=options.unplaced, skips_abroad=options.skips_abroad)
    return LayoutLine(row.key, row.name, tuple(json.loads(row.headers)), json.loads(row.mapping), choices, row.source_key,
                      row.made_at, row.valid_to)
