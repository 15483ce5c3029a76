"""Draws as their page shows them: the list with the reason of whatever stands outside, the numbers, what was drawn; the proof
computed again, and the bundle with which anybody may repeat it."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.inspection.draws import DRAW, EXCLUDED, KIND, MARKS, WITNESS_MARK, DrawState, DrawSteps
from tracker.domain.inspection.inspections import INSPECTION, MODES, RESULTS, InspectionState
from tracker.domain.inspection.quotas import OUT_WORDS, OutReason
from tracker.services.house.work import reading
from tracker.services.inspection import proofs
from tracker.services.inspection.proofs import NUMBERS, DrawRecord
from tracker.services.inspection.rosters import MadeRoster, made_roster, question_of
from tracker.storage.acts.page import ActPage, names_of
from tracker.storage.cases.entries import FactEntry
from tracker.storage.inspection.drawn import drawn_sites, earlier_attempts
from tracker.storage.inspection.listing import listed_days, site_names_of
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.acts.publicity import may_draft
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("draws", __name__, url_prefix="/draws")
ENDED = frozenset(INSPECTION.finals | {InspectionState.done})
NUMBER_WORDS: Mapping[str, str] = {name: DRAW.words[name] for name in NUMBERS}


@blueprint.get("")
@needs(Permission.act_read)
def listing() -> Response:
    """The list of acts, of this kind."""
    return redirect(url_for("acts.acts", kind=KIND))


@blueprint.get("/<number>/roster")
@needs(Permission.act_read)
def roster(number: str) -> str:
    """The list: why each site that cannot be drawn stands outside. Before it is committed to as it is now."""
    found = proofs.record_for(current_actor(), number)
    made = _roster_now(found) if found.committed is None else None
    listed = made.roster if made is not None else found.roster
    names = site_names_of(reading(), [site.code for site in listed.sites if site.out])
    return render_template("inspection/roster.html", act=found.page.head, roster=listed, names=names, out_words=OUT_WORDS,
                           until=listed_days(reading(), found.row.roster_on, list(names)), positive=OutReason.positive_list,
                           is_committed=made is None)


@blueprint.get("/<number>/verify")
@needs(Permission.act_read)
def verify(number: str) -> str:
    """Everything computed again from what was committed to and what was read."""
    actor = current_actor()
    return render_template("inspection/verify.html", act=proofs.record_for(actor, number).page.head,
                           proof=proofs.proof_of(actor, number), numbers=NUMBER_WORDS)


@blueprint.get("/<number>/bundle.zip")
@needs(Permission.act_read)
def bundle(number: str) -> Response:
    """The bundle of a draw that is closed."""
    content = proofs.bundle_of(current_actor(), number)
    return send_file(BytesIO(content), mimetype="application/zip", as_attachment=True, download_name=f"{number.upper()}.zip")


def _told_draw(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    found = proofs.record_for(current_actor(), page.head.number)
    made = _roster_now(found) if found.committed is None else None
    lines = drawn_sites(reading(), page.head.id)
    committed = found.committed.details if found.committed is not None else {}
    return {
        "draw": found.row, "counts": made.counts if made is not None else committed["counts"], "lines": lines,
        "witness_source": committed.get("witness_source", ""), "numbers": {NUMBER_WORDS[name]: getattr(found.row, name)
                                                                          for name in NUMBERS if getattr(found.row, name)},
        "ended_count": sum(line.state in ENDED for line in lines), "modes": dict(MODES), "results": dict(RESULTS),
        "inspection_states": {state.value: word for state, word in INSPECTION.states.items()},
        "people": names_of(reading()).people if lines else {}, "attempts": earlier_attempts(reading(), found.row),
        "is_closed": page.head.state == DrawState.closed, "excluded_count": len(page.head.details.get(EXCLUDED) or ()),
        "witness_mark": dict(MARKS).get(str(page.head.details.get(WITNESS_MARK) or ""), ""),
        "may_draft": may_draft(page, (DrawState.closed,)), "draw_steps": DrawSteps,
        "may_replace": page.head.state == DrawState.drawn,
    }


def _roster_now(found: DrawRecord) -> MadeRoster:
    head = found.page.head
    return made_roster(reading(), question_of(head.number, head.area_code, found.row.quarter, found.row.roster_on,
                                              head.details.get(EXCLUDED) or ()))


def register(app: Flask) -> None:
    """Hand in the panel."""
    panels.hand_in(app, KIND, ActPanel("acts/kinds/draw.html", _told_draw))
