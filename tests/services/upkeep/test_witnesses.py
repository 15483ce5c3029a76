"""A witness outside signs below our heads, the ledger keeps it, and a silent one is shown."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.makers import Town
from tracker.domain.house.errors import Broken, Incomplete, Invalid
from tracker.domain.house.log.notes import Note
from tracker.gateways.house.signing import Signer
from tracker.services.house import work as house_work
from tracker.services.house.work import reading, wiring
from tracker.services.upkeep import head_alarm, standing
from tracker.services.upkeep.checks.law import law_troubles
from tracker.services.upkeep.proofs import keys, witnesses

SEED = base64.b64encode(hashlib.sha256(b"city").digest()).decode()
NAME = "city.example"


@pytest.fixture
def watched(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The district, with the city as its witness."""
    vkey = keys.witness_vkey(SEED, NAME)
    known = replace(wiring(), witnesses=(vkey,))
    monkeypatch.setattr(house_work, "_WIRINGS", dict.fromkeys(house_work._WIRINGS, known))
    town.registered()
    head_alarm.sign_or_tell()
    return town


def cosigned(town: Town, name: str = NAME, seed: str = SEED) -> str:
    return keys.cosign(keys.checkpoint().text, seed, name, "", town.clock.now())


def test_what_a_witness_signed_is_kept_once_and_a_silent_one_is_shown(watched: Town) -> None:
    (before,) = standing.standing().witnesses
    assert (before.name, before.at, before.is_silent) == (NAME, None, True)
    text = cosigned(watched)
    assert "city.example见证到第" in str(witnesses.take_in(text))
    assert "早已记入" in str(witnesses.take_in(text))
    (now,) = standing.standing().witnesses
    assert (now.is_silent, now.at) == (False, watched.clock.now())
    watched.clock.advance(timedelta(days=2, minutes=1))
    assert standing.standing().witnesses[0].is_silent
    assert list(law_troubles(reading())) == []


def test_what_proves_no_witness_is_refused(watched: Town) -> None:
    with pytest.raises(Invalid, match="没有已设置的见证方"):
        witnesses.take_in(keys.checkpoint().text)
    with pytest.raises(Invalid, match="没有已设置的见证方"):
        witnesses.take_in(cosigned(watched, name="somebody.else"))
    with pytest.raises(Invalid, match="没有找到检查点"):
        witnesses.take_in("你好")
    head = keys.checkpoint().head
    forged = Note(head, (Signer(head.origin, b"z" * 32).sign(head),)).text
    with pytest.raises(Broken, match="不是本账本签的"):
        witnesses.take_in(keys.cosign(forged, SEED, NAME, "", watched.clock.now()))


def test_without_a_witness_in_the_settings_nothing_is_taken_in(town: Town) -> None:
    town.registered()
    with pytest.raises(Incomplete, match="LEDGER_WITNESSES"):
        witnesses.take_in(cosigned(town))
    assert standing.standing().witnesses == ()


@pytest.mark.parametrize(("given", "said"), [("", "没有 LEDGER_KEY"), (SEED, "不是账本上记录的那把"), ("x", "不是 32 字节")])
def test_a_clock_without_the_ledgers_key_does_not_start(
        town: Town, cli: Any, monkeypatch: pytest.MonkeyPatch, given: str, said: str) -> None:
    town.registered()
    head_alarm.sign_or_tell()
    keys.require_signer()
    monkeypatch.setattr(wiring().signing, "_given", given)
    monkeypatch.setattr(wiring().signing, "_path", None)
    done = cli.invoke(args=["scheduler", "run"])
    assert (done.exit_code, said in done.output) == (1, True)
