"""The positive list （正面清单）: on what conditions a site enters it, why it leaves, and how long it may not come back. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from tracker.domain.house.errors import Incomplete, Invalid, WrongState
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.entries import years_on

# Why a site leaves the list.
REMOVALS: Choices = (("expiry", "到期"), ("request", "企业申请"), ("violation", "违法"), ("malicious", "恶意排污"),
                     ("emergency", "突发环境事件"), ("closed", "停业或搬离"))
MALICIOUS, EXPIRY = "malicious", "expiry"
BARRED_YEARS = 3
REVIEW_AHEAD = timedelta(days=60)


def require_ticked(ticked: Iterable[str], conditions: Choices) -> tuple[str, ...]:
    """Every condition of the day was looked at and met. Raises `Incomplete` naming those that are left."""
    given = set(ticked)
    missing = [word for code, word in conditions if code not in given]
    if missing:
        raise Incomplete(Say("以下条件还没有逐项核对：{missing}。", missing=Listed(missing)), field="ticked")
    return tuple(code for code, _ in conditions)


def barred_until(removed: Iterable[tuple[str, date]]) -> date | None:
    """The day from which a site may come back that was removed for malice; None for one that never was. `removed` are grounds
    with the days of their removals."""
    return max((years_on(day, BARRED_YEARS) for ground, day in removed if ground == MALICIOUS), default=None)


def require_not_barred(removed: Iterable[tuple[str, date]], on: date) -> None:
    """Raises `WrongState` naming the day from which it may."""
    until = barred_until(removed)
    if until is not None and on < until:
        raise WrongState(Say("曾因恶意排污移出，{day} 起才可再次纳入正面清单。", day=until), code="barred")


def read_removal(code: str) -> str:
    """The reason of a removal. Raises `Invalid`."""
    if code not in dict(REMOVALS):
        raise Invalid("请选移出的原因。", field="reason_code")
    return code
