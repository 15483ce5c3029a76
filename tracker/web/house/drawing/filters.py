"""What templates may call: dates in words, due dates, lights, the words of codes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask import Flask, g
from markupsafe import Markup, escape

from tracker.domain.cases import wording
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.register.columns import COLUMNS
from tracker.domain.house.say import DateForm, DateWords, Say
from tracker.domain.rules.area_codes import codes_above
from tracker.domain.rules.lights import days_overdue
from tracker.domain.rules.periods import Period
from tracker.domain.tables.wording import IMPORT_STATES
from tracker.domain.territory.editing import AREA_KINDS, AREA_LEVELS
from tracker.domain.territory.tiles import TileSource
from tracker.services.house.work import wiring
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.territory import tiles
from tracker.services.territory.offices import is_invented
from tracker.storage.cases.register.register import NO_LIGHT, light_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import is_english, tr
from tracker.web.house.drawing.speed.addresses import asset, page_url, record_url
from tracker.web.house.drawing.wording import LIGHT_SHAPES, LIMIT_UNITS

TABLES: Mapping[str, Mapping[str, str]] = {
    "channel": wording.CHANNELS, "finding": wording.FINDINGS, "supervision": wording.SUPERVISION,
    "unit_kind": wording.UNIT_KINDS, "history": wording.HISTORIES, "limit_unit": LIMIT_UNITS, "area_level": AREA_LEVELS,
    "area_kind": AREA_KINDS,
    "step": wording.STEPS, "light": wording.LIGHTS, "column": COLUMNS, "import_state": IMPORT_STATES,
}


def cn_date(on: date | None) -> str:
    """2026年11月23日, or 23 Nov 2026."""
    return "—" if on is None else str(tr(DateWords(on)))


def cn_month(on: date) -> str:
    """2026年11月."""
    return str(tr(DateWords(on, DateForm.month)))


def cn_month_day(on: date) -> str:
    """11月23日."""
    return str(tr(DateWords(on, DateForm.without_year)))


def period_words(period: Period) -> str:
    """2026年第47周, or week 47 of 2026."""
    return str(tr(period.word))


def cn_weekday(on: date) -> str:
    """周五."""
    return str(tr(DateWords(on, DateForm.weekday)))


def cn_day(on: date | None) -> str:
    """11月27日 周五, with the year where it is not this year's."""
    if on is None:
        return "—"
    day, weekday = cn_month_day(on) if on.year == today().on.year else cn_date(on), cn_weekday(on)
    return f"{weekday} {day}" if is_english() else f"{day} {weekday}"


def cn_moment(at: datetime | None) -> str:
    """2026年11月23日 15:40 on the office's wall clock."""
    if at is None:
        return "—"
    local = today().clock.local(at)
    return f"{cn_date(local.date())} {local:%H:%M}"


def cn_short(at: datetime) -> str:
    """11月23日 15:40, with the year where it is not this year's."""
    local = today().clock.local(at)
    on = local.date()
    return f"{cn_month_day(on) if on.year == today().on.year else cn_date(on)} {local:%H:%M}"


def statutory(code: str | None) -> dict[str, str]:
    """What the state calls a place that a functional zone runs: its code, and the county it lies in; nothing for any other."""
    gazetteer = rules.gazetteer()
    formal = gazetteer.statutory(code) if code else ""
    county = gazetteer.area(codes_above(formal)[-1]) if formal else None
    return {"code": formal, "within": county.name if county is not None else ""} if formal else {}


def area_name(code: str) -> str:
    """The name of a division, old or new; read once per request."""
    if "area_names" not in g:
        g.area_names = {area.code: area.name for area in rules.gazetteer().areas}
    return str(g.area_names.get(code, code))


def due_words(due_on: date | None, is_provisional: bool = False) -> str:
    """还剩 3 个工作日 · 11月27日 周五."""
    if due_on is None:
        return str(tr("未定时限"))
    now = today()
    if due_on < now.on:
        words = tr(Say("已超期 {days} 天", days=days_overdue(due_on, now.on)))
    elif due_on == now.on:
        words = tr("今天到期")
    else:
        words = tr(Say("还剩 {days} 个工作日", days=_workdays_left(due_on)))
    return f"{words} · {cn_day(due_on)}" + (tr("（暂定）") if is_provisional else "")


def _workdays_left(due_on: date) -> int:
    """Working days after today up to the due date."""
    now = today()
    return now.calendar.workdays_between(now.on + timedelta(days=1), due_on)


def light_badge(light: str, due_on: date | None = None) -> Markup:
    """A light as shape, word and colour; a late one says by how many days."""
    now, extra = today(), ""
    if due_on is not None and light == "red":
        extra = tr(Say(" {days}天", days=days_overdue(due_on, now.on)))
    if due_on is not None and light == "yellow":
        extra = tr(" 今天") if due_on == now.on else tr(Say(" {days}天", days=_workdays_left(due_on)))
    text = f"{LIGHT_SHAPES[light]} {tr(wording.LIGHTS[light])}{escape(extra)}"
    return Markup('<span class="light light-{}">{}</span>').format(light, text)


def case_light(state: CaseState, due_on: date | None) -> str:
    """The light of a case today."""
    return light_of(state, due_on, today().bounds)


def due_light(due_on: date | None) -> str:
    """The light of anything that is owed by a day, while it is owed."""
    return today().bounds.light(due_on).value


def words_of(code: str | None, table: str) -> str:
    """The word of a code."""
    words = categories().shown_on(today().on) if table == "category" else TABLES[table]
    return str(tr(words.get(code or "", code or "—")))


def word(member: StrEnum) -> str:
    """The word of an enum member."""
    return str(tr(wording.word(member)))


def file_size(size: int) -> str:
    """1.2 MB."""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(size // 1024, 1)} KB"


def upload_limit() -> str:
    """How large a file may be, as the settings say."""
    return f"{wiring().upload_max_bytes / 1_048_576:g} MB"


def map_tiles() -> TileSource | None:
    """The tiles under the map of this page, whose host its policy then lets in."""
    found = tiles.current()
    if found is not None:
        g.tile_origin = found.origin
    return found


def register(app: Flask) -> None:
    """Hand the filters and globals to the templates."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        cn_date=cn_date, cn_day=cn_day, cn_moment=cn_moment, due_words=due_words, words_of=words_of, word=word,
        file_size=file_size, cn_short=cn_short, area_name=area_name, statutory=statutory, cn_month=cn_month,
        cn_month_day=cn_month_day, cn_weekday=cn_weekday, period_words=period_words,
    )
    app.jinja_env.globals.update(
        asset=asset, page_url=page_url, record_url=record_url, light_badge=light_badge, case_light=case_light,
        due_light=due_light, today=today, NO_LIGHT=NO_LIGHT, step_rows=CASE_FLOW.steps, upload_limit=upload_limit,
        is_invented=is_invented, map_tiles=map_tiles,
    )
