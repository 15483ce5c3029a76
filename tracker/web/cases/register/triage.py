"""分办: the cases that wait to be assigned, each with the unit that the rules propose, and many assigned by one press."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission, Role
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import Say
from tracker.services.cases.register import triage
from tracker.services.cases.register.bulk import CaseOrder, Ending, Result, bulk_step
from tracker.services.cases.register.triage import Queue, TriageLine
from tracker.services.house.work import reading
from tracker.storage.people import people
from tracker.web.cases.register.bulk import sent_rows
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.house.script_answers import Told, told, wants_json
from tracker.web.house.undoing import tell_done

blueprint = Blueprint("triage", __name__, url_prefix="/cases/triage")
NONE_TICKED = "还没有勾选案件。请勾选要交办的案件，再按“按建议交办”。"
ASKED = ("lead_unit", "due_on", "due_reason", "reason", "sponsor")  # of each case, beside the units that support


@dataclass(frozen=True)
class TriageResult:
    """What became of one case, in words; what was wrong stands on its row too, where that is still shown."""

    number: str
    title: str
    ending: Ending
    said: str


@blueprint.get("")
@needs(Permission.case_assign)
def queue() -> str:
    """The head of the queue, the proposal of the rules selected in each row."""
    return _queue_page(triage.queue(current_actor(), today().on))


@blueprint.post("")
@needs(Permission.case_assign)
def take() -> Page | Told:
    """Assign the ticked ones, each to its own unit; every row has its own result, and what was refused keeps what was chosen."""
    rows, ticked = sent_rows(), request.form.getlist("n")
    chosen = {number: _sent_values(number) for number, _ in rows}
    orders = [CaseOrder(number, seq, triage.given_of(_without_proposal(number, chosen[number]))) for number, seq in rows
              if number in ticked]
    if not orders:
        return _queue_page(triage.queue(current_actor(), today().on), chosen, ticked, trouble=NONE_TICKED), 422
    results = _told_results(triage.assign_each(current_actor(), orders), chosen)
    if wants_json():
        return told(200, results=[{"number": each.number, "ending": each.ending, "said": each.said} for each in results])
    left = [each.number for each in results if each.ending is not Ending.done]
    return _queue_page(triage.queue(current_actor(), today().on), chosen, left, results), 200


@blueprint.post("/others/<step>")
@needs(Permission.case_assign)
def others(step: str) -> Response:
    """The ticked ones are not assigned but declined, merged or transferred: on to the preview of that step."""
    return redirect(url_for("bulk.preview", step=bulk_step(step).name, n=request.form.getlist("n"), queue="1"), 303)


@blueprint.get("/<number>")
@needs(Permission.case_assign)
def one(number: str) -> Response | str:
    """One case of the queue before one's eyes; one that stands in it no more leads on to its head."""
    found = triage.queue(current_actor(), today().on, [number.upper()])
    if not found.lines:
        return redirect(url_for("triage.queue"))
    return _one_page(found, found.lines[0])


@blueprint.post("/<number>")
@needs(Permission.case_assign)
def take_one(number: str) -> Response | Page:
    """Assign it, and on to the next without going back."""
    rows = [row for row in sent_rows() if row[0] == number.upper()]
    if not rows:
        raise NotFound("没有找到这件案件，或您无权查看。")
    number, seq = rows[0]
    before, chosen = triage.queue(current_actor(), today().on, [number]), _sent_values(number)
    (result,) = _told_results(triage.assign_each(current_actor(), [
        CaseOrder(number, seq, triage.given_of(_without_proposal(number, chosen)))]), {number: chosen})
    if result.ending is not Ending.done and before.lines:
        return _one_page(before, before.lines[0], chosen, result.said), 422
    tell_done(Say("{number} {said}", number=number, said=result.said))
    _, following = before.beside(number)
    return redirect(url_for("triage.one", number=following) if following else url_for("triage.queue"))


def _sent_values(number: str) -> dict[str, object]:
    """What was chosen and typed for one case."""
    typed: dict[str, object] = {name: request.form.get(f"{name}-{number}", "").strip() for name in ASKED}
    return typed | {"supporting_units": request.form.getlist(f"supporting_units-{number}")}


def _without_proposal(number: str, chosen: Mapping[str, object]) -> dict[str, object]:
    """The date that the page itself filled in is the rules' own: where the day has gone on meanwhile, so has theirs."""
    is_proposed = chosen["due_on"] == request.form.get(f"proposed-{number}")
    return {**chosen, "due_on": ""} if is_proposed else dict(chosen)


def _told_results(results: Sequence[Result], chosen: Mapping[str, Mapping[str, object]]) -> list[TriageResult]:
    names = {unit.code: unit.name for unit in triage.queue(current_actor(), today().on, ["-"]).units}
    return [TriageResult(each.number, each.title, each.ending, str(tr(
        each.sentence if each.ending is not Ending.done
        else Say("已交办给{unit}。", unit=names.get(str(chosen[each.number]["lead_unit"]), chosen[each.number]["lead_unit"])))))
        for each in results]


def _proposed_values(line: TriageLine) -> dict[str, object]:
    """What stands in a row before anybody has changed it."""
    return {"lead_unit": line.lead, "supporting_units": list(line.supporting), "due_on": line.due_on.isoformat(),
            "due_reason": "", "reason": "", "sponsor": ""}


def _is_complete(line: TriageLine) -> bool:
    """Whether the proposal can be taken as it stands, so that its row comes ticked."""
    return bool(line.lead) and not line.needs_sponsor


def _sponsors_for(lines: Sequence[TriageLine]) -> tuple[tuple[str, str], ...]:
    return people.options(reading(), current_actor().scope(), today().on, role=Role.lead).people if any(
        line.needs_sponsor for line in lines) else ()


def _queue_page(found: Queue, chosen: Mapping[str, Mapping[str, object]] | None = None, ticked: Collection[str] | None = None,
                results: Sequence[TriageResult] = (), trouble: str = "") -> str:
    known = chosen or {}
    values = {line.number: known.get(line.number, _proposed_values(line)) for line in found.lines}
    picked = {line.number for line in found.lines if (line.number in ticked if ticked is not None and line.number in known
                                                      else _is_complete(line))}
    return render_template(
        "cases/triage/queue.html", queue=found, values=values, picked=picked, results=results, trouble=trouble,
        wrong={each.number: each.said for each in results if each.ending is not Ending.done}, sponsors=_sponsors_for(found.lines),
        groups=[(ending, [each for each in results if each.ending is ending])
                for ending in (Ending.refused, Ending.conflict, Ending.done)])


def _one_page(found: Queue, line: TriageLine, chosen: Mapping[str, object] | None = None, wrong: str = "") -> str:
    before, following = found.beside(line.number)
    return render_template("cases/triage/one.html", queue=found, line=line, values=chosen or _proposed_values(line), wrong=wrong,
                           before=before, following=following, at=found.numbers.index(line.number) + 1,
                           sponsors=_sponsors_for([line]))
