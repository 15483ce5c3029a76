"""Taking back what was just done: which step undoes which, and the button that says so beside the good news."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, flash, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import step_word
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid, NotFound
from tracker.services.cases import steps
from tracker.services.cases.steps import Outcome
from tracker.services.house.work import wiring
from tracker.storage.cases.register.view_lines import View
from tracker.storage.people.people import PersonLine

RESTORE_WITHIN = timedelta(minutes=10)
LONGEST_SEAL = 2500  # it travels in the session's cookie, which browsers drop beyond 4 kB
Undo = dict[str, Any]


def tell_done(text: str, undo: Undo | None = None, following: str = "") -> None:
    """Say what was done, with the way back where there is one, and the address of what comes next."""
    said = {"text": text, "undo": undo, "following": following}
    flash(said if undo or following else text, "done")  # type: ignore[arg-type]


def undo_of_step(actor: Actor, outcome: Outcome) -> Undo | None:
    """The page of the step that takes this one back, if the law leaves it open to this person now."""
    back = CASE_FLOW.steps[outcome.step].undone_by
    if not back:
        return None
    try:
        offers = steps.offered(actor, outcome.number)
    except NotFound:  # the step moved the case out of their sight
        return None
    is_open = any(offer.name == back and offer.why is None for offer in offers)
    return {"word": step_word(back), "href": url_for("steps.ask", number=outcome.number, step=back)} if is_open else None


def undo_by_form(action: str, **fields: str) -> Undo:
    """A button that sends these fields."""
    return {"word": "撤回", "action": action, "fields": fields}


def undo_of_grant(person: PersonLine, role: str, area_code: str) -> Undo | None:
    """A button that takes a role away again which this person did not hold before."""
    if any(held.role.value == role and held.area_code == area_code for held in person.grants):
        return None
    return undo_by_form(url_for("people.revoke", login=person.login), role=role, area_code=area_code)


def undo_of_revoke(actor: Actor, person: PersonLine, role: str, area_code: str) -> Undo | None:
    """A button that gives a role back; none to who took it from themselves, for they may manage no accounts any more."""
    if person.id == actor.id:
        return None
    return undo_by_form(url_for("people.grant", login=person.login), **{"grant-role": role, "grant-area_code": area_code})


def undo_of_view(actor: Actor, view: View) -> Undo | None:
    """A button that brings a dropped view back, sealed for this person and for a few minutes."""
    said = {"by": actor.id, "at": wiring().clock.now().isoformat(), "name": view.name, "query": view.query,
            "shared": view.is_shared}
    sealed = str(_view_seal().dumps(said))
    return undo_by_form(url_for("views.restore"), view=sealed) if len(sealed) <= LONGEST_SEAL else None


def dropped_view(actor: Actor, sealed: str) -> tuple[str, str, bool]:
    """Name, query and whether it was shared. Raises `Invalid` for another's, an old or a made-up one."""
    try:
        said = _view_seal().loads(sealed)
    except BadSignature:
        raise Invalid("这个撤回按钮无法识别，请重新保存视图。") from None
    if said["by"] != actor.id or wiring().clock.now() - datetime.fromisoformat(said["at"]) > RESTORE_WITHIN:
        raise Invalid("已过可以撤回的时间，请重新保存视图。")
    return said["name"], said["query"], said["shared"]


def _view_seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="dropped-view")
