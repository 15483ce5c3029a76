"""Every door that takes an area refuses a code which the loaded areas do not hold; nothing is left half-done."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module

import click
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.makers import Town
from tests.support.visitors import found_town, send, text_of, visitor
from tracker.cli import GROUPS
from tracker.cli.house.reading import role, roles
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Refusal
from tracker.services.house.master.rows import save_row
from tracker.services.house.work import wiring
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow

pytestmark = pytest.mark.one_engine
NOWHERE = "999999"
FIGURES = ("--period", "2026-02", "--to", "/tmp/never-written.xlsx")
# Every option of a command that takes an area, with a command that would work but for it.
COMMANDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("act count", "area"): ("act", "count", "--from", "2026-03-01", "--to", "2026-03-02", "--area", NOWHERE),
    ("areas add", "code"): ("areas", "add", NOWHERE),
    ("areas end", "code"): ("areas", "end", NOWHERE, "--on", "2027-03-31", "--into", "360103", "--yes"),
    ("areas end", "successors"): ("areas", "end", "360104", "--on", "2027-03-31", "--into", NOWHERE, "--yes"),
    ("areas new", "code"): ("areas", "new", "某区", "--code", NOWHERE),
    ("areas new", "formal"): ("areas", "new", "某镇", "--parent", "360103", "--formal", NOWHERE),
    ("areas new", "parent"): ("areas", "new", "某片", "--parent", NOWHERE),
    ("areas rename", "code"): ("areas", "rename", NOWHERE, "某区"),
    ("audit export", "area"): ("audit", "export", "--as", "auditor", "--file", "/tmp/never-written.xlsx", "--area", NOWHERE),
    ("audit list", "area"): ("audit", "list", "--as", "auditor", "--area", NOWHERE),
    ("calendar due", "area"): ("calendar", "due", "--from", "2026-03-02", "--days", "5", "--unit", "working_day",
                                "--area", NOWHERE),
    ("data export", "where"): ("data", "export", "--to", "/tmp/never-written.xlsx", "--where", f"area={NOWHERE}"),
    ("office open", "area_code"): ("office", "open", NOWHERE, "name=某局", "document_short=东环督", "filing_short=东环销"),
    ("office set", "area_code"): ("office", "set", NOWHERE, "name=某局"),
    ("measures show", "area"): ("measures", "show", "operations.found", "--from", "2026-03-01", "--to", "2026-03-02", "--area",
                               NOWHERE),
    ("patrols count", "area"): ("patrols", "count", "--area", NOWHERE),
    ("people add", "grants"): ("people", "add", "li.si", "--name", "李四", "--email", "li@x.cn", "--role", f"clerk:{NOWHERE}"),
    ("people add-unit", "area"): ("people", "add-unit", "XH-X", "某所", "--kind", "street", "--area", NOWHERE),
    ("people grant", "area"): ("people", "grant", "officer", "clerk", "--area", NOWHERE),
    ("people grant", "role"): ("people", "grant", "officer", f"clerk:{NOWHERE}"),
    ("people revoke", "area"): ("people", "revoke", "officer", "officer", "--area", NOWHERE),
    ("people revoke", "role"): ("people", "revoke", "officer", f"officer:{NOWHERE}"),
    ("place explain", "area"): ("place", "explain", "--lat", "28.66", "--lng", "115.9", "--area", NOWHERE),
    ("reports circular", "area"): ("reports", "circular", "--period", "2026-02", "--area", NOWHERE),
    ("reports edit", "area"): ("reports", "edit", "--period", "2026-02", "--as", "dispatcher", "--block", "to", "--text", "各单位",
                               "--area", NOWHERE),
    ("reports sign", "area"): ("reports", "sign", "--period", "2026-02", "--as", "lead", "--area", NOWHERE),
    ("reports render", "area"): ("reports", "render", "monthly", *FIGURES, "--area", NOWHERE),
    ("supervision run", "area"): ("supervision", "run", "daily-morning", "2026-03-02", "--area", NOWHERE),
}


def asked_of_commands() -> Iterator[tuple[str, str]]:
    """Every parameter of a command that takes an area, or a role with one."""
    for name in GROUPS:
        group = import_module(f"tracker.cli.{name}").group
        for word, command in getattr(group, "commands", {"": group}).items():
            for each in command.params:
                said = f"{each.name} {getattr(each, 'help', '') or ''}"
                is_named = "区划" in said or "area" in said or (group.name, each.name) == ("areas", "code")
                if each.name == "document" or isinstance(each.type, click.Choice):  # a paper; what to do with rows of no area
                    continue
                if is_named or each.callback in (role, roles):
                    yield f"{group.name} {word}".strip(), str(each.name)


def test_every_command_that_takes_an_area_is_in_the_table() -> None:
    assert set(asked_of_commands()) == set(COMMANDS)


@pytest.mark.parametrize("asked", COMMANDS, ids=" ".join)
def test_each_command_refuses_it_in_one_sentence_and_writes_nothing(app: Flask, town: Town, asked: tuple[str, str]) -> None:
    before = count_of_facts()
    result = app.test_cli_runner().invoke(args=list(COMMANDS[asked]))
    assert result.exit_code != 0, result.output
    assert NOWHERE in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert count_of_facts() == before


PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "a case": ("clerk", "/cases/new", {"title": "某处扬尘", "description": "扬尘", "place": "某路", "source": "12345",
                                       "area_code": NOWHERE}),
    "an import": ("clerk", "/import", {"pasted": "受理编号\t问题描述\nA\tx", "source": "H12345", "area": NOWHERE}),
    "a person": ("admin", "/people/add", {"login": "li.si", "name": "李四", "email": "li@example.cn", "role": "clerk",
                                          "area_code": NOWHERE}),
    "a role": ("admin", "/people/officer/grant", {"grant-role": "clerk", "grant-area_code": NOWHERE}),
    "a unit": ("admin", "/people/units/add", {"code": "XH-X", "name": "某所", "kind": "street", "area_code": NOWHERE}),
    "a rule": ("admin", "/settings/rules/supervision_areas", {"value": f'["{NOWHERE}"]', "effective_from": "2026-03-10",
                                                              "basis": "会议纪要"}),
}


@pytest.mark.parametrize("asked", PAGES)
def test_each_page_refuses_it_and_writes_nothing(app: Flask, asked: str) -> None:
    found_town(app)
    who, path, given = PAGES[asked]
    client = visitor(app, who)
    with app.app_context():
        before = count_of_facts()
    answer = send(client, path, given, at=path.removesuffix("/grant"))
    assert answer.status_code == 422, (answer.status_code, text_of(answer)[:400])
    with app.app_context():
        assert count_of_facts() == before


def columns_of_masters() -> Iterator[tuple[str, str]]:
    """Every column of master data that holds an area, or roles with one."""
    for master in wiring().masters:
        for each in master.table.given:
            if not each.choices and any(word in each.name + each.word for word in ("area", "roles", "区划", "辖区")):
                yield master.table.name, each.name


ROWS: dict[str, tuple[str | None, dict[str, object]]] = {
    "own-days": (None, {"day": date(2026, 3, 5), "kind": "holiday", "name": "放假"}),
    "offices": (None, {"name": "某局", "document_short": "东环督", "filing_short": "东环销"}),
    "sites": (None, {"name": "某厂", "kind": "company"}), "units": ("XH-CYZ", {}), "people": ("officer", {}),
}


def test_no_row_of_master_data_takes_it(town: Town) -> None:
    """By form, by command and by sheet: they share this deed."""
    found = dict(columns_of_masters())
    assert set(found) - {"routing"} == set(ROWS), "a line of the list goes into a draft alone: test_list_lines"
    before = count_of_facts()
    for name, (key, given) in ROWS.items():
        cell = f"clerk:{NOWHERE}" if found[name] == "roles" else NOWHERE
        with pytest.raises(Refusal, match=NOWHERE):
            save_row(None, name, key, {found[name]: cell, **given})
    assert count_of_facts() == before


def test_an_area_of_another_city_is_named_with_what_brings_it_in(app: Flask, town: Town) -> None:
    result = app.test_cli_runner().invoke(args=["people", "add-unit", "XH-X", "某所", "--kind", "street", "--area", "110101"])
    assert result.exit_code == 1
    assert "110101 东城区（北京市）不在本系统的区划内；先执行 flask areas add 1101" in result.stderr


def test_an_area_that_has_ended_is_named_with_what_it_is_now(app: Flask, town: Town) -> None:
    result = app.test_cli_runner().invoke(args=["people", "grant", "officer", "clerk", "--area", "360105"])
    assert "360105 湾里区已于 2020年6月27日 撤销，现为360112 新建区" in result.stderr


def test_a_correction_to_it_is_refused(town: Town) -> None:
    number = town.case_in(CaseState.registered)
    refusal = town.refused(number, "correct_field", field="area_code", value=NOWHERE, reason="填错")
    assert refusal.sentence == "没有区划代码“999999”。"


def count_of_facts() -> int:
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(FactRow)) or 0
