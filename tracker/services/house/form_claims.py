"""The form that a door is about to act on. The first work that it brings about claims it, in its own transaction: so of two that
come at once, or one after the other, one alone counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.storage.house.base import inserting
from tracker.storage.house.posted_forms import PostedForm


@dataclass
class SentForm:
    """A form as it came: whose, its own id, the digest of what it says; and whether a work that claimed it was committed."""

    person_id: int
    form_id: str
    digest: str
    is_claimed: bool = False


class AlreadyPosted(Exception):
    """This form was claimed before. No refusal: the first one's answer is the answer."""

    def __init__(self, form: SentForm) -> None:
        super().__init__(form.form_id)
        self.form = form


_expected: ContextVar[SentForm | None] = ContextVar("expected_form", default=None)


def expect(form: SentForm) -> None:
    """From now on works of this request belong to this form."""
    _expected.set(form)


def settle() -> SentForm | None:
    """The form, where a work that claimed it was committed. Works that follow belong to none."""
    form = _expected.get()
    _expected.set(None)
    return form if form is not None and form.is_claimed else None


@contextmanager
def aside() -> Iterator[None]:
    """Works that only take in files of a form, which may still be refused."""
    token = _expected.set(None)
    try:
        yield
    finally:
        _expected.reset(token)


def claim(session: Session, now: datetime) -> None:
    """Claim the form for this transaction. Raises `AlreadyPosted`, after waiting for whoever is about to."""
    form = _expected.get()
    if form is None or form.is_claimed:
        return
    entered = session.execute(
        inserting(session)(PostedForm)
        .values(person_id=form.person_id, form_id=form.form_id, digest=form.digest, posted_at=now, led_to="", said="")
        .on_conflict_do_nothing(index_elements=["person_id", "form_id"]).returning(PostedForm.id))
    if entered.first() is None:
        session.rollback()
        raise AlreadyPosted(form)


def confirm() -> None:
    """The transaction that claimed it stands."""
    form = _expected.get()
    if form is not None:
        form.is_claimed = True
