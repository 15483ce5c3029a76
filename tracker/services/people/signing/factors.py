"""A second factor: six digits that an app on the phone makes of a secret and the half minute (RFC 6238), and ten codes on paper
for who lost the phone. Each code is good once."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

import pyotp
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tracker.domain.house.actor import NEEDS_FACTOR, Actor
from tracker.domain.house.errors import Conflict, NotAllowed
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SessionEnd
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.passwords import PASSWORDS
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.services.people.signing import news, sessions, throttle, trail
from tracker.services.people.signing.visits import Visit
from tracker.services.people.units import manager
from tracker.services.rules import values
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import RecoveryCode, SecondFactor, SignInSession

DRIFT = (-1, 0, 1)  # half minutes by which the clock of a phone may be wrong
MARKS = "0123456789"  # of the ten recovery codes, each begins with its own
ALPHABET = "abcdefghjkmnpqrstuvwxyz34679"
RECOVERY_LENGTH = 10
WRONG_CODE = "动态口令或备用码不对，或已经用过。"


@dataclass(frozen=True)
class FactorStanding:
    """The second factor of somebody: none, one being set up, with the secret to show, or one in force since `confirmed_at`."""

    secret: str = ""
    address: str = ""
    confirmed_at: datetime | None = None
    codes_left: int = 0


def standing_of(session: Session, actor: Actor) -> FactorStanding:
    """How it stands with the actor's second factor. The secret is only told while it is being set up."""
    row = session.get(SecondFactor, actor.id)
    if row is None:
        return FactorStanding()
    if row.confirmed_at is None:
        secret = _secret_of(row)
        return FactorStanding(secret, pyotp.TOTP(secret).provisioning_uri(name=actor.login, issuer_name="销号"))
    left = select(func.count()).select_from(RecoveryCode).where(*_open_codes(actor.id))
    return FactorStanding("", "", row.confirmed_at, session.scalar(left) or 0)


def is_in_force(session: Session, person_id: int) -> bool:
    """Whether somebody has a second factor."""
    row = session.get(SecondFactor, person_id)
    return row is not None and row.confirmed_at is not None


def is_owed(since: datetime | None) -> bool:
    """Whether the days of grace of who must have a second factor are over."""
    now = wiring().clock.now()
    return since is not None and now - since >= timedelta(days=values.number("factor_grace_days", wiring().clock.today()))


@deed
def offer(work: Work, actor: Actor) -> None:
    """A new secret, in force once a code of it was shown. Raises `Conflict` where one is in force."""
    work.session.get(Person, actor.id, with_for_update=True)
    row = work.session.get(SecondFactor, actor.id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("您已经启用了动态口令；换手机请先停用，再重新启用。", code="has_factor")
    sealed = work.wiring.cipher.seal(pyotp.random_base32(32), stream_of(actor.id))
    if row is None:
        work.session.add(SecondFactor(person_id=actor.id, secret=sealed, made_at=work.clock.now(), last_step=0))
    else:
        row.secret, row.made_at, row.last_step = sealed, work.clock.now(), 0
    work.record(stream_of(actor.id), PersonFacts.factor_offered, actor, {})


def confirm(actor: Actor, session_id: int, code: str, visit: Visit) -> tuple[str, ...]:
    """The first code of a new secret puts it in force; returns the recovery codes, which are shown this once. Raises `NotAllowed`
    for a wrong code, and slows guessing as for passwords."""
    trail.admit_try(actor.login, visit)
    codes = _put_in_force(actor, session_id, code, tuple(_recovery_code(mark) for mark in MARKS))
    if codes is None:
        _note_wrong(actor, visit)
    throttle.forgive(actor.login, visit)
    return codes or ()


def show(actor: Actor, session_id: int, code: str, visit: Visit) -> None:
    """A code in this session: it is let in, and fresh for a while. Raises `NotAllowed` as above."""
    trail.admit_try(actor.login, visit)
    if not _take_code(actor, session_id, code):
        _note_wrong(actor, visit)
    throttle.forgive(actor.login, visit)


@deed
def renew_codes(work: Work, actor: Actor) -> tuple[str, ...]:
    """Ten other recovery codes, which are shown this once; those before are good no more. Raises `Conflict` where there is no
    second factor."""
    _factor_in_force(work, actor.id, "还没有启用动态口令，没有备用码可换。")
    codes = tuple(_recovery_code(mark) for mark in MARKS)
    _keep_codes(work, actor.id, codes)
    work.record(stream_of(actor.id), PersonFacts.factor_codes_made, actor, {"count": len(codes)})
    return codes


@deed
def remove(work: Work, actor: Actor) -> None:
    """The actor's own second factor is no longer asked for, as before another phone. Whoever must have one sets it up again
    at once."""
    person = work.session.get_one(Person, actor.id, with_for_update=True)
    _drop_factor(work, person.id)
    fact = work.record(stream_of(person.id), PersonFacts.factor_removed, actor, {})
    news.tell_of_change(work, person, actor, fact, "动态口令已停用")


@deed
def reset(work: Work, actor: Actor | None, *, login: str) -> None:
    """Somebody lost phone and paper: another administrator, or the operator, takes the second factor away; every session
    of theirs ends, and they and the auditors are told. Raises `NotAllowed` for the own one, `Conflict` where there is none."""
    by = manager(actor)
    person = person_named(work.session, login)
    require_human(person, "login")
    if by.id == person.id:
        raise NotAllowed("自己的动态口令不能由自己重置；请在“动态口令”里停用，或请另一位管理员重置。", code="own_factor")
    _drop_factor(work, person.id)
    sessions.end_all(work, person.id, SessionEnd.factor_reset)
    fact = work.record(stream_of(person.id), PersonFacts.factor_reset, by, {})
    news.tell_of_change(work, person, by, fact, "动态口令已重置")


def must_have(actor: Actor) -> bool:
    """Whether a role of theirs asks for a second factor."""
    return any(grant.role in NEEDS_FACTOR for grant in actor.grants)


# --- codes ------------------------------------------------------------------------------------------------------------------


@deed
def _put_in_force(work: Work, actor: Actor, session_id: int, code: str, codes: tuple[str, ...]) -> tuple[str, ...] | None:
    work.session.get(Person, actor.id, with_for_update=True)
    row = work.session.get(SecondFactor, actor.id)
    if row is None or row.confirmed_at is not None:
        raise Conflict("没有待启用的动态口令，请重新开始。", code="no_factor")
    step = _step_of(row, _as_made(code), work.clock.now())
    if step is None:
        return None
    row.confirmed_at, row.last_step = work.clock.now(), step
    _keep_codes(work, actor.id, codes)
    _let_in(work, session_id)
    work.record(stream_of(actor.id), PersonFacts.factor_set, actor, {"codes": len(codes)})
    return codes


@deed
def _take_code(work: Work, actor: Actor, session_id: int, code: str) -> bool:
    """Whether the code was good; it is spent then."""
    row, said = _factor_in_force(work, actor.id), _as_made(code)
    if (step := _step_of(row, said, work.clock.now())) is not None:
        row.last_step = step
    elif not _spend_recovery(work, actor, said):
        return False
    _let_in(work, session_id)
    return True


def _factor_in_force(work: Work, person_id: int, sentence: str = "还没有启用动态口令。") -> SecondFactor:
    """Somebody's second factor, with their row locked until the work ends. Raises `Conflict` where there is none."""
    work.session.get(Person, person_id, with_for_update=True)
    row = work.session.get(SecondFactor, person_id)
    if row is None or row.confirmed_at is None:
        raise Conflict(sentence, code="no_factor")
    return row


def _as_made(typed: str) -> str:
    """A code as it was made, whether it was typed with blanks, in capitals or in the full width of a Chinese keyboard."""
    return "".join(each for each in normalize("NFKC", typed).lower() if each.isascii() and each.isalnum())


def _step_of(row: SecondFactor, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, if none of it or later was taken."""
    totp = pyotp.TOTP(_secret_of(row))
    around = totp.timecode(now)
    found = [around + drift for drift in DRIFT if hmac.compare_digest(totp.generate_otp(around + drift), code)]
    return next((step for step in found if step > row.last_step), None)


def _spend_recovery(work: Work, actor: Actor, said: str) -> bool:
    open_codes = select(RecoveryCode).where(*_open_codes(actor.id))
    row = work.session.scalar(open_codes.where(RecoveryCode.mark == said[:1]).with_for_update())
    if row is None or not PASSWORDS.matches(said, row.code_hash):
        return False
    row.spent_at = work.clock.now()
    work.session.flush()
    left = len(work.session.scalars(open_codes).all())
    work.record(stream_of(actor.id), PersonFacts.recovery_used, actor, {"left": left})
    return True


def _keep_codes(work: Work, person_id: int, codes: tuple[str, ...]) -> None:
    now = work.clock.now()
    for row in work.session.scalars(select(RecoveryCode).where(*_open_codes(person_id))):
        row.spent_at = now
    work.session.add_all(RecoveryCode(person_id=person_id, mark=code[0], code_hash=PASSWORDS.hash(code.replace("-", "")),
                                      made_at=now) for code in codes)


def _open_codes(person_id: int) -> tuple[ColumnElement[bool], ...]:
    return RecoveryCode.person_id == person_id, RecoveryCode.spent_at.is_(None)


def _drop_factor(work: Work, person_id: int) -> None:
    _factor_in_force(work, person_id).confirmed_at = None
    _keep_codes(work, person_id, ())


def _let_in(work: Work, session_id: int) -> None:
    now = work.clock.now()
    work.session.execute(update(SignInSession).where(SignInSession.id == session_id)
                         .values(second_at=now, fresh_until=now + sessions.FRESH_FOR))


def _recovery_code(mark: str) -> str:
    said = mark + "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))
    return f"{said[:1]}-{said[1:6]}-{said[6:]}"


def _secret_of(row: SecondFactor) -> str:
    return wiring().cipher.open(row.secret, stream_of(row.person_id))


def _note_wrong(actor: Actor, visit: Visit) -> None:
    trail.note_wrong_code(actor, visit)
    raise NotAllowed(WRONG_CODE, code="wrong_code", field="code")
