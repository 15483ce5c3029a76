"""The original of a file that came from a reporter: its place and device open for a custodian of identities alone."""

import io
import zipfile
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update

from tests.support.custody import opened
from tests.support.district import PEOPLE
from tests.support.makers import PHONE_MODEL, Town, paper, photo, placed_photo
from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.evidence import seals_original
from tracker.domain.house.actor import Actor, Grant, Role
from tracker.domain.house.errors import NotAllowed, NotFound
from tracker.services.cases import dossiers, identities, intake
from tracker.services.cases.dossiers import CaseWords
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.upkeep import integrity
from tracker.storage.cases import page as case_page
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

ORDER = RegisterOrder(source="H12345", title="河边垃圾", description="长期堆放生活垃圾", categories=("garbage",), area_code="360103002")
SOMEBODY = Reporter("张三", "13800138000")


def registered(town: Town, *uploads: Upload, is_from_reporter: bool = False, reporter: Reporter | None = None) -> str:
    by = town.actor("clerk")
    return intake.register(by, ORDER, uploads=uploads, reporter=reporter, is_from_reporter=is_from_reporter).number


def files_of(number: str) -> list[EvidenceRow]:
    db.session.rollback()
    return list(db.session.scalars(select(EvidenceRow).where(EvidenceRow.subject == f"case:{number}").order_by(EvidenceRow.id)))


def has_traces(content: bytes) -> bool:
    return b"Exif" in content or PHONE_MODEL.encode() in content


@pytest.mark.parametrize(("is_picture", "is_from_reporter", "has_reporter", "is_sealed"), [
    (True, False, False, False), (True, True, False, True), (True, False, True, True),
    (False, False, True, False), (False, True, False, True),
])
def test_what_was_said_to_come_from_a_reporter_is_sealed_and_a_picture_that_came_with_one(
        is_picture: bool, is_from_reporter: bool, has_reporter: bool, is_sealed: bool) -> None:
    assert seals_original(is_picture, is_from_reporter, has_reporter) is is_sealed


@pytest.mark.one_engine
def test_a_photo_that_came_with_a_reporter_is_sealed_and_the_fact_says_so(town: Town) -> None:
    number = registered(town, placed_photo(), paper(), reporter=SOMEBODY)
    assert [row.is_original_sealed for row in files_of(number)] == [True, False]
    said = town.last(number)["evidence"]
    assert [each.get("is_original_sealed") for each in said] == [True, None]
    assert not files_of(registered(town, placed_photo()))[0].is_original_sealed
    assert not files_of(registered(town, placed_photo(), reporter=Reporter()))[0].is_original_sealed


@pytest.mark.one_engine
def test_who_adds_evidence_may_say_that_it_came_from_a_reporter(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "add_evidence", by="officer", uploads=[placed_photo()], evidence_role="progress", is_from_reporter="是")
    town.do(number, "add_evidence", by="officer", uploads=[placed_photo()], evidence_role="progress")
    assert [row.is_original_sealed for row in files_of(number)] == [True, False]


@pytest.mark.parametrize("login", [person[0] for person in PEOPLE])
@pytest.mark.one_engine
def test_nobody_who_sees_the_case_gets_more_than_the_copy_whatever_their_role(town: Town, login: str) -> None:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "add_evidence", uploads=[placed_photo()], evidence_role="before", is_from_reporter="是")
    sealed, is_seen = files_of(number)[-1].id, case_page.is_visible(db.session(), town.actor(login).scope(), number)
    for size in ("shown", "thumb", "original"):
        if is_seen:
            found = evidence.open_file(town.actor(login), sealed, size)
            assert Image.open(io.BytesIO(found.content)).format == "JPEG"
            assert not has_traces(found.content)
        else:
            with pytest.raises(NotFound):
                evidence.open_file(town.actor(login), sealed, size)
    if login != "custodian":
        with pytest.raises(NotAllowed):
            identities.open_original(town.actor(login), sealed)


@pytest.mark.one_engine
def test_a_sealed_paper_has_no_copy_and_is_refused_in_a_sentence(town: Town) -> None:
    number = registered(town, paper(), is_from_reporter=True)
    for size in ("shown", "original"):
        with pytest.raises(NotAllowed, match="原件已封存，没有可以展示的副本") as refusal:
            evidence.open_file(town.actor("dispatcher"), files_of(number)[0].id, size)
        assert refusal.value.code == "original_sealed"


def test_a_custodian_opens_it_for_half_an_hour_once_they_were_granted_to(town: Town) -> None:
    upload = placed_photo()
    number = registered(town, upload, reporter=SOMEBODY)
    sealed, custodian = files_of(number)[0].id, town.actor("custodian")
    with pytest.raises(NotAllowed, match="先申请并获准"):
        identities.open_original(custodian, sealed)
    assert opened(town, number) == (SOMEBODY,)
    assert identities.open_original(custodian, sealed).content == upload.content
    assert [(each.id, each.name) for each in identities.sealed_originals(number)] == [(sealed, "举报.jpg")]
    town.clock.advance(timedelta(minutes=31))
    with pytest.raises(NotAllowed, match="先申请并获准"):
        identities.open_original(custodian, sealed)
    assert integrity.verify().first is None


@pytest.mark.one_engine
def test_a_case_without_a_reporter_on_record_is_opened_for_its_sealed_originals(town: Town) -> None:
    number = registered(town, placed_photo(), is_from_reporter=True)
    assert opened(town, number) == ()
    assert identities.open_original(town.actor("custodian"), files_of(number)[0].id).content


@pytest.mark.one_engine
def test_a_custodian_of_elsewhere_and_one_who_asks_for_what_is_not_sealed_find_nothing(town: Town) -> None:
    number = registered(town, placed_photo(), is_from_reporter=True)
    open_one = files_of(registered(town, photo()))[0].id
    elsewhere = Actor(town.people["custodian"], "", grants=(Grant(Role.custodian, "360102"),))
    for actor, file_id in ((elsewhere, files_of(number)[0].id), (town.actor("custodian"), open_one),
                           (town.actor("custodian"), 10**6)):
        with pytest.raises(NotFound, match="没有找到这份封存的原件"):
            identities.open_original(actor, file_id)


@pytest.mark.one_engine
def test_the_page_of_a_case_does_not_say_where_a_sealed_photo_was_taken(town: Town) -> None:
    number = registered(town, placed_photo(), is_from_reporter=True)
    open_one = registered(town, placed_photo())
    shown = [case_page.case_page(db.session(), town.actor("dispatcher").scope(), each).evidence[0] for each in (number, open_one)]
    assert [(line.is_original_sealed, line.lat is None, line.lng is None) for line in shown] == [(True,) * 3, (False,) * 3]


@pytest.mark.one_engine
def test_the_dossier_holds_the_copy_and_not_the_original(town: Town) -> None:
    upload = placed_photo()
    number = registered(town, upload, is_from_reporter=True)
    page = case_page.case_page(db.session(), town.actor("dispatcher").scope(), number)
    words = CaseWords((), (), (), {page.evidence[0].id: "整改前"}, (), "")
    with zipfile.ZipFile(io.BytesIO(dossiers.dossier_of(town.actor("dispatcher"), page, words))) as paper_file:
        pictures = [paper_file.read(name) for name in paper_file.namelist() if name.startswith("word/media/")
                    and not name.endswith(".png")]  # a picture of lines is the code
    assert len(pictures) == 1
    assert not any(has_traces(picture) or picture == upload.content for picture in pictures)


def test_a_seal_that_is_taken_off_behind_the_product_s_back_is_found(town: Town) -> None:
    registered(town, placed_photo(), is_from_reporter=True)
    db.session.execute(update(EvidenceRow).values(is_original_sealed=False))
    db.session.commit()
    first = integrity.verify().first
    assert first is not None
    assert str(first) == "证据 1 被改动：is_original_sealed"
