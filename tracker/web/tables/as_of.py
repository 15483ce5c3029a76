"""The register as it stood at the end of a day."""

from datetime import date

from flask import Blueprint, render_template, request

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import DateWords, Say
from tracker.services.rules import values
from tracker.services.tables import register_as_of
from tracker.storage.cases.register.register import Filters
from tracker.web.cases.register.view import chips_of, choices_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("as_of", __name__, url_prefix="/cases")
DAY = Given("on", "截至日期", FieldKind.date)


@blueprint.get("/as-of", endpoint="register")
@needs(Permission.case_read)
def show_register() -> str:
    """The lines under the filters of the address, as every case stood when the day ended."""
    scope, now, filters = current_actor().scope(), today(), Filters.from_args(request.args)
    on = _asked_day(now.on)
    page = register_as_of.page_as_of(scope, filters, values.light_bounds(on), now.clock.end_of(on), request.args.get("after", ""))
    return render_template("tables/as_of.html", on=on, page=page, filters=filters, is_first=not request.args.get("after"),
                           chips=chips_of(filters, choices_of(scope)), args=filters.to_args(sort=None))


def _asked_day(last: date) -> date:
    """The day of the address. Raises `Invalid` for none, and for one to come."""
    on = read(DAY, request.args.get(DAY.name))
    if not isinstance(on, date):
        raise Invalid("请选“截至日期”。", field=DAY.name)
    if on > last:
        raise Invalid(Say("截至日期 {on} 晚于今天（{today}），请改选今天或以前的日期。", on=DateWords(on), today=DateWords(last)), field=DAY.name)
    return on
