"""Files received one by one: the receipt, the one use, the owner, the sweep."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.district import STREET_AREA
from tests.support.makers import PAPER, Town, jpeg
from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.errors import Conflict, Invalid, NotFound, Refusal
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.evidence import uploads
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import plant
from tracker.services.upkeep import integrity, jobs
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.house.base import db


def row(client_id: str) -> UploadRow | None:
    db.session.rollback()
    return db.session.scalar(select(UploadRow).where(UploadRow.client_id == client_id).execution_options(populate_existing=True))


def put(town: Town, client_id: str, serial: int = 1, by: str = "inspector", name: str = "现场.jpg") -> uploads.Receipt:
    return uploads.receive(town.actor(by), client_id, name, jpeg(serial))


def order(client_id: str = "") -> RegisterOrder:
    return RegisterOrder(source="PATROL", title="河边垃圾", description="长期堆放", categories=("garbage",), area_code=STREET_AREA,
                         client_id=client_id or None)


def test_a_file_is_received_once_however_often_it_is_sent(town: Town) -> None:
    first = put(town, "a1")
    town.clock.advance(minutes=5)
    assert put(town, "a1", name="另名.jpg") == first
    assert (first.name, first.size, first.is_picture) == ("现场.jpg", len(jpeg(1)), True)
    assert len(db.session.scalars(select(UploadRow)).all()) == 1


def test_other_bytes_under_the_same_id_are_refused(town: Town) -> None:
    put(town, "a1")
    with pytest.raises(Conflict, match="现场"):
        put(town, "a1", serial=2)


@pytest.mark.one_engine
@pytest.mark.parametrize(("client_id", "name", "content", "said"), [
    ("a1", "空.jpg", b"", "空.jpg"), ("a1", "文.jpg", b"only text", "文.jpg"), ("", "好.jpg", jpeg(1), "编号"),
    ("a" * 41, "好.jpg", jpeg(1), "编号"), ("../x", "好.jpg", jpeg(1), "编号"), ("中", "好.jpg", jpeg(1), "编号"),
])
def test_what_cannot_be_taken_is_refused_in_a_sentence(town: Town, client_id: str, name: str, content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        uploads.receive(town.actor("inspector"), client_id, name, content)
    assert refusal.value.sentence.endswith("。")
    assert row(client_id) is None


def test_too_many_files_that_wait_are_refused(town: Town) -> None:
    put(town, "a1", 1)
    first = row("a1")
    assert first is not None
    told = {name: getattr(first, name) for name in ("person_id", "original_name", "media_type", "size", "digest", "received_at")}
    db.session.add_all(UploadRow(client_id=f"b{n}", **told) for n in range(uploads.MOST_WAITING - 1))
    db.session.commit()
    with pytest.raises(Conflict, match="300 个"):
        put(town, "a3", 3)
    assert put(town, "a1", 1).client_id == "a1"


def test_received_files_become_evidence_with_the_case_and_are_used_up(town: Town) -> None:
    actor = town.actor("inspector")
    put(town, "a1", 1), uploads.receive(actor, "a2", "报告.pdf", PAPER)
    sent = [Upload("", client_id="a1"), Upload("", client_id="a2")]
    number = intake.register(actor, order("draft1"), uploads=sent).number
    assert intake.register(actor, order("draft1"), uploads=sent).number == number
    shown = db.session.scalars(select(EvidenceRow).where(EvidenceRow.subject == f"case:{number}").order_by(EvidenceRow.id)).all()
    assert [(e.original_name, e.role) for e in shown] == [("现场.jpg", EvidenceRole.before), ("报告.pdf", EvidenceRole.document)]
    assert plant().blobs.get(shown[0].digest) == jpeg(1)
    assert shown[0].thumb_digest
    used = row("a1")
    assert used is not None
    assert (used.subject, used.used_at) == (f"case:{number}", town.clock.now())
    assert uploads.mine(actor, ["a1", "a2"]) == ()
    assert not uploads.drop(actor, "a1")
    with pytest.raises(Conflict, match="已经提交过"):
        intake.register(actor, order("draft2"), uploads=sent)


def test_a_refused_step_uses_up_nothing(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    put(town, "a1", by="officer")
    refusal = town.refused(number, "submit", finding="maybe", uploads=[Upload("", client_id="a1")])
    assert isinstance(refusal, Invalid)
    assert [r.client_id for r in uploads.mine(town.actor("officer"), ["a1"])] == ["a1"]
    town.do(number, "submit", uploads=[Upload("", client_id="a1", role=EvidenceRole.after)])
    assert uploads.mine(town.actor("officer"), ["a1"]) == ()


@pytest.mark.parametrize("client_id", ["a1", "nothing"])
def test_what_another_person_sent_does_not_exist(town: Town, client_id: str) -> None:
    put(town, "a1", by="inspector")
    other = town.actor("clerk")
    deeds: list[Any] = [lambda: intake.register(other, order(), uploads=[Upload("", client_id=client_id)]),
                        lambda: uploads.thumb(other, client_id)]
    for deed in deeds:
        with pytest.raises(NotFound):
            deed()
    assert uploads.mine(other, [client_id]) == ()
    assert not uploads.drop(other, client_id)
    assert row("a1") is not None
    assert put(town, "a1", serial=7, by="clerk").client_id == "a1"


@pytest.mark.one_engine
def test_the_same_file_cannot_stand_for_two(town: Town) -> None:
    put(town, "a1")
    with pytest.raises(Refusal):
        intake.register(town.actor("inspector"), order(), uploads=[Upload("", client_id="a1")] * 2)


@pytest.mark.one_engine
def test_a_role_that_the_step_does_not_know_is_named(town: Town) -> None:
    number = town.case_in(CaseState.submitted)
    put(town, "a1", by="verifier")
    refusal = town.refused(number, "verify", uploads=[Upload("现场.jpg", client_id="a1", role=EvidenceRole.after)])
    assert "现场.jpg" in refusal.sentence


def test_what_was_never_used_is_forgotten_after_two_weeks(town: Town) -> None:
    actor = town.actor("inspector")
    put(town, "a1", 1), put(town, "a2", 2)
    intake.register(actor, order(), uploads=[Upload("", client_id="a2")])
    town.days_pass(14)
    put(town, "a3", 3)
    assert jobs.run("daily-upload-sweep").outcome == "清理未使用的上传 0 份"
    town.days_pass(1)
    assert jobs.run("daily-upload-sweep").outcome == "清理未使用的上传 1 份"
    assert row("a1") is None
    assert row("a2") is not None
    assert [r.client_id for r in uploads.mine(actor, ["a1", "a2", "a3"])] == ["a3"]
    assert integrity.verify().first is None


@pytest.mark.one_engine
def test_a_waiting_file_that_was_lost_or_changed_is_found_by_the_check(town: Town) -> None:
    put(town, "a1")
    waiting = row("a1")
    assert waiting is not None
    before = integrity.verify()
    assert before.file_count >= 3
    waiting.digest = "0" * 64
    db.session.commit()
    found = integrity.verify()
    assert found.first is not None
    assert found.first.where.startswith("上传文件")


@pytest.mark.one_engine
def test_own_files_can_be_dropped(town: Town) -> None:
    put(town, "a1")
    assert uploads.drop(town.actor("inspector"), "a1")
    assert not uploads.drop(town.actor("inspector"), "a1")
    assert put(town, "a1", serial=9).client_id == "a1"


def test_the_paper_of_an_office_program_fits_its_column(town: Town) -> None:
    from tests.gateways.evidence.test_images import office

    kept = uploads.receive(town.actor("officer"), "d1", "报告.docx", office("word/document.xml"))
    number = town.case_in(CaseState.rectifying)
    town.do(number, "progress", uploads=[Upload("", client_id="d1")])
    assert len(kept.media_type) > 60
