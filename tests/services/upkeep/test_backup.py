"""Everything in one file, and back: hashes checked before anything is touched, mails frozen afterwards."""

import gzip
import io
import json
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config import Settings
from tests.support import databases
from tests.support.makers import Town
from tracker import create_app
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Broken, Conflict, Invalid
from tracker.services.mail import outbox
from tracker.services.upkeep import backup, database_copies
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow


@pytest.fixture
def elsewhere(engine_name: str, tmp_path: Path, clock: SetClock, settings: Settings) -> Iterator[Any]:
    """Another installation: the same key, an empty database and an empty evidence store of its own."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for url in databases.fresh(engine_name, folder):
        app = create_app(databases.settings_for(url, folder), clock=clock)
        yield app
        databases.close(app)


def backed_up(town: Town, folder: Path) -> tuple[Path, dict[str, str]]:
    numbers = [town.case_in(state) for state in (CaseState.closed, CaseState.submitted, CaseState.assigned)]
    file = folder / "whole.tar.gz"
    made = backup.create(file)
    assert made.files == len(list((folder / "evidence").rglob("*/*/*")))
    return file, {number: town.row(number).state.value for number in numbers}


def test_a_backup_comes_back_whole_in_another_place_with_its_mails_frozen(town: Town, tmp_path: Path, elsewhere: Any) -> None:
    file, states = backed_up(town, tmp_path)
    facts = len(db.session.scalars(select(FactRow).where(FactRow.stream != "ledger")).all())
    waiting = outbox.counts()["waiting"]
    with elsewhere.app_context():
        done = backup.restore(file, is_verified=True)
        assert done.report is not None
        assert (done.report.first, done.facts, done.held) == (None, facts, waiting)
        assert {case.number: case.state.value for case in db.session.scalars(select(Case))} == states
        assert outbox.counts() == {"held": waiting}
        assert outbox.send_due().sent == 0
        outbox.release()
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(FactRow.__table__.delete())  # the guards came along
        db.session.rollback()


def test_only_the_owner_reads_a_backup_and_an_existing_file_stays(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    backup.create(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(Conflict, match="已存在"):
        backup.create(file)
    with pytest.raises(Invalid, match="文件夹"):
        backup.create(tmp_path / "nowhere" / "b.tar.gz")
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".backup-*"))


def test_a_restore_never_overwrites_what_is_there(town: Town, tmp_path: Path) -> None:
    number = town.registered()
    file = tmp_path / "b.tar.gz"
    backup.create(file)
    with pytest.raises(Conflict, match="已有 1 条记录"):
        backup.restore(file)
    assert town.row(number).seq == 1


def rewritten(file: Path, change: str) -> Path:
    """The same backup with one thing wrong in it."""
    out = file.with_name("wrong.tar.gz")
    with tarfile.open(file) as old, tarfile.open(out, "w:gz") as new:
        for index, member in enumerate(old):
            content = old.extractfile(member)
            assert content is not None
            raw = content.read()
            if (change, member.name.split("/")[0]) in (("database", "database"), ("evidence", "evidence")):
                raw = raw[:-1] + bytes([raw[-1] ^ 1])
            if change == "missing" and index == 2:
                continue
            if change == "format" and member.name == backup.MANIFEST:
                raw = json.dumps(json.loads(raw) | {"format": "other/9"}).encode()
            if change == "engine" and member.name == backup.MANIFEST:
                raw = json.dumps(json.loads(raw) | {"engine": "oracle"}).encode()
            member.size = len(raw)
            new.addfile(member, io.BytesIO(raw))
    return out


@pytest.mark.one_engine
@pytest.mark.parametrize(("change", "kind", "said"), [
    ("database", Broken, "database 与清单不符"), ("evidence", Broken, "evidence/"), ("missing", Broken, "缺 1 个文件"),
    ("format", Invalid, "other/9"), ("engine", Invalid, "oracle"),
])  # fmt: skip
def test_a_backup_that_does_not_match_its_manifest_is_refused_untouched(
    town: Town, tmp_path: Path, elsewhere: Any, change: str, kind: type[Exception], said: str
) -> None:
    file, _ = backed_up(town, tmp_path)
    with elsewhere.app_context():
        with pytest.raises(kind, match=said):
            backup.restore(rewritten(file, change))
        assert db.session.scalars(select(FactRow).where(FactRow.stream != "ledger")).all() == []
        assert not list((tmp_path / "elsewhere" / "evidence").rglob("*/*/*"))


@pytest.mark.one_engine
def test_what_is_no_backup_or_a_torn_one_is_one_sentence(town: Town, tmp_path: Path, elsewhere: Any) -> None:
    file, _ = backed_up(town, tmp_path)
    torn, text, other = (tmp_path / name for name in ("torn.tar.gz", "text.txt", "other.tar.gz"))
    torn.write_bytes(file.read_bytes()[:-2000])
    text.write_text("hello")
    other.write_bytes(gzip.compress(b""))
    with elsewhere.app_context():
        for wrong in (torn, text, other, tmp_path / "absent"):
            with pytest.raises((Broken, Invalid)) as refused:
                backup.restore(wrong)
            assert refused.value.sentence.endswith("。")
        assert db.session.scalars(select(FactRow).where(FactRow.stream != "ledger")).all() == []


def test_files_that_are_gone_or_altered_or_nobodys_stop_no_backup_and_are_named(town: Town, tmp_path: Path,
                                                                              elsewhere: Any) -> None:
    town.case_in(CaseState.closed)
    kept = sorted(path for path in (tmp_path / "evidence").rglob("*/*/*"))
    gone, altered = kept[0], kept[1]
    gone.unlink()
    altered.write_bytes(b"another")
    stray = "ab" * 32
    folder = tmp_path / "evidence" / "ab" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (stray, "no digest.txt"):
        (folder / name).write_bytes(b"stray")
    made = backup.create(tmp_path / "b.tar.gz")
    assert (made.found.missing, made.found.altered) == ((gone.name,), (altered.name,))
    assert made.found.strays == (stray, "no digest.txt")
    assert made.files == len(kept) - 2
    assert [line[:1] for line in made.found.warnings()] == ["缺", "1", "2"]
    with elsewhere.app_context():
        assert backup.restore(tmp_path / "b.tar.gz").files == len(kept) - 2


def test_a_backup_tells_of_what_is_in_its_copy_whatever_is_written_meanwhile(town: Town, tmp_path: Path) -> None:
    town.registered()
    before = len(db.session.scalars(select(FactRow).where(FactRow.stream != "ledger")).all())
    with database_copies.dumped(tmp_path / "copy") as held:
        said = select(func.count()).select_from(FactRow).where(FactRow.stream != "ledger")
        assert held.scalar(said) == before
        town.registered()
        assert held.scalar(said) == database_copies.facts_in(held) == before
    assert database_copies.fact_count() > before


def test_a_restore_is_told_in_the_ledger_for_ever(town: Town, tmp_path: Path, elsewhere: Any) -> None:
    file, _ = backed_up(town, tmp_path)
    with elsewhere.app_context():
        backup.restore(file)
        last = db.session.scalars(select(FactRow).where(FactRow.stream == "ledger").order_by(FactRow.seq.desc())).first()
        assert last is not None
        assert last.kind == "ledger:restored"
        body = json.loads(last.body)
        assert (body["from"], body["to"] > 10, body["made_at"]) == (0, True, town.clock.now().isoformat())
