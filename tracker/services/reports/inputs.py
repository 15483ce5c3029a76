"""Gathers what a report rests on besides the facts: names, rule values, masked texts, repeat reporters, the latest seal."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.log.notes import short_form
from tracker.domain.house.masking import mask_text
from tracker.domain.reports.appraisal.lines import key_of
from tracker.domain.reports.inputs import Compared, Inputs
from tracker.domain.reports.rule_book import RULE_BOOK
from tracker.domain.rules.periods import Period, PeriodKind, Window
from tracker.domain.territory.mergers import mergers
from tracker.gateways.territory.datums import SHIFTED, on_the_map
from tracker.services.cases import identities
from tracker.services.coordination.agendas.backlog import backlog_rows
from tracker.services.house.work import reading, wiring
from tracker.services.reports import quoting
from tracker.services.reports.acts_beside import act_rows, owed_rows
from tracker.services.reports.met_duties import met_rows
from tracker.services.rules import rules, values
from tracker.services.rules.categories import categories
from tracker.services.rules.disputes import dispute_until
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.reports import appeal_lines
from tracker.storage.territory.territory import Source

PORTION = 500


def gather(period: Period, window: Window, area_code: str, *, compared: Compared | None = None,
           instead: Mapping[str, Any] | None = None, tells_acts: bool = False, tells_met: bool = False,
           tells_backlog: bool = False) -> Inputs:
    """The inputs of one report, as they are now. The light is asked for the office day of the cut. `instead` takes the place of
    rules in force."""
    today = wiring().clock.local(window.cuts - timedelta(microseconds=1)).date()
    session, gazetteer = reading(), rules.gazetteer()
    until = None if today == wiring().clock.today() else window.cuts  # what is made later is made as of then
    area = gazetteer.area(area_code)
    sources = session.execute(select(Source.id, Source.key, Source.name, Source.is_notice_required, Source.notice_since)).all()
    rule_book = {rule.key: values.value(rule.key, today) for rule in RULE_BOOK} | dict(instead or {})
    days = compared(period, rule_book) if compared else ()
    merged, torn = mergers(gazetteer, area_code, min(first for first, _ in days), today) if days else ((), ())
    return Inputs(
        period=period, window=window, area_code=area_code, area_name=area.name if area is not None else area_code, today=today,
        due_soon_until=values.light_bounds(today).yellow_until,
        units={str(r.id): (r.code, r.name, r.kind) for r in session.execute(select(Unit.id, Unit.code, Unit.name, Unit.kind))},
        sources={str(r.id): (r.key, r.name) for r in sources},
        notice_sources=tuple(str(r.id) for r in sources if r.is_notice_required),
        notice_since={str(r.id): r.notice_since.isoformat() for r in sources if r.notice_since is not None},
        areas={each.code: each.name for each in gazetteer.areas},
        categories={key: str(name) for key, name in categories().shown_on(today).items()},
        people={str(r.id): r.name for r in session.execute(select(Person.id, Person.name))},
        rules=rule_book,
        appeals=_upheld_appeals(window.cuts, area_code), appraised=_in_being(session, today, area_code),
        reporters=identities.repeat_reporters(min(first for first, _ in days)) if days else {},
        seal=_latest_seal(session, today), merged=merged, torn=torn,
        acts=act_rows(session, period, today, area_code, until) if tells_acts else (),
        owed=owed_rows(session, today, area_code, until) if tells_acts and period.kind is not PeriodKind.day else (),
        met=met_rows(session, period, today, area_code) if tells_met else (),
        backlog=backlog_rows(session, area_code, today, until) if tells_backlog else None,
        points=_shifted_points(session, days), dispute_until=dispute_until(today) if compared else None)


def kept(inputs: Inputs, texts: Mapping[str, tuple[str, str]]) -> Inputs:
    """The inputs as they are stored: with the texts, and of repeat reporters and points only those that were compared."""
    cases: dict[int, list[str]] = defaultdict(list)
    for number, reporter in sorted(inputs.reporters.items()):
        if number in texts:
            cases[reporter].append(number)
    repeated = sorted(numbers for numbers in cases.values() if len(numbers) > 1)
    reporters = {number: place for place, numbers in enumerate(repeated, start=1) for number in numbers}
    return replace(inputs, texts=texts, reporters=reporters,
                   points={number: at for number, at in inputs.points.items() if number in texts})


def texts_of(numbers: Sequence[str], words: Callable[[str, str], tuple[str, str]] | None = None) -> dict[str, tuple[str, str]]:
    """Title and place of cases by reference, for a frozen report cannot be erased; or only the words of them, phones and identity
    numbers masked. Of cases older than the references the texts themselves, masked too."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(numbers), PORTION):
        wanted = select(Case.number, Case.title, Case.place).where(Case.number.in_(numbers[start:start + PORTION]))
        texts = {r.number: (mask_text(r.title), mask_text(r.place)) for r in reading().execute(wanted)}
        if words is None:
            known = quoting.references_to(texts)
            found |= {number: (known.get((number, "title"), title), known.get((number, "place"), place))
                      for number, (title, place) in texts.items()}
        else:
            found |= {number: words(*said) for number, said in texts.items()}
    return found


def _shifted_points(session: Session, days: Sequence[tuple[date, date]]) -> dict[str, tuple[float, float]]:
    """Where cases received within those days lie, as WGS-84, if they were located on a shifted map: the others need no
    converting."""
    is_within = or_(false(), *(Case.received_on.between(first, last) for first, last in days))
    query = select(Case.number, Case.lat, Case.lng).where(
        Case.datum == SHIFTED, is_within, Case.lat.is_not(None), Case.lng.is_not(None)).order_by(Case.number)
    return {number: on_the_map(lat, lng, SHIFTED) for number, lat, lng in session.execute(query) if lat is not None
            and lng is not None}


def _upheld_appeals(cut: datetime, area_code: str) -> tuple[dict[str, object], ...]:
    """The appeals against appraisals of this area that were upheld before the cut, with the key of the line that each is
    about."""
    return tuple(
        {"key": key_of(a.unit_id, a.rule, a.case_number, a.seq, a.fact_on), "report": a.report, "period": a.period,
         "unit_id": a.unit_id,
         "rule": a.rule, "clause": a.clause, "word": a.word, "number": a.case_number, "seq": a.seq, "on": a.fact_on.isoformat(),
         "points": a.points, "decided_at": a.decided_at.isoformat() if a.decided_at else ""}
        for a in appeal_lines.upheld_before(reading(), cut, area_code))


def _in_being(session: Session, on: date, area_code: str) -> tuple[str, ...]:
    """The units of the area that are in being on a day."""
    is_open = or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
    query = select(Unit.id).where(Unit.area_code.startswith(area_code), Unit.valid_from <= on, is_open).order_by(Unit.id)
    return tuple(str(unit_id) for unit_id in session.scalars(query))


def _latest_seal(session: Session, today: date) -> tuple[str, str] | None:
    """Business date of the latest seal that a reader of that day could have, and what can be compared of it: the short form of
    its checkpoint, or the hash that a seal was before there were checkpoints."""
    found = session.execute(select(Checkpoint.on, Checkpoint.size, Checkpoint.root).where(Checkpoint.on <= today)
                            .order_by(Checkpoint.on.desc(), Checkpoint.size.desc()).limit(1)).first()
    if found is not None:
        return found.on.isoformat(), short_form(found.size, found.root.hex())
    begun = session.scalar(select(FactRow.body).where(FactRow.stream == LEDGER, FactRow.kind == LedgerFacts.begun)
                           .order_by(FactRow.seq).limit(1))
    old = {on: digest for on, digest in json.loads(begun).get("seals", {}).items() if on <= today.isoformat()} if begun else {}
    return max(old.items(), default=None)
