"""Default-deny: every endpoint says whom it admits, and who is asking is worked out once per request."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user
from werkzeug.exceptions import BadRequest, Unauthorized
from werkzeug.wrappers import Response

from tracker.domain.cases.wording import word
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotAllowed
from tracker.domain.house.say import Say
from tracker.extensions import csrf, login_manager
from tracker.services.house.work import wiring
from tracker.services.people import access, delegations
from tracker.services.people.access import PersonStanding, SessionStanding
from tracker.services.people.signing import factors, sessions
from tracker.services.people.signing.visits import Visit
from tracker.web.house.entry import browsers, freshness
from tracker.web.house.script_answers import wants_json
from tracker.web.house.sessions import is_aside, was_signed_in

ACTING = "acting_under"  # the delegation under which a session acts
STRANGERS_BODY = 65_536  # the most that is read of somebody who is not signed in: a sign-in is not so long
LAPSED = "代办已经结束，现以您本人的身份办理。"
RENEWAL = "您现在的密码容易被猜到，请先换一个，再办其他的事。"
OF_RENEWAL = frozenset({"accounts.password", "accounts.sign_out"})
CODE_DUE, FACTOR_OWED = "请先输入动态口令。", "您的角色必须有动态口令，请先启用。"
OF_CODE = frozenset({"factors.check", "accounts.sign_out"})
OF_SETTING_UP = frozenset({"factors.mine", "factors.begin", "factors.confirm", "accounts.confirm", "accounts.sign_out"})
View = TypeVar("View", bound=Callable[..., Any])


READ_BY_AUDITORS = frozenset({Permission.rules_manage, Permission.office_manage, Permission.ops_manage})


@dataclass(frozen=True)
class Demand:
    """What an endpoint asks of a visitor: nothing, a sign-in, or a permission; and whether the password must have been typed a
    short while ago."""

    is_public: bool = False
    permission: Permission | None = None
    asks_fresh: Callable[[], bool] | None = None


class SignedIn(UserMixin):
    """A signed-in person: the actor, how they stand, and the token of their session."""

    def __init__(self, stands: PersonStanding, token: str) -> None:
        self.actor = stands.actor
        self.standing = stands
        self.token = token

    @property
    def session(self) -> SessionStanding:
        """The session in which they are here."""
        assert self.standing.session is not None
        return self.standing.session

    def get_id(self) -> str:
        """What the cookie holds. Whose it is, and whether it is over, the database says."""
        return self.token


def public(view: View) -> View:
    """Anybody may come."""
    return _with_demand(view, Demand(is_public=True))


def needs_sign_in(view: View) -> View:
    """Anybody signed in may come; what they see is fenced by their scope."""
    return _with_demand(view, Demand())


def needs(permission: Permission) -> Callable[[View], View]:
    """Who holds the permission may come."""
    return lambda view: _with_demand(view, Demand(permission=permission))


def requires_fresh(when: Callable[[], bool] = lambda: True) -> Callable[[View], View]:
    """Above `@needs`: the password typed again, where that was not done within a quarter of an hour. `when` looks at the
    request."""
    return lambda view: _with_demand(view, replace(demand_of(view) or Demand(), asks_fresh=when))


def demand_of(view: Callable[..., Any]) -> Demand | None:
    """What the view declared, or None when it forgot to."""
    return getattr(view, "demand", None)


def current_actor() -> Actor:
    """Who is asking. Only inside an endpoint that needs a sign-in."""
    return cast(SignedIn, current_user).actor


def current_session() -> SessionStanding:
    """The session of who is asking. Only inside an endpoint that needs a sign-in."""
    return cast(SignedIn, current_user).session


def visit(login: str) -> Visit:
    """From where the request comes that this person makes, or wants to."""
    return Visit(request.remote_addr or "", request.user_agent.string, browsers.mark_of(login))


def let_in(token: str) -> None:
    """This browser keeps the session from now on, in person."""
    session.pop(ACTING, None)
    session.permanent = True
    login_user(_from_session(token))


def stand_guard(app: Flask) -> None:
    """Watch every request, and refuse to start with an endpoint that declares nothing."""
    public(app.view_functions["static"])
    login_manager.user_loader(_from_session)
    app.before_request(_admit_request)
    app.jinja_env.globals["is_reading_only"] = is_reading_only
    app.after_request(_carry_on)
    forgotten = [name for name, view in app.view_functions.items() if demand_of(view) is None]
    if forgotten:
        raise RuntimeError(f"endpoints without @needs, @needs_sign_in or @public: {', '.join(sorted(forgotten))}")


def _with_demand(view: View, demand: Demand) -> View:
    view.demand = demand  # type: ignore[attr-defined]
    return view


def _from_session(token: str) -> SignedIn | None:
    stands = access.in_session(sessions.digest_of(token))
    return _as_chosen(SignedIn(stands, token)) if stands is not None else None


def _carry_on(response: Response) -> Response:
    """Whoever asked for a page is still here."""
    here = g.get("_login_user")  # nobody is looked up for an answer that needed nobody
    if isinstance(here, SignedIn) and not is_aside():
        sessions.carry_on(here.session.id, here.session.made_at, here.session.seen_at,
                          is_own_device=here.session.is_own_device)
    return response


def _as_chosen(found: SignedIn) -> SignedIn:
    """In person, or standing in as the session says; asked anew at every request, for a delegation ends by itself."""
    chosen = session.get(ACTING)
    if chosen is None:
        return found
    stands = delegations.standing_in(found.standing, int(chosen))
    if stands is not None:
        return SignedIn(stands, found.token)
    session.pop(ACTING)
    g.has_lapsed = True
    flash(LAPSED, "warn")
    return found


def _admit_request() -> Response | tuple[str, int] | None:
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    demand = demand_of(view)
    if demand is None:
        raise NotAllowed("这个地址没有开放。", code="undeclared")
    if "\x00" in request.path or any("\x00" in said for _, said in request.args.items(multi=True)):
        raise BadRequest
    if demand.is_public:
        request.max_content_length = STRANGERS_BODY
    elif not current_user.is_authenticated and not was_signed_in():
        return _stranger_answer()
    _check_body()
    if demand.is_public:
        return None
    if not current_user.is_authenticated:
        return _stranger_answer()
    return _unfit_answer(demand)


def _check_body() -> None:
    """The body is read here for the first time: the token of its form, and no NUL, which nobody types and a database may refuse
    to hold."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    names = (file.filename or "" for files in request.files.listvalues() for file in files)
    if any("\x00" in said for said in (*(said for _, said in request.form.items(multi=True)), *names)):
        raise BadRequest


def _renewal_answer() -> Response:
    """Nothing is done with a password that is easily guessed, but to set another."""
    if wants_json():
        raise NotAllowed(RENEWAL, code="weak_password")
    flash(RENEWAL, "warn")
    return redirect(url_for("accounts.password"))


def _factor_answer() -> Response | None:
    """Nothing opens before a code was shown; and to who must have a second factor, after some days, only the page to set it
    up."""
    if current_session().is_code_due:
        if request.endpoint in OF_CODE:
            return None
        if wants_json():
            raise NotAllowed(CODE_DUE, code="code_due")
        return redirect(url_for("factors.check", next=_return_address()))
    if request.endpoint in OF_SETTING_UP or not factors.is_owed(current_session().owes_factor_since):
        return None
    if wants_json():
        raise NotAllowed(FACTOR_OWED, code="factor_owed")
    return redirect(url_for("factors.mine"))


def _stranger_answer() -> Response:
    if wants_json():
        raise Unauthorized
    return redirect(url_for("accounts.sign_in", next=_return_address()))


def _unfit_answer(demand: Demand) -> Response | tuple[str, int] | None:
    if (answer := _factor_answer()) is not None:
        return answer
    if current_session().is_renewal_due and request.endpoint not in OF_RENEWAL:
        return _renewal_answer()
    if g.get("has_lapsed") and request.method not in ("GET", "HEAD") and request.endpoint != "accounts.sign_out":
        raise NotAllowed("代办已经结束，刚才的内容没有提交。请核对后以您本人的身份重新办理。", code="lapsed")
    if demand.permission is not None and not _may_come(demand.permission):
        raise NotAllowed(Say("您没有“{permission}”的权限。", permission=Say(word(demand.permission))), code="no_permission")
    if demand.asks_fresh is not None and not current_session().is_fresh(wiring().clock.now()) and demand.asks_fresh():
        return freshness.prove(current_actor(), current_session(), visit(current_actor().login))
    return None


def _may_come(permission: Permission) -> bool:
    """Whether this request may come: whoever holds the permission; and an auditor, who reads every settings page and writes
    none."""
    if current_actor().has(permission):
        return True
    g.is_reading_only = request.method in ("GET", "HEAD") and may_read(current_actor(), permission)
    return bool(g.is_reading_only)


def may_read(actor: Actor, permission: Permission) -> bool:
    """Whether pages that ask for this permission may be looked at."""
    return actor.has(permission) or (permission in READ_BY_AUDITORS and actor.has(Permission.audit_read))


def read_only() -> None:
    """The page that is made now is for looking at alone."""
    g.is_reading_only = True


def is_reading_only() -> bool:
    """Whether the page that is shown may be looked at, and nothing on it done."""
    return bool(g.get("is_reading_only"))


def _return_address() -> str | None:
    """Where to come back to after the sign-in; only a page that is read, never one that was sent."""
    if request.method != "GET" or request.path == "/":
        return None
    return request.full_path.rstrip("?")
