"""A report is one row: whatever place it lacks is told in one sentence, and all of them at once."""

from datetime import time

from tests.support.one_report import IntakeMonth, intake_row, missing_places, one_report_more
from tracker.domain.cadence.beats import BEATS
from tracker.domain.house.actor import Role
from tracker.domain.reports.kinds import REPORTS, Report
from tracker.domain.rules.periods import PeriodKind
from tracker.domain.rules.rhythms import THAT_DAY, Beat
from tracker.wiring import JOBS


def test_no_report_and_no_beat_lacks_a_place() -> None:
    lacking = missing_places()
    assert not lacking, "\n".join(lacking)


def test_a_new_row_lacks_its_english_its_golden_line_and_what_lint_writes_and_nothing_else() -> None:
    with one_report_more(intake_row()):
        assert missing_places() == [
            "monthly-intake: “收件月报” has no English in messages.po.",
            "monthly-intake: “当月登记的案件” has no English in messages.po.",
            "monthly-intake: “次月第 2 个工作日 {at}” has no English in messages.po.",
            "monthly-intake: README's table of jobs lacks it; ./run lint writes it.",
            "intake: “收件月报” has no English in messages.po.",
            "intake: report-editions.json lacks intake/1; XIAOHAO_RENEW=1 for its test writes today's.",
        ]


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    beat = Beat("hourly-tea", "这个名字太长", "周调度", PeriodKind.day, THAT_DAY, time(10, 0), (Role.clerk, Role.lead))
    with one_report_more(Report("tea", beat, IntakeMonth)):
        said = "\n".join(missing_places())
    for part in ("must begin with daily-", "too long for the calendar", "no English", "README", "calls the document intake",
                 "the role clerk", "lacks tea/1"):
        assert part in said


def test_beats_and_jobs_grow_with_the_table_of_reports_and_shrink_again() -> None:
    before = [len(BEATS), len(JOBS), len(REPORTS)]
    with one_report_more(intake_row()) as row:
        assert [len(BEATS), len(JOBS), len(REPORTS)] == [each + 1 for each in before]
        assert BEATS[-1] is row.beat
        assert [job.id for job in JOBS if job.is_beat][-1] == row.beat.id
    assert [len(BEATS), len(JOBS), len(REPORTS)] == before
