"""Running the product from its pages: what is wrong and how to mend it, backups, the clock's jobs, the mails that wait."""

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.say import Say
from tracker.services.house.work import reading, wiring
from tracker.services.mail import robots
from tracker.services.upkeep import doctor, jobs
from tracker.services.upkeep.running import asked_runs, backups, growth
from tracker.storage.mail import outbox_lines
from tracker.web.cadence.beats import JOB_STATES
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import told, tr
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("running", __name__, url_prefix="/settings")
OPS = Permission.ops_manage
NIGHTLY = "daily-backup"


@blueprint.get("/doctor", endpoint="doctor")
@needs(OPS)
def show_checks() -> str:
    """The checks of `flask doctor`, and how much came in a week."""
    return render_template("upkeep/running/doctor.html", checks=list(doctor.examine()),
                           growth=growth.of_weeks(wiring().clock.now()))


@blueprint.get("/backups", endpoint="backups")
@needs(OPS)
def show_backups() -> str:
    """The latest backups, and the way back, which is a command."""
    asked = [each for each in asked_runs.waiting(reading()) if each.job == NIGHTLY]
    return render_template("upkeep/running/backups.html", past=backups.past_backups(), asked=asked, folder=wiring().backups,
                           fingerprint=wiring().cipher.fingerprint, now=today().clock.now())


@blueprint.post("/backups", endpoint="backup_now")
@needs(OPS)
def backup_now() -> Response:
    """A backup as soon as the clock process comes to it."""
    return _asked_of_clock(NIGHTLY, today().on, "running.backups")


@blueprint.get("/jobs", endpoint="jobs")
@needs(OPS)
def show_jobs() -> str:
    """Each job: when, the last run, and a form to run it for a date."""
    whens = {job.id: told(job.due_words, at=f"{job.at:%H:%M}") for job in jobs.all_jobs()}
    return render_template("upkeep/running/jobs.html", jobs=jobs.all_jobs(), runs=jobs.last_runs(), whens=whens,
                           states=JOB_STATES,
                           seen_at=jobs.clock_seen_at(), asked=asked_runs.recent(reading()), on=today().on)


@blueprint.post("/jobs/<job_id>", endpoint="run_job")
@needs(OPS)
def run_job(job_id: str) -> Response:
    """Ask the clock to run it for a date, beats with or without mails."""
    text = request.form.get("on", "").strip()
    try:
        on = date.fromisoformat(text) if text else today().on
    except ValueError:
        raise Invalid(Say("“{text}”不是日期，应如 2026-12-01。", text=text), field="on") from None
    return _asked_of_clock(job_id, on, "running.jobs", is_silent=request.form.get("silent") == "1")


@blueprint.get("/mail", endpoint="mail")
@needs(OPS)
def show_mail() -> str:
    """What waits, what was given up or came back, and where the server is set."""
    session, settings = reading(), current_app.config["SETTINGS"]
    return render_template("upkeep/running/mail.html", standing=outbox_lines.standing(session), lines=outbox_lines.lines(session),
                           bounced=outbox_lines.bounced_readers(session), is_given=settings.is_mail_given,
                           scheme=settings.mail_url.partition(":")[0], states=MAIL_STATES,
                           groups=robots.names(), is_robot_on=robots.is_on())


MAIL_STATES = {"waiting": "待发", "claimed": "正在发", "sent": "已发", "given_up": "放弃", "held": "冻结"}


def _asked_of_clock(job_id: str, on: date, back: str, *, is_silent: bool = False) -> Response:
    try:
        asked_runs.ask(current_actor(), job_id, on, is_silent=is_silent)
        flash("已申请，由时钟进程在一分钟内开始办理；结果列在这里。", "done")
    except Refusal as refusal:
        flash(tr(refusal.sentence), "warn")
    return redirect(url_for(back))


@blueprint.post("/mail/robots/<name>")
@needs(OPS)
def try_robot(name: str) -> Response:
    """Post one message to a group."""
    flash(tr(robots.try_out(current_actor(), name)), "info")
    return redirect(url_for("running.mail"))
