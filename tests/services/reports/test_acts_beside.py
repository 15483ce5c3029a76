"""What reports tell of the acts beside the cases: figures of their days, what is in force, what is owed and late; frozen with the
report, and never in an appraisal."""

from datetime import UTC, datetime, timedelta

from tests.support.acts import act_in, do
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.reports.beside.acts import COUNTED, LATE
from tracker.domain.reports.document import Document
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.rules.periods import period_named
from tracker.services.reports import reports

HOME = "360103"


def tables_of(document: Document) -> dict[str, list[tuple[object, ...]]]:
    return {table.title: list(table.rows) for section in document.sections for table in section.tables
            if table.title in (COUNTED, LATE)}


def told(name: str, period: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in tables_of(reports.build(name, period_named(period), HOME).document)[COUNTED]}


def test_a_day_tells_of_the_orders_that_are_in_force_and_a_week_of_drift_too(town: Town) -> None:
    act_in(town, "control", "issued")
    act_in(town, "programme", "adopted")
    day, week = told("daily", "2026-03-02"), told("weekly", "2026-W10")
    assert day["在管控"] == week["在管控"] == "1 次" and day["发布管控"] == "1 次"
    assert [word for word in week if word.startswith("规划 GH-")] and not [word for word in day if word.startswith("规划 GH-")]


def test_a_day_without_acts_says_nothing_of_them(town: Town) -> None:
    document = reports.build("daily", period_named("2026-03-02"), HOME).document
    assert tables_of(document) == {} and "联动事项" not in [section.heading for section in document.sections]


def test_a_week_lists_the_duties_that_are_late(town: Town) -> None:
    number = act_in(town, "programme", "adopted")
    town.clock.move_to(datetime(2027, 1, 4, 1, tzinfo=UTC))
    late = tables_of(reports.build("weekly", period_named("2027-W01"), HOME).document)[LATE]
    assert [(row[0], row[1], row[3]) for row in late] == [(number, 1, "2026-12-31")]


def test_a_frozen_report_tells_the_same_after_the_acts_went_on(town: Town) -> None:
    number = act_in(town, "control", "issued")
    town.clock.move_to(datetime(2026, 3, 2, 10, 5, tzinfo=UTC))
    frozen = reports.publish(reports.build("daily", period_named("2026-03-02"), HOME))
    town.clock.advance(timedelta(days=3))
    do(town, number, "control", "lift")
    assert reports.rerun(frozen).text() == reports.document_of(frozen).text()


def test_no_appraisal_is_told_of_acts() -> None:
    assert {report.name for report in REPORTS if report.tells_acts} == {"daily", "weekly", "monthly"}


def test_a_week_lists_what_waits_for_a_meeting_and_tells_the_same_after_it_was_decided(town: Town) -> None:
    case = town.case_in(CaseState.disputed)
    town.clock.move_to(datetime(2026, 3, 13, 7, 5, tzinfo=UTC))
    number = act_in(town, "meeting", "drafting")
    do(town, number, "meeting", "add_item", target=case)
    frozen = reports.publish(reports.build("weekly", period_named("2026-W11"), HOME))
    (table,) = (table for section in reports.document_of(frozen).sections for table in section.tables
                if table.title == "需协调事项")
    assert [(row[0], *row[2:]) for row in table.rows] == [(case, "争议逾期未裁定", "2026-03-02", "11 天", number)]
    town.do(case, "designate")
    assert reports.rerun(frozen).text() == reports.document_of(frozen).text()


def test_a_week_without_anything_that_waits_says_so_and_one_that_is_made_later_asks_the_facts(town: Town) -> None:
    town.case_in(CaseState.disputed)
    town.clock.move_to(datetime(2026, 3, 6, 7, 5, tzinfo=UTC))

    def said() -> list[str]:
        document = reports.build("weekly", period_named("2026-W10"), HOME).document
        return [text for section in document.sections if section.heading == "三、需协调事项" for text in section.paragraphs]

    assert said() == ["没有等待联席会议议定的事项。"]
    town.clock.advance(timedelta(days=3))
    assert said() == ["需要协调的案件 1 件。"]
