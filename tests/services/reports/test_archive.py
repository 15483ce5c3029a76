"""The engine: counted from the ledger, frozen once, and made again to the same bytes whatever happened since."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.district import STREET_AREA
from tests.support.makers import Town
from tests.support.older import make_older
from tests.support.tables import published, save_xlsx
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Broken, Conflict, Invalid
from tracker.domain.reports.document import OPENS, Document
from tracker.domain.rules.periods import period_named
from tracker.services.cases import identities, intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house.work import wiring
from tracker.services.reports import mails, quoting, reports
from tracker.services.tables import import_batches
from tracker.services.tables.importing import import_file
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.reports.stored import StoredReport

HOME = "360103"
WEEK = period_named("2026-W10")  # the week of Monday 2 March 2026; its sheet is due on Friday at 15:00
DAY = period_named("2026-03-02")


def to_the_cut(town: Town) -> None:
    """Friday at 15:01."""
    town.clock.move_to(datetime.combine(WEEK.first + timedelta(days=4), datetime.min.time(), wiring().zone)
                       .replace(hour=15, minute=1))


def figures(document: Document) -> dict[str, object]:
    """Every figure of the head by key."""
    return {figure.key: figure.value for section in document.sections for figure in section.figures}


def test_a_week_of_work_is_counted(town: Town) -> None:
    states = (CaseState.registered, CaseState.rectifying, CaseState.closed, CaseState.declined, CaseState.merged)
    for state in states:
        town.case_in(state)
    to_the_cut(town)
    built = reports.build("weekly", WEEK, HOME)
    said = figures(built.document)
    assert built.is_whole
    assert (said["opening"], said["new"], said["closed"], said["declined"], said["merged"], said["closing"]) == (0, 6, 1, 1, 1, 3)
    assert len(built.document.cases["closing"]) == 3


def test_a_late_run_counts_the_same_as_a_punctual_one(town: Town) -> None:
    number = town.case_in(CaseState.verified)
    to_the_cut(town)
    punctual = reports.build("weekly", WEEK, HOME)
    town.walk(number, "open_notice")
    town.days_pass(3)
    town.registered()
    late = reports.build("weekly", WEEK, HOME)
    assert late.document.digest() == punctual.document.digest()


def test_a_frozen_report_is_made_again_to_the_same_bytes_after_everything_changed(town: Town) -> None:
    numbers = [town.case_in(state) for state in (CaseState.rectifying, CaseState.closed, CaseState.registered,
                                                 CaseState.submitted)]
    to_the_cut(town)
    row = reports.publish(reports.build("weekly", WEEK, HOME))
    daily = reports.publish(reports.build("daily", DAY, HOME))
    change_everything(town, numbers)
    for frozen in (row, daily):
        again = reports.rerun(frozen)
        assert (again.text(), again.digest()) == (frozen.body, frozen.digest)
        assert reports.document_of(frozen) == again
    assert reports.verify() == 2
    town.days_pass(7)
    following = reports.build("weekly", WEEK.after(), HOME)
    assert figures(following.document)["reopened"] == 1


def change_everything(town: Town, numbers: list[str]) -> None:
    """Later facts, new names, an ended unit, a merge, a reopening, a corrected title and area."""
    rectifying, closed, registered, submitted = numbers
    town.walk(closed, "reopen")
    town.do(registered, "merge", master=rectifying)
    town.do(rectifying, "correct_field", field="title", value="另一个标题", reason="写错")
    town.do(rectifying, "correct_field", field="area_code", value="360103011", reason="写错")
    town.walk(submitted, "verify")
    for person in db.session.query(Person):
        person.name = f"改名{person.id}"
    for unit in db.session.query(Unit):
        unit.name, unit.valid_to = f"改名{unit.id}", town.clock.today()
    db.session.commit()


def test_a_report_is_frozen_once_and_never_changed(town: Town) -> None:
    town.registered()
    to_the_cut(town)
    built = reports.build("weekly", WEEK, HOME)
    reports.publish(built)
    with pytest.raises(Conflict, match="已经存档"):
        reports.publish(built)
    for statement in ("UPDATE reports SET title = 'x'", "DELETE FROM reports"):
        with pytest.raises(Exception, match="append-only"):
            db.session.connection().exec_driver_sql(statement)
        db.session.rollback()


def test_a_period_that_is_not_over_is_shown_but_not_frozen(town: Town) -> None:
    town.registered()
    town.clock.advance(minutes=5)
    built = reports.build("weekly", WEEK, HOME)
    assert not built.is_whole and figures(built.document)["new"] == 1
    with pytest.raises(Conflict, match="还没有结束"):
        reports.publish(built)


def test_a_period_of_another_length_or_of_the_future_is_refused(town: Town) -> None:
    with pytest.raises(Invalid, match="2026-W47"):
        reports.build("weekly", period_named("2026-03"), HOME)
    with pytest.raises(Invalid, match="还没有内容"):
        reports.build("weekly", WEEK.after(), HOME)
    with pytest.raises(Invalid, match="没有报告"):
        reports.build("hourly", WEEK, HOME)


def test_the_ledger_says_that_a_report_was_published(town: Town) -> None:
    to_the_cut(town)
    row = reports.publish(reports.build("weekly", WEEK, HOME))
    (fact,) = ledger.stream_of(db.session(), "report:weekly/2026-W10/360103")
    assert (fact.kind, json.loads(fact.body)["digest"]) == ("report:published", row.digest)


def test_a_report_whose_stored_text_was_exchanged_is_found(town: Town) -> None:
    to_the_cut(town)
    row = reports.publish(reports.build("weekly", WEEK, HOME))
    db.session.expunge(row)
    row.body = row.body.replace("周调度", "周调试")
    with pytest.raises(Broken, match="摘要不符"):
        reports.rerun(row)
    exchanged = StoredReport(**{column.key: getattr(row, column.key) for column in StoredReport.__table__.columns})
    exchanged.digest = sha256(row.body.encode()).hexdigest()
    with pytest.raises(Broken, match="账本"):
        reports.rerun(exchanged)


def test_what_enters_the_ledger_later_with_an_earlier_instant_changes_nothing(town: Town) -> None:
    town.registered()
    to_the_cut(town)
    row = reports.publish(reports.build("weekly", WEEK, HOME))
    now = town.clock.now()
    town.clock.move_to(now - timedelta(seconds=4))  # as far as a clock may fall behind the ledger
    town.registered()
    town.clock.move_to(now)
    assert reports.rerun(row).digest() == row.digest


def test_a_batch_that_is_taken_back_leaves_the_stock_in_a_column_and_a_fresh_one_never_was(town: Town, tmp_path: Path) -> None:
    old = import_file(OPERATOR, save_xlsx(tmp_path / "old.xlsx", {"表": published(2)})).batches[0]
    to_the_cut(town)
    before = reports.publish(reports.build("weekly", WEEK, HOME))
    town.clock.advance(days=3)
    import_batches.withdraw(OPERATOR, old)
    fresh = import_file(OPERATOR, save_xlsx(tmp_path / "fresh.xlsx", {"表": published(3)})).batches[0]
    town.clock.advance(hours=1)
    import_batches.withdraw(OPERATOR, fresh)
    town.clock.advance(days=5)
    said = figures(reports.build("weekly", WEEK.after(), HOME).document)
    assert (said["opening"], said["new"], said["voided"], said["closing"]) == (2, 0, 2, 0)
    assert figures(reports.rerun(before))["closing"] == 2


def test_cases_of_one_reporter_are_told_by_number_and_nothing_else(town: Town) -> None:
    for phone in ("13812345678", "138-1234-5678", "13900000000", ""):
        intake.register(town.actor("clerk"), RegisterOrder(
            source="H12345", title="垃圾", description="垃圾", categories=("garbage",), area_code=STREET_AREA),
                        reporter=Reporter(phone=phone))
    numbers = [row.number for row in db.session.query(Case).order_by(Case.id)]
    assert identities.repeat_reporters(town.clock.today()) == {numbers[0]: 1, numbers[1]: 1}
    assert identities.repeat_reporters(town.clock.today() + timedelta(days=1)) == {}


def test_a_report_holds_no_phone_and_no_reporter(town: Town) -> None:
    reporter = Reporter(name="王举报", phone="13812345678")
    intake.register(town.actor("clerk"), RegisterOrder(
        source="H12345", title="致电13998765432反映垃圾", description="垃圾", categories=("garbage",), area_code=STREET_AREA),
                    reporter=reporter)
    to_the_cut(town)
    row = reports.publish(reports.build("weekly", WEEK, HOME))
    for secret in ("13998765432", "13812345678", "王举报"):
        assert secret not in row.body and secret not in row.inputs
    assert "139****5432" not in row.body
    assert "139****5432" in texts_of(quoting.shown(reports.document_of(row)))


# --- what people wrote ------------------------------------------------------------------------------------------------------


def texts_of(document: Document) -> str:
    return " ".join(str(cell) for section in document.sections for table in section.tables for row in table.rows for cell in row)


def test_a_report_holds_what_people_wrote_by_reference_and_shows_it(town: Town) -> None:
    number = town.case_in(CaseState.rectifying, title="桃花路油烟", place="桃花路9号")
    town.do(number, "escalate", reason="需市里协调 13812345678 管网")
    to_the_cut(town)
    row = reports.publish(reports.build("weekly", WEEK, HOME))
    for said in ("桃花路油烟", "桃花路9号", "需市里协调"):
        assert said not in row.body
        assert said not in row.inputs
        assert said in texts_of(quoting.shown(reports.document_of(row)))
    assert "13812345678" not in texts_of(quoting.shown(reports.document_of(row)))
    assert reports.rerun(row).digest() == row.digest
    assert not any(OPENS in str(letter.words["fragment"]) for letter in mails.letters_of(
        reports.document_of(row), mails.readers_of("weekly", HOME), None))


def test_a_report_of_older_cases_holds_their_texts_as_before(town: Town) -> None:
    number = town.case_in(CaseState.rectifying, title="桃花路油烟")
    town.do(number, "escalate", reason="需市里协调")
    make_older(town, number)
    to_the_cut(town)
    document = reports.build("weekly", WEEK, HOME).document
    assert "桃花路油烟" in document.text() and "需市里协调" in document.text()
    assert quoting.shown(document) == document
