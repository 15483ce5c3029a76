"""What became of a form that was sent: known again when it comes once more, forgotten after some weeks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update

from tracker.domain.house.say import restored, stored
from tracker.services.house.form_claims import SentForm
from tracker.services.house.work import Work, deed, reading
from tracker.storage.house.posted_forms import PostedForm

KEPT_DAYS = 60  # longer than anybody's phone lies in a drawer with a form that waits


@dataclass(frozen=True)
class FirstAnswer:
    """What the first one was answered with. Nothing yet, where it is still being worked on."""

    digest: str
    is_finished: bool
    led_to: str
    said: tuple[str, ...]


def first_answer(person_id: int, form_id: str) -> FirstAnswer | None:
    """The answer to this person's form; None where it never counted."""
    query = select(PostedForm.digest, PostedForm.finished_at, PostedForm.led_to, PostedForm.said).where(
        PostedForm.person_id == person_id, PostedForm.form_id == form_id)
    found = reading().execute(query).first()
    if found is None:
        return None
    said = tuple(restored(each) for each in json.loads(found.said or "[]"))
    return FirstAnswer(found.digest, found.finished_at is not None, found.led_to, said)


@deed
def finish(work: Work, form: SentForm, led_to: str, said: Sequence[str]) -> None:
    """Keep where it led and what was said."""
    text = json.dumps([stored(each) for each in said], ensure_ascii=False)
    work.session.execute(update(PostedForm).where(_is_this(form)).values(
        finished_at=work.clock.now(), led_to=led_to, said=text))


@deed
def release(work: Work, form: SentForm) -> None:
    """It did not come to its end, and may be sent again."""
    work.session.execute(delete(PostedForm).where(_is_this(form)))


@deed
def tidy(work: Work, on: date) -> int:
    """Forget forms that were sent long ago, and say how many."""
    old = delete(PostedForm).where(PostedForm.posted_at < work.clock.end_of(on) - timedelta(days=KEPT_DAYS + 1))
    return len(work.session.execute(old.returning(PostedForm.id)).all())


def _is_this(form: SentForm) -> ColumnElement[bool]:
    return and_(PostedForm.person_id == form.person_id, PostedForm.form_id == form.form_id)
