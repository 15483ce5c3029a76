"""Tomorrow's mails as they would look: the morning lists of each person, and each report as it stands. Nothing is written."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from werkzeug.wrappers import Response

from tracker.domain.cadence.beats import BEATS, Beat, beat_named, next_due
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.reports.sight import reads_whole
from tracker.domain.tables.cells import whole_number
from tracker.gateways.mail.pages import MailPage, render
from tracker.services.cadence import morning
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading, wiring
from tracker.services.mail.letters import Letter
from tracker.services.reports import mails, reports
from tracker.storage.cases.register import register
from tracker.storage.mail import receipts
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("mail_preview", __name__, url_prefix="/supervision/preview")
READ = Permission.supervision_read
ABSENT = "没有这封信，或您无权查看。"


@dataclass(frozen=True)
class MailPreview:
    """A mail as it would go out, with its pictures."""

    page: MailPage
    pictures: dict[str, bytes]

    @property
    def html(self) -> str:
        """The page with its pictures in it."""
        text = self.page.html or ""
        for name, content in self.pictures.items():
            text = text.replace(f"cid:{name}", f"data:image/png;base64,{b64encode(content).decode()}")
        return text


@dataclass(frozen=True)
class PreviewChoice:
    """Which mail somebody wants to see: a person's morning list, or a report."""

    person_id: int | None = None
    cadence: Beat | None = None

    @property
    def args(self) -> dict[str, object]:
        """The same as parts of an address."""
        return {"to": self.person_id} if self.person_id is not None else {
            "cadence": self.cadence.id} if self.cadence is not None else {}


@blueprint.get("")
@needs(READ)
def preview() -> str:
    """Who would be written to on the next working day, and one of the mails."""
    on, asked = _next_day(), _asked_choice()
    letters, trouble, mail = _morning_letters(on), "", None
    names = receipts.names_of(reading(), [each.person_id for each in letters if each.person_id is not None])
    try:
        mail = _asked_mail(asked, letters, on)
    except Refusal as refusal:
        if refusal.status == NotFound.status:
            raise
        trouble = refusal.sentence
    return render_template("cadence/preview.html", on=on, letters=letters, names=names, asked=asked, mail=mail, trouble=trouble,
                           reports=[(each, *next_due(each, today().clock.now(), today().calendar, wiring().zone))
                                    for each in BEATS if each.report])


@blueprint.get("/page")
@needs(READ)
def page() -> Response:
    """The mail by itself, for its frame: it may show its own styles and pictures, and do nothing."""
    on = _next_day()
    mail = _asked_mail(_asked_choice(), _morning_letters(on), on)
    if mail is None or mail.page.html is None:
        raise NotFound(ABSENT)
    g.is_framed_mail = True
    return Response(mail.html, mimetype="text/html")


def _next_day() -> date:
    return today().calendar.next_workday(today().on)


def _asked_choice() -> PreviewChoice:
    to, cadence = request.args.get("to", ""), request.args.get("cadence", "")
    if cadence:
        return PreviewChoice(cadence=beat_named(cadence))
    return PreviewChoice(person_id=whole_number(to))


def _morning_letters(on: date) -> list[Letter]:
    """The morning lists: everybody's for who watches over the whole area, else one's own."""
    actor = current_actor()
    found: tuple[Letter, ...] = _kept_preview(("morning", on), lambda: morning.preview(on))
    sees_all = reads_whole(actor, wiring().home_area)
    return [each for each in found if each.person_id is not None and (sees_all or each.person_id == actor.id)]


def _asked_mail(asked: PreviewChoice, letters: list[Letter], on: date) -> MailPreview | None:
    if asked.person_id is not None:
        letter = next((each for each in letters if each.person_id == asked.person_id), None)
        if letter is None:
            raise NotFound(ABSENT)
        return MailPreview(render(letter.mail, {"base_url": wiring().base_url, **letter.words}), dict(letter.pictures))
    if asked.cadence is None:
        return None
    if not asked.cadence.report or not reads_whole(current_actor(), wiring().home_area):
        raise NotFound(ABSENT)
    return _report_mail(asked.cadence)


def _report_mail(cadence: Beat) -> MailPreview:
    """The mail of the period that is due next, counted up to now."""
    period, _ = next_due(cadence, today().clock.now(), today().calendar, wiring().zone)

    def made() -> MailPreview:
        words, pictures = mails.words_of(reports.build(cadence.report, period, wiring().home_area).document)
        return MailPreview(render(mails.NOTICE, {"base_url": wiring().base_url, **words}), dict(pictures))

    mail: MailPreview = _kept_preview((cadence.id, period.key), made)
    return mail


def _kept_preview(key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    """What was made is shown by the page and asked for again by its frame."""
    return until_next_fact("mail_preview", key, register.last_fact(reading()), make)
