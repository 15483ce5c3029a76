"""The list of what a district that was just set up still lacks, and the mail server where the environment names none."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.services.house.work import reading
from tracker.services.mail.way_out import MailWay, change_way, kept_way, try_out, way_of
from tracker.services.territory import offices
from tracker.services.upkeep.founding.readiness import conditions
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.upkeep.founding.forms import MailForm

blueprint = Blueprint("start", __name__, url_prefix="/settings/start")
# Where each condition is mended.
MENDED_AT = {
    "duties": "people.people", "separation": "people.people", "heads": "people.people", "list": "territory.territory",
    "mail": "start.mail", "outline": "map_settings.chosen", "calendar": "work_calendar.year", "admins": "people.people",
    "backup": "running.backups",
}


@blueprint.get("", endpoint="start")
@needs(Permission.office_manage)
def show_list() -> str:
    """One row for each condition, the missing ones with the way to mend them."""
    rows = conditions()
    return render_template("upkeep/setup/start.html", rows=rows, missing=sum(not row.is_met for row in rows), mended_at=MENDED_AT)


@blueprint.route("/mail", methods=["GET", "POST"])
@needs(Permission.office_manage)
def mail() -> str | Response | Page:
    """The mail server: tried at once, kept when it took a mail, or when somebody says that it will be tried later."""
    if current_app.config["SETTINGS"].is_mail_given:
        raise NotFound("邮件服务器已由设置 MAIL_URL 给出，不能在页面上改。")
    way, form = kept_way(reading()), MailForm()
    if request.method == "GET":
        return _mail_page(MailForm(formdata=None, data=vars(way) | {"secret": ""} if way else {}), way)
    if not form.validate():
        return _mail_page(form, way), 422
    try:
        return _keep_or_try(form, _typed_way(form, way), way)
    except Refusal as refusal:
        form.refuse(refusal)
        return _mail_page(form, way), refusal.status


def _keep_or_try(form: MailForm, wanted: MailWay, way: MailWay | None) -> str | Response | Page:
    said = "" if form.is_later.data else try_out(wanted, form.to.data or wanted.sender)
    if said:
        return _mail_page(form, way, said), 422
    change_way(current_actor(), wanted, is_tried=not form.is_later.data)
    flash("邮件服务器已保存，还没有试发。" if form.is_later.data else "邮件服务器已收下试发的信，设置已保存。", "done")
    return redirect(url_for("start.start"))


def _typed_way(form: MailForm, before: MailWay | None) -> MailWay:
    """As it was typed; a secret that is left blank stays what it was for the same user."""
    home = offices.home()
    kept = before.secret if before is not None and before.user == form.user.data else ""
    return way_of(form.server.data or "", form.port.data or "", form.encryption.data, form.user.data or "",
                  form.secret.data or kept, form.sender.data or "", home.name if home else "")


def _mail_page(form: MailForm, way: MailWay | None, said: str = "") -> str:
    return render_template("upkeep/setup/mail.html", form=form, said=said, has_secret=way is not None and bool(way.secret))
