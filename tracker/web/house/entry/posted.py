"""A tap counts once: every form bears an id, and the same one again is answered with what the first led to. Scripts and pages
alike; a form without an id, which none of ours is, is taken as it comes."""

from collections.abc import Iterator
from hashlib import sha256
from time import sleep
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from tracker.services.house import form_claims, posted_forms
from tracker.services.house.form_claims import AlreadyPosted, SentForm
from tracker.services.house.posted_forms import FirstAnswer
from tracker.services.house.work import abandon
from tracker.web.house.guard import current_actor, demand_of
from tracker.web.house.kept_files import stage
from tracker.web.house.refusals import LONGEST_KEPT, SECRET_FIELDS, Page
from tracker.web.house.script_answers import JSON, Told, told, wants_json

FIELD = "form_id"
LONGEST = 40
FLASHES = "_flashes"  # where Flask keeps what the next page says
IS_QUIET = "is_quiet"  # nobody looks on: what it says belongs on no page
TAKES = 0.2, 25  # seconds between two looks for the first one's answer, and how many of them
UNSAID = frozenset({FIELD, "csrf_token", IS_QUIET, "near_seen", "password_again"})  # what makes no form another one
ONCE = "同一份表单又收到一次，只算一次，没有重复办理。"
OTHERWISE = "这份表单已经提交过，这次改动的内容没有保存。"


def form_id(known: str | None = None) -> str:
    """The id of a form that is drawn: a new one, or the one that it had."""
    return known or uuid4().hex


def sent_id() -> str:
    """The id that the form bears which was sent; "" where it bears none, or none of ours."""
    sent = request.form.get(FIELD, "")
    return sent if len(sent) <= LONGEST and sent.isascii() and sent.isalnum() else ""


def _answer_known() -> Response | Page | Told | None:
    """The first one's answer, where the form counted before; else whatever it brings about claims it."""
    if request.method != "POST" or _is_for_strangers() or not sent_id():
        return None
    person, sent = current_actor().id, sent_id()
    g.is_quiet = IS_QUIET in request.form
    known = _first_answer(person, sent)
    if known is not None:
        return _answer_again(known)
    form_claims.expect(SentForm(person, sent, _digest_of_request()))
    return None


def _is_for_strangers() -> bool:
    demand = demand_of(current_app.view_functions[request.endpoint or ""])
    return demand is None or demand.is_public


def _answer_twin(twin: AlreadyPosted) -> Response | Page | Told:
    """The other one was a moment earlier."""
    form = twin.form
    return _answer_again(_first_answer(form.person_id, form.form_id) or FirstAnswer(form.digest, False, "", ()))


def _first_answer(person_id: int, form_id: str) -> FirstAnswer | None:
    """What the first one was answered with, as soon as it was; after a while, that it is not."""
    pause, times = TAKES
    while (known := posted_forms.first_answer(person_id, form_id)) is not None and not known.is_finished and times:
        abandon()
        sleep(pause)
        times -= 1
    return known


def _answer_again(known: FirstAnswer) -> Response | Page | Told:
    is_same = known.digest == _digest_of_request()
    if wants_json():
        return (told(201, address=known.led_to, said=list(known.said)) if is_same
                else told(409, sentence=OTHERWISE, code="refused", address=known.led_to))
    if not is_same and not SECRET_FIELDS & set(request.form) - {"csrf_token", "more"}:
        return _page_of_another(known)
    for said in known.said:
        flash(said, "done")
    flash(ONCE, "done")
    return redirect(known.led_to or _page_before())


def _page_of_another(known: FirstAnswer) -> Page:
    """What was typed this time is something else: it is kept, and its person says whether it is meant as one more."""
    staged, left_out = stage(current_actor()), SECRET_FIELDS | {FIELD, "kept", "dropped"}
    typed = [(name, value[:LONGEST_KEPT]) for name, value in request.form.items(multi=True) if name not in left_out]
    page = render_template("house/sent_before.html", known=known, typed=typed, staged=staged,
                           lines=current_app.extensions["stale_forms"](typed), action=request.full_path.rstrip("?"))
    return page, 200


def _page_before() -> str:
    """The page that the form stood on, of which the answer was a page and no address."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    for path in (came_from.path if came_from.netloc == request.host else "", request.path):
        try:
            current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
        except HTTPException:
            continue
        return f"{path}?{came_from.query}" if path == came_from.path and came_from.query else path
    return url_for("home.desk")


def _digest_of_request() -> str:
    told_of = sha256(request.path.encode())
    for part in (*sorted(_parts_typed()), *_parts_sent()):
        told_of.update(b"\x00" + part.encode())
    return told_of.hexdigest()


def _parts_typed() -> Iterator[str]:
    return (f"{name}={value.strip()}" for name, value in request.form.items(multi=True) if name not in UNSAID and value.strip())


def _parts_sent() -> Iterator[str]:
    for slot, file in request.files.items(multi=True):
        if file.filename:
            yield f"{slot}={file.filename}:{file.stream.seek(0, 2)}"
            file.stream.seek(0)


def _keep_answer(response: Response) -> Response:
    """Where a form led that counted. What ended in a refusal may be sent again. A script is told, and is led nowhere."""
    form = form_claims.settle()
    if form is not None and response.status_code >= 400:
        posted_forms.release(form)
    elif form is not None:
        posted_forms.finish(form, response.location or "", list(_texts_said()))
    if request.method == "POST" and response.location and wants_json():
        answer, response.status_code = told(201, address=response.location, said=list(_texts_said()))
        response.data, response.mimetype = answer.data, JSON
        del response.headers["Location"]
    if g.get("is_quiet"):
        session.pop(FLASHES, None)
    return response


def _texts_said() -> Iterator[str]:
    for kind, said in session.get(FLASHES, ()):
        if kind == "done":
            yield said["text"] if isinstance(said, dict) else said


def _forget_form(_error: BaseException | None) -> None:
    form_claims.settle()


def register(app: Flask) -> None:
    """Watch every form, once the guard has let it in."""
    app.before_request(_answer_known)
    app.after_request(_keep_answer)
    app.teardown_request(_forget_form)
    app.register_error_handler(AlreadyPosted, _answer_twin)
    app.jinja_env.globals |= {"form_id": form_id, "sent_id": sent_id}
