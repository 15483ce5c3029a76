"""One step for many cases of the register: preview, then a result for each, piece by piece where they are many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.fields import FieldKind
from tracker.domain.tables.cells import whole_number
from tracker.services.cases.register import bulk
from tracker.services.cases.register.bulk import BulkStep, Ending, PickedCase, Result
from tracker.services.house.work import reading
from tracker.services.mail.bundles import RunPiece
from tracker.storage.cases.register import register
from tracker.storage.cases.register.register import Filters
from tracker.web.cases.register import signing
from tracker.web.cases.register.view import chips_of, choices_of
from tracker.web.cases.steps import options_for
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.house.steps.forms import StepForm, step_form

blueprint = Blueprint("bulk", __name__, url_prefix="/cases/bulk")
OWN = ("csrf_token", "form_id", "row", "left", "set", "done", "was", "run")  # what the page itself asks; all else was filled in


@dataclass(frozen=True)
class Piece:
    """What has been taken before this piece, and what is still to take: of those not done each is told, of the others how
    many."""

    done: int
    was: tuple[tuple[str, Ending], ...]
    rows: tuple[tuple[str, int], ...]

    @property
    def now(self) -> tuple[tuple[str, int], ...]:
        """The rows of this piece."""
        return self.rows[:bulk.MOST]

    @property
    def rest(self) -> tuple[tuple[str, int], ...]:
        """The rows after it."""
        return self.rows[bulk.MOST:]


@blueprint.get("/<step>")
@needs(Permission.case_read)
def preview(step: str) -> str:
    """Which of the picked cases the step is open for, why not for the others, and what it asks."""
    chosen = bulk.bulk_step(step)
    candidates = bulk.preview(current_actor(), step, _picked_numbers(chosen))
    return _form_page(_bulk_form(chosen), chosen, candidates)


@blueprint.post("/<step>")
@needs(Permission.case_read)
def take(step: str) -> Response | Page | str:
    """Take the step case by case; what was given wrongly, or another set than was looked at, shows the preview again, and so does
    what is asked for again: the cases that were left, with what was typed."""
    chosen, rows, mark = bulk.bulk_step(step), sent_rows(), request.form.get("set", "")
    form, numbers = _bulk_form(chosen), [*(number for number, _ in rows), *request.form.getlist("left")]
    if request.form.get("again"):
        return _form_page(form, chosen, bulk.preview(current_actor(), step, numbers))
    if form.validate():
        try:
            if mark:
                numbers = _picked_numbers(chosen)
                bulk.require_same_set(mark, numbers)
            return _taken_page(chosen, form, signing.confirmed(rows) if chosen.is_signed else rows, rows)
        except Refusal as refusal:
            form.refuse(refusal)
    return _form_page(form, chosen, bulk.preview(current_actor(), step, numbers), dict(rows)), 422


def _taken_page(step: BulkStep, form: StepForm, ticked: list[tuple[str, int]], rows: list[tuple[str, int]]) -> str:
    if rows and not ticked:
        raise Invalid("还没有勾选“已看过”。请看过每件的证据后勾选，或在最后勾选全部。", field="seen")
    piece = _piece_of(ticked)
    results = bulk.take_each(current_actor(), step.name, form.raw(), piece.now, signing.shown_digests(),
                             RunPiece(_run_name(), is_last=not piece.rest))
    unseen = [number for number, _ in rows if number not in dict(ticked)]
    return _result_page(step, results, piece, (*_unseen_rows(step.name, unseen), *_left_out(step.name)))


def _unseen_rows(step: str, numbers: list[str]) -> tuple[PickedCase, ...]:
    """What was shown and not ticked stays as it is."""
    found = bulk.preview(current_actor(), step, numbers) if numbers else ()
    return tuple(each if each.why else replace(each, why="没有勾选“已看过”，未办理。") for each in found)


def _picked_numbers(step: BulkStep) -> list[str]:
    """The numbers that were ticked, or those of the whole view: of a step that is signed for as many as are looked at at once."""
    if not request.args.get("all"):
        return request.args.getlist("n")
    filters = Filters.from_args(request.args)
    page = register.page(reading(), current_actor().scope(), filters, today().bounds, size=bulk.MOST_OF_VIEW + 1)
    return list(bulk.picked([line.number for line in page.lines], bulk.MOST if step.is_signed else bulk.MOST_OF_VIEW))


def sent_rows() -> list[tuple[str, int]]:
    """The numbers that were sent, each with the last fact that the person saw."""
    pairs = [row.partition(":") for row in request.form.getlist("row")]
    rows = [(number, seen) for number, _, seq in pairs if (seen := whole_number(seq)) is not None]
    if len(rows) < len(pairs) or len(rows) > bulk.MOST_OF_VIEW:
        raise Invalid("提交的清单无法识别，请回到台账重新勾选。", field="rows")
    return rows


def _piece_of(rows: list[tuple[str, int]]) -> Piece:
    """These rows, with what was taken before them."""
    was = [row.partition(":") for row in request.form.getlist("was")]
    if any(ending not in set(Ending) for _, _, ending in was):
        raise Invalid("提交的清单无法识别，请回到台账重新勾选。", field="rows")
    not_done = tuple((number, Ending(ending)) for number, _, ending in was)
    return Piece(whole_number(request.form.get("done", "")) or 0, not_done, tuple(rows))


def _run_name() -> str:
    """What all pieces of one run are called: the form of the first."""
    return request.form.get("run", "") or request.form.get("form_id", "")


def _left_out(step: str) -> tuple[PickedCase, ...]:
    """The picked cases that the preview left out, with the reason as it is now: the result tells the whole list."""
    numbers = [number for number in request.form.getlist("left") if number.strip()]
    return bulk.preview(current_actor(), step, numbers) if numbers else ()


def _bulk_form(step: BulkStep) -> StepForm:
    given = tuple(field for field in step.given if field.kind is not FieldKind.files)
    return step_form(given, options_for(current_actor(), given))


def _typed_texts(step: BulkStep) -> list[tuple[str, str]]:
    """What was given for all cases, so that it need not be typed again for those that were left."""
    return [(field.name, value) for field in step.given for value in request.form.getlist(field.name) if value.strip()]


def _way_back() -> dict[str, object]:
    """What the pages carry on: the view of the register that they came from, or the queue."""
    return {"queue": "1"} if request.args.get("queue") else Filters.from_args(request.args).to_args()


def _form_page(form: StepForm, step: BulkStep, candidates: tuple[PickedCase, ...], seen: dict[str, int] | None = None) -> str:
    """`seen` are the facts that the person saw when the preview was first shown: showing it again makes nothing newer."""
    eligible, filters = [each for each in candidates if each.is_eligible], Filters.from_args(request.args)
    is_whole = bool(request.args.get("all"))
    chips = chips_of(filters, choices_of(current_actor().scope())) if is_whole else []
    return render_template(
        "cases/bulk.html", form=form, step=step, eligible=eligible, others=[each for each in candidates if not each.is_eligible],
        seen=seen or {}, back=_way_back(), eyes=signing.views_of(step, eligible), ticked=request.form.getlist("seen"),
        is_all_ticked=bool(request.form.get("seen_all")), is_whole=is_whole, chips=chips, piece=bulk.MOST,
        mark=bulk.set_mark(each.number for each in candidates) if is_whole else "")


def _result_page(step: BulkStep, results: tuple[Result, ...], piece: Piece, left: tuple[PickedCase, ...]) -> str:
    groups = [(ending, [r for r in results if r.ending is ending]) for ending in (Ending.refused, Ending.conflict, Ending.done)]
    carried = [(name, value) for name in request.form if name not in OWN for value in request.form.getlist(name)]
    return render_template(
        "cases/bulk_result.html", step=step, results=results, groups=groups, left=left, piece=piece, carried=carried,
        done=piece.done + len(groups[-1][1]), not_done=[*piece.was, *_not_done(results)], typed=_typed_texts(step),
        count=piece.done + len(piece.was) + len(piece.rows), size=bulk.MOST, run=_run_name(), at=today().clock.now(),
        back=_way_back())


def _not_done(results: Sequence[Result]) -> list[tuple[str, Ending]]:
    return [(each.number, each.ending) for each in results if each.ending is not Ending.done]
