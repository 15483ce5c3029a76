"""Searching the register on both engines: exactly what the law of searching says, in the reader's scope, in step with every
deed."""

from random import Random
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import select, text

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.search_texts import case_texts
from tracker.domain.house.search import matches
from tracker.domain.rules.lights import light_bounds
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import ImportedHistory, RegisterOrder
from tracker.services.cases.register import searching
from tracker.services.house.work import Work, wiring
from tracker.services.rules import rules
from tracker.storage.cases import search
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import register
from tracker.storage.cases.register.register import Filters
from tracker.storage.house.base import db

CANARY = "卡纳里鸟"
WORDS = ("抚生路", "扬尘", "噪声", "油烟", "工地", "PM2.5", "12号", "３号楼", "ＫＴＶ", "桃花", "，", " ", "垃圾", "河", "夜间施工", "D3JX")
HOSTILE = ('"', "*", "扬尘*", '扬尘" OR "噪声', "AND", "NOT 扬尘", "NEAR(扬尘 噪声)", "'", "';--", "扬尘')", "words:扬尘", "^扬尘", "-扬尘",
           "扬尘 OR 噪声",
           "%", "_", "\\", "扬尘:*", "!扬尘", "扬尘 & 噪声", "扬尘 | 噪声", "<->", "扬 <-> 尘", "()", "{扬尘}", "+", "case_index", "\x01扬尘")
VIEWS = (Filters(), Filters(sort="due"), Filters(state=(CaseState.registered,)), Filters(state=tuple(CaseState)),
         Filters(state=tuple(CaseState), sort="newest"), Filters(area="3601"))


def hits(town: Town, q: str, login: str = "dispatcher", **more: Any) -> set[str]:
    """The numbers that a reader finds."""
    return {line.number for line in lines(town, Filters(q=q, **more), login)}


def lines(town: Town, filters: Filters, login: str = "dispatcher", size: int = 7) -> list[Any]:
    """All pages, one after another."""
    db.session.rollback()
    scope, bounds = town.actor(login).scope(), light_bounds(wiring().clock.today(), rules.calendar())
    found: list[Any] = []
    page = register.page(db.session(), scope, filters, bounds, size=size)
    while True:
        found += page.lines
        if page.after is None:
            assert len({line.id for line in found}) == len(found)
            return found
        page = register.page(db.session(), scope, filters, bounds, page.after, size=size)


def random_cases(town: Town, amount: int, seed: int = 7) -> list[Case]:
    """Cases with texts put together at random."""
    random = Random(seed)

    def said(least: int) -> str:
        return "".join(random.choices(WORDS, k=random.randint(least, 5))).strip() or "河"

    orders = [RegisterOrder("H12345", said(1), said(2), area_code="360103002", place=said(1) if random.random() < 0.5 else "",
                            source_number=f"H{n:05}") for n in range(amount)]
    with Work(wiring()) as work:
        intake.register_many(work, town.actor("clerk"), rules.source("H12345"), orders)
    return list(db.session.scalars(select(Case)))


def queries(cases: list[Case], amount: int, seed: int = 3) -> list[str]:
    """Parts of their texts of one character and more, some in another width or case, and words that are nowhere."""
    random, found = Random(seed), []
    for _ in range(amount):
        whole = random.choice([random.choice(cases).title, random.choice(cases).description])
        start = random.randrange(len(whole))
        part = whole[start:start + random.choice((1, 1, 2, 2, 3, 5, 9))]
        found.append(random.choice((part, part.lower(), part.upper(),
                                    part.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}))))
    return [*found, "蜃景", "声噪", "尘", "抚", "路", "km", "12", "1", "H00003", "XH-2026-000005"]


def test_every_view_finds_exactly_what_the_law_says(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = random_cases(town, 60)
    by_number = {case.number: case_texts(case.number, vars(case), ()) for case in cases}
    for common in (search.COMMON, 3):
        monkeypatch.setattr(search, "COMMON", common)
        for q in queries(cases, 20):
            expected = {number for number, texts in by_number.items() if matches(q, texts)}
            for view in VIEWS:
                more = {"state": view.state, "area": view.area, "sort": view.sort}
                assert hits(town, q, **more) == expected, (q, view)


def test_of_chinese_words_nothing_is_missed_that_looking_at_every_row_finds(town: Town) -> None:
    cases = random_cases(town, 60, seed=11)
    for q in ("扬尘", "尘", "噪声", "抚生", "生路", "油", "工地", "夜间施工", "间施", "河", "桃花"):
        looked = {case.number for case in cases if any(q in str(t) for t in (case.title, case.description, case.place))}
        assert hits(town, q) == looked, q


def test_the_order_is_that_of_the_list(town: Town) -> None:
    random_cases(town, 40)
    for sort in ("due", "newest"):
        every = [line.id for line in lines(town, Filters(sort=sort))]
        found = [line.id for line in lines(town, Filters(sort=sort, q="扬尘"))]
        assert found == [each for each in every if each in set(found)]
        assert 1 < len(found) < len(every)


def test_counts_and_lists_agree(town: Town) -> None:
    random_cases(town, 30)
    scope, bounds = town.actor("dispatcher").scope(), light_bounds(wiring().clock.today(), rules.calendar())
    for q in ("扬尘", "尘", "，", "12号 噪声"):
        expected = len(hits(town, q))
        assert sum(register.counts(db.session(), scope, Filters(q=q), bounds).values()) == expected
        assert register.numbers(db.session(), scope, [Filters(q=q)], bounds) == [expected]


def test_a_search_stays_within_the_reader_s_scope(town: Town) -> None:
    number = town.registered(title="抚生路砂石厂扬尘")
    assert hits(town, "砂石厂") == hits(town, "砂石厂", "supervisor") == {number}
    for sort in ("due", "newest"):
        assert hits(town, "砂石厂", "officer", sort=sort) == hits(town, "砂石厂", "other_dispatcher", sort=sort) == set()
    town.do(number, "assign")
    for sort in ("due", "newest"):
        assert hits(town, "砂石厂", "officer", sort=sort) == hits(town, "砂石厂", "supporter", sort=sort) == {number}
        assert hits(town, "砂石厂", "other_dispatcher", sort=sort) == set()


def test_a_corrected_text_is_found_and_the_old_one_is_not(town: Town) -> None:
    number = town.registered(title="抚生路砂石厂", place="旧码头")
    town.do(number, "correct_field", field="title", value="洪城路汽修店")
    town.do(number, "correct_field", field="place", value="新码头")
    town.do(number, "correct_field", field="place", value="货运站")
    assert hits(town, "汽修店") == hits(town, "货运站") == {number}
    assert hits(town, "砂石厂") == hits(town, "码头") == hits(town, "砂") == set()


def test_measures_conclusions_and_notices_are_found_and_reasons_are_not(town: Town) -> None:
    number = town.registered("D2JX")
    town.walk(number, "assign", "acknowledge")
    town.do(number, "submit", measures="铺设防尘网两千平方米")
    town.do(number, "verify", conclusion="现场湿法作业")
    town.do(number, "open_notice", notice_text="整改情况公示如下")
    town.do(number, "comment", text="内部传阅意见")
    for q in ("防尘网", "湿法作业", "公示如下", "网"):
        assert hits(town, q) == {number}, q
    assert hits(town, "传阅") == set()


def test_what_a_published_table_told_is_found(town: Town) -> None:
    with Work(wiring()) as work:
        intake.register_many(work, town.actor("clerk"), rules.source("D3JX"), [RegisterOrder("D3JX", "河边垃圾", "堆放")],
                             histories=[ImportedHistory("已办结", True, "属实", "现场查看", "清运淤泥", "约谈某某")])
    assert len(hits(town, "淤泥")) == 1
    assert hits(town, "约谈") == set()


def test_a_reporter_is_nowhere_in_the_index(town: Town) -> None:
    order = RegisterOrder("H12345", "河边垃圾", "长期堆放", area_code="360103002")
    intake.register(town.actor("clerk"), order, reporter=Reporter(CANARY, "13970001234", f"{CANARY}路1号", f"我叫{CANARY}"))
    for _ in range(2):
        for q in (CANARY, CANARY[:2], CANARY[2:], "13970001234", "1397000"):
            for login in ("dispatcher", "custodian", "supervisor"):
                assert hits(town, q, login) == set()
        searching.rebuild()


def test_nothing_in_a_query_is_syntax(town: Town) -> None:
    dust = town.registered(title="扬尘")
    town.registered(title="噪声")
    for q in HOSTILE:
        assert hits(town, q) <= {dust}, q
        assert hits(town, q, sort="due") == hits(town, q)
    assert hits(town, '"扬尘"') == hits(town, "扬尘*") == {dust}


def test_a_refused_step_leaves_the_index_alone(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.refused(number, "submit", measures="铺设防尘网", uploads=())
    assert hits(town, "防尘网") == set()


def test_a_text_longer_than_places_go_is_found_to_its_end(town: Town) -> None:
    number = town.registered(description="扬" * 300 + "尘土" * 9000 + "末尾油烟机")
    assert hits(town, "末尾油烟机") == hits(town, "烟机") == hits(town, "尘土末尾") == {number}


def test_an_index_made_anew_answers_as_the_one_kept_in_step(town: Town) -> None:
    cases = random_cases(town, 30)
    number = town.registered()
    town.walk(number, "assign", "acknowledge", "submit", "verify")
    asked = [*queries(cases, 30), "桃花河", "已"]
    before = [hits(town, q) for q in asked]
    assert searching.rebuild() == 31
    assert [hits(town, q) for q in asked] == before


def test_the_migration_indexes_the_cases_that_are_there(town: Town) -> None:
    number = town.case_in(CaseState.verified, title="抚生路砂石厂")
    db.session.remove()
    flask_migrate.downgrade(revision="0003")
    flask_migrate.upgrade()
    assert hits(town, "砂石厂") == hits(town, str(int(number[-6:]))) == {number}


def test_the_index_of_sqlite_is_whole_after_changes(town: Town, engine_name: str) -> None:
    number = town.registered(title="抚生路砂石厂")
    town.do(number, "correct_field", field="title", value="洪城路汽修店")
    town.walk(number, "assign", "acknowledge", "submit", "verify")
    if engine_name == "sqlite":
        db.session.execute(text("INSERT INTO case_index (case_index) VALUES ('integrity-check')"))
    assert hits(town, "汽修店") == {number}
