"""A file is hashed before it is shown: one that is not what came in is shown to nobody, and a lost copy comes back."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.makers import Town, photo
from tests.support.visitors import found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.fact_kinds import EvidenceFacts
from tracker.domain.house.errors import Broken
from tracker.domain.house.ledger import Fact
from tracker.services.evidence import evidence, soundness
from tracker.services.house.work import wiring
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message


def with_photo(town: Town) -> EvidenceRow:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "add_evidence", by="officer", uploads=[photo()], evidence_role="progress")
    return files_of(number)[-1]


def files_of(number: str) -> list[EvidenceRow]:
    db.session.rollback()
    return list(db.session.scalars(select(EvidenceRow).where(EvidenceRow.subject == f"case:{number}").order_by(EvidenceRow.id)))


def path_of(folder: Path, digest: str | None) -> Path:
    assert digest is not None
    return folder / "evidence" / digest[:2] / digest[2:4] / digest


def facts_of(row: EvidenceRow) -> list[Fact]:
    db.session.rollback()
    return list(ledger.stream_of(db.session(), f"evidence:{row.id}"))


def to_auditors(town: Town) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.mail == "evidence_broken")))


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "changed"])
def test_an_original_that_is_not_what_came_in_is_shown_to_nobody_and_noted_once_a_day(town: Town, tmp_path: Path,
                                                                                     is_gone: bool) -> None:
    row = with_photo(town)
    path, dispatcher = path_of(tmp_path, row.digest), town.actor("dispatcher")
    path.chmod(0o600)
    path.unlink() if is_gone else path.write_bytes(path.read_bytes()[:-1] + b"!")
    for _ in range(2):
        with pytest.raises(Broken, match="证据文件与登记的摘要不符，已停止显示"):
            evidence.open_file(dispatcher, row.id, "original")
    (noted,) = facts_of(row)
    assert (noted.kind, noted.actor_id) == (EvidenceFacts.found_broken, dispatcher.id)
    assert noted.payload["trouble"] == ("evidence_gone" if is_gone else "evidence_changed")
    assert [mail.person_id for mail in to_auditors(town)] == [town.people["auditor"]]
    town.clock.advance(days=1)
    with pytest.raises(Broken):
        evidence.open_file(dispatcher, row.id, "original")
    assert len(facts_of(row)) == 2


@pytest.mark.parametrize("which", ["shown", "thumb"])
def test_a_copy_that_was_lost_or_changed_is_made_anew_from_a_sound_original(town: Town, tmp_path: Path, which: str) -> None:
    row = with_photo(town)
    before, lost = evidence.open_file(town.actor("lead"), row.id, which).content, path_of(
        tmp_path, row.shown_digest if which == "shown" else row.thumb_digest)
    lost.unlink()
    assert evidence.open_file(town.actor("lead"), row.id, which).content == before
    lost.write_bytes(b"another picture")
    assert evidence.open_file(town.actor("lead"), row.id, which).content == before
    facts = facts_of(row)
    assert [fact.kind for fact in facts] == [EvidenceFacts.shown_remade] * 2
    (now,) = db.session.scalars(select(EvidenceRow).where(EvidenceRow.id == row.id))
    assert facts[-1].payload["now"] == {"shown_digest": now.shown_digest, "thumb_digest": now.thumb_digest}
    assert to_auditors(town) == []


def test_a_copy_that_is_lost_with_its_original_is_told_as_the_original_is(town: Town, tmp_path: Path) -> None:
    row = with_photo(town)
    path_of(tmp_path, row.digest).unlink()
    assert evidence.open_file(town.actor("lead"), row.id, "shown").content
    path_of(tmp_path, row.shown_digest).write_bytes(b"another picture")
    with pytest.raises(Broken):
        evidence.open_file(town.actor("lead"), row.id, "shown")
    assert [fact.kind for fact in facts_of(row)] == [EvidenceFacts.found_broken]


@pytest.mark.one_engine
def test_what_is_too_large_for_memory_is_hashed_first_and_then_read_again(town: Town, tmp_path: Path) -> None:
    row = with_photo(town)
    large = b"\xff\xd8\xff" + bytes(soundness.IN_MEMORY)
    row.digest, row.size, row.shown_digest = wiring().blobs.put(large), len(large), None
    db.session.commit()
    opened = evidence.open_file(town.actor("lead"), row.id, "original")
    assert not isinstance(opened.content, bytes)
    assert b"".join(opened.content) == large
    with path_of(tmp_path, row.digest).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    with pytest.raises(Broken):
        evidence.open_file(town.actor("lead"), row.id, "original")


def test_the_page_says_so_and_the_dossier_is_made_without_it(app: Flask, tmp_path: Path) -> None:
    found_town(app)
    with in_town(app) as town:
        row = with_photo(town)
        number, evidence_id = row.subject.removeprefix("case:"), row.id
        for digest in (row.digest, row.shown_digest):
            path_of(tmp_path, digest).write_bytes(b"another picture")
    client = visitor(app, "dispatcher")
    answer = client.get(f"/evidence/{evidence_id}")
    assert answer.status_code == 500
    assert "证据文件与登记的摘要不符，已停止显示" in text_of(answer)
    made = client.get(f"/cases/{number}/dossier.docx")
    assert made.status_code == 200
    assert made.data.startswith(b"PK")
