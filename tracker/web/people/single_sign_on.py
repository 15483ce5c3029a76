"""Single sign-on: OpenID Connect, code flow with PKCE, state and nonce. The provider says who comes; whether they are in
office, and what they may, is ours to say."""

from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.services.people.sign_in import sign_in_by_provider
from tracker.web.house.drawing.languages import way_back
from tracker.web.house.entry import browsers
from tracker.web.house.guard import let_in, public, visit

blueprint = Blueprint("single_sign_on", __name__, url_prefix="/login/sso")
CLIENT, ONWARD = "sso", "sso_next"
SECOND_SHOWN = frozenset({"mfa", "otp", "hwk"})  # of `amr` (RFC 8176): the provider asked for more than a password
PATIENCE = 10  # seconds for an answer of the provider
FAILED = "单点登录没有完成，请再试一次；还不行，请告诉管理员。"


def register(app: Flask) -> None:
    """Know the provider, where the settings name one."""
    chosen = app.config["SETTINGS"].single_sign_on
    app.jinja_env.globals["single_sign_on"] = lambda: chosen
    if chosen is None:
        return
    from authlib.integrations.flask_client import OAuth  # slow to load, and few have a provider

    OAuth(app).register(
        CLIENT, client_id=chosen.client_id, client_secret=chosen.client_secret,
        server_metadata_url=f"{chosen.url}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": PATIENCE})


@blueprint.get("")
@public
def begin() -> Response:
    """To the provider, and back with who it was."""
    provider, _ = _provider_set()
    session[ONWARD] = request.args.get("next", "")
    back = current_app.config["SETTINGS"].base_url.rstrip("/") + url_for("single_sign_on.back")
    try:
        answer: Response = provider.authorize_redirect(back)
    except Exception:  # whatever happens to a foreign server
        current_app.logger.exception("the single sign-on does not answer")
        return _failed_answer(FAILED)
    return answer


@blueprint.get("/back")
@public
def back() -> Response:
    """From the provider: its word is checked, and who it names is let in if they are in office."""
    provider, chosen = _provider_set()
    onward = way_back(session.pop(ONWARD, "")) or url_for("home.desk")
    try:
        claims: dict[str, Any] = provider.authorize_access_token().get("userinfo") or {}
    except Exception:  # a refusal, a forged or late answer, a server that is down: nobody comes in
        current_app.logger.warning("a single sign-on failed", exc_info=True)
        return _failed_answer(FAILED)
    login = str(claims.get(chosen.login_claim) or "")
    if not login:
        return _failed_answer(Say("单点登录没有说明账号（缺少“{claim}”），请告诉管理员。", claim=chosen.login_claim))
    shown = claims.get("amr")
    try:
        token = sign_in_by_provider(login, visit(login), is_second_shown=isinstance(shown, list) and bool(
            SECOND_SHOWN.intersection(map(str, shown))))
    except Refusal as refusal:
        return _failed_answer(refusal.sentence)
    let_in(token)
    return browsers.remember(redirect(onward), login)


def _provider_set() -> tuple[Any, Any]:
    """The client, and what was set. Raises `NotFound` where nothing is."""
    chosen = current_app.config["SETTINGS"].single_sign_on
    if chosen is None:
        raise NotFound("没有这个页面，或您无权查看。")
    return current_app.extensions["authlib.integrations.flask_client"].create_client(CLIENT), chosen


def _failed_answer(sentence: str | Say) -> Response:
    flash(sentence, "warn")
    return redirect(url_for("accounts.sign_in"))
