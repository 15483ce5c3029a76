"""The unit of work: one session, one commit; row, fact, outbox rows and positions in the log together or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.intake_fields import WORDED
from tracker.domain.house.actor import CLOCK, Actor
from tracker.domain.house.clock import Clock
from tracker.domain.house.errors import Conflict, Refusal
from tracker.domain.house.folds import ROWS, Fold, ToldRow
from tracker.domain.house.ledger import Fact, FactKind, chained
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.gateways.evidence.blobs import BlobStore
from tracker.gateways.house.cipher import Cipher
from tracker.gateways.house.signing import SigningKey
from tracker.gateways.mail.sending import MailSender
from tracker.gateways.reports.pdf import PdfMaker
from tracker.gateways.upkeep.head_files import HeadFiles, HeadStore
from tracker.services.house import form_claims, positions, words
from tracker.services.house.database_trouble import is_collision, sentence_of
from tracker.services.house.jobs import Job
from tracker.services.house.master.declaring import Master
from tracker.services.house.postings import Posting
from tracker.services.house.stating import NOTICED, RowsToState
from tracker.storage.cases import rows, search
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger, log
from tracker.storage.house.base import WRITE, db

AMENDED = "amended_pieces"  # of a session: what its transaction knows of pieces that it has changed
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
MailDeed = Callable[["Work", Fact, Case | None], None]
PostDeed = Callable[["Work", Sequence[Posting]], int]
MaskDeed = Callable[["Work", Case], words.Mask]
BeginningDeed = Callable[["Work"], object]


@dataclass
class Wiring:
    """What the bootstrap chose: clock, gateways, the home district; and what the rooms declare: who tells people of the facts of
    a case by mail, who puts mails of other things into the outbox, the jobs of the clock, and which rows facts tell."""

    clock: Clock
    blobs: BlobStore
    cipher: Cipher
    mail: MailSender
    mail_from: str
    base_url: str
    zone: ZoneInfo
    upload_max_bytes: int
    home: Callable[[], str] = str  # the area of the office that keeps this installation; "" until it is set up
    tell: MailDeed | None = None
    post: PostDeed | None = None
    mask: MaskDeed | None = None  # what hides the reporters of a case in its texts
    begin: BeginningDeed | None = None  # what the first work of an empty ledger tells besides
    jobs: Sequence[Job] = ()
    act_deeds: Mapping[tuple[str, str], Callable[[Any], Mapping[str, object]]] = field(default_factory=dict)  # by kind and step
    duty_checks: Mapping[tuple[str, str], Callable[[Any, Any, Any], None]] = field(default_factory=dict)  # work, act and duty
    # What is attached to the mails of a step, from work and act, by kind and step.
    act_files: Mapping[tuple[str, str], Callable[[Any, Any], Mapping[str, bytes]]] = field(default_factory=dict)
    masters: Sequence[Master] = ()  # the tables that administrators edit
    folds: Mapping[str, Fold] = field(default_factory=dict)  # by table
    cached: dict[Any, Any] = field(default_factory=dict)
    signing: SigningKey = field(default_factory=SigningKey)
    backups: Path | None = None  # where the nightly backups of this installation lie
    heads: HeadStore = field(default_factory=lambda: HeadFiles(Path("instance/heads")))
    known_vkeys: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    wall: Clock | None = None  # by which the log goes, whatever clock the deeds have; None: the same one
    clock_watch: positions.Watch = field(default_factory=positions.Watch)
    is_sso_only: bool = False  # people come in by the single sign-on; by password only administrators with a second factor
    pdf: PdfMaker | None = None  # None where this machine has no program that makes PDFs
    outlines: Path | None = None  # where set-up puts the file with the outlines of counties
    without: frozenset[str] = frozenset()  # pieces of the speed machinery that this application does not use

    @property
    def home_area(self) -> str:
        """The area that the office answers for."""
        return self.home()


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
    standing_in = replace(own, clock=clock, wall=own.wall or own.clock, tell=None if is_silent else own.tell,
                          post=None if is_silent else own.post)
    token = _standing_in.set(standing_in)
    try:
        yield standing_in
    finally:
        _standing_in.reset(token)


class Work:
    """One transaction. Facts recorded in it tell people by mail before the commit; `afterwards` runs after it. A fact tells the
    folded rows that changed since the one before it, and no row may be left that none has told."""

    def __init__(self, own: Wiring) -> None:
        self.wiring = own
        self.clock = own.clock
        self.session: Session = db.session()
        self.afterwards: list[Callable[[], None]] = []
        self.rows = RowsToState(own.folds, own.cipher.keyed_digest)
        self.patience = positions.SHORT_WORK
        self.is_clock_accepted = False
        self.masks: dict[int, words.Mask] = {}  # of cases by id, for as long as this work lasts
        self.positions: dict[tuple[str, int], int] = {}  # of the facts that have entered the log, by stream and seq
        self._waiting: list[tuple[int, Fact]] = []

    def __enter__(self) -> "Work":
        if self.session.in_transaction():
            self.session.rollback()
        self.session.connection(execution_options=WRITE)
        form_claims.claim(self.session, self.clock.now())
        self._token = _active.set(self)
        self.session.info[NOTICED] = self.rows
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _active.reset(self._token)
        if kind is not None:
            self.session.rollback()
            self.session.info.pop(NOTICED, None)
            _as_conflict(error)
            return
        try:
            self.rows.finish(self.session)
            if self._waiting:
                self.enter_log()
            self.session.commit()
            form_claims.confirm()
        except BaseException as failed:
            self.session.rollback()
            _as_conflict(failed)
            raise
        finally:
            self.session.info.pop(NOTICED, None)
        for hook in self.afterwards:
            hook()

    def record(self, stream: str, kind: FactKind, actor: Actor, payload: Mapping[str, object],
               rows: Mapping[str, ToldRow] | None = None) -> Fact:
        """Append the next fact of a stream that is no case (people, units, rules, batches). `rows` are those that were written in
        bulk, past the session."""
        told = self._rows_told(rows)
        seq, previous = ledger.head(self.session, stream)
        said = words.committed(kind, payload)
        body = {**said.body, **actor.on_record, **told}
        fact, _ = kept = said.beside(chained(stream, seq + 1, kind, actor.id, self.clock.now(), body, previous))
        self.append([fact])
        words.keep(self.session, [kept])
        return fact

    @contextmanager
    def attempted(self) -> Iterator[None]:
        """Something that may be refused while the work goes on, to find what else is wrong: then it leaves nothing behind."""
        waiting = len(self._waiting)
        try:
            with self.session.begin_nested():
                yield
        except Refusal:
            del self._waiting[waiting:]
            self.session.info.pop(AMENDED, None)
            self.rows = self.session.info[NOTICED] = RowsToState(self.wiring.folds, self.wiring.cipher.keyed_digest)
            raise

    def append(self, facts: Iterable[Fact]) -> None:
        """Write facts that are chained already: the one way into the ledger."""
        facts = list(facts)
        self._waiting += zip(ledger.append(self.session, facts), facts, strict=True)

    def enter_log(self) -> int:
        """Give every fact written so far its position, and hand out the last one. Done by the commit itself; who must know the
        log's end before it, a seal, does it sooner and keeps everybody else waiting from then on."""
        if not self._waiting:
            return log.end(self.session)[0]
        end, wall = log.locked_end(self.session), self.wiring.wall or self.wiring.clock
        now = wall.now()
        if not self.is_clock_accepted:
            positions.require_order(end, now)
        if self.wiring.wall is None and not self.is_clock_accepted:
            positions.require_moments([fact for _, fact in self._waiting], end, now, self.patience)
        rebased = positions.settle_clock(self.wiring.clock_watch, wall, now, end.database_at)
        if rebased is not None:
            self.record(LEDGER, LedgerFacts.clock_rebased, CLOCK,
                        {"seconds": int(rebased.by.total_seconds()), "node": rebased.node})
        if end.position == 0 and self._waiting[0][1].kind != LedgerFacts.begun:
            waiting, self._waiting = self._waiting, []
            self._record_beginning()
            self._waiting += waiting
        logged_at = positions.micros(now) if self.is_clock_accepted else max(positions.micros(now), end.logged_at)
        ids, facts = zip(*self._waiting, strict=True)
        log.enter(self.session, positions.rows_of(ids, facts, end.position + 1, logged_at, self.wiring.cipher))
        self.positions |= {(fact.stream, fact.seq): n for n, fact in enumerate(facts, start=end.position + 1)}
        self._waiting = []
        return end.position + len(facts)

    def begin_ledger(self) -> None:
        """Write the very first fact, where there is none: whose ledger this is, for ever, whatever becomes of the area. The first
        work that writes anything does it by itself."""
        if log.end(self.session)[0] == 0 and not self._waiting:
            self._record_beginning()

    def _record_beginning(self) -> None:
        self.record(LEDGER, LedgerFacts.begun, CLOCK, {"origin": f"xiaohao/{self.wiring.home_area}"})
        if self.wiring.begin is not None:
            self.wiring.begin(self)

    def post(self, postings: Sequence[Posting]) -> None:
        """Mails that this work sends when it is committed, unless it tells nobody."""
        if self.wiring.post is not None:
            self.wiring.post(self, postings)

    def move(self, case: Case, kind: FactKind, actor: Actor, to: CaseState, changes: CaseChanges,
             details: Mapping[str, object] | None = None, texts: Mapping[str, str] | None = None) -> Fact:
        """Append the next fact of a case and let the row follow it: the one way in which a case row changes. `texts` are columns
        that may hold personal data: the row gets them, and the fact their commitments."""
        before = search.texts_of(self.session, case.id) if kind in search.CHANGING else ()
        _, previous = ledger.head(self.session, case.stream)
        given = {word: (texts or {})[name] for word, name in WORDED.items() if name in (texts or {})}
        said = words.committed(kind, details or {}, given, self.wiring.mask(self, case) if self.wiring.mask is not None else str)
        rows.apply(case, to, changes, {WORDED[word]: said.texts.get(word, "") for word in given})
        payload = {**said.body, **actor.on_record, "set": dict(changes), **self._rows_told()}
        fact, _ = kept = said.beside(chained(case.stream, case.seq, kind, actor.id, self.clock.now(), payload, previous))
        self.append([fact])
        words.keep(self.session, [kept])
        if before:
            search.replace(self.session, case.id, before, search.texts_of(self.session, case.id))
        if self.wiring.tell is not None:
            self.wiring.tell(self, fact, case)
        return fact

    def _rows_told(self, more: Mapping[str, ToldRow] | None = None) -> dict[str, object]:
        told = {**self.rows.take(self.session), **(more or {})}
        return {ROWS: told} if told else {}


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
