"""调度: the calendar of the cadences, the record of each beat with its receipts, the close-out list, and the jobs of the clock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.cadence.beats import Beat, beat_named
from tracker.domain.cadence.telling import Telling
from tracker.domain.cases.facts import CLOSABLE
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.domain.house.say import Say
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.reports.sight import readable, reads_whole
from tracker.domain.rules.periods import Period, period_named
from tracker.services.acts import access
from tracker.services.cadence import beats, gaps, ladder, morning, sign_offs
from tracker.services.cadence.gaps import Books, DueBeat
from tracker.services.cases.register import bulk
from tracker.services.house.work import reading, wiring
from tracker.services.mail import claims
from tracker.services.reports import reports
from tracker.services.upkeep import jobs
from tracker.storage.cadence import records
from tracker.storage.cadence.rungs import on_day
from tracker.storage.mail import outbox_lines
from tracker.storage.mail.receipts import MailReceipt, of_record
from tracker.storage.reports import archive
from tracker.web.cadence.forms import RunForm, SignForm
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import told
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.reports.beat_marks import MARKS, ahead, how, how_unrecorded, month_named, weeks_of

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")
READ = Permission.supervision_read
ABSENT = "没有找到这一期调度，或您无权查看。"
MAIL_STATES: dict[str, tuple[str, str, str]] = {
    "sent": ("已送达邮件服务器", "✓", "green"), "waiting": ("待发", "○", "none"), "claimed": ("发送中", "◐", "blue"),
    "given_up": ("多次失败，已放弃", "✕", "red"), "held": ("暂扣", "■", "yellow"), "bounced": ("被退回", "✕", "red"),
}
JOB_STATES: dict[str, tuple[str, str, str]] = {"done": MARKS["done"], "failed": MARKS["failed"], "running": MARKS["running"]}


@dataclass(frozen=True)
class ShownBeat:
    """One beat that this person may see, with its record where it was begun."""

    beat: DueBeat
    record: records.Whole | None
    how: str

    @property
    def place(self) -> dict[str, Any]:
        """The parts of its address."""
        return place_of(self.beat.cadence, self.beat.period.key, self.beat.area_code)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to run."""
        return self.record is not None and self.record.kept.state == "done"

    @property
    def is_past(self) -> bool:
        """Whether making it now would be making it late."""
        return self.how not in ("due", "next")


def place_of(cadence: Beat, period: str, area_code: str) -> dict[str, Any]:
    """The parts of a beat's address; the own area is not written."""
    area = {} if area_code == wiring().home_area else {"area": area_code}
    return {"cadence": cadence.id, "period": period, **area}


@blueprint.get("", endpoint="supervision")
@needs(READ)
def show_month() -> str:
    """The month: what was due, what was done, late or missed, and what comes."""
    kept = gaps.books()
    areas = _watched_areas(kept)
    area, first = _asked_area(areas), month_named(request.args.get("month", ""))
    if not area:
        return render_template("cadence/nothing.html")
    stuck, weeks = _stuck_outbox(area), weeks_of(first, area, kept)
    is_any_absent = any(mark.how == "absent" for week in weeks for day in week for mark in day.marks)
    return render_template(
        "cadence/month.html", stuck=stuck, bounced=outbox_lines.bounced_readers(reading()) if stuck and stuck.bounced else (),
        weeks=weeks, is_any_absent=is_any_absent, first=first, before=first - timedelta(days=1),
        after=first + timedelta(days=31), ahead=ahead(area), alarms=alarms(), area=area, areas=areas, place_of=place_of,
        is_begun=bool(kept.since), capped=outbox_lines.over_cap(reading(), area, claims.OVER_CAP))


@blueprint.get("/<cadence>/<period>")
@needs(READ)
def record(cadence: str, period: str) -> str:
    """One beat: when it was due and made, from how many cases, to whom it went, what it froze, and who signed it."""
    return _record_page(_shown_beat(cadence, period), SignForm())


@blueprint.post("/<cadence>/<period>/sign")
@needs(READ)
def sign(cadence: str, period: str) -> Response | Page:
    """Sign it off, with a note."""
    shown, form = _shown_beat(cadence, period), SignForm()
    if not form.validate():
        return _record_page(shown, form), 422
    try:
        sign_offs.sign(current_actor(), shown.beat.cadence.id, shown.beat.period.key, shown.beat.area_code, form.note.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _record_page(shown, form), refusal.status
    flash("已签收。", "done")
    return redirect(url_for("supervision.record", **shown.place))


@blueprint.get("/<cadence>/<period>/run")
@needs(Permission.case_supervise)
def ask_run(cadence: str, period: str) -> str:
    """What running it now would do, to be told to its readers or to nobody."""
    shown = _runnable_beat(cadence, period)
    return render_template("cadence/run.html", shown=shown, foreseen=beats.foresee(shown.beat), form=RunForm())


@blueprint.post("/<cadence>/<period>/run")
@needs(Permission.case_supervise)
def run(cadence: str, period: str) -> Response:
    """Make it now; what is made is not made again, and nothing goes out twice."""
    shown = _runnable_beat(cadence, period)
    ran = beats.run(shown.beat.cadence.id, shown.beat.period.key, shown.beat.area_code, telling=_asked_telling())
    flash(Say("已办理：{outcome}", outcome=ran.outcome) if ran.was_run else Say("{outcome}。", outcome=ran.outcome), "done"
          if ran.was_run else "warn")
    return redirect(url_for("supervision.record", **shown.place))


@blueprint.get("/close-out")
@needs(READ)
def close_out() -> str:
    """The cases that the last weekly review proposes to close, as they stand now, on the way to closing them together: as many
    on a page as may be closed at once."""
    actor, area = current_actor(), _asked_area(_watched_areas(gaps.books()))
    row = archive.newest(reading(), readable(actor), [each.name for each in REPORTS if each.has_proposals], area)
    numbers = reports.document_of(row).cases.get("proposed", ()) if row is not None else ()
    page = archive.cases_behind(reading(), actor.scope(), numbers, request.args.get("after", ""), bulk.MOST)
    lines, may_close = [each for each in page.lines if each.state in CLOSABLE], actor.has(Permission.case_close)
    whys = {each.number: each.why
            for each in bulk.preview(actor, Steps.close.name, [line.number for line in lines])} if may_close and lines else {}
    return render_template(
        "cadence/close_out.html", report=row, lines=lines, whys=whys, is_any_open="" in whys.values(), after=page.after,
        most=bulk.MOST,
        others=[each for each in page.lines if each.state not in CLOSABLE], count=len(set(numbers)), may_close=may_close)


@blueprint.get("/jobs")
@needs(READ)
def jobs_page() -> str:
    """The jobs of the clock with their last runs."""
    whens = {job.id: told(job.due_words, at=f"{job.at:%H:%M}") for job in jobs.all_jobs()}
    return render_template("cadence/jobs.html", jobs=jobs.all_jobs(), runs=jobs.last_runs(), whens=whens, states=JOB_STATES,
                           seen_at=jobs.clock_seen_at(), alarms=alarms())


def alarms() -> tuple[str, ...]:
    """What the dead man's switch says, for the page and for the desk."""
    return beats.alarm(wiring().clock.now())


def _record_page(shown: ShownBeat, form: SignForm) -> str:
    found = shown.record
    receipts: Sequence[MailReceipt] = of_record(reading(), found.id) if found is not None else ()
    actor, area = current_actor(), shown.beat.area_code
    is_morning = found is not None and shown.beat.cadence.id == morning.ID
    rungs = on_day(reading(), actor.scope(), access.scope_of(actor), area, shown.beat.period.first) if is_morning else ()
    is_open = found is not None and found.kept.state == "done" and found.kept.signed_at is None
    return render_template(
        "cadence/record.html", shown=shown, record=found, row=found.kept if found is not None else None, receipts=receipts,
        form=form,
        rungs=rungs, rung_word=ladder.word_of, marks=MARKS, counts=Counter(each.standing for each in receipts),
        mail_states=MAIL_STATES,
        may_sign=is_open and sign_offs.may_sign(actor, area), may_run=_may_run(shown))


def _shown_beat(cadence_id: str, period_key: str) -> ShownBeat:
    """The beat. Absent and forbidden look alike."""
    area = request.args.get("area", "") or wiring().home_area
    try:
        cadence, period = beat_named(cadence_id), period_named(period_key)
    except Refusal:
        raise NotFound(ABSENT) from None
    if period.kind is not cadence.kind or not cadence.beats_in(period) or not reads_whole(current_actor(), area):
        raise NotFound(ABSENT)
    return _with_record(cadence, period, area)


def _with_record(cadence: Beat, period: Period, area: str) -> ShownBeat:
    found, kept = records.whole(reading(), cadence.id, period.key, area), gaps.books()
    beat, now = gaps.beat_of(cadence, period, area), today().clock.now()
    if found is None:
        return ShownBeat(beat, None, _how_unbegun(beat, kept, now))
    row = found.kept
    return ShownBeat(beat, found, how(records.Beaten(row.cadence, row.period, row.due_at, row.state, row.is_caught_up,
                                                     row.signed_at),
                                      cadence, row.due_at, now))


def _how_unbegun(beat: DueBeat, kept: Books, now: datetime) -> str:
    """How a beat without a record stands. Before the books were opened the ledger must have something to tell of it."""
    if beat.area_code not in kept.areas:
        raise NotFound(ABSENT)
    standing = how_unrecorded(beat, kept, now)
    if standing == "absent" and (sentence := gaps.why_empty(beat, gaps.began_on())):
        raise NotFound(sentence)
    return standing


def _asked_telling() -> Telling:
    """What the button said; without a word of it, as the clock would do."""
    asked = request.form.get("telling", Telling.usual.value)
    if asked not in set(Telling):
        raise Invalid("请选择发邮件还是只存档。", field="telling")
    return Telling(asked)


def _runnable_beat(cadence: str, period: str) -> ShownBeat:
    shown = _shown_beat(cadence, period)
    if not current_actor().has_in(Permission.case_supervise, shown.beat.area_code):
        raise NotAllowed("只有管着整个辖区的人可以办理这一期。")
    if shown.is_done:
        raise WrongState("这一期已经办理，不会重办，也不会重发。")
    if shown.how == "next":
        raise WrongState("这一期还没有到时间。")
    return shown


def _may_run(shown: ShownBeat) -> bool:
    return not shown.is_done and shown.how != "next" and current_actor().has_in(Permission.case_supervise, shown.beat.area_code)


def _stuck_outbox(area: str) -> outbox_lines.OutboxStanding | None:
    """How the outbox stands where something in it is stuck, for who watches over the whole district; None where all is well."""
    if area != wiring().home_area:
        return None
    found = outbox_lines.standing(reading())
    return found if found.is_frozen or found.given_up or found.bounced else None


def _watched_areas(kept: Books) -> tuple[str, ...]:
    """The areas with cadences that this person watches over."""
    return tuple(area for area in kept.areas if reads_whole(current_actor(), area))


def _asked_area(areas: Sequence[str]) -> str:
    """The area that is asked for, the first where none is; empty where this person watches over none."""
    wanted = request.args.get("area", "")
    if wanted and wanted not in areas:
        raise NotFound(ABSENT)
    return wanted or next(iter(areas), "")
