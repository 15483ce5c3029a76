"""Papers of one case: how its due date was computed, the page to print, what the office sends, and the dossier (一案一档)."""

from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from tracker.domain.cases.papers.parts import PARTS
from tracker.domain.house.actor import Permission
from tracker.domain.house.links import to_case, url_of
from tracker.domain.house.say import Say
from tracker.gateways.house.qr import qr_svg
from tracker.services.cadence import ladder
from tracker.services.cases import dossiers
from tracker.services.cases.dossiers import CaseWords
from tracker.services.cases.due_sheets import due_sheet_of
from tracker.services.cases.papers.kinds import CASE_PAPERS, NO_PDF, as_pdf, paper_named, write_paper_of
from tracker.services.house.work import reading, wiring
from tracker.services.people.taken_out import note_dossier
from tracker.services.upkeep.proofs import proving
from tracker.storage.cadence.rungs import of_case
from tracker.storage.cases import family
from tracker.storage.cases import page as case_page
from tracker.storage.cases.page import CasePage
from tracker.web.cases.timeline import Sentence, sentences
from tracker.web.cases.view import Pair, caption_of, duty_of, facts_of, pairs_of, told_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_moment
from tracker.web.house.drawing.languages import in_chinese
from tracker.web.house.guard import current_actor, needs
from tracker.web.rules import due_words

blueprint = Blueprint("papers", __name__, url_prefix="/cases")
TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}


@blueprint.get("/<number>/due")
@needs(Permission.case_read)
def due(number: str) -> str:
    """How the due date came about, day by day."""
    sheet = due_sheet_of(current_actor(), number)
    rungs = of_case(reading(), current_actor().scope(), sheet.head.number)
    return render_template(
        "cases/due.html", sheet=sheet, case=sheet.head, words=due_words, warnings=tuple(due_words.warnings(sheet)), rungs=rungs,
        rung_word=ladder.word_of)


@blueprint.get("/<number>/print")
@needs(Permission.case_read)
@in_chinese
def printed(number: str) -> str:
    """The case on A4."""
    scope = current_actor().scope()
    page = case_page.case_page(reading(), scope, number)
    return render_template(
        "cases/print.html", facts=facts_of(page), duties=duty_of(page), proof=dossiers.proof_of(page), caption_of=caption_of,
        made=today().clock.now(), qr=qr_svg(url_of(to_case(page.head.number), wiring().base_url)),
        **told_of(page, scope))


@blueprint.get("/<number>/papers")
@needs(Permission.case_read)
def papers(number: str) -> str:
    """Everything that can be had of a case on paper."""
    page = case_page.case_page(reading(), current_actor().scope(), number)
    return render_template("cases/papers.html", case=page.head, papers=[(each, each.is_open(page)) for each in CASE_PAPERS],
                           parts=PARTS, has_pdf=wiring().pdf is not None, no_pdf=NO_PDF)


@blueprint.get("/<number>/papers/<paper>.<any(docx, pdf):form>")
@needs(Permission.case_read)
@in_chinese
def paper(number: str, paper: str, form: str) -> Response:
    """One paper of the office about the case."""
    page = case_page.case_page(reading(), current_actor().scope(), number)
    return _handed_out(page, write_paper_of(page, paper), form, paper_named(paper).word)


@blueprint.get("/<number>/dossier.<any(docx, pdf):form>")
@needs(Permission.case_read)
@in_chinese
def dossier(number: str, form: str) -> Response:
    """One case, one file; with `part` those parts of it alone."""
    page = case_page.case_page(reading(), current_actor().scope(), number)
    document = dossiers.dossier_of(current_actor(), page, _case_words(page), request.args.getlist("part"))
    return _handed_out(page, document, form, "一案一档")


def _handed_out(page: CasePage, document: bytes, form: str, word: str) -> Response:
    """The document, or its PDF, under its name; it is noted before it leaves."""
    content = as_pdf(document) if form == "pdf" else document
    note_dossier(current_actor(), page.head.number, form)
    response = Response(content, mimetype=TYPES[form])
    name = quote(f"{word}-{page.head.number}.{form}", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@blueprint.get("/<number>/proof.zip")
@needs(Permission.case_read)
@in_chinese
def proof(number: str) -> Response:
    """One case with its proofs, for a stranger to check; the originals of its evidence for those who handle evidence."""
    actor = current_actor()
    page = case_page.case_page(reading(), actor.scope(), number)
    made = proving.prove(actor.scope(), page.head.number, has_evidence=actor.has(Permission.case_evidence),
                         paper=dossiers.dossier_of(actor, page, _case_words(page)))
    note_dossier(actor, page.head.number, "zip")
    response = Response(made.content, mimetype="application/zip")
    name = quote(f"可验证卷宗-{page.head.number}.zip", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _case_words(page: CasePage) -> CaseWords:
    rows = tuple(_sentence_row(sentence) for sentence in reversed(sentences(page)))
    captions = {photo.id: caption_of(photo) for photo in page.evidence if photo.has_picture}
    made = f"{cn_moment(today().clock.now())}由{current_actor().name}导出"
    members = family.members_of(reading(), current_actor().scope(), page.head.id)
    return CaseWords(facts_of(page), duty_of(page), rows, captions, [_tied_pair(pair) for pair in pairs_of(page)], made, members)


def _tied_pair(pair: Pair) -> tuple[int | None, int, str]:
    return (pair.before.id if pair.before else None, pair.after.id, pair.words)


def _sentence_row(told: Sentence) -> tuple[str, ...]:
    """One fact as a row of the table; what a reporter is stays out of facts, and so out of here."""
    who = told.actor + (f"（{told.unit}）" if told.unit else "")
    said = "\n".join((f"{who} {told.headline}", *(Say("{place}：{misfit}", place=word, misfit=text) for word,
                                                  text in told.details)))
    return str(told.seq), cn_moment(told.at), said, told.digest
