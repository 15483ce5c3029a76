"""What an entry of a register says: its number, its days, its usual term, and that it does not meet another."""

from datetime import date

import pytest

from tracker.domain.house.errors import Conflict, Incomplete, Invalid, WrongState
from tracker.domain.sites.entries import (
    EntryGiven,
    HeldSpan,
    end_day,
    end_light,
    last_day_to_ask,
    read_entry,
    renewal_opens,
    require_free,
)
from tracker.domain.sites.positive import require_not_barred, require_ticked
from tracker.domain.sites.registers import MISTAKEN, REGISTERS, SiteRegister

NUMBER = "91410781694896138P001P"
PERMIT: dict[str, object] = {"number": NUMBER, "value": "重点管理", "valid_from": "2021-04-01"}
R = SiteRegister


@pytest.mark.parametrize(("register", "first", "last"), [
    (R.permit, "2021-04-01", date(2026, 3, 31)), (R.registration, "2021-05-21", date(2026, 5, 20)),
    (R.commitment, "2021-06-18", date(2023, 12, 31)), (R.permit, "2020-02-29", date(2025, 2, 28)),
])
def test_an_entry_without_a_last_day_holds_for_the_usual_term(register: SiteRegister, first: str, last: date) -> None:
    given = read_entry(register, {**PERMIT, "valid_from": first})
    assert given.valid_to == last


def test_a_number_is_read_as_people_type_it_and_reports_are_kept_as_codes() -> None:
    given = read_entry(R.permit, {**PERMIT, "number": " 91410781694896138p００１p ", "reports": "年报、季报"})
    assert given.number == NUMBER
    assert given.payload == {"reports": ["year", "quarter"]}


@pytest.mark.parametrize(("raw", "field"), [
    ({"valid_from": "2021-02-30"}, "valid_from"), ({"valid_to": "2020-01-01"}, "valid_to"), ({"value": "一般"}, "value"),
    ({"number": ""}, "number"), ({"valid_from": ""}, "valid_from"), ({"reports": "日报"}, "reports"),
    ({"document_no": "号" * 90}, "document_no"),
])
def test_what_is_wrong_is_said_at_its_field(raw: dict[str, object], field: str) -> None:
    with pytest.raises((Invalid, Incomplete)) as refused:
        read_entry(R.permit, {**PERMIT, **raw})
    assert refused.value.field == field


def test_permits_meet_under_one_number_letters_never_and_a_site_stands_once_on_the_list() -> None:
    there = [HeldSpan(date(2021, 1, 1), date(2025, 12, 31), NUMBER)]
    for number, register in ((NUMBER, R.permit), ("", R.positive_list)):
        with pytest.raises(Conflict, match="自 2021年1月1日 起已有一条"):
            require_free(EntryGiven(register, date(2025, 12, 31), None, number=number), "桃花纺织", there)
    require_free(EntryGiven(R.permit, date(2025, 12, 31), None, number="别的"), "桃花纺织", there)
    require_free(EntryGiven(R.permit, date(2026, 1, 1), None, number=NUMBER), "桃花纺织", there)
    require_free(EntryGiven(R.commitment, date(2021, 1, 1), None), "桃花纺织", there)
    require_free(EntryGiven(R.permit, date(2021, 1, 1), None, number=NUMBER), "桃花纺织",
                 [HeldSpan(date(2021, 1, 1), date(2020, 12, 31), NUMBER)])


def test_an_entry_ends_within_its_days_and_one_by_mistake_never_held() -> None:
    first, last = date(2021, 1, 1), date(2025, 12, 31)
    assert end_day(first, last, date(2023, 5, 1), "cancelled") == date(2023, 5, 1)
    assert end_day(first, last, date(2023, 5, 1), MISTAKEN) == date(2020, 12, 31)
    for day in (date(2020, 12, 31), date(2026, 1, 1)):
        with pytest.raises(Invalid, match="最后一天"):
            end_day(first, last, day, "cancelled")


def test_only_registers_with_steps_of_their_own_are_closed_to_forms_and_files() -> None:
    assert [code.value for code, row in REGISTERS.items() if row.is_entered] == ["commitment", "permit", "registration"]


def test_removed_for_malice_on_10_may_2026_a_site_may_come_back_on_10_may_2029_and_not_the_day_before() -> None:
    removed = [("malicious", date(2026, 5, 10)), ("expiry", date(2028, 1, 1))]
    with pytest.raises(WrongState, match="2029年5月10日 起才可再次纳入"):
        require_not_barred(removed, date(2029, 5, 9))
    require_not_barred(removed, date(2029, 5, 10))


def test_every_condition_is_ticked_before_a_site_is_proposed() -> None:
    conditions = (("no_crime", "三年内没有环境犯罪"), ("trade", "不在排除的行业"))
    with pytest.raises(Incomplete, match="不在排除的行业"):
        require_ticked(["no_crime"], conditions)
    assert require_ticked(["trade", "no_crime", "strange"], conditions) == ("no_crime", "trade")


def test_a_permit_to_31_march_is_asked_for_by_30_january_and_red_the_day_after_and_a_registration_opens_20_days_before() -> None:
    last = date(2026, 3, 31)
    assert last_day_to_ask(R.permit, last) == date(2026, 1, 30)
    assert renewal_opens(R.registration, date(2026, 5, 20)) == date(2026, 4, 30)
    lights = {day: end_light(R.permit, last, is_followed=False, on=day)
              for day in (date(2025, 10, 1), date(2025, 10, 2), date(2026, 1, 30), date(2026, 1, 31), date(2026, 4, 1))}
    assert list(lights.values()) == ["green", "yellow", "yellow", "red", "red"]
    assert end_light(R.permit, last, is_followed=True, on=date(2026, 4, 1)) == "blue"
    assert end_light(R.registration, last, is_followed=False, on=last) == "yellow"
    assert end_light(R.commitment, last, is_followed=False, on=last) == ""
