"""The unit of work: one session, one commit; row, fact and outbox rows together or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Actor
from tracker.domain.house.clock import Clock
from tracker.domain.house.errors import Conflict
from tracker.domain.house.ledger import Fact, FactKind, chained
from tracker.gateways.evidence.blobs import BlobStore
from tracker.gateways.house.cipher import Cipher
from tracker.gateways.mail.sending import MailSender
from tracker.services.house import words
from tracker.services.house.database_trouble import is_collision, sentence_of
from tracker.services.house.jobs import Job
from tracker.storage.cases import rows, search
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger
from tracker.storage.house.base import WRITE, db

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
MailDeed = Callable[["Work", Fact, Case | None], None]


@dataclass
class Wiring:
    """What the bootstrap chose: clock, gateways, the home district; and what the rooms declare: who tells people of the facts of
    a case by mail, and the jobs of the clock."""

    clock: Clock
    blobs: BlobStore
    cipher: Cipher
    mail: MailSender
    mail_from: str
    base_url: str
    zone: ZoneInfo
    upload_max_bytes: int
    home_area: str = "360103"
    tell: MailDeed | None = None
    jobs: Sequence[Job] = ()
    cached: dict[Any, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()  # pieces of the speed machinery that this application does not use


_WIRINGS: "WeakKeyDictionary[Engine, Wiring]" = WeakKeyDictionary()
_active: ContextVar["Work | None"] = ContextVar("active_work", default=None)
_standing_in: ContextVar[Wiring | None] = ContextVar("wiring_standing_in", default=None)


def bind(engine: Engine, wiring: Wiring) -> None:
    """Tie a wiring to the engine of an application."""
    _WIRINGS[engine] = wiring


def wiring() -> Wiring:
    """The wiring of the running application, or the one that stands in for it here."""
    return _standing_in.get() or _WIRINGS[db.engine]


@contextmanager
def with_clock(clock: Clock, *, is_silent: bool = False) -> Iterator[Wiring]:
    """Deeds of this context run on another clock; `is_silent` ones tell nobody, for what is replayed is no news. Hands out the
    wiring that stands in meanwhile."""
    own = wiring()
    standing_in = replace(own, clock=clock, tell=None if is_silent else own.tell)
    token = _standing_in.set(standing_in)
    try:
        yield standing_in
    finally:
        _standing_in.reset(token)


class Work:
    """One transaction. Facts recorded in it tell people by mail before the commit; `afterwards` runs after it."""

    def __init__(self, own: Wiring) -> None:
        self.wiring = own
        self.clock = own.clock
        self.session: Session = db.session()
        self.afterwards: list[Callable[[], None]] = []

    def __enter__(self) -> "Work":
        if self.session.in_transaction():
            self.session.rollback()
        self.session.connection(execution_options=WRITE)
        self._token = _active.set(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _active.reset(self._token)
        if kind is not None:
            self.session.rollback()
            _as_conflict(error)
            return
        try:
            self.session.commit()
        except BaseException as failed:
            self.session.rollback()
            _as_conflict(failed)
            raise
        for hook in self.afterwards:
            hook()

    def record(self, stream: str, kind: FactKind, actor: Actor, payload: Mapping[str, object]) -> Fact:
        """Append the next fact of a stream that is no case (people, units, rules, batches)."""
        seq, previous = ledger.head(self.session, stream)
        said = words.committed(kind, payload)
        fact, _ = told = said.beside(
            chained(stream, seq + 1, kind, actor.id, self.clock.now(), {**said.body, **actor.on_record}, previous))
        ledger.append(self.session, [fact])
        words.keep(self.session, [told])
        return fact

    def move(self, case: Case, kind: FactKind, actor: Actor, to: CaseState, changes: CaseChanges,
             details: Mapping[str, object] | None = None, texts: Mapping[str, str] | None = None) -> Fact:
        """Append the next fact of a case and let the row follow it: the one way in which a case row changes. `texts` are columns
        that may hold personal data: the row gets them, and the fact their commitments."""
        before = search.texts_of(self.session, case.id) if kind in search.CHANGING else ()
        _, previous = ledger.head(self.session, case.stream)
        said = words.committed(kind, details or {}, texts)
        rows.apply(case, to, changes, {name: said.texts.get(name, "") for name in texts or {}})
        payload = {**said.body, **actor.on_record, "set": dict(changes)}
        fact, _ = told = said.beside(chained(case.stream, case.seq, kind, actor.id, self.clock.now(), payload, previous))
        self.session.flush()
        ledger.append(self.session, [fact])
        words.keep(self.session, [told])
        if before:
            search.replace(self.session, case.id, before, search.texts_of(self.session, case.id))
        if self.wiring.tell is not None:
            self.wiring.tell(self, fact, case)
        return fact


def _as_conflict(error: BaseException | None) -> None:
    """Raise `Conflict` when the database saw that somebody else was quicker."""
    if isinstance(error, Exception) and is_collision(error):
        raise Conflict(sentence_of(error), code="collision") from error


def reading() -> Session:
    """The session in which this request, command or job reads. Who is inside a `Work` reads in its own: `work.session`."""
    return db.session()


def abandon() -> None:
    """Leave the transaction of a failed request: a database that gave one up answers nothing more in it, not even for the page
    that says so."""
    db.session.rollback()


def deed(function: Callable[Concatenate[Work, Arguments], Result]) -> Callable[Arguments, Result]:
    """A function that runs inside a Work: the active one, or one opened and committed for it alone."""

    @wraps(function)
    def wrapper(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        active = _active.get()
        if active is not None:
            return function(active, *args, **kwargs)
        with Work(wiring()) as work:
            return function(work, *args, **kwargs)

    return wrapper
