"""What an office has set goes to a neighbour in one file: rules, tables, layouts, and never people or cases."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support import rule_lists
from tests.support.makers import Town
from tracker.services.house.work import reading
from tracker.services.rules import book, values
from tracker.services.tables.imports import carrying
from tracker.services.territory.lists import versions
from tracker.services.upkeep.running import config_bundle

pytestmark = pytest.mark.one_engine

LAYOUT = {"name": "热线日表", "headers": '["工单流水", "诉求标题"]', "mapping": '{"工单流水": "source_number"}', "value_map": "{}",
          "options": "{}", "source_key": "H12345"}


@pytest.fixture
def bundle(town: Town, tmp_path: Path) -> Path:
    """A district that has set a value and keeps a layout, in a file."""
    book.set_value(None, "warn_workdays", "5", town.clock.today(), "区会议纪要")
    assert carrying.carry_in(LAYOUT)
    rule_lists.in_force(town, {1: {"category": "dust", "lead_unit": "XH-CG"}})
    town.registered(title="不该带走的案件")
    config_bundle.export(tmp_path / "c.zip")
    return tmp_path / "c.zip"


def test_the_file_holds_rules_tables_and_layouts_and_nobody(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as held:
        assert sorted(held.namelist()) == ["categories.xlsx", "layouts.json", "limits.xlsx", "manifest.json", "questions.xlsx",
                                           "routing.xlsx", "rules.json", "sources.xlsx"]
        assert json.loads(held.read("rules.json")) == {"warn_workdays": "5"}
        everything = b"".join(held.read(name) for name in held.namelist())
    assert "不该带走的案件".encode() not in everything


def test_loading_what_is_here_already_changes_nothing(bundle: Path) -> None:
    taken = config_bundle.load(bundle)
    assert taken.left_out == [] and versions.open_draft(reading()) is None
    assert "规则：0 项改动" in taken.done and "导入版式：新增 0 个" in taken.done


def test_a_neighbour_takes_the_rules_and_names_what_it_does_not_have(bundle: Path, town: Town) -> None:
    with zipfile.ZipFile(bundle) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    parts["rules.json"] = json.dumps({"warn_workdays": "7", "no_such_rule": "1"}).encode()
    parts["layouts.json"] = json.dumps([{**LAYOUT, "name": "另一张表"}, {"name": "坏的", "headers": "x"}]).encode()
    with zipfile.ZipFile(bundle, "w") as changed:
        for name, content in parts.items():
            changed.writestr(name, content)
    town.clock.advance(days=1)
    versions.remove_line(None, rule_lists.drafted(town, {2: {"category": "water", "lead_unit": "XH-HB"}}), 1)
    versions.activate(town.actor("lead"), versions.ActivateOrder(2, town.clock.today(), reason="其余由调度员判定"))
    looked = config_bundle.load(bundle, is_dry=True)
    assert versions.open_draft(reading()) is None
    assert "规则：1 项改动" in looked.done and values.number("warn_workdays", town.clock.today()) == 5
    taken = config_bundle.load(bundle)
    draft = versions.open_draft(reading())
    assert draft is not None and [line.lead_unit_code for line in versions.rules_of(reading(), draft)] == ["XH-CG", "XH-HB"]
    assert values.number("warn_workdays", town.clock.today()) == 7
    assert "导入版式：新增 1 个" in taken.done
    assert any("no_such_rule" in each for each in taken.left_out)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all"])
def test_what_is_no_bundle_is_one_sentence(town: Town, cli: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    done = cli.invoke(args=["config", "load", str(tmp_path / "x.zip")])
    assert (done.exit_code, "不是本系统导出的配置包" in done.output) == (1, True)


@pytest.mark.parametrize(("part", "content"), [("manifest.json", "[]"), ("rules.json", "[1]"), ("layouts.json", "{}"),
                                               ("rules.json", "x")])
def test_a_part_of_another_shape_is_one_sentence(bundle: Path, cli: Any, part: str, content: str) -> None:
    with zipfile.ZipFile(bundle) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    with zipfile.ZipFile(bundle, "w") as changed:
        for name, old in parts.items():
            changed.writestr(name, content if name == part else old)
    done = cli.invoke(args=["config", "load", str(bundle)])
    assert (done.exit_code, f"配置包里的 {part} 读不出" in done.output) == (1, True)


def test_the_commands_say_what_they_did(bundle: Path, cli: Any) -> None:
    assert cli.invoke(args=["config", "export", str(bundle)]).exit_code == 1  # it is there already
    done = cli.invoke(args=["config", "load", str(bundle), "--dry-run"])
    assert done.exit_code == 0 and "只看，没有写入" in done.output
