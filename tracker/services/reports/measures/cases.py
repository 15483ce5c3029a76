"""Figures of cases over any window, of all sources or of one."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.coordination.attached_cases import done_by
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.inputs import Reach
from tracker.domain.reports.measures.case_figures import COMPLAINTS, CasePiles
from tracker.domain.reports.measures.counted import Asked, Found
from tracker.domain.reports.rates import Span
from tracker.services.coordination.schedules import stories_of
from tracker.services.house.work import wiring
from tracker.storage.reports.measured import has_cases
from tracker.storage.reports.stories import last_fact_id, stories_within
from tracker.storage.territory.territory import Source

ONE_DAY = timedelta(days=1)


def count_cases(session: Session, asked: Asked) -> Found:
    """By the facts of the day that is asked about; cases of withdrawn imports count nowhere."""
    clock = wiring().clock
    cut, opens = clock.end_of(asked.on), datetime.combine(asked.first, time(), wiring().zone)
    sources = {row.id: row for row in session.execute(select(Source.id, Source.key, Source.kind))}
    wanted = _source_asked({row.key: row.id for row in sources.values()}, asked)
    if not has_cases(session, cut, asked.area_code, wanted):
        return {}
    piles = CasePiles(_span_of(asked), {row.id for row in sources.values() if row.kind in COMPLAINTS})
    for each in stories_within(session, Reach(opens, asked.first), cut, last_fact_id(session, cut), _office_date):
        if not each.is_withdrawn and each.get("jurisdiction").startswith(asked.area_code) \
                and wanted in (None, each.get("source_id")):
            piles.add(each)
    stories = stories_of(session, piles.merged)
    was_done, is_done = done_by(stories, opens), done_by(stories, clock.end_of(asked.until))
    return piles.figures(lambda stream: is_done(stream) and not was_done(stream))


def _source_asked(ids: dict[str, int], asked: Asked) -> int | None:
    """The source that is asked for; None for all. Raises `Invalid`."""
    key = asked.params.get("source", "")
    if key and key not in ids:
        raise Invalid(Say("没有来源“{key}”；已有：{keys}。", key=key[:40], keys=Listed(sorted(ids))), field="source")
    return ids.get(key)


def _span_of(asked: Asked) -> Span:
    """As the reports have it: the last day is over once the day of the records is past it."""
    over = asked.last if asked.on >= asked.last and asked.on < wiring().clock.today() else min(asked.last, asked.on - ONE_DAY)
    return Span(asked.first, asked.last, over, asked.until)


def _office_date(at: datetime) -> date:
    return wiring().clock.local(at).date()
