"""Routing lines and limits as master data: nothing that was set is rewritten; lines end, and others begin."""

from datetime import timedelta

import pytest

from tests.support.makers import Town
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.rules.limits import Stage, choose
from tracker.services.house.master import history, rows
from tracker.services.rules import rules

LINE = {"category": "噪声", "area_code": "360103", "keywords": "夜间施工、浇筑", "lead_unit": "XH-CG", "supporting_units": "XH-HB",
        "reason": "夜间施工由城管牵头"}


def test_a_line_is_added_and_ended_and_never_rewritten(town: Town) -> None:
    today = town.clock.today()
    rows.save_row(town.actor("admin"), "routing", "901", {**LINE, "valid_from": today})
    line = next(rule for rule in rules.routing() if rule.number == 901)
    assert (line.category, line.keywords, line.lead_unit_code, line.supporting_unit_codes) == (
        "noise", ("夜间施工", "浇筑"), "XH-CG", ("XH-HB",))
    with pytest.raises(Invalid, match="“主办单位代码”启用后不能改"):
        rows.save_row(None, "routing", "901", {"lead_unit": "XH-HB"})
    rows.end_row(town.actor("admin"), "routing", "901", today)
    assert [entry.act for entry in history.history_of(None, "routing", "901")] == ["改动", "新增"]
    town.days_pass(1)
    assert not next(rule for rule in rules.routing() if rule.number == 901).holds_on(town.clock.today())
    with pytest.raises(Invalid, match="不能再改"):
        rows.save_row(None, "routing", "901", {"valid_to": None})


@pytest.mark.parametrize(("given", "sentence"), [
    ({"lead_unit": "XX"}, "“主办单位代码”"), ({"supporting_units": "XX"}, "没有现存的单位“XX”"), ({"area_code": "999999"}, "“区划”"),
    ({"valid_from": "2020-01-01"}, "只能从今天"), ({"valid_to": "2020-01-01"}, "终止日不能早于"), ({"reason": ""}, "“理由”必须填写"),
])
def test_a_bad_line_is_one_sentence(town: Town, given: dict[str, str], sentence: str) -> None:
    with pytest.raises((Invalid, Incomplete), match=sentence):
        rows.save_row(None, "routing", "902", {**LINE, "valid_from": town.clock.today(), **given})


def test_a_limit_is_followed_by_a_later_one(town: Town) -> None:
    later = town.clock.today() + timedelta(days=10)
    key = f"rectify/H12345/{later}"
    rows.save_row(town.actor("admin"), "limits", key, {"amount": 4, "unit": "工作日", "basis": "西环整改〔2026〕1号"})
    assert choose(rules.limits(), "H12345", Stage.rectify, later).amount == 4
    assert choose(rules.limits(), "H12345", Stage.rectify, town.clock.today()).amount != 4
    assert len(history.history_of(None, "limits", key)) == 1
    with pytest.raises(Invalid, match="“期限”启用后不能改"):
        rows.save_row(None, "limits", key, {"amount": 5})
    with pytest.raises(Invalid, match="不能倒签"):
        rows.save_row(None, "limits", "rectify/H12345/2020-01-01", {"amount": 4, "unit": "工作日", "basis": "某文件"})
