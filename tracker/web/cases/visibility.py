"""Who sees a case, and why."""

from flask import Blueprint, render_template, request

from tracker.domain.house.actor import Permission
from tracker.services.cases import visibility
from tracker.services.house.work import reading
from tracker.storage.cases import page
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("case_access", __name__, url_prefix="/cases/<number>/access")


@blueprint.get("")
@needs(Permission.people_read)
def access(number: str) -> str:
    """Everybody who sees this case with every reason; and for one person asked for, why or why not."""
    actor = current_actor()
    case = page.head_of(reading(), actor.scope(), number)
    everybody = visibility.who_sees(actor, number)
    asked = next((each for each in everybody if each.login == request.args.get("who", "")), None)
    return render_template("cases/visibility.html", case=case, sights=[each for each in everybody if each.because],
                           everybody=everybody, asked=asked, blind=visibility.BLIND)
