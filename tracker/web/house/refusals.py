"""Every no becomes a page here, and nowhere else: a status, one Chinese sentence, and the way on."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.domain.house.errors import Refusal
from tracker.extensions import login_manager
from tracker.services.house.database_trouble import DATABASE_ERRORS
from tracker.services.house.outages import outage_of
from tracker.services.house.work import abandon
from tracker.web.house.guard import current_actor
from tracker.web.house.kept_files import DROPPED, KEPT, Staged, has_files, stage
from tracker.web.house.script_answers import Told, told, wants_json
from tracker.web.house.sessions import was_signed_in

Page = tuple[str, int]
RETRY_SECONDS = "20"

HTTP_SENTENCES: dict[int, str] = {
    400: "请求不完整或无法识别，请返回重试。", 401: "请先登录。", 403: "您没有权限打开这个页面。", 404: "没有找到这个页面，或您无权查看。",
    405: "这个地址不能这样打开，请从页面上的按钮进入。", 413: "上传的内容太大。请减少文件数量，或先压缩照片再上传。",
    415: "上传的内容格式无法识别。", 429: "操作过于频繁，请稍后再试。", 500: "系统出了问题，已记入日志。您可以返回重试；若仍不行，请联系管理员。",
}
TITLES: dict[int, str] = {
    403: "不能这样做", 404: "没有找到", 405: "不能这样打开", 409: "情况有变", 413: "内容太大", 422: "请核对填写的内容", 500: "系统出了问题",
}
STALE = "登录已失效或页面打开太久，请重新登录；没有提交的内容和文件都还在。"
SECRET_FIELDS = frozenset({"csrf_token", "password", "password_again", "new_password", "repeat", "more"})
LONGEST_KEPT = 20_000


def page_of(status: int, sentence: str, code: str = "", field: str | None = None) -> Page | Told:
    """The page of a refusal; a script is told the same in JSON."""
    if wants_json():
        return told(status, sentence=sentence, code=code or f"http_{status}", field=field)
    title = TITLES.get(status, "没有成功")
    return render_template("house/refusal.html", status=status, title=title, sentence=sentence,
                           without=_without_query(status)), status


def _without_query(status: int) -> str:
    """The same page without what its address asked for, where that was the trouble; a file is not fetched whole instead."""
    is_asked_badly = status == 422 and request.method == "GET" and request.query_string and request.blueprint != "exports"
    return f"{request.script_root}{request.path}" if is_asked_badly else ""


def _refusal_page(refusal: Refusal) -> Page | Told:
    if refusal.status >= 500:
        current_app.logger.error("%s: %s", refusal.code, refusal.sentence)
    return page_of(refusal.status, refusal.sentence, refusal.code, refusal.field)


def _http_page(error: HTTPException) -> Page | Told:
    status = error.code or 500
    if status >= 500:
        abandon()
    return page_of(status, HTTP_SENTENCES.get(status, HTTP_SENTENCES[400] if status < 500 else HTTP_SENTENCES[500]))


def _stale_form(error: CSRFError) -> Page | Told:
    """A form whose token ran out with its session. What was typed is shown, and can be sent again from this page when it
    came from a page of ours; the files of somebody signed in are taken in, those of a stranger cannot be."""
    if wants_json():
        return page_of(400 if current_user.is_authenticated else 401, STALE, "stale_token")
    if not _came_from_us():
        return render_template("cases/stale_form.html", typed=[], staged=Staged((), ()), action=""), 400
    is_known = current_user.is_authenticated
    left_out = SECRET_FIELDS | ({KEPT, DROPPED} if is_known else set())
    typed = [(name, value[:LONGEST_KEPT]) for name, value in request.form.items(multi=True) if name not in left_out]
    staged = stage(current_actor()) if is_known else Staged((), ())
    page = render_template("cases/stale_form.html", typed=typed, staged=staged, is_lost=has_files() and not is_known,
                           lines=current_app.extensions["stale_forms"](typed),
                           action=request.full_path.rstrip("?"))
    return page, 400


def _database_page(error: Exception) -> Response:
    """A database that is not there, busy or full: a sentence, and what was typed, without asking the database for anything. What
    else a database says is a fault of ours and goes on to be one."""
    sentence = outage_of(error)
    if sentence is None:
        raise error
    abandon()
    current_app.logger.error("database: %s (%s)", sentence, type(error).__name__)
    g._login_user = login_manager.anonymous_user()  # Flask-Login would look up who is asking
    page = page_of(503, sentence, "database") if wants_json() else _with_what_was_typed(sentence)
    answer = current_app.make_response(page)
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _with_what_was_typed(sentence: str) -> Page:
    typed = [(name, value[:LONGEST_KEPT]) for name, value in request.form.items(multi=True) if name not in SECRET_FIELDS
             ] if request.method == "POST" and was_signed_in() and _came_from_us() else []
    return render_template("house/no_database.html", sentence=sentence, typed=typed, is_lost=bool(typed) and has_files(),
                           lines=current_app.extensions["stale_forms"](typed, is_known=False),
                           action=request.full_path.rstrip("?")), 503


def _came_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Referer", "")).netloc == request.host


def register(app: Flask) -> None:
    """Translate refusals and HTTP errors into pages."""
    app.register_error_handler(Refusal, _refusal_page)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_page)
    for kind in DATABASE_ERRORS:
        app.register_error_handler(kind, _database_page)
