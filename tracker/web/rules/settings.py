"""What an administrator can see of the product's own state. Nothing here is secret, and nothing can be changed yet."""

from flask import Blueprint, current_app, render_template

from tracker.domain.house.actor import ROLE_GRANTS, Permission
from tracker.services.house.work import reading
from tracker.services.rules import calendar
from tracker.storage.mail import outbox_lines
from tracker.storage.upkeep import health
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, may_read, needs

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
@needs(Permission.rules_manage)
def overview() -> str:
    """The calendar's coverage, the outbox, the clock's runs, settings without secrets, and what each role may do."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "rules/overview.html", years=sorted(today().calendar.published_years), state=health.state(reading()), grants=ROLE_GRANTS,
        settings=settings, mail_scheme=settings.mail_url.partition(":")[0],
        database=settings.database_url.partition(":")[0], calendar_alarm=calendar.alarm(today().on),
        mail=outbox_lines.standing(reading()), bounced=outbox_lines.bounced_readers(reading()),
        may_run=may_read(current_actor(), Permission.ops_manage),
    )
