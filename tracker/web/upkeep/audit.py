"""The auditor's room: what was done, page by page, with what is out of the ordinary on top, and as a file."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.upkeep.auditing import FAILED, HEADINGS, OUTCOMES_ASKED, WORDS
from tracker.services.upkeep import auditing
from tracker.storage.upkeep.audit_lines import Place
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import gettext
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@blueprint.get("", endpoint="audit")
@needs(Permission.audit_read)
def show() -> str:
    """A page of it, the newest first."""
    asked, before = auditing.filters_of(request.args), _place_of(request.args.get("before", ""))
    lines = auditing.lines(current_actor(), asked, before, auditing.PAGE + 1)
    further = lines[auditing.PAGE - 1].place if len(lines) > auditing.PAGE else None
    signals = auditing.signals(current_actor(), asked) if before is None else []
    return render_template(
        "upkeep/audit/list.html", lines=lines[:auditing.PAGE], asked=asked, signals=signals, headings=HEADINGS, words=WORDS,
        failed=FAILED, roles=ROLES, outcomes=OUTCOMES_ASKED, areas=auditing.areas_offered(current_actor()),
         told_of=auditing.told_of, who_of=auditing.who_of, is_first=before is None,
        older=f"{further[0].isoformat()}~{further[1]}" if further else "")


@blueprint.get("/export.<any(xlsx, csv):kind>")
@needs(Permission.audit_read)
def export(kind: str) -> Response:
    """The same as a file."""
    with TemporaryDirectory(prefix="xiaohao-audit-") as folder:
        path = Path(folder) / f"audit.{kind}"
        auditing.export(current_actor(), path, auditing.filters_of(request.args))
        file = path.open("rb")
    answer = send_file(file, TYPES[kind], as_attachment=True, download_name=f"{gettext('审计记录')}_{today().on}.{kind}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _place_of(text: str) -> Place | None:
    if not text:
        return None
    try:
        at, _, last = text.partition("~")
        place = datetime.fromisoformat(at), int(last)
        if place[0].tzinfo is None or not 0 <= place[1] < 2**63:
            raise ValueError(text)
        return place
    except ValueError:
        raise Invalid(Say("“{text}”不是这个列表里的位置。", text=text), field="before") from None
