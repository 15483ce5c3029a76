"""Control orders as their page shows them, and the board: every site by where it stands, with the minutes since it was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request, send_file

from tracker.domain.acts.wording import DUTY_STEPS
from tracker.domain.coordination.controls import DAYS, KIND, LEVELS, RESULTS, SITES, ControlState, ControlSteps
from tracker.domain.house.actor import Permission
from tracker.services.acts import access, duties
from tracker.services.coordination.control_counts import STANDINGS, SiteStanding, board_of, site_names
from tracker.services.coordination.control_papers import CALLS, ORDER, call_lines, call_list, write_order
from tracker.services.house.work import reading, wiring
from tracker.services.people.taken_out import note_export
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.cases.titles import unit_names
from tracker.storage.people import people
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.coordination.papers import XLSX, word_file
from tracker.web.house.drawing.languages import in_chinese
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("controls", __name__, url_prefix="/controls")
WARNING = ("warning_by", "warning_no", "warned_at")


@dataclass(frozen=True)
class DraftedSite:
    """A site of a draft."""

    code: str
    name: str
    unit: str
    measures: str
    hours: str


@blueprint.get("/<number>/board")
@needs(Permission.act_read)
def board(number: str) -> str:
    """One screen for the hours in which everybody must be reached; it looks again by itself unless it is told to stand still."""
    actor, page = current_actor(), access.page_for(current_actor(), number)
    if page.head.kind != KIND:
        raise access.no_such_act(number)
    offers = {duty.position: [step.name for step, why in duties.offered(actor, page, duty) if why is None]
              for duty in page.duties}
    return render_template("coordination/board.html", act=page.head, board=board_of(reading(), page, wiring().clock.now()),
                           standings=STANDINGS, standing=SiteStanding, duty_offers=offers, duty_steps=DUTY_STEPS,
                           phones=people.unit_phones(reading(), [duty.unit_id for duty in page.duties]),
                           level=dict(LEVELS)[page.head.details["level"]], is_still=request.args.get("still") == "1",
                           is_running=page.head.state == ControlState.issued)


@blueprint.get("/<number>/order.docx")
@needs(Permission.act_read)
@in_chinese
def order(number: str) -> Response:
    """The order as a Word document."""
    page = access.page_for(current_actor(), number)
    return word_file(write_order(page, entries(reading(), page.head.stream)), f"{ORDER}-{page.head.number}")


@blueprint.get("/<number>/calls.xlsx")
@needs(Permission.act_read)
@in_chinese
def calls(number: str) -> Response:
    """Whom to call, as a workbook; that it was taken out is told."""
    page = access.page_for(current_actor(), number)
    lines = call_lines(reading(), page)
    note_export(current_actor(), "list", len(lines), "xlsx", {"key": page.head.number})
    return send_file(BytesIO(call_list(page.head.number, lines)), mimetype=XLSX, as_attachment=True,
                     download_name=f"{CALLS}-{page.head.number}.xlsx")


def _told_control(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    details = page.head.details
    drafted = next((entry.details for entry in facts if entry.kind == ControlSteps.draft.fact), {})
    assessed = next((entry.details for entry in reversed(facts) if entry.kind == ControlSteps.assess.fact), {})
    is_draft = page.head.state in (ControlState.drafted, ControlState.voided)
    return {
        "control_steps": ControlSteps, "level": dict(LEVELS)[details["level"]], "details": details,
        "warning": {name: drafted[name] for name in WARNING if drafted.get(name)},
        "first_on": date.fromisoformat(details["first_on"]), "last_on": date.fromisoformat(details["last_on"]),
        "days": [{**each, "on": date.fromisoformat(each["on"])} for each in details.get(DAYS, ())],
        "result": dict(RESULTS).get(details.get("result", ""), ""), "station": assessed.get("station", ""),
        "published_by": assessed.get("published_by", ""),
        "starts_at": datetime.fromisoformat(details["starts_at"]) if details.get("starts_at") else None,
        "lifted_at": datetime.fromisoformat(details["lifted_at"]) if details.get("lifted_at") else None,
        "drafted_sites": _drafted_sites(details, facts) if is_draft else [],
        "board": None if is_draft else board_of(reading(), page, wiring().clock.now()), "standings": STANDINGS,
    }


def _drafted_sites(details: Mapping[str, Any], facts: tuple[FactEntry, ...]) -> list[DraftedSite]:
    rows, said = details[SITES], {entry.seq: entry.details for entry in facts}
    names, units = site_names(reading(), [row["site"] for row in rows]), unit_names(reading())
    return [DraftedSite(row["site"], names.get(row["site"], row["site"]), units.get(row["unit_id"], "—"),
                        str(said.get(row["said"], {}).get("measures") or ""), str(said.get(row["said"], {}).get("hours") or ""))
            for row in rows]


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/control.html", _told_control, shows_duties=True))
