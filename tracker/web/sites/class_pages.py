"""The yearly roster of classes by page: many proposals decided at once, counts, and what changed since last year."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.publications.kinds import classes_of
from tracker.domain.sites.registers import CLASS_WORDS, GROUNDS
from tracker.domain.sites.sight import decides_entry, site_scope
from tracker.services.house.work import reading, wiring
from tracker.services.sites import entries
from tracker.storage.sites import roster
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page

blueprint = Blueprint("site_classes", __name__, url_prefix="/sites/classes")
MOST_NAMED = 5


@blueprint.get("")
@needs(Permission.site_read)
def show() -> str:
    """The roster of a year."""
    return _roster_page("")


@blueprint.post("")
@needs(Permission.site_decide)
def decide() -> Response | Page:
    """Many proposals accepted, or refused with one reason; those that cannot be are named, the others are decided."""
    codes, verdict = request.form.getlist("codes"), request.form.get("verdict", "")
    reason = request.form.get("reason", "").strip()[:entries.LONGEST]
    if not codes or verdict not in ("accept", "refuse"):
        return _roster_page(Say("请勾选监管对象，并选意见。"), reason, codes), 422
    done, refused = 0, list[str]()
    for code in dict.fromkeys(codes):
        try:
            entries.decide_class(current_actor(), code, verdict == "accept", reason)
            done += 1
        except Incomplete as refusal:
            return _roster_page(refusal.sentence, reason, codes), refusal.status
        except Refusal:
            refused.append(code)
    flash(Say("已{verdict} {count} 家。", verdict=Say("确认") if verdict == "accept" else Say("不同意"), count=done), "done")
    if refused:
        flash(Say("{codes} 没有待确认的分类，或不由您确认，没有改。", codes=Listed(refused[:MOST_NAMED])), "warning")
    return redirect(url_for("site_classes.show"))


def _asked_year() -> int:
    typed, this = request.args.get("year", ""), today().on.year
    return int(typed) if typed.isdecimal() and len(typed) == 4 and 2000 <= int(typed) <= this else this


def _roster_page(trouble: str, reason: str = "", codes: list[str] | None = None) -> str:
    actor, session, year, scope = current_actor(), reading(), _asked_year(), site_scope(current_actor())
    now = roster.classes_on(session, scope, min(date(year, 12, 31), today().on))
    before = roster.classes_on(session, scope, date(year - 1, 12, 31))
    changes = roster.changes_between(before, now)
    waiting = roster.waiting_classes(session, scope)
    mine = {each.code for each in waiting if actor.has_in(Permission.site_decide, each.area_code)
            and decides_entry(actor, each.recorded_by_id, each.recorded_for_id)}
    counts = [(code, word, list(now.values()).count(code), list(before.values()).count(code)) for code, word in CLASS_WORDS]
    return render_template("sites/classes.html", year=year, waiting=waiting, mine=mine, counts=counts, total=len(now),
                           total_before=len(before), changes=changes[:roster.MOST], change_count=len(changes),
                           names=roster.names_of(session, [each.code for each in changes]), classes=dict(CLASS_WORDS),
                           roster=classes_of(wiring().home_area, year) if year in (today().on.year, today().on.year - 1) and
                           actor.has_in(Permission.publication_draft, wiring().home_area) else "",
                           grounds=dict(GROUNDS), trouble=trouble, reason=reason, codes=codes or [], this_year=today().on.year)
