"""From which sites an inspector keeps away, declared by themselves."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.services.inspection import interests
from tracker.services.inspection.masters import GROUNDS
from tracker.web.house.business_day import today
from tracker.web.house.forms import HouseForm, chosen, listed, text
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page

blueprint = Blueprint("interests", __name__, url_prefix="/inspections/interests")


class InterestForm(HouseForm):
    """A site, and why."""

    site = text("监管对象", longest=200, hint="编号、统一社会信用代码或全称")
    ground = SelectField("回避事由", [chosen("回避事由")], choices=listed(interests.OWN_GROUNDS, "请选择"))


@blueprint.get("")
@needs(Permission.act_read)
def own() -> str:
    """What this person has declared."""
    return _own_page(InterestForm(formdata=None))


@blueprint.post("")
@needs(Permission.act_read)
def declare() -> Response | Page:
    """One more; a refusal keeps what was typed."""
    form = InterestForm()
    if not form.validate():
        return _own_page(form), 422
    try:
        code = interests.declare(current_actor(), form.site.data or "", form.ground.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _own_page(form), refusal.status
    flash(Say("已申报对 {code} 回避；已派给您的检查，请调度员换人。", code=code), "done")
    return redirect(url_for("interests.own"))


def _own_page(form: InterestForm) -> str:
    actor = current_actor()
    return render_template("inspection/interests.html", form=form, lines=interests.own_interests(actor), grounds=dict(GROUNDS),
                           on=today().on, may_declare=interests.is_on_roster(actor, today().on))
