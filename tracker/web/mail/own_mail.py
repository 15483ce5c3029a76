"""How somebody wants their own mail: a choice for each kind, within what duty needs."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField

from tracker.domain.house.errors import Refusal
from tracker.domain.mail.kinds import CHOICES, WAYS, MailKind
from tracker.services.house.work import reading, wiring
from tracker.services.mail import choices, hours
from tracker.web.house.forms import HouseForm, chosen, listed
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.house.refusals import Page

blueprint = Blueprint("own_mail", __name__, url_prefix="/account/mail")


class OwnMailForm(HouseForm):
    """A question for each kind that leaves a choice."""


@blueprint.get("")
@needs_sign_in
def own_mail() -> str:
    """What comes at once, what in the digest, and what not at all."""
    return _own_mail_page(_choice_form())


@blueprint.post("", endpoint="choose")
@needs_sign_in
def choose() -> Response | Page:
    """From now on like this."""
    form = _choice_form()
    if not form.validate():
        return _own_mail_page(form), 422
    wanted = {kind.code: form[kind.code].data for kind in _open_kinds()}
    try:
        choices.choose(current_actor(), current_actor().login, wanted)
    except Refusal as refusal:
        form.refuse(refusal)
        return _own_mail_page(form), refusal.status
    flash("收信方式已保存，从下一封邮件起照此办理。", "done")
    return redirect(url_for("own_mail.own_mail"))


def _own_mail_page(form: OwnMailForm) -> str:
    locked = [kind for kind in CHOICES if kind.is_locked]
    return render_template("people/account/mail.html", form=form, kinds=_open_kinds(), locked=locked,
                           digest_at=hours.next_digest(wiring().clock.now()))


def _open_kinds() -> list[MailKind]:
    return [kind for kind in CHOICES if not kind.is_locked]


def _choice_form() -> OwnMailForm:
    """Every question with what holds now."""
    now = {each.kind: each.way for each in choices.ways_of(reading(), current_actor().id)}
    fields = {kind.code: RadioField(kind.word, [chosen(kind.word)], description=kind.what_for, default=now[kind].value,
                                    choices=listed((way.value, WAYS[way]) for way in kind.ways)) for kind in _open_kinds()}
    built: type[OwnMailForm] = type("BuiltOwnMailForm", (OwnMailForm,), fields)
    return built()
