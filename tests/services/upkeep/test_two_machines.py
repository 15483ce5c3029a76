"""Two machines that both sign: on one database each carries its own heads on, and they agree; of a copy that went its own way
each signs its own, neither takes the other's for it, and who holds a head of both sees it."""

import base64
import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.makers import Town
from tracker import create_app
from tracker.domain.house.errors import Broken
from tracker.domain.house.log.notes import notes_in
from tracker.gateways.upkeep.head_files import HeadFiles
from tracker.services.house.work import reading, wiring
from tracker.services.mail.ledger_foot import ledger_trouble
from tracker.services.upkeep import head_alarm, heads, integrity
from tracker.services.upkeep.proofs import keys
from tracker.services.upkeep.proofs.comparing import compare_with
from tracker.storage.house import log
from tracker.storage.house.base import db

WITNESS = base64.b64encode(hashlib.sha256(b"city").digest()).decode()


def on_machine(folder: Path) -> None:
    """From here on it is the clock of this machine that signs."""
    wiring().heads = HeadFiles(folder)


def signed_heads(folder: Path) -> list[tuple[int, str]]:
    return [(note.head.size, note.head.root.hex()) for path in sorted(folder.glob("????-??.txt"))
            for note in notes_in(path.read_text())]


def refusal() -> str:
    with pytest.raises(Broken) as broken:
        head_alarm.sign_or_tell()
    return broken.value.sentence


def test_two_machines_on_one_database_sign_each_from_its_own_folder_and_agree(town: Town, tmp_path: Path) -> None:
    first, second = tmp_path / "heads", tmp_path / "second"
    town.registered()
    head_alarm.sign_or_tell()
    on_machine(second)
    town.registered()
    assert "flask ledger heads accept" in refusal()  # a machine that comes later is let in by a person, once
    heads.accept("第二台时钟机")
    for folder in (first, second, second, first):
        town.registered()
        on_machine(folder)
        head_alarm.sign_or_tell()
        on_machine(second if folder is first else first)
        head_alarm.sign_or_tell()  # the same end, signed by both
    of_first, of_second = dict(signed_heads(first)), dict(signed_heads(second))
    both = of_first.keys() & of_second.keys()
    assert len(both) >= 4 and all(of_first[size] == of_second[size] for size in both)
    assert log.end(reading())[0] in both
    assert ledger_trouble(db.session()) == "" and integrity.verify().first is None
    compared = compare_with([str(first), str(second)])
    assert compared.holds and compared.unsigned == 0


@pytest.mark.one_engine
def test_a_copy_that_went_its_own_way_signs_its_own_and_nothing_of_the_other(town: Town, tmp_path: Path) -> None:
    town.registered()
    head_alarm.sign_or_tell()
    there = tmp_path / "there"
    shutil.copytree(tmp_path / "heads", there / "heads")
    with sqlite3.connect(str(db.engine.url.database)) as here, sqlite3.connect(there / "copy.db") as copy:
        here.backup(copy)
    town.registered(title="本机登记的一件")
    head_alarm.sign_or_tell()
    ours = keys.checkpoint().text
    product = create_app(databases.settings_for(f"sqlite:///{there / 'copy.db'}", there), clock=town.clock)
    with product.app_context():
        town.registered(title="副本上登记的另一件")
        head_alarm.sign_or_tell()  # it extends its own last head: nothing here knows of the other
        assert integrity.verify().first is None
        theirs = keys.checkpoint().text
        assert [len(each.differing) for each in (compare_with([ours]), compare_with([theirs]))] == [1, 0]
        on_machine(tmp_path / "heads")
        assert "签名头不符，已停止签名" in refusal()
    databases.close(product)
    assert len(compare_with([theirs]).differing) == 1
    assert len(compare_with([str(there / "heads")]).differing) == 1
    on_machine(there / "heads")
    assert "签名头不符，已停止签名" in refusal()
    with pytest.raises(Broken, match="与上次见证的账本不一致"):
        keys.cosign(theirs, WITNESS, "city.example", keys.cosign(ours, WITNESS, "city.example", "", town.clock.now()),
                    town.clock.now())
