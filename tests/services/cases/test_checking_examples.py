"""The examples of a case that is sent down, looked at and confirmed, with their days; and mileage as people write it."""

from datetime import UTC, date, datetime

import pytest

from tests.support import patrols, railway
from tests.support.makers import Town, photo
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.cases.declarations.jobs import dispute_disclaimed
from tracker.services.rules import rules, values
from tracker.services.upkeep import integrity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
S = CaseState
TO_ASK = {"candidate_units": "XH-CYZ、TL-NC"}


def at(town: Town, month: int, day: int, hour: int = 1) -> None:
    town.clock.move_to(datetime(2026, month, day, hour, tzinfo=UTC))


def sent_down(town: Town, **order: object) -> str:
    number = town.registered("RAIL", **{"channel": "onsite"} | order)
    town.do(number, "send_down", **TO_ASK)
    return number


def test_sent_down_on_a_friday_it_is_confirmed_by_wednesday_and_rectified_a_week_after_the_confirmation(town: Town) -> None:
    at(town, 11, 27)
    number = sent_down(town)
    assert town.row(number).confirm_due_on == date(2026, 12, 2)
    town.do(number, "claim")
    at(town, 12, 1)
    town.do(number, "disclaim")
    town.do(number, "confirm")
    assert town.row(number).due_on == date(2026, 12, 8)
    assert town.last(number)["waited_workdays"] == 2


def test_the_days_off_of_a_festival_are_no_working_days(town: Town) -> None:
    at(town, 9, 29)
    assert town.row(sent_down(town)).confirm_due_on == date(2026, 10, 9)


def test_what_both_disclaim_is_disputed_that_night_and_once_designated_it_neither_goes_back_nor_up(town: Town) -> None:
    at(town, 12, 1)
    number, other = sent_down(town), sent_down(town)
    town.do(number, "disclaim")
    town.do(number, "disclaim", by="officer")
    town.do(other, "disclaim")
    at(town, 12, 1, 15)
    assert dispute_disclaimed(town.clock.today()) == "双方都不认领、提级 1 件"
    assert (town.row(number).state, town.row(other).state) == (S.disputed, S.checking)
    disputed, days = town.clock.local(town.facts(number)[-1].at).date(), values.number("dispute_days", town.clock.today())
    assert rules.calendar().add_workdays(disputed, days).on == date(2026, 12, 8)
    assert dispute_disclaimed(town.clock.today()) == "双方都不认领、提级 0 件"
    town.do(number, "designate")
    assert town.refused(number, "request_return").code == town.refused(number, "dispute").code == Why.designated


def test_a_sighting_from_a_train_is_open_until_somebody_was_there_and_the_facts_hold_both_places(town: Town) -> None:
    railway.in_force(town)
    number = town.registered("RAIL", channel="train", area_code=railway.AREA, categories=("railway",),
                             sighting=Sighting("京九线", "k1450 + 200", "", "right"))
    row = town.row(number)
    assert (row.place_beside["mileage"], row.place_beside["side"], row.accuracy_metres) == ("K1450+200", "right", 200)
    seen_at = row.lat
    town.do(number, "send_down", candidate_units="NTJ-GWD、XH-TH")
    assert town.last(number)["attribution"]["rule"] == "A6"
    assert town.last(number)["attribution"]["candidates"] == ["NTJ-GWD", "XH-TH"]
    town.do(number, "recheck", onsite_place="28.660902, 115.920051, 3", fence_seen="inside", owner_seen="railway")
    said = town.last(number)
    assert said["attribution"]["rule"] == "A1" and said["attribution"]["lead"] == "NTJ-GWD"
    assert said["from"]["lat"] == seen_at and said["set"]["lat"] == 28.660902
    assert said["is_doubtful"] is True  # more than a kilometre apart
    assert {name: town.row(number).place_beside[name] for name in ("section_code", "fence", "mileage")} == {
        "section_code": "JJ-01", "fence": "inside", "mileage": "K1449+100"}


@pytest.mark.parametrize(("said", "field"), [
    (Sighting("京九线", "K1449+1300"), "mileage"), (Sighting("京九线", "DK12+300"), "mileage"), (Sighting("京九线", "K9999+1"), "mileage"),
    (Sighting("沪昆线", "K1449+300"), "line"), (Sighting("京九线", "随便"), "mileage"), (Sighting("京九线", "K1450+200", "K1449+300"),
        "mileage_to"),
    (Sighting("京九线", "", "K1449+300"), "mileage"), (Sighting("京九线", "K1449+300", "", "上边"), "side"),
])
def test_a_mileage_that_no_line_has_is_refused_and_the_lines_are_listed(town: Town, said: Sighting, field: str) -> None:
    railway.in_force(town)
    with pytest.raises((Invalid, Incomplete)) as refusal:
        town.registered("RAIL", channel="train", sighting=said)
    assert refusal.value.field == field
    if said.line == "沪昆线":
        assert "京九线 K1449+000—K1451+000" in str(refusal.value.sentence)


@pytest.mark.parametrize("text", ["K1449+300", "k1449+300", "K1449 + 300", "1449.3 km"])
def test_a_mileage_is_read_as_people_write_it(town: Town, text: str) -> None:
    railway.in_force(town)
    number = town.registered("RAIL", channel="train", sighting=Sighting("", text))
    assert town.row(number).place_beside == {"line": "京九线", "mileage": "K1449+300", "metre": 300.0}


def test_a_section_chief_confirms_what_both_sides_agree_on_and_a_former_one_is_told_who_does(town: Town) -> None:
    patrols.drawn(town)
    patrols.post("local", 2, "XH-CYZ", "officer")
    patrols.post("local", 2, "XH-CYZ", "officer2", since=town.clock.today())
    place = {"lat": 28.662707, "lng": 115.92001, "datum": "wgs84", "accuracy_metres": 5.0}
    number = sent_down(town, **place)
    refusal = town.refused(number, "confirm", by="officer2")
    assert refusal.sentence == "须双方意见一致，或由调度员确认。"
    town.do(number, "claim")
    town.do(number, "disclaim")
    former = town.refused(number, "confirm", by="officer")
    assert former.code == Why.out_of_reach and "officer2先生" in str(former.sentence)
    assert town.refused(number, "confirm", by="officer2", lead_unit="TL-NC").field == "lead_unit"
    assert town.do(number, "confirm", by="officer2", reason="").state is S.assigned


def test_verification_replays_all_of_it_and_finds_it_lawful(town: Town) -> None:
    patrols.staffed(town)
    for state in (S.checking, S.assigned, S.closed):
        town.case_in(state, "RAIL", lat=28.662707, lng=115.92001, datum="wgs84", accuracy_metres=5.0)
    number = sent_down(town)
    town.walk(number, "recheck", "claim", "disclaim", "find_nothing")
    report = integrity.verify()
    assert (report.first, report.trouble_count) == (None, 0)


@pytest.mark.parametrize(("said", "field"), [
    (Sighting(), "mileage"), (Sighting(train_no="K1234"), "mileage"), (Sighting(heading="up"), "mileage"),
    (Sighting(train_no="K1234", heading="斜着"), "heading"), (Sighting(train_no="K" * 21, heading="up"), "train_no"),
])
def test_who_saw_it_from_a_train_says_where_or_else_which_train_and_which_way(town: Town, said: Sighting, field: str) -> None:
    with pytest.raises((Incomplete, Invalid)) as refused:
        town.registered("RAIL", channel="train", sighting=said)
    assert refused.value.field == field


def test_a_train_without_a_mileage_is_told_by_its_number_and_its_way(town: Town) -> None:
    number = town.registered("RAIL", channel="train", sighting=Sighting(train_no="K1234", heading="up"))
    assert town.facts(number)[0].payload["set"]["place_beside"] == {"train_no": "K1234", "heading": "up"}
    assert not integrity.verify().troubles


def test_the_first_photo_of_what_nobody_photographed_shows_it_before_the_work_and_the_next_its_progress(town: Town) -> None:
    number = town.registered("RAIL", channel="train", uploads=(), no_photo="train")
    town.do(number, "send_down", **TO_ASK)
    for by in ("officer", "railman"):
        town.do(number, "recheck", by=by, uploads=[photo(f"{by}.jpg")])
    rows = db.session.query(EvidenceRow).filter_by(subject=f"case:{number}").order_by(EvidenceRow.id)
    assert [row.role for row in rows] == [EvidenceRole.before, EvidenceRole.progress]
