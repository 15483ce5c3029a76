"""待议事项 as pages show them: what waits for a joint meeting, why, how long, and what puts it on an agenda."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.coordination.agendas.backlog import WAITS, BacklogMatter, WaitReason
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.services.acts.access import scope_of
from tracker.services.coordination.agendas.backlog import backlog_for, questions_of
from tracker.services.coordination.agendas.listing import list_all, list_matter
from tracker.services.house.work import reading
from tracker.storage.acts import register as act_register
from tracker.storage.cases import titles
from tracker.storage.cases.titles import CaseTitle
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("backlog", __name__, url_prefix="/meetings")


@dataclass(frozen=True)
class WhyLine:
    """One reason: its word, what it is of, whose that is, and since when."""

    word: str
    what: str
    unit: str
    since_on: date


@dataclass(frozen=True)
class BacklogLine:
    """One matter: what it is about, as far as the reader sees it, its reasons and what it asks."""

    matter: BacklogMatter
    case: CaseTitle | None
    act_number: str
    title: str
    question: str
    whys: tuple[WhyLine, ...]
    days: int


def matter_lines(actor: Actor) -> list[BacklogLine]:
    """What waits, as far as this person sees it."""
    matters, session = backlog_for(actor), reading()
    keys, questions = [each.key for each in matters], questions_of(session, matters)
    cases = titles.titles_of(session, actor.scope(), keys)
    acts = act_register.titles_of(session, scope_of(actor), keys)
    units = titles.unit_names(session) if matters else {}
    return [_line_of(each, cases.get(each.key), acts, questions[each.key], units) for each in matters]


@blueprint.get("/backlog")
@needs(Permission.act_read)
def waiting() -> str:
    """What waits for a meeting, on a page of its own."""
    return render_template("coordination/backlog.html", lines=matter_lines(current_actor()))


@blueprint.post("/<number>/agenda")
@needs(Permission.act_read)
def put_on(number: str) -> Response:
    """Puts one matter on the agenda, or all that stand on none."""
    actor, seq, key = current_actor(), request.form.get("seq", "", type=str), request.form.get("key", "")[:60]
    seen = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else None
    try:
        if key:
            said = Say("“{matter}”已列入议题。", matter=list_matter(actor, number, key, seq=seen))
        else:
            said = Say("{count} 项待议事项已列入议题。", count=list_all(actor, number, seq=seen))
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash(said, "done")
    return redirect(url_for("acts.show", number=number))


def _line_of(matter: BacklogMatter, case: CaseTitle | None, acts: dict[str, str], question: str,
             units: dict[int, str]) -> BacklogLine:
    act = "" if case is not None else matter.key.partition("/")[0] if matter.is_plain else matter.number
    title = case.title if case is not None else question if matter.is_plain else acts.get(matter.key, "")
    return BacklogLine(matter, case, act, title, question, tuple(_why_line(each, units) for each in matter.reasons),
                      matter.days(today().on))


def _why_line(reason: WaitReason, units: dict[int, str]) -> WhyLine:
    what: Any = Say("第 {position} 项", position=reason.position) if reason.position else ""
    return WhyLine(WAITS[reason.why].word, Say("{what}“{title}”", what=what, title=reason.title) if reason.title else what,
                   units.get(reason.unit_id, "") if reason.unit_id else "", reason.since_on)
