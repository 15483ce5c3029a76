"""What penalties, cards and referrals come to: the figures of the bulletin, and none of them in any appraisal."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import tracker
from tracker.domain.coordination.counts import ActFact
from tracker.domain.enforcement.counts import FIGURES, EnforcementWork, work_told
from tracker.domain.reports.measures.registry import MEASURES, Owner

SEPTEMBER = date(2026, 9, 1), date(2026, 9, 30)


def figure(work: EnforcementWork, key: str) -> str:
    row = next(each for each in FIGURES if each.key == key)
    counted = len(row.picked(work)) if row.value is None else row.value(work)
    return f"{counted} {row.unit}" if row.out_of is None else f"{counted}/{len(row.out_of(work))}"


def penalty(decided: str, fen: int, **more: object) -> list[ActFact]:
    on = date.fromisoformat(decided)
    return [ActFact("penalty:filed", on, {"filed_on": "2026-08-01"}),
            ActFact("penalty:decided", on, {"decided_on": decided, "fine_fen": fen, **more})]


def test_forty_penalties_come_to_51_2_wan() -> None:
    sums = [1_280_000] * 39
    told = {f"CF-2026-{n:04}": penalty("2026-09-15", fen) for n, fen in enumerate([*sums, 51_200_000 - sum(sums)], 1)}
    work = work_told(*SEPTEMBER, told, {}, {})
    assert (figure(work, "penalties.decided"), figure(work, "penalties.fine")) == ("40 起", "51.2 万元")
    assert figure(work, "penalties.opened") == "0 起", "filed in August"


def test_a_decision_stays_in_its_period_and_its_revocation_is_told_in_the_next() -> None:
    told = {"CF-2026-0001": [*penalty("2026-09-15", 100, is_late=True), ActFact("penalty:revoked", date(2026, 10, 9),
                                                                          {"revoked_on": "2026-10-08"})]}
    september, october = work_told(*SEPTEMBER, told, {}, {}), work_told(date(2026, 10, 1), date(2026, 10, 31), told, {}, {})
    assert (figure(september, "penalties.decided"), figure(september, "penalties.revoked")) == ("1 起", "0 起")
    assert (figure(october, "penalties.decided"), figure(october, "penalties.revoked")) == ("0 起", "1 起")
    assert figure(september, "penalties.on_time") == "0/1"


def test_a_site_has_one_card_of_a_colour_in_a_window_and_those_that_stand_are_counted_apart() -> None:
    flagged = ActFact("card:flagged", date(2026, 9, 2), {"site_code": "S-000001", "colour": "yellow"})
    removed = ActFact("card:removed", date(2026, 9, 20), {})
    told = {"JP-2026-0001": [flagged, removed], "JP-2026-0002": [ActFact("card:flagged", date(2026, 9, 25), flagged.details)]}
    work = work_told(*SEPTEMBER, {}, told, {})
    assert (figure(work, "yellow_cards.sites"), figure(work, "cards.standing"), figure(work, "red_cards.sites")) == (
        "1 家", "1 块", "0 家")


def test_a_referral_is_on_time_within_twenty_four_hours_and_the_median_tells_how_long_it_took() -> None:
    def told(sent: str) -> list[ActFact]:
        return [ActFact("referral:approved", date(2026, 9, 1), {"approved_at": "2026-09-01 08:00"}),
                ActFact("referral:sent", date(2026, 9, 2), {"sent_at": sent})]
    work = work_told(*SEPTEMBER, {}, {}, {"YS-1": told("2026-09-02 08:00"), "YS-2": told("2026-09-02 08:15"),
                                          "YS-3": told("2026-09-01 09:30")})
    assert (figure(work, "referrals.on_time"), figure(work, "referrals.hours")) == ("2/3", "24.0 小时")


def files_of(folder: str) -> Iterator[tuple[str, set[str]]]:
    """The files of a folder with what they import."""
    for path in (Path(tracker.__file__).parent / folder).rglob("*.py"):
        tree = ast.parse(path.read_text())
        yield str(path), {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_no_figure_of_enforcement_reaches_an_appraisal() -> None:
    """Art. 74 of the law of punishments: whoever builds an appraisal, or its inputs, imports neither this room nor the registry
    in which its figures stand."""
    keys = {each.key for each in MEASURES if each.owner is Owner.enforcement}
    assert len(keys) == len(FIGURES) > 10
    found = [*files_of("domain/reports/appraisal"), *(each for folder in ("domain/reports", "services/reports")
                                                      for each in files_of(folder) if each[0].endswith("/inputs.py"))]
    assert len(found) > 4
    for name, names in found:
        assert not {each for each in names if ".enforcement" in each or ".measures" in each}, name
        text = Path(name).read_text()
        assert not [key for key in keys if key in text] and "fine_fen" not in text, name
