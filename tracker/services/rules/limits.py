"""The limits as they are shown, and the deed that sets one from a day on: cases that run already keep the limit they began
with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Incomplete, Invalid, Refusal
from tracker.domain.house.say import Say
from tracker.domain.rules.deadlines import due
from tracker.domain.rules.fact_kinds import RuleFacts
from tracker.domain.rules.limits import EVERY_DAY, STAGE_WORDS, Limit, LimitUnit, Stage, choose
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, wiring
from tracker.services.rules import rules, values
from tracker.storage.rules.rules import LimitRow

STREAM = "rules"
ONE_DAY = timedelta(days=1)
MOST: dict[LimitUnit, tuple[int, str]] = {
    LimitUnit.calendar_day: (365, "日"), LimitUnit.working_day: (250, "个工作日"), LimitUnit.working_hour: (400, "个工作小时"),
    LimitUnit.natural_hour: (720, "小时"), LimitUnit.month: (24, "个月"),
}
LONGEST_BASIS = 300


@dataclass(frozen=True)
class Foreseen:
    """What a new limit would do: when a case that begins that day is due by it, and by the one that held before."""

    limit: Limit
    start: date
    due_on: date
    is_provisional: bool
    old: Limit | None
    old_due_on: date | None


@dataclass(frozen=True)
class LimitLine:
    """The limits of one stage and source: the one in force, and all others, the newest first."""

    stage: Stage
    source_key: str | None
    now: Limit | None
    others: tuple[Limit, ...]


def lines(on: date) -> tuple[LimitLine, ...]:
    """Every stage with its general limit first and then those of single sources."""
    every = rules.limits()
    keys = {(limit.stage, limit.source) for limit in every}
    order = {stage: place for place, stage in enumerate(Stage)}
    return tuple(_limit_line(stage, source, every, on)
                 for stage, source in sorted(keys, key=lambda key: (order[key[0]], key[1] or "")))


def foresee(actor: Actor, wanted: Limit) -> Foreseen:
    """What the limit would give for a case that begins on its first day. Raises `Invalid` or `Incomplete` for what may not be
    set."""
    permits.require(actor, Permission.rules_manage)
    limit = _checked_limit(wanted)
    start, calendar, hours = limit.effective_from, rules.calendar(), values.office_hours(limit.effective_from)
    reached = due(limit, start, calendar, hours)
    try:
        old = choose(rules.limits(), limit.source, limit.stage, start)
    except Refusal:
        old = None
    return Foreseen(limit, start, reached.on, reached.is_provisional, old, due(old, start, calendar, hours).on if old else None)


@deed
def set_limit(work: Work, actor: Actor | None, wanted: Limit, told: Mapping[str, object] | None = None) -> Limit:
    """From its first day on this limit binds; the one before it ends the day before. Cases that run already are not touched.

    Raises `Invalid` or `Incomplete` naming the field, also for a day gone by.
    """
    if actor is not None:
        permits.require(actor, Permission.rules_manage)
    limit = _checked_limit(wanted)
    query = select(LimitRow).where(LimitRow.source_key == (limit.source or ""),
                                   LimitRow.stage == limit.stage.value).with_for_update()
    rows = list(work.session.scalars(query.order_by(LimitRow.effective_from)))
    if any(row.effective_from == limit.effective_from for row in rows):
        raise Invalid(Say("{limit}从 {effective_from} 起的期限已经设过，设过的不改，请另选一个生效日期。", limit=_limit_name(limit),
                          effective_from=limit.effective_from), field="effective_from")
    ended = [row
             for row in rows if row.effective_from < limit.effective_from
             and (row.effective_to is None or row.effective_to >= limit.effective_from)]
    for row in ended:
        row.effective_to = limit.effective_from - ONE_DAY
    following = next((row for row in rows if row.effective_from > limit.effective_from), None)
    limit = replace(limit, effective_to=following.effective_from - ONE_DAY if following else None)
    work.session.add(LimitRow(
        source_key=limit.source or "", stage=limit.stage.value, amount=limit.amount, unit=limit.unit.value,
        is_first_day_counted=limit.first_day_counts, basis=limit.basis, effective_from=limit.effective_from,
        effective_to=limit.effective_to, rolls=limit.rolls))
    work.record(STREAM, RuleFacts.limit_set, actor or OPERATOR, {**_limit_payload(limit, ended), **(told or {})})
    rules_changed(work.session)
    return limit


def _limit_payload(limit: Limit, ended: list[LimitRow]) -> dict[str, object]:
    return {"source": limit.source, "stage": limit.stage, "amount": limit.amount, "unit": limit.unit,
            "is_first_day_counted": limit.first_day_counts, "basis": limit.basis, "from": limit.effective_from,
            "to": limit.effective_to, "rolls": limit.rolls,
            "ended": [{"from": row.effective_from, "amount": row.amount, "unit": row.unit} for row in ended]}


def _limit_line(stage: Stage, source: str | None, every: tuple[Limit, ...], on: date) -> LimitLine:
    theirs = sorted((each for each in every if (each.stage, each.source) == (stage, source)),
                    key=lambda each: each.effective_from, reverse=True)
    now = next((each for each in theirs if each.holds_on(on)), None)
    return LimitLine(stage, source, now, tuple(each for each in theirs if each is not now))


def _checked_limit(wanted: Limit) -> Limit:
    """The limit with its basis tidied, or a refusal naming the field."""
    if wanted.source is not None:
        rules.source(wanted.source)
    most, word = MOST[wanted.unit]
    if not 1 <= wanted.amount <= most:
        raise Invalid(Say("{wanted}期限应为 1 至 {most} {word}，现填 {amount}。", wanted=_limit_name(wanted), most=most, word=word,
                          amount=wanted.amount), field="amount")
    if wanted.stage is Stage.notice and (wanted.unit is not LimitUnit.working_day or not wanted.first_day_counts):
        raise Invalid("公示期按工作日计，首尾两日都计入。", field="unit")
    if wanted.unit is LimitUnit.natural_hour and wanted.first_day_counts:
        raise Invalid("按自然小时计的期限从起算的那一刻数起，不能选“当日即第 1 日”。", field="first_day_counts")
    if wanted.unit is LimitUnit.working_hour and wanted.first_day_counts:
        raise Invalid("按工作小时计的期限从次日上班起算，不能选“当日即第 1 日”。", field="first_day_counts")
    if wanted.rolls and wanted.unit not in EVERY_DAY:
        raise Invalid("按工作日或工作小时计的期限总在工作日到期，不能选“末日逢休息日顺延”。", field="rolls")
    basis = " ".join(wanted.basis.split())
    if not basis:
        raise Incomplete(Say("{wanted}期限须写明依据，如法规条款或文号。", wanted=_limit_name(wanted)), field="basis")
    if len(basis) > LONGEST_BASIS:
        raise Invalid(Say("依据最多 {longest_basis} 字。", longest_basis=LONGEST_BASIS), field="basis")
    today = wiring().clock.today()
    if wanted.effective_from < today:
        raise Invalid(Say("新的期限只能从今天（{today}）或以后起生效，不能倒签到 {effective_from}。", today=today, effective_from=wanted.effective_from),
                      field="effective_from")
    return replace(wanted, basis=basis, effective_to=None)


def _limit_name(limit: Limit) -> str:
    whose = Say("来源“{source_name}”的", source_name=rules.source(limit.source).name) if limit.source else "通用的"
    return f"{whose}“{STAGE_WORDS[limit.stage]}”"
