"""The appraisal: appeals that were upheld, frozen rules, and what must hold for any year."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.appraised_year import (
    HAND_RULES,
    RANKED,
    YEAR,
    A,
    C,
    at,
    counted,
    given_to,
    inputs_of,
    lines,
    score_of,
    table,
    told,
    with_rules,
    year,
)
from tracker.domain.house.errors import Invalid
from tracker.domain.reports.appraisal.appealing import citable
from tracker.domain.reports.appraisal.appraisal import Appraisal, annual, quarterly
from tracker.domain.reports.appraisal.lines import AppraisalLine
from tracker.domain.reports.appraisal.scoring_rules import read_rules
from tracker.domain.reports.document import read_document
from tracker.domain.reports.inputs import read_inputs

# --- appeals ----------------------------------------------------------------------------------------------------------------


def upheld(line: AppraisalLine, *, report: str = "quarterly", period: str = "2026-Q1", decided: str = "04-20",
           points: str = "1.00") -> dict[str, Any]:
    return {"key": line.key, "report": report, "period": period, "unit_id": line.unit_id, "rule": line.rule, "clause": "1.1",
            "word": "超期办结",
            "number": line.number, "seq": line.seq, "on": line.on.isoformat(), "points": points,
            "decided_at": at(decided).isoformat()}


LATE = AppraisalLine(A, "overdue_completion", "XH-02", 4, date(2026, 2, 21))


def test_what_an_upheld_appeal_was_about_is_not_deducted_in_the_year_and_stands_in_a_line_of_its_own() -> None:
    document = year(appeals=[upheld(LATE)])
    assert (score_of(document, "U-A")["得分"], score_of(document, "U-A")["扣分"]) == ("96.80", "3.40")
    assert table(document, "申诉更正").rows == (("1.1", "超期办结", "U-A", "甲街道", "XH-02", 4, "2026-02-21", "2026年", "本期不扣1.00分"),)
    assert "XH-02" not in document.cases["deducted"]
    assert score_of(document, "U-A")["第1季度"] == "99.70"


def test_an_upheld_appeal_is_a_correction_line_in_the_next_quarter_only() -> None:
    appeals = [upheld(LATE)]
    corrected = [counted(quarterly(inputs_of(quarter, appeals=appeals))) for quarter in ("2026-Q2", "2026-Q3")]
    assert [row[-2:] for row in table(corrected[0], "申诉更正").rows] == [("2026年第1季度", "该期应加回1.00分")]
    assert table(corrected[1], "申诉更正").rows == ()
    assert score_of(corrected[0], "U-A")["得分"] == score_of(counted(quarterly(inputs_of("2026-Q2"))), "U-A")["得分"]


def test_an_upheld_appeal_lifts_a_veto() -> None:
    veto = AppraisalLine(C, "listed_unresolved", "XH-09", 4, date(2026, 11, 20))
    assert score_of(year(appeals=[upheld(veto, report="annual", period="2026", points="")]), "U-C")["等次"] == "优秀"


def test_the_lines_of_a_stored_appraisal_can_be_cited() -> None:
    found = list(citable(read_document(json.loads(year().text())), inputs_of()))
    assert len(found) == 16
    assert found[0].key == LATE.key
    assert (found[0].unit_id, found[0].clause, found[0].points) == (A, "1.1", "1.00")
    assert (found[-1].rule, found[-1].points) == ("listed_unresolved", "")


# --- what always holds ------------------------------------------------------------------------------------------------------


def test_the_same_facts_and_stored_inputs_give_the_same_bytes_in_any_order() -> None:
    first = year()
    again = counted(annual(read_inputs(json.loads(json.dumps(inputs_of().plain())))), reversed(YEAR))
    assert again.text() == first.text()
    assert read_document(json.loads(first.text())) == first


def test_an_empty_year_is_an_appraisal_of_nobody() -> None:
    document = year(())
    assert table(document, "得分汇总").rows == ()
    assert len(table(document, "不排名的单位").rows) == 4
    assert document.cases["scored"] == ()


def test_other_rules_give_another_version_and_leave_a_stored_appraisal_alone() -> None:
    stored = inputs_of(rules=with_rules())
    before = counted(annual(stored)).text()
    harder = with_rules(deductions=[{**row, "points": 4} for row in HAND_RULES["deductions"]])
    changed = year(rules=harder)
    assert read_rules(harder).version != read_rules(None).version
    assert read_rules(harder).version in changed.foot[-1]
    assert score_of(changed, "U-B")["得分"] == "84.00"  # four lines at 4
    assert counted(annual(read_inputs(json.loads(json.dumps(stored.plain()))))).text() == before


def test_points_are_rounded_half_up_before_they_are_added() -> None:
    rows = [{**row, "points": "0.125" if row["code"] == "rejected" else row["points"]} for row in HAND_RULES["deductions"]]
    assert [line[-1] for line in lines(year((YEAR[4],), rules=with_rules(deductions=rows))) if line[0] == "核查不通过"] == ["0.13"]


def test_no_person_is_named_or_ranked() -> None:
    text = year().text()
    assert "person" not in text
    assert [column.head for column in table(year(), RANKED).columns][:3] == ["名次", "单位代码", "单位"]


@pytest.mark.parametrize(("changed", "said"), [
    ({"components": []}, "components"), ({"components": [{"code": "time", "word": "时限", "points": 90}]}, "100"),
    ({"deductions": [{"code": "smiles", "word": "微笑", "component": "time", "points": 1}]}, "code"),
    ({"deductions": [{"code": "rejected", "word": "不通过", "component": "time", "points": -1}]}, "points"),
    ({"deductions": [{"code": "rejected", "word": "重", "component": "time", "points": 1}] * 2}, "重复"),
    ({"grades": [{"code": "pass", "word": "合格", "from": 60}]}, "grades"),
    ({"bonus": {"code": "early", "word": "早", "points": 1, "days": "x"}}, "days"),
    ({"vetoes": [{"code": "rain", "word": "雨", "cap": "pass"}]}, "code"),
    ({"events": [{"rule": "serious_pollution", "on": "5月", "unit": "U-A"}]}, "on"),
    ({"events": [{"rule": "serious_pollution", "on": "2026-05-01"}]}, "unit"), ({"events": "x"}, "events"),
])
def test_rules_that_make_no_sense_are_refused_in_a_sentence(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rules(with_rules(**changed))
    assert said in refusal.value.sentence
    assert refusal.value.sentence.endswith("。")


LIVES = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 45), st.integers(0, 60), st.booleans()), max_size=12)


@given(LIVES)
def test_what_was_taken_is_what_is_missing_from_a_hundred(lives: list[tuple[int, int, int, bool]]) -> None:
    stories = []
    for number, (unit, rejections, late, is_supervised) in enumerate(lives):
        steps: list[tuple[Any, ...]] = [("01-02", "assign", given_to(unit, "03-01")), ("01-03", "ack")]
        for lap in range(rejections):
            steps += [("01-10", "submit"), ("01-11", "reject", {"round": lap + 2})]
        if is_supervised:
            steps.append(("01-12", "supervise", {"supervision_level": "listed"}))
        steps += [((date(2026, 2, 1) + timedelta(days=late)).strftime("%m-%d"), "submit"), ("05-01", "verify")]
        stories.append(told(f"XH-{number:03d}", *steps))
    builder = Appraisal("annual", inputs_of())
    counted(builder, stories)
    for score in builder.tally.scores().values():
        assert score.lost == score.measured - sum(part for part in score.parts if part is not None)
        assert score.total <= 100
        assert all(part is None or part >= 0 for part in score.parts)
        assert score.bonus <= 5
