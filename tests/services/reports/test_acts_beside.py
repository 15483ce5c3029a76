"""What reports tell of the acts beside the cases: figures of their days, what is in force, what is owed and late; frozen with the
report, and never in an appraisal."""

from datetime import UTC, datetime, timedelta

from tests.support import patrols as ground
from tests.support.acts import act_in, do
from tests.support.makers import Town
from tests.support.project_files import ROOT
from tracker.domain.cases.facts import CaseState
from tracker.domain.reports.beside.acts import COUNTED, LATE
from tracker.domain.reports.beside.duties import HEADING
from tracker.domain.reports.document import Document
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.rules.periods import period_named
from tracker.services.acts import duties
from tracker.services.coordination.patrols.plans import open_patrols
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


APPRAISALS = tuple(report for report in REPORTS if report.tells_met)


def owed_of(document: Document) -> dict[str, list[list[str]]]:
    return {table.title: [[str(cell) for cell in row] for row in (*table.rows, table.total)]
            for section in document.sections if section.heading == HEADING for table in section.tables}


def test_an_appraisal_tells_by_unit_how_duties_were_met_and_scores_nothing_of_it(town: Town) -> None:
    numbers = [act_in(town, "interview", "held") for _ in range(3)]  # reports are due on 1 April
    for number, day in zip(numbers[:2], (1, 2), strict=True):
        town.clock.move_to(datetime(2026, 4, day, 9, tzinfo=UTC))
        duties.take(town.actor("officer"), number, 1, "answer", {"text": "已整改"})
        duties.take(town.actor("verifier"), number, 1, "pass", {"text": "现场看过"})
    town.clock.move_to(datetime(2026, 6, 30, 9, tzinfo=UTC))
    document = reports.build("quarterly", period_named("2026-Q2"), HOME).document
    assert owed_of(document) == {"应办事项按期情况": [["XH-CYZ", "朝阳洲街道", "3", "1", "33.3%(1/3)", "0"],
                                                ["合计", "", "3", "1", "33.3%(1/3)", "0"]]}
    assert all(row[6] == 0 for section in document.sections for table in section.tables if table.title.startswith("得分汇总")
               for row in table.rows) or not document.cases["deducted"]
    assert owed_of(reports.build("quarterly", period_named("2026-Q1"), HOME).document) == {}


def test_an_appraisal_made_later_tells_what_was_known_at_its_cut(town: Town) -> None:
    number = act_in(town, "interview", "held")
    town.clock.move_to(datetime(2026, 7, 6, 2, tzinfo=UTC))
    before = owed_of(reports.build("quarterly", period_named("2026-Q2"), HOME).document)
    duties.take(town.actor("dispatcher"), number, 1, "waive", {"reason": "并入下期"})
    assert owed_of(reports.build("quarterly", period_named("2026-Q2"), HOME).document) == before != {}


def test_an_appraisal_tells_of_patrols_by_section_and_of_the_drift_of_programmes(town: Town) -> None:
    ground.staffed(town)
    act_in(town, "patrol_plan", "in_force")
    open_patrols(town.clock.today())
    act_in(town, "programme", "adopted")
    town.clock.move_to(datetime(2026, 4, 6, 2, tzinfo=UTC))
    told = owed_of(reports.build("quarterly", period_named("2026-Q1"), HOME).document)
    assert told["联合巡查按期情况"][0][:2] == ["JJ-01", "京九线JJ-01段"] and told["联合巡查按期情况"][-1][0] == "合计"
    assert told["规划进度偏差"][0][0].startswith("GH-")


def test_no_input_of_an_appraisal_names_a_fine_or_a_penalty(town: Town) -> None:
    act_in(town, "interview", "held")
    act_in(town, "operation", "reported")
    town.clock.move_to(datetime(2026, 12, 31, 9, tzinfo=UTC))
    for report in APPRAISALS:
        said = reports.build(report.name, period_named("2026-Q2" if report.name == "quarterly" else "2026"), HOME).inputs.plain()
        assert said["met"] and not said.get("acts") and not said.get("owed"), "figures of acts may tell of penalties one day"
        names = {str(name) for row in (*said["met"], said) for name in row}
        assert not [name for name in names if any(bad in name for bad in ("fine", "penal", "fen", "罚"))]


def test_nothing_that_makes_an_appraisal_knows_of_fines_or_penalties() -> None:
    """行政处罚法 art. 74 forbids to tie fines to an appraisal."""
    places = [*(ROOT / "tracker/domain/reports/appraisal").glob("*.py"), ROOT / "tracker/domain/reports/beside/duties.py",
              ROOT / "tracker/services/reports/met_duties.py"]
    known = [(path.name, word) for path in places for word in ("fine_", "_fen", "penalt", "Penalt", "enforcement", "罚款", "处罚")
             if word in path.read_text(encoding="utf-8")]
    assert known == [] and len(places) > 8
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


def test_a_week_that_is_made_later_lists_what_was_late_and_what_waited_then(town: Town) -> None:
    disputed, disclaimed, patrolled = town.case_in(CaseState.disputed), town.case_in(CaseState.checking), town.case_in(
        CaseState.rectifying)
    escalated, asking = town.case_in(CaseState.rectifying), patrolled
    town.do(escalated, "escalate", reason="需市里协调")
    town.do(asking, "progress", text="管网未通", matters="需协调管网")
    programme, control, visit, meeting = (act_in(town, *each) for each in (
        ("programme", "adopted"), ("control", "issued"), ("inspection", "planned"), ("meeting", "issued")))
    town.clock.move_to(datetime(2027, 1, 8, 7, tzinfo=UTC))
    punctual = reports.build("weekly", period_named("2027-W01"), HOME)
    assert {disputed, escalated, asking} <= {row["key"].removeprefix("case:") for row in punctual.inputs.backlog or ()}
    assert punctual.inputs.owed and {"在管控", "超期未检查"} <= {row["word"] for row in punctual.inputs.acts}
    town.clock.advance(timedelta(days=3))
    town.do(disputed, "designate")
    town.do(asking, "progress", text="已通", is_settled=True)
    do(town, control, "control", "lift")
    late = reports.build("weekly", period_named("2027-W01"), HOME)
    assert (late.inputs.backlog, late.inputs.owed, late.inputs.acts) == (punctual.inputs.backlog, punctual.inputs.owed,
                                                                         punctual.inputs.acts)
    assert late.document.digest() == punctual.document.digest(), (disclaimed, programme, visit, meeting)


def test_a_week_without_anything_that_waits_says_so_and_one_that_is_made_later_too(town: Town) -> None:
    town.case_in(CaseState.disputed)
    town.clock.move_to(datetime(2026, 3, 6, 7, 5, tzinfo=UTC))

    def said() -> list[str]:
        document = reports.build("weekly", period_named("2026-W10"), HOME).document
        return [text for section in document.sections if section.heading == "三、需协调事项" for text in section.paragraphs]

    assert said() == ["本周没有需要协调的事项。"]
    town.clock.advance(timedelta(days=5))
    assert said() == ["本周没有需要协调的事项。"]


def test_a_week_tells_of_inspections_a_month_of_penalties_too_and_no_appraisal_of_either(town: Town) -> None:
    done = act_in(town, "inspection", "done")
    act_in(town, "penalty", "served")
    late = act_in(town, "inspection", "planned")
    town.clock.move_to(datetime(2026, 3, 31, 1, tzinfo=UTC))
    week, month = told("weekly", "2026-W14"), told("monthly", "2026-03")
    assert week["超期未检查"] == "1 次" and "处罚" not in week
    assert (month["检查"], month["处罚"], month["罚款金额"]) == ("1 家次", "1 起", "0.1 万元"), (done, late)
    assert {report.name for report in REPORTS if report.tells_acts} == {"daily", "weekly", "monthly"}
