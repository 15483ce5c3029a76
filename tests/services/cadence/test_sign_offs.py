"""Who used a beat of the cadence says so, once."""

import pytest

from tests.support.beats import plain
from tests.support.makers import Town
from tracker.domain.cadence.beats import beat_named
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.rules.periods import period_named
from tracker.services.cadence import beats as supervision
from tracker.services.cadence import sign_offs
from tracker.services.cadence.gaps import beat_of
from tracker.services.cadence.records import claim
from tracker.storage.house import ledger
from tracker.storage.house.base import db

THAT = ("daily-morning", "2026-03-02", "360103")


@pytest.fixture
def made(town: Town) -> Town:
    """A town whose morning of 2 March is made."""
    town.registered()
    supervision.run(*THAT, with_composers=plain([])[1])
    return town


def test_a_lead_signs_once_with_a_note_and_a_fact(made: Town) -> None:
    row = sign_offs.sign(made.actor("lead"), *THAT, note=" 已布置 ")
    assert (row.signed_by_id, row.signed_at, row.sign_note) == (made.people["lead"], made.clock.now(), "已布置")
    fact = ledger.stream_of(db.session(), "cadence:daily-morning/2026-03-02/360103")[-1]
    assert (fact.kind, fact.actor_id, fact.payload["note"]) == ("cadence:signed", made.people["lead"], "已布置")
    with pytest.raises(Conflict, match="已经签收"):
        sign_offs.sign(made.actor("dispatcher"), *THAT)


@pytest.mark.parametrize("login", ["officer", "auditor", "admin", "supervisor", "other_lead", "verifier"])
def test_nobody_else_may_sign(made: Town, login: str) -> None:
    with pytest.raises(NotAllowed):
        sign_offs.sign(made.actor(login), *THAT)


def test_what_is_not_done_or_not_there_cannot_be_signed(town: Town) -> None:
    with pytest.raises(NotFound):
        sign_offs.sign(town.actor("lead"), *THAT)
    with pytest.raises(Invalid, match="没有调度"):
        sign_offs.sign(town.actor("lead"), "tea", "2026-03-02", "360103")
    claim(beat_of(beat_named(THAT[0]), period_named(THAT[1]), THAT[2]), is_by_hand=True)
    with pytest.raises(WrongState, match="尚未完成"):
        sign_offs.sign(town.actor("lead"), *THAT)
    with pytest.raises(Invalid, match="最多 500 字"):
        sign_offs.sign(town.actor("lead"), *THAT, note="长" * 501)
