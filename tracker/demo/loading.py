"""Loads the demo district: units and people, the responsibility list, and thirteen months of cases and of their supervision,
walked in the order of time."""

import heapq
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from sqlalchemy import func, select

from tracker.demo import railway
from tracker.demo.acts import act_plots
from tracker.demo.district import MAIL_DOMAIN, Account, settle
from tracker.demo.matters import Draw
from tracker.demo.plots import live
from tracker.demo.responsibility import post
from tracker.demo.stories import DEFAULT_CASES, stories
from tracker.demo.supervision import Supervision
from tracker.demo.walk import Cast, Walk, Walking, Year
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.gateways.mail.sending import MailSender
from tracker.gateways.upkeep.head_files import StagedHeads
from tracker.services.house.caching import rules_settled
from tracker.services.house.work import Wiring, Work, deed, reading, wiring, with_clock
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import give_back_space
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import Source

SEED = 20210903
FEWEST, MOST = 10, 3000
MONTHS = 13  # so that the last month has one to be compared with
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class LoadedDemo:
    """What was loaded, counted from the database: cases by source and state, and how many facts tell of them."""

    first: date
    until: date
    is_cut: bool
    by_source: dict[str, dict[str, int]]
    source_names: dict[str, str]
    fact_count: int


def load(*, keep: Callable[[Sequence[Account]], None], mailer: MailSender, cases: int = DEFAULT_CASES, seed: int = SEED,
         until: date | None = None, is_supervised: bool = True, progress: Progress | None = None) -> LoadedDemo:
    """Load it all or nothing. The time ends as `until` (today, when not given) begins; `keep` gets the accounts before the
    commit, `mailer` the mails of its last working days. Without supervision there are cases alone.

    The same cases for the same number, seed and day. Raises `Conflict` when the database holds anything of a district already.
    """
    if not FEWEST <= cases <= MOST:
        raise Invalid(f"演示案件数应在 {FEWEST} 至 {MOST} 之间，现为 {cases}。", field="cases")
    today = wiring().clock.today()
    if until is not None and until > today:
        raise Invalid(f"演示数据的截止日 {until} 晚于今天 {today}。", field="until")
    wanted = until or today
    last = min(wanted, date(max(rules.calendar().published_years), 12, 31))
    first = months_before(last, MONTHS)
    clock = SetClock(datetime.combine(first, time(8, 20), wiring().zone), wiring().zone.key)
    loud = wiring()
    with with_clock(clock, is_silent=True) as own:
        own.mail = mailer
        own.heads = staged = StagedHeads(own.heads)
        _load_demo(clock, last, cases, seed, keep, loud, is_supervised, progress or (lambda done, total, what: None))
    staged.release()
    give_back_space(reading())
    return counted(first, last, is_cut=last != wanted)


@deed
def _load_demo(work: Work, clock: SetClock, until: date, cases: int, seed: int, keep: Callable[[Sequence[Account]], None],
               loud: Wiring, is_supervised: bool, progress: Progress) -> None:
    _require_empty(work)
    first_day = clock.today()
    accounts = settle(lambda done, total: progress(done, total, "演示人员"))
    post()
    railway.post()
    units = {row.code: row.id for row in work.session.execute(select(Unit.code, Unit.id))}
    cast = Cast({a.login: access.at_command_line(a.login) for a in accounts}, units)
    year = Year(work, clock, cast, rules.calendar(), clock.today(), until)
    rules_settled(work.session)
    supervision = Supervision(year, wiring(), loud)
    if is_supervised:
        supervision.begin()
    beside = act_plots(year, cases) if is_supervised else []
    plots = [*_draw_plots(year, cases, seed), *beside]
    _run_plots(year, plots, supervision, lambda done, total: progress(done, total, "演示案件和调度（天）"))
    work.record(LEDGER, LedgerFacts.demo_loaded, OPERATOR, {"cases": cases, "first": first_day, "until": until})
    keep(accounts)


def _require_empty(work: Work) -> None:
    """Invented people and cases never stand beside real ones, nor twice."""
    if work.session.scalar(select(Person.id).where(Person.email.endswith(f"@{MAIL_DOMAIN}")).limit(1)) is not None:
        raise Conflict("演示辖区已经装入，不能重复装入。", code="demo_loaded")
    kept = [what
            for what, row in (("单位", Unit), ("人员", Person), ("案件", Case))
            if work.session.scalar(select(row.id).limit(1)) is not None]
    if kept:
        raise Conflict(f"库里已有自己的{'、'.join(kept)}：演示辖区只装进空库，虚构的人和案件不与真的混在一起。", code="not_empty")


def counted(first: date, until: date, *, is_cut: bool = False) -> LoadedDemo:
    """The register as it stands, by source and state."""
    session = reading()
    rows = session.execute(
        select(Source.key, Case.state, func.count()).join(Case, Case.source_id == Source.id).group_by(Source.key, Case.state))
    by_source: dict[str, dict[str, int]] = {}
    for key, state, number in rows:
        by_source.setdefault(key, {})[state.value] = number
    facts = session.scalar(select(func.count()).select_from(FactRow).where(FactRow.stream.startswith("case:"))) or 0
    names = {source.key: source.name for source in rules.sources() if source.key in by_source}
    return LoadedDemo(first, until, is_cut, dict(sorted(by_source.items())), names, facts)


def months_before(on: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _draw_plots(year: Year, cases: int, seed: int) -> list[Walking]:
    rng = Random(f"{seed}/{cases}/{year.until}")
    draw = Draw(year, rng)
    return [live(Walk(year, draw.matter(story), Random(f"{seed}/{index}")), story)
            for index, story in enumerate(stories(cases, rng))]


def _run_plots(year: Year, plots: Sequence[Walking], supervision: Supervision, tell: Callable[[int, int], None]) -> None:
    """Let every case and every beat go on when its time has come, whichever is next, until the demo's last day begins."""
    end = datetime.combine(year.until, time(), year.clock.zone)
    days, begun = (year.until - year.first).days, year.first
    waiting = [(next(plot), index) for index, plot in enumerate(plots)]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] < end:
        moment, index = heapq.heappop(waiting)
        supervision.catch_up(moment)
        year.clock.move_to(moment)
        tell((moment.date() - begun).days, days)
        following = next(plots[index], None)
        if following is not None:
            assert following >= moment, "a case's time never runs backwards"
            heapq.heappush(waiting, (following, index))
        supervision.send()
    supervision.catch_up(end)
    tell(days, days)
