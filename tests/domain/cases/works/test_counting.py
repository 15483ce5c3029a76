"""The works of a period counted: a case once as a case, and once in each of its works."""

from datetime import date
from decimal import Decimal

from tracker.domain.cases.works.counting import WorksCheck, count_works
from tracker.domain.cases.works.items import CaseWorks
from tracker.domain.cases.works.scoring import ItemAnswer, results_of, score_of
from tracker.domain.cases.works.standards import DEFAULT, sheet_of

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
YES, NO, IDLE = ItemAnswer.yes, ItemAnswer.no, ItemAnswer.idle


def check(case: str, on: date, *works: str, no: str = "", standard: str = "urban", is_passed: bool | None = None,
          is_scored: bool = True) -> WorksCheck:
    """One verification: everything holds but the items named in `no`."""
    sheet = sheet_of(DEFAULT, standard, None, works)
    answers = {item.code: NO if item.code in no.split() else YES for item in sheet.items}
    score = score_of(sheet.items, answers)
    set_works: CaseWorks = {"standard": standard, "standard_from": None, "works": results_of(score, 1)}
    return WorksCheck(case, on, score.passes(80) if is_passed is None else is_passed, set_works, sheet, answers if is_scored
                      else None)


def test_example_6_27_cases_with_41_works_of_which_4_were_rejected() -> None:
    day = date(2026, 8, 3)
    checks = [check(f"C{n}", day, "demolish", "clear") for n in range(14)] + [check(f"D{n}", day, "green") for n in range(9)]
    for n in range(4):
        checks += [check(f"E{n}", day, "light", no="liang-2"), check(f"E{n}", date(2026, 8, 20), "light")]
    found = count_works(checks, FIRST, LAST)
    assert (found.whole.passed, found.whole.cases, found.whole.percent) == (23, 27, Decimal("85.2"))
    assert found.works_sum == 41
    lights = next(line for line in found.lines if line.work == "light")
    assert (lights.first_pass.passed, lights.first_pass.cases, lights.mean) == (0, 4, Decimal("100.0"))
    assert [(each.item.code, each.failed, each.asked) for each in lights.failed] == [("liang-2", 4, 8)]


def test_the_mean_is_that_of_the_last_scored_verification_in_the_period() -> None:
    checks = [check("A", date(2026, 7, 2), "clear", no="qing-1"), check("A", date(2026, 7, 9), "clear", no="qing-3"),
              check("A", date(2026, 10, 1), "clear"), check("B", date(2026, 7, 3), "clear")]
    (line,) = count_works(checks, FIRST, LAST).lines
    assert (line.mean, line.scored) == (Decimal("90.0"), 2)
    assert (line.first_pass.passed, line.first_pass.cases) == (1, 2)


def test_a_rejection_before_the_period_is_no_first_pass_in_it() -> None:
    checks = [check("A", date(2026, 6, 30), "clear", is_passed=False, is_scored=False), check("A", date(2026, 7, 1), "clear")]
    found = count_works(checks, FIRST, LAST)
    assert (found.whole.passed, found.whole.cases) == (0, 1)


def test_a_rejection_without_answers_counts_and_has_no_score() -> None:
    (line,) = count_works([check("A", FIRST, "clear", is_passed=False, is_scored=False)], FIRST, LAST).lines
    assert (line.first_pass.passed, line.first_pass.cases, line.mean, line.failed) == (0, 1, None, ())


def test_a_period_without_cases_has_no_rate() -> None:
    found = count_works([], FIRST, LAST)
    assert (found.whole.percent, found.lines, found.works_sum) == (None, (), 0)
