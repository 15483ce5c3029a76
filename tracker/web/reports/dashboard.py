"""The dashboard (调度) for those who supervise: what is open, due, overdue and done, by unit, street and type, and by week."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template

from tracker.domain.house.actor import Permission
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading
from tracker.services.rules.categories import categories
from tracker.storage.cases.register import dashboard, register
from tracker.storage.cases.register.dashboard import COUNTED, CaseFigures
from tracker.storage.cases.register.filters import NOBODY, Filters
from tracker.web.cases.register.view import NO_STREET, NO_UNIT
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import area_name
from tracker.web.house.guard import current_actor, needs
from tracker.web.reports import charts
from tracker.web.reports.charts import FiguresRow

blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")
WORDS = {"open": "在办", "due_soon": "临期", "overdue": "超期", "done": "已完成"}


@dataclass(frozen=True)
class SplitBoard:
    """One split of the figures: `by` is the filter of the register that a row stands for."""

    by: str
    word: str
    note: str
    measure: str
    title: str
    rows: tuple[FiguresRow, ...]

    @property
    def tables(self) -> tuple[tuple[FiguresRow, ...], tuple[FiguresRow, ...]]:
        """The rows with open cases, which are shown, and those without, which are folded away."""
        return tuple(r for r in self.rows if r.figures.open), tuple(r for r in self.rows if not r.figures.open)

    def args(self, row: FiguresRow, figure: str) -> dict[str, object]:
        """The address of just the cases that a number counts."""
        return COUNTED[figure].to_args(**{self.by: row.code})


@blueprint.get("", endpoint="dashboard")
@needs(Permission.case_supervise)
def show_dashboard() -> str:
    """Everything that the reader may see, in numbers and pictures."""
    scope, now = current_actor().scope(), today()
    found, types, weeks = until_next_fact("dashboard", (scope, now.bounds), register.last_fact(reading()), lambda: (
        dashboard.split(reading(), scope, now.bounds), dashboard.by_type(reading(), scope, now.bounds),
        dashboard.weeks(reading(), scope, now.on)))
    boards = (
        _split_board("unit", "单位", "按主办单位", {**found.unit_names, NOBODY: NO_UNIT}, found.units, "{n} 个单位"),
        _split_board("area", "街道（镇）", "按点位所在街道", {code: area_name(code) for code in found.areas} | {NOBODY: NO_STREET},
                     found.areas, "{n} 个街道"),
        _split_board("type", "问题类型", "一件可属多类，各类之和可大于总数", categories().shown_on(now.on), types, "{n} 类"),
    )
    return render_template(
        "reports/dashboard/show.html", boards=boards, words=WORDS, total=sum(found.units.values(), CaseFigures()),
        counted=COUNTED, charts=charts,
        weeks=weeks, trend=charts.columns(weeks), trend_title=charts.trend_answer(weeks), week_args=week_args,
    )


def week_args(week: dashboard.Week, what: str) -> dict[str, object]:
    """The address of the cases that a week counts."""
    days = {f"{what}_from": week.first, f"{what}_to": week.last}
    return Filters(**days).to_args()  # type: ignore[arg-type]


def _split_board(by: str, word: str, note: str, names: Mapping[str, str], figures: Mapping[str, CaseFigures],
                 measure: str) -> SplitBoard:
    rows = charts.ordered([FiguresRow(code, names[code], found) for code, found in figures.items() if code in names])
    return SplitBoard(by, word, note, measure, charts.answer(rows, measure), tuple(rows))
