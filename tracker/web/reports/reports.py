"""报告: the archive of frozen reports, each as a page, a paper and a file, with the cases behind its figures and the proof."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Broken, NotFound, Refusal
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Cell, Document, counts_of
from tracker.domain.reports.issuing.heads import PaperHead
from tracker.domain.reports.kinds import REPORTS, report_named
from tracker.domain.reports.sight import may_read, readable, reads_whole
from tracker.domain.rules.periods import Period, period_named
from tracker.gateways.house.charts import chart_svg
from tracker.gateways.house.printed_cells import without_private
from tracker.gateways.reports.html import Skin, fragment, leads
from tracker.services.cadence import gaps
from tracker.services.cadence.gaps import DueBeat
from tracker.services.house.work import reading, wiring
from tracker.services.reports import quoting, reports
from tracker.services.reports.papers import CircularPaper, check_issued, is_out, json_of, paper_of
from tracker.services.reports.reports import Built
from tracker.storage.reports import archive as report_archive
from tracker.storage.reports.stored import StoredReport
from tracker.web.house.drawing.languages import in_chinese
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.links import address_here
from tracker.web.reports.beat_marks import ahead

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
READ = Permission.report_read
ABSENT = "没有找到这份报告，或您无权查看。"
FILES: dict[str, tuple[str, str]] = {
    "xlsx": ("tracker.gateways.reports.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("tracker.gateways.reports.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "json": ("", "application/json"),
}


@dataclass(frozen=True)
class Opened:
    """A frozen report as this reader may see it: whole, or without what people wrote about cases that are not theirs."""

    row: StoredReport
    document: Document
    is_whole: bool
    paper: CircularPaper | None = None  # as which it is sent, where it is signed for

    @property
    def place(self) -> dict[str, Any]:
        """The parts of its address."""
        return place_of(self.row.name, self.row.period, self.row.area_code)


@dataclass(frozen=True)
class CasesCounted:
    """The list behind a number: its words, what it counts, the cases, and the figure or the cell it was asked by."""

    word: str
    definition: str
    numbers: tuple[str, ...]
    figure: str = ""
    cell: str = ""


def place_of(name: str, period: str, area_code: str) -> dict[str, Any]:
    """The parts of a report's address; the own area is not written."""
    return {"name": name, "period": period, **({} if area_code == wiring().home_area else {"area": area_code})}


@blueprint.get("", endpoint="reports")
@needs(READ)
def archive() -> str:
    """What was frozen, the latest first."""
    name, period = request.args.get("name", ""), request.args.get("period", "").strip()
    page = report_archive.archive(reading(), readable(current_actor()), name, period, request.args.get("after", ""))
    coming = [each
              for each in ahead(wiring().home_area)
              if each.cadence.report] if reads_whole(current_actor(), wiring().home_area) else []
    return render_template("reports/list.html", page=page, name=name, period=period, reports=REPORTS, coming=coming,
                           place_of=place_of)


@blueprint.get("/<name>/<period>")
@needs(READ)
def report(name: str, period: str) -> str:
    """A frozen report, or the preview of one that is not."""
    row = _find_report(name, period)
    if row is None:
        return _not_yet(name, period)
    opened = _open_row(row)
    return render_template("reports/show.html", opened=opened, row=row, fragment=_page_of(opened),
                           kind=report_named(name))


@blueprint.get("/<name>/<period>/print")
@needs(READ)
@in_chinese
def printed(name: str, period: str) -> str:
    """The report on A4."""
    opened = _open_report(name, period)
    return render_template("reports/print.html", row=opened.row, fragment=_page_of(opened))


@blueprint.get("/<name>/<period>/cases")
@needs(READ)
def cases(name: str, period: str) -> str:
    """The cases that a figure, or a cell of a table, counted, as far as the reader may see them."""
    opened = _open_report(name, period)
    listed = _listed_behind(opened.document, request.args.get("figure", ""), request.args.get("cell", ""))
    page = report_archive.cases_behind(reading(), current_actor().scope(), listed.numbers, request.args.get("after", ""))
    return render_template("reports/cases.html", opened=opened, row=opened.row, listed=listed, page=page,
                           count=len(listed.numbers))


@blueprint.get("/<name>/<period>/file.<any(xlsx, docx, json):kind>")
@needs(READ)
def download(name: str, period: str, kind: str) -> Response:
    """The same numbers as a table, as a paper, or as the text that was hashed."""
    opened = _open_report(name, period)
    module, mimetype = FILES[kind]
    if not module and not opened.is_whole:
        raise NotFound(ABSENT)
    more = {"issued_on": reports.issued_on(opened.row),
            "office": reports.office_of(opened.row.area_code), "head": _head_of(opened)} if kind == "docx" else {}
    content = import_module(module).write(opened.document, **more) if module else json_of(opened.row, opened.paper)
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{opened.row.title}.{kind}', safe='')}"
    return answer


@blueprint.post("/<name>/<period>/check")
@needs(READ)
def check(name: str, period: str) -> Response:
    """Make it again from the ledger, and say whether it comes out the same."""
    opened = _open_report(name, period)
    if not opened.is_whole:
        raise NotFound(ABSENT)
    try:
        again = reports.rerun(opened.row)
        check_issued(opened.row)
        flash(Say("重算相符：由账本重新统计，摘要同为 {digest}。", digest=again.digest()[:12]), "done")
    except reports.OtherEdition as other:
        flash(other.sentence, "warn")
    except Broken as broken:
        flash(broken.sentence, "error")
    return redirect(url_for("reports.report", **opened.place))


def _not_yet(name: str, period_key: str) -> str:
    """A period that has no frozen report: when it is due, and on request what it would say now."""
    area = _asked_area()
    try:
        found, period = report_named(name), period_named(period_key)
    except Refusal:
        raise NotFound(ABSENT) from None
    cadence = found.beat
    if period.kind is not cadence.kind or not cadence.beats_in(period) or not reads_whole(current_actor(), area):
        raise NotFound(ABSENT)
    beat = gaps.beat_of(cadence, period, area)
    built, trouble = _try_build(name, period, area) if request.args.get("preview") else (None, "")
    return render_template("reports/preview.html", report=found, period=period, cadence=cadence, trouble=trouble,
                           fragment=_preview_of(built), due_at=beat.due_at, area=area,
                           is_past_due=beat.due_at <= wiring().clock.now() and _is_supervised(beat),
                           place=place_of(name, period.key, area))


def _try_build(name: str, period: Period, area: str) -> tuple[Built | None, str]:
    try:
        return reports.build(name, period, area), ""
    except Refusal as refusal:
        return None, refusal.sentence


def _is_supervised(beat: DueBeat) -> bool:
    """Whether the period has a page of supervision, where it can be made."""
    kept = gaps.books()
    return beat.area_code in kept.areas and not (kept.is_before(beat) and gaps.why_empty(beat, gaps.began_on()))


def _asked_area() -> str:
    return request.args.get("area", "") or wiring().home_area


def _find_report(name: str, period: str) -> StoredReport | None:
    """The row, when it is this reader's to see. Absent and forbidden look alike, and so does what waits for its signature."""
    if not may_read(current_actor(), name, _asked_area()):
        raise NotFound(ABSENT)
    row = reports.find(name, period, _asked_area())
    return row if row is None or reads_whole(current_actor(), row.area_code) or is_out(row) else None


def _open_report(name: str, period: str) -> Opened:
    row = _find_report(name, period)
    if row is None:
        raise NotFound(ABSENT)
    return _open_row(row)


def _open_row(row: StoredReport) -> Opened:
    paper = paper_of(row)
    document = quoting.shown(paper.document if paper is not None else reports.document_of(row))
    if reads_whole(current_actor(), row.area_code):
        return Opened(row, document, True, paper)
    seen = report_archive.seen_of(reading(), current_actor().scope(),
                                  [number for numbers in document.cases.values() for number in numbers])
    cases = {key: tuple(number for number in numbers if number in seen) for key, numbers in document.cases.items()}
    return Opened(row, replace(without_private(document), cases=cases), False, paper)


def _head_of(opened: Opened) -> PaperHead | None:
    return opened.paper.head if opened.paper is not None else None


def _page_of(opened: Opened) -> Markup:
    """The fragment, with links only to what the reader may open."""
    named = [str(row[at]) for section in opened.document.sections for table in section.tables
             for at, column in enumerate(table.columns) if column.kind == "case" for row in table.rows if row[at]]
    seen = report_archive.seen_of(reading(), current_actor().scope(), named)

    def case_url(number: str) -> str | None:
        return url_for("cases.show", number=number) if number in seen else None

    def link(to: Link | None) -> str | None:
        if to is None or (to.place is Place.case and to.keys[0] not in seen):
            return None
        return address_here(to)

    def cases_url(key: str) -> str:
        return url_for("reports.cases", figure=key, **opened.place)

    def cell_url(cell: Cell) -> str | None:
        return url_for("reports.cases", cell=cell.place, **opened.place) if leads(cell) else None

    head = _head_of(opened)
    return fragment(opened.document, Skin((head.digest if head is not None else "") or opened.row.digest,
                                          lambda chart: Markup(chart_svg(chart)),  # noqa: S704
                                          link, case_url, cases_url, head=head, cell_url=cell_url))


def _preview_of(built: Built | None) -> Markup | None:
    if built is None:
        return None
    # drawn by us
    skin = Skin(built.document.digest(), lambda chart: Markup(chart_svg(chart)),  # noqa: S704
                lambda link: address_here(link) if link else None,
                lambda number: url_for("cases.show", number=number), lambda key: None)
    return fragment(quoting.shown(built.document), skin)


def _listed_behind(document: Document, figure_key: str, place: str) -> CasesCounted:
    """The list behind a figure or a cell. Raises `NotFound` where there is none."""
    if place:
        for table, at, column, count in counts_of(document):
            if count.place == place:
                row = (*table.rows, table.total)[at]
                named = next((str(cell) for cell in row if isinstance(cell, str) and cell), "")
                word = " · ".join(filter(None, (named, table.columns[column].head)))
                return CasesCounted(word, table.title, count.cases, cell=place)
    elif (numbers := document.cases.get(figure_key)) is not None:
        figure = next((each for section in document.sections for each in section.figures if each.key == figure_key), None)
        return CasesCounted(figure.word if figure else "", figure.definition if figure else "", numbers, figure=figure_key)
    raise NotFound("没有这个数字的清单，或您无权查看。")
