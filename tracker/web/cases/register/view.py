"""How the register speaks: filters as chips that read as a sentence, counts that are kept while nothing happens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.domain.cases.facts import OPEN, CaseState
from tracker.domain.cases.wording import LIGHTS, word
from tracker.domain.house.actor import Scope
from tracker.domain.house.say import Say
from tracker.domain.rules.lights import LightBounds
from tracker.services.house.caching import until_a_rule_changes, until_next_fact
from tracker.services.house.work import reading
from tracker.services.rules.categories import categories
from tracker.storage.cases.register import register
from tracker.storage.cases.register.choices import Choices, choices
from tracker.storage.cases.register.filters import ANY, NOBODY
from tracker.storage.cases.register.register import Filters
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_date
from tracker.web.house.drawing.languages import tr
from tracker.web.house.drawing.speed.addresses import page_url

TYPED = ("q", "batch")  # what somebody typed is no word of ours
NO_UNIT, NO_STREET = "尚未交办", "未标明街道"


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address without it."""

    words: str
    args: dict[str, object]


@dataclass(frozen=True)
class Tab:
    """One state, or several, with how many cases there are."""

    words: str
    count: int
    address: str
    is_here: bool


def tabs_of(filters: Filters, counts: Mapping[CaseState, int], cols: tuple[str, ...] | None) -> list[Tab]:
    """What is at work, all, and each state that has cases or is asked for."""
    def tab(words: str, states: tuple[CaseState, ...], count: int) -> Tab:
        args: dict[str, Any] = filters.to_args(state=[state.value for state in states])
        return Tab(words, count, page_url("cases.register", cols=cols, **args), filters.state == states)

    each = [tab(tr(word(s)), (s,), counts.get(s, 0)) for s in CaseState if counts.get(s) or s in filters.state]
    return [tab(tr("在办"), OPEN, sum(counts.get(s, 0) for s in OPEN)), tab(tr("全部"), (), sum(counts.values())), *each]


def counted(scope: Scope, filters: Filters, bounds: LightBounds, last_fact: int) -> dict[CaseState, int]:
    """Counts by state under all filters but the state, as they were after the last fact."""
    key = (scope, replace(filters, state=(), sort=""), bounds)
    return until_next_fact("register_counts", key, last_fact, lambda: register.counts(reading(), scope, filters, bounds))


def choices_of(scope: Scope) -> Choices:
    """What a reader may filter by and register under, kept until a rule, a unit or the day changes."""
    return until_a_rule_changes("choices", lambda session: choices(session, scope, today().on), scope.areas)


def chips_of(filters: Filters, choices: Choices) -> list[Chip]:
    """What is asked, in words, each with the address that drops it."""
    nobody = {"unit": NO_UNIT, "area": NO_STREET}
    named = {kind: nobody[kind] if code == NOBODY and kind in nobody else choices.name(kind, code) for kind, code in (
        ("source", filters.source), ("unit", filters.unit), ("area", filters.area))}
    said: list[tuple[str, str]] = [
        ("light", LIGHTS.get(filters.light, "")), *named.items(),
        ("type", categories().shown_on(today().on).get(filters.type, filters.type)), ("batch", filters.batch),
        ("sponsor", _sponsor_told(filters.sponsor, choices)),
        ("key", "重点件" if filters.is_key else ""), ("overdue", "超期" if filters.is_overdue else ""),
        ("pending", "有申请待审批" if filters.is_pending else ""), ("supervised", "督办中" if filters.is_supervised else ""),
        ("unsettled", "有事项待协调" if filters.is_unsettled else ""),
        ("received_from", _date_told(filters.received_from, is_first=True)),
        ("received_to", _date_told(filters.received_to, is_first=False)),
        ("closed_from", _date_told(filters.closed_from, is_first=True, what="销号")),
        ("closed_to", _date_told(filters.closed_to, is_first=False, what="销号")),
        ("q", f"“{filters.q}”" if filters.q else ""),
    ]
    states = [Chip(tr(word(s)), filters.to_args(state=[o.value for o in filters.state if o is not s])) for s in filters.state]
    return states + [Chip(words if name in TYPED else tr(words), filters.to_args(**{name: None}))
                     for name, words in said if words]


def _sponsor_told(sponsor: str, choices: Choices) -> str:
    if sponsor in ("", ANY):
        return "有包案领导" if sponsor else ""
    return Say("{sponsor}包案", sponsor=dict(choices.sponsors)[sponsor]) if sponsor in dict(choices.sponsors) else "包案领导不在名单里"


def _date_told(on: date | None, *, is_first: bool, what: str = "受理") -> str:
    if on is None:
        return ""
    return Say("{what}自 {on}", what=what, on=cn_date(on)) if is_first else Say("{what}至 {on}", what=what, on=cn_date(on))
