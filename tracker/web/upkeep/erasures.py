"""Texts that the law has erased: who asks chooses them on one page, who decides sees the same on another."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response
from wtforms import RadioField

from tracker.domain.cases.wording import fact_word
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.upkeep.erasure import BASES, OUTCOMES
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.upkeep.words import erasing
from tracker.web.house.forms import HouseForm, chosen, listed, text
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page

blueprint = Blueprint("erasures", __name__, url_prefix="/erasures")
CASE, ACT = "case:", "act:"
PREFIXES = frozenset(flow.prefix for flow in ACT_FLOWS.values())


class CaseForm(HouseForm):
    """Of which case or act."""

    number = text("案件或事项编号", longest=40, hint="形如 XH-2026-000123、YT-2026-0001", autocomplete="off")


class ErasureForm(HouseForm):
    """On which ground."""

    basis = RadioField("依据", [chosen("依据")], choices=listed(BASES))
    document = text("文号", longest=80, hint="批准删除的文书或决定的编号")


@blueprint.get("")
@needs(Permission.words_erase)
def requests() -> str:
    """What was asked for, and of which case somebody wants to ask."""
    return render_template("upkeep/erasures/list.html", form=CaseForm(), asked=erasing.requests_for(current_actor()),
                           outcomes=OUTCOMES)


@blueprint.post("")
@needs(Permission.words_erase)
def find() -> Response:
    """To the texts of a case, or of an act."""
    number = request.form.get("number", "").strip().upper() or "-"
    return redirect(url_for("erasures.ask_of_act" if number.partition("-")[0] in PREFIXES else "erasures.ask", number=number))


@blueprint.route("/cases/<number>", methods=["GET", "POST"])
@needs(Permission.words_erase)
def ask(number: str) -> str | Response | Page:
    """The texts of a case, to choose from."""
    return _asking_page(number, f"{CASE}{number}")


@blueprint.route("/acts/<number>", methods=["GET", "POST"])
@needs(Permission.words_erase)
def ask_of_act(number: str) -> str | Response | Page:
    """The texts of an act, and the person who is its party."""
    return _asking_page(number, f"{ACT}{number}")


def _asking_page(number: str, stream: str) -> str | Response | Page:
    form = ErasureForm()
    found = erasing.erasable_texts(current_actor(), stream)
    chosen, status = request.form.getlist("which"), 422
    if request.method == "POST" and form.validate():
        try:
            made = erasing.ask(current_actor(), stream, [_mark_of(each) for each in chosen], form.basis.data, form.document.data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            flash("已提出删除申请，由另一人决定。", "done")
            return redirect(url_for("erasures.show", request_no=made))
    page = render_template("upkeep/erasures/ask.html", number=number, form=form, texts=found, chosen=chosen, word=_word_of_fact)
    return (page, status) if request.method == "POST" else page


@blueprint.route("/<int:request_no>", methods=["GET", "POST"])
@needs(Permission.words_erase)
def show(request_no: int) -> str | Response:
    """One request with its texts; a lead who did not ask decides."""
    actor = current_actor()
    if request.method == "POST":
        erasing.decide(actor, request_no, is_granted=request.form.get("decision") == "erase")
        flash("已作出决定，并记入账本。", "done")
        return redirect(url_for("erasures.show", request_no=request_no))
    asked = erasing.request_for(actor, request_no)
    found = [each for each in erasing.erasable_texts(actor, asked.stream) if (each.seq, each.name) in asked.which]
    return render_template("upkeep/erasures/request.html", asked=asked, texts=found, outcome=OUTCOMES[asked.outcome],
                           basis=dict(BASES).get(asked.basis, asked.basis), may_decide=erasing.may_decide(actor, asked),
                           word=_word_of_fact)


def _word_of_fact(kind: str) -> str:
    flow = ACT_FLOWS.get(kind.partition(":")[0])
    step = flow.lifecycle.by_fact.get(kind) if flow is not None else None
    return fact_word(kind) if flow is None or step is None else flow.word_of_step(step.name)


def _mark_of(text_id: str) -> tuple[int, str]:
    seq, _, name = text_id.partition("/")
    return (int(seq) if seq.isdecimal() else 0), name
