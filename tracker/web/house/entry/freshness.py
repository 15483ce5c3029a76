"""The password typed again, or a code of the second factor by whoever has one, before what must not be done by who merely
found an open screen. What was sent waits on the page that asks, and goes on with it."""

from flask import render_template, request, url_for

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import NotAllowed, Refusal
from tracker.domain.house.say import Say
from tracker.services.people.access import SessionStanding
from tracker.services.people.sign_in import confirm_password
from tracker.services.people.signing import factors
from tracker.services.people.signing.visits import Visit
from tracker.web.house.script_answers import wants_json

FIELD = "password_again"
ASKED = "请再输一次密码，确认是您本人。"
CODE_ASKED = "请输入动态口令，确认是您本人。"


def prove(actor: Actor, session: SessionStanding, visit: Visit) -> tuple[str, int] | None:
    """None when what is asked for came along, and was right; otherwise the page that asks for it."""
    typed = request.form.get(FIELD)
    if typed is None:
        if wants_json():
            raise NotAllowed(CODE_ASKED if session.has_factor else ASKED, code="not_fresh")
        return asking_page("", session)
    try:
        (factors.show if session.has_factor else confirm_password)(actor, session.id, typed[:200], visit)
    except Refusal as refusal:
        return asking_page(refusal.sentence, session)
    return None


def asking_page(trouble: str | Say, session: SessionStanding) -> tuple[str, int]:
    """The page that asks: a form sent goes on to where it was sent, a page asked for is asked for again."""
    if request.method == "POST":
        action, fields = request.full_path.rstrip("?"), _fields_sent()
    else:
        action, fields = url_for("accounts.confirm", next=request.full_path.rstrip("?")), []
    return render_template("house/confirm.html", action=action, fields=fields, trouble=trouble, field=FIELD,
                           is_code=session.has_factor), 403


def _fields_sent() -> list[tuple[str, str]]:
    """What was typed, without tokens and passwords; the form's own id goes on with the token."""
    return [(name, value) for name, value in request.form.items(multi=True)
            if name not in ("csrf_token", "form_id") and "password" not in name]
