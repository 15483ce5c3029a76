"""Every no becomes a page here, and nowhere else: a status, one Chinese sentence, and the way on."""

from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.domain.errors import Refusal

Page = tuple[str, int]

HTTP_SENTENCES: dict[int, str] = {
    400: "请求不完整或无法识别，请返回重试。", 401: "请先登录。", 403: "您没有权限打开这个页面。", 404: "没有找到这个页面，或您无权查看。",
    405: "这个地址不能这样打开，请从页面上的按钮进入。", 413: "上传的内容太大。请减少文件数量，或先压缩照片再上传。",
    415: "上传的内容格式无法识别。", 429: "操作过于频繁，请稍后再试。", 500: "系统出了问题，已记入日志。您可以返回重试；若仍不行，请联系管理员。",
}
TITLES: dict[int, str] = {
    403: "不能这样做", 404: "没有找到", 405: "不能这样打开", 409: "情况有变", 413: "内容太大", 422: "请核对填写的内容", 500: "系统出了问题",
}
SECRET_FIELDS = frozenset({"csrf_token", "password", "new_password", "repeat"})
LONGEST_KEPT = 20_000


def page_of(status: int, sentence: str) -> Page:
    """The page of a refusal."""
    title = TITLES.get(status, "没有成功")
    return render_template("errors/refusal.html", status=status, title=title, sentence=sentence), status


def _refused(refusal: Refusal) -> Page:
    if refusal.status >= 500:
        current_app.logger.error("%s: %s", refusal.code, refusal.sentence)
    return page_of(refusal.status, refusal.sentence)


def _http(error: HTTPException) -> Page:
    status = error.code or 500
    return page_of(status, HTTP_SENTENCES.get(status, HTTP_SENTENCES[400] if status < 500 else HTTP_SENTENCES[500]))


def _stale_form(error: CSRFError) -> Page:
    """A form whose token ran out with its session. What was typed is shown, and can be sent again from this page when it
    came from a page of ours; files cannot be kept."""
    pairs = [(name, value[:LONGEST_KEPT]) for name, value in request.form.items(multi=True) if name not in SECRET_FIELDS]
    is_ours = _came_from_us()
    kept = pairs if is_ours else []
    page = render_template("errors/stale_form.html", kept=kept, has_files=bool(request.files), action=request.full_path.rstrip("?"))
    return page, 400


def _came_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Referer", "")).netloc == request.host


def register(app: Flask) -> None:
    """Translate refusals and HTTP errors into pages."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
