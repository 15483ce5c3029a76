"""Figures of the registry of supervised sites: what holds on the last day of the window, as far as was known on the day asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.reports.measures.counted import SITE, Asked, Found, Part, Reckoned, number_of, rate_of
from tracker.domain.sites.registers import CLASS_WORDS, REPORT_KINDS, SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.services.house.work import wiring
from tracker.storage.sites import audits, holding
from tracker.storage.sites import obligations as owed
from tracker.storage.sites.audits import AUDITED, SCHEMES

BY_CLASS, BY_KIND = "按分类", "按报告"
R = SiteRegister
# The figures that count sites of which an entry of a register holds.
HELD: Mapping[str, SiteRegister] = {"commitments.sites": R.commitment, "permits.sites": R.permit,
                                    "registrations.sites": R.registration, "positive.sites": R.positive_list}


def count_sites(session: Session, asked: Asked) -> Found:
    """Of the sites of the area."""
    scope, known_at = SiteScope((asked.area_code,)), wiring().clock.end_of(asked.on)
    found = {**_class_figures(session, asked, scope, known_at), **_report_figures(session, asked, scope, known_at),
             **_audit_figures(session, asked, scope)}
    for key, register in HELD.items():
        found[key] = number_of(_streams_of(holding.sites_holding(session, register, asked.until, known_at, scope)))
    return {key: each for key, each in found.items() if each.behind or each.behind_of}


def _class_figures(session: Session, asked: Asked, scope: SiteScope, known_at: datetime) -> dict[str, Reckoned]:
    classed = list(holding.values_on(session, R.site_class, asked.until, known_at, scope))
    every = _streams_of(code for code, _ in classed)
    of_class = {value: _streams_of(code for code, said in classed if said == value) for value, _ in CLASS_WORDS}
    parts = tuple(Part(BY_CLASS, value, rate_of(streams, every)) for value, streams in of_class.items())
    return {"sites.listed": number_of(every, parts=parts),
            **{f"sites.class.{value}": rate_of(streams, every) for value, streams in of_class.items()}}


def _report_figures(session: Session, asked: Asked, scope: SiteScope, known_at: datetime) -> dict[str, Reckoned]:
    lines = owed.due_within(session, scope, asked.first, asked.last, known_at)
    parts = {word: [each for each in lines if each.kind == kind] for kind, word in REPORT_KINDS}
    return {"reports.rate": _rate_in(lines, asked, parts), "reports.on_time": rate_of(
        _streams_of(each.code for each in lines if each.satisfied_on and each.satisfied_on <= min(each.due_on, asked.on)),
        _streams_of(each.code for each in lines))}


def _rate_in(lines: list[owed.DueReport], asked: Asked, parts: Mapping[str, list[owed.DueReport]] | None = None) -> Reckoned:
    received = [each.code for each in lines if each.satisfied_on and each.satisfied_on <= asked.on]
    return rate_of(_streams_of(received), _streams_of(each.code for each in lines), parts=tuple(
        Part(BY_KIND, word, _rate_in(some, asked)) for word, some in (parts or {}).items() if some))


def _audit_figures(session: Session, asked: Asked, scope: SiteScope) -> dict[str, Reckoned]:
    found = {AUDITED: number_of(_streams_of(audits.assessed_within(session, scope, asked.first, asked.last)))}
    for key, kind in SCHEMES.items():
        codes = audits.schemes_within(session, scope, kind, asked.first, asked.last, asked.on)
        found[key] = number_of(_streams_of(codes))
    return found


def _streams_of(codes: Iterable[str]) -> list[str]:
    return [f"{SITE}{code}" for code in codes]
