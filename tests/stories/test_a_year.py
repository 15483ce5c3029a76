"""A year of a small district on a set clock, day by day: every beat made once, every report made again, every sheet balanced."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from tests.support.makers import Town
from tests.support.stories import figures_of, table_of
from tracker.domain.cases.facts import FINAL
from tracker.domain.reports.document import Document
from tracker.domain.reports.stock import MOVEMENTS
from tracker.services.cadence import beats as supervision
from tracker.services.house.work import wiring
from tracker.services.reports import reports
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.reports.stored import StoredReport

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]

FIRST, DAYS, CASES = date(2025, 1, 1), 365, 24
WATCH = (time(8, 30), time(15, 0), time(18, 0))
READERS = ("dispatcher", "lead", "officer", "neighbour", "verifier")
# (days after the registration, step, by whom for a case of the second street, what is given)
COURSE = ((1, "assign"), (2, "acknowledge"), (4, "submit"), (5, "verify"), (6, "close"))
REWORKED = ((1, "assign"), (2, "acknowledge"), (4, "submit"), (5, "reject"), (8, "submit"), (9, "verify"), (11, "close"))
REOPENED = (*COURSE, (40, "look_back"), (41, "reopen"), (44, "submit"), (45, "verify"), (46, "close"))
UNFINISHED = ((1, "assign"), (2, "acknowledge"))
COURSES = (COURSE, REWORKED, REOPENED, COURSE, UNFINISHED, ((1, "decline"),))


def plan() -> dict[int, list[tuple[int, str]]]:
    """What happens on each day: (number of the case, step); a case of a new kind every fortnight."""
    days: dict[int, list[tuple[int, str]]] = {}
    for serial in range(CASES):
        begins = 3 + serial * 13
        for after, step in ((0, "register"), *COURSES[serial % len(COURSES)]):
            days.setdefault(begins + after, []).append((serial, step))
    return days


def instants(on: date) -> Iterator[datetime]:
    """When the clock looks."""
    return (datetime.combine(on, each, wiring().zone) for each in WATCH)


def act(town: Town, numbers: dict[int, str], serial: int, step: str) -> None:
    """One step of one case. Every second case belongs to another street."""
    is_second = serial % 2 == 1
    if step == "register":
        numbers[serial] = town.registered("PATROL")
        return
    given = {"lead_unit": "XH-TY", "supporting_units": ""} if step == "assign" and is_second else {}
    town.do(numbers[serial], step, by="neighbour" if is_second and step in ("acknowledge", "submit") else "", **given)


def live(town: Town) -> None:
    """The whole year: three looks of the clock on every day, and the work of the day between them."""
    numbers: dict[int, str] = {}
    doings = plan()
    town.clock.move_to(datetime.combine(FIRST, time(), wiring().zone) - timedelta(minutes=1))
    supervision.run_due()
    for day in range(DAYS):
        for hour, at in enumerate(instants(FIRST + timedelta(days=day))):
            town.clock.move_to(at)
            supervision.run_due()
            if hour == 0:
                town.clock.advance(minutes=30)
                for serial, step in doings.get(day, []):
                    town.clock.advance(minutes=1)
                    act(town, numbers, serial, step)
    assert len(numbers) == CASES


@pytest.fixture
def lived(town: Town) -> Town:
    """The district on the evening of the last day; mail reaches five people."""
    db.session.execute(update(Person).where(Person.login.not_in(READERS)).values(email=None))
    db.session.commit()
    live(town)
    return town


def documents(name: str) -> list[Document]:
    """The frozen reports of a name, in their order."""
    rows = db.session.scalars(select(StoredReport).where(StoredReport.name == name).order_by(StoredReport.as_of))
    return [reports.document_of(row) for row in rows]


@pytest.mark.timeout(300)
def test_a_year_is_recorded_once_reproducible_and_balanced(lived: Town) -> None:
    every_beat_is_made_once_and_in_time()
    one_mail_for_each_reader_of_each_period()
    assert reports.verify() == 365 + 52 + 12 + 3 + 1
    every_weekly_sheet_balances()
    the_last_sheet_is_the_register(lived)


def every_beat_is_made_once_and_in_time() -> None:
    """One record for each period, none failed, none late."""
    rows = list(db.session.scalars(select(BeatRecord)))
    assert Counter(row.cadence for row in rows) == {
        "daily-morning": 365, "daily-evening": 365, "weekly-review": 52, "monthly-circular": 12, "quarterly-appraisal": 3,
        "annual-appraisal": 1}
    assert {(row.state, row.tries) for row in rows} == {("done", 1)}
    assert {row.cadence for row in rows if row.is_caught_up} <= {"monthly-circular", "quarterly-appraisal", "annual-appraisal"}
    assert all((row.report_id is None) == (row.cadence == "daily-morning") for row in rows)


def one_mail_for_each_reader_of_each_period() -> None:
    """One outbox row for each cadence, period and reader, as many as the record says."""
    row = Message
    told = db.session.execute(select(row.record_id, row.person_id, func.count()).where(row.record_id.is_not(None))
                              .group_by(row.record_id, row.person_id))
    counted = Counter[int]()
    for record_id, _, amount in told:
        assert amount == 1
        counted[record_id] += 1
    for record in db.session.scalars(select(BeatRecord)):
        assert counted[record.id] == record.recipient_count, (record.cadence, record.period)
    assert sum(counted.values()) > 800


def every_weekly_sheet_balances() -> None:
    """Row by row, unit rows to the district's, the district's to the cases that are listed, and each week to the next."""
    signs = [1, *(sign for _, _, sign in MOVEMENTS)]
    before = 0
    for document in documents("weekly"):
        sheet = table_of(document, "存量平衡表（件）")
        rows, total = [[int(cell) for cell in row[1:]] for row in sheet.rows], [int(cell) for cell in sheet.total[1:]]
        for row in [*rows, total]:
            assert sum(sign * cell for sign, cell in zip(signs, row[:-1], strict=True)) == row[-1], document.period
        inside = {1 + at for at, (key, _, _) in enumerate(MOVEMENTS) if key in ("came", "went")}
        sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(total)
        assert [cell for at, cell in enumerate(sums) if at not in inside] == [cell
                                                                              for at, cell in enumerate(total)
                                                                              if at not in inside]
        listed = [len(document.cases.get(key, ())) for key in ("opening", "closing")]
        assert [total[0], total[-1]] == listed
        assert total[0] == before, document.period
        before = total[-1]
    assert sum(figures_of(document)["new"] for document in documents("weekly")) == CASES


def the_last_sheet_is_the_register(town: Town) -> None:
    """What the units hold at the end is what the register says they hold."""
    last = documents("weekly")[-1]
    sheet = table_of(last, "存量平衡表（件）")
    query = select(Case.lead_unit_id, func.count()).where(Case.state.not_in(FINAL)).group_by(Case.lead_unit_id)
    held = sorted(amount for _, amount in db.session.execute(query))
    assert sorted(int(row[-1]) for row in sheet.rows if row[-1]) == held
    assert sum(held) == len(last.cases["closing"]) == sum(1
                                                          for course in range(CASES)
                                                          if COURSES[course % len(COURSES)] is UNFINISHED)
    assert json.loads(db.session.scalars(select(StoredReport.body).order_by(StoredReport.id.desc()).limit(1)).one())
