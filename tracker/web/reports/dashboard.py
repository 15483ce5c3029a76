"""The dashboard (调度) for those who supervise: what is open, due, overdue and done, by unit, street and type, by week, and
compared with the days before."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from tracker.domain.house.actor import Permission, Scope
from tracker.domain.rules.lights import LightBounds
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading
from tracker.services.rules.categories import categories
from tracker.storage.cases.register import dashboard, register
from tracker.storage.cases.register.dashboard import COUNTED, CaseFigures, Split, Week, within
from tracker.storage.cases.register.filters import NOBODY, Filters
from tracker.web.cases.register.view import NO_STREET, NO_UNIT, choices_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import area_name
from tracker.web.house.guard import current_actor, needs
from tracker.web.reports import charts, spans
from tracker.web.reports.charts import FiguresRow
from tracker.web.reports.spans import Days, SpanRow

blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")
WORDS = {"open": "在办", "due_soon": "临期", "overdue": "超期", "done": "已完成"}
Found = tuple[Split, dict[str, CaseFigures], list[Week], tuple[SpanRow, ...]]


@dataclass(frozen=True)
class SplitBoard:
    """One split of the figures: `by` is the filter of the register that a row stands for."""

    by: str
    word: str
    note: str
    measure: str
    title: str
    rows: tuple[FiguresRow, ...]
    asked: Filters

    @property
    def tables(self) -> tuple[tuple[FiguresRow, ...], tuple[FiguresRow, ...]]:
        """The rows with open cases, which are shown, and those without, which are folded away."""
        return tuple(r for r in self.rows if r.figures.open), tuple(r for r in self.rows if not r.figures.open)

    def args(self, row: FiguresRow, figure: str) -> dict[str, object]:
        """The address of just the cases that a number counts."""
        return within(COUNTED[figure], self.asked).to_args(**{self.by: row.code})


@blueprint.get("", endpoint="dashboard")
@needs(Permission.case_supervise)
def show_dashboard() -> str:
    """Everything that the reader may see, in numbers and pictures, under the source and the days of the address."""
    scope, now, asked = current_actor().scope(), today(), within(Filters(), Filters.from_args(request.args))
    days = spans.asked_days(asked, now.on)
    found, types, weeks, span_rows = until_next_fact(
        "dashboard", (scope, now.bounds, asked, days), register.last_fact(reading()),
        lambda: _count_all(scope, now.bounds, asked, days))
    return render_template(
        "reports/dashboard/show.html", boards=_boards_of(found, types, asked), words=WORDS,
        total=sum(found.units.values(), CaseFigures()),
        counted={name: within(view, asked) for name, view in COUNTED.items()}, charts=charts, asked=asked,
        sources=choices_of(scope).offered("source", asked.source), days=days, before=spans.days_before(days),
        span_rows=span_rows, weeks=weeks, trend=charts.columns(weeks), trend_title=charts.trend_answer(weeks),
        week_args=lambda week, what: week_args(week, what, asked.source),
    )


def week_args(week: Week, what: str, source: str = "") -> dict[str, object]:
    """The address of the cases that a week counts."""
    days = {f"{what}_from": week.first, f"{what}_to": week.last}
    return Filters(source=source, **days).to_args()  # type: ignore[arg-type]


def _count_all(scope: Scope, bounds: LightBounds, asked: Filters, days: Days) -> Found:
    session = reading()
    return (dashboard.split(session, scope, bounds, asked), dashboard.by_type(session, scope, bounds, asked),
            dashboard.weeks(session, scope, bounds.today, source=asked.source),
            spans.compared(days, asked.source, lambda views: register.numbers(session, scope, views, bounds)))


def _boards_of(found: Split, types: Mapping[str, CaseFigures], asked: Filters) -> tuple[SplitBoard, ...]:
    areas = {code: area_name(code) for code in found.areas} | {NOBODY: NO_STREET}
    return (
        _split_board("unit", "单位", "按主办单位", {**found.unit_names, NOBODY: NO_UNIT}, found.units, "{n} 个单位", asked),
        _split_board("area", "街道（镇）", "按点位所在街道", areas, found.areas, "{n} 个街道", asked),
        _split_board("type", "问题类型", "一件可属多类，各类之和可大于总数", categories().shown_on(today().on), types, "{n} 类", asked),
    )


def _split_board(by: str, word: str, note: str, names: Mapping[str, str], figures: Mapping[str, CaseFigures],
                 measure: str, asked: Filters) -> SplitBoard:
    rows = charts.ordered([FiguresRow(code, names[code], found) for code, found in figures.items() if code in names])
    return SplitBoard(by, word, note, measure, charts.answer(rows, measure), tuple(rows), asked)
