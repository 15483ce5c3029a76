"""Import jobs: by lease, whole and once, also where the clock is killed; what a command does with a saved layout."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import event, func, select

from tests.support.makers import Town
from tests.support.processes import killed_after_commits, together
from tests.support.tables import save_csv, save_xlsx
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.tables.headings import read_header
from tracker.domain.tables.plans import ReadingChoices, TablePlan
from tracker.services.tables.imports import jobs, layouts, planning, running
from tracker.services.upkeep import integrity
from tracker.services.upkeep import jobs as clock_jobs
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.tables.imports import ImportFile, ImportJob

HEADER = ["受理编号", "问题描述", "行政区域"]


def rows(count: int) -> list[list[object]]:
    return [HEADER, *([f"A{n:05d}", f"第{n}号点位油烟扰民。", "西湖区"] for n in range(count))]


def ready(town: Town, path: Path, login: str = "clerk") -> int:
    """A job that was checked and waits for the clock."""
    actor = town.actor(login)
    job_id = jobs.receive(actor, path.name, path.read_bytes(), "H12345", "360103")
    assert planning.begin(actor, job_id)
    jobs.queue(actor, job_id, "check")
    running.run_now(job_id)
    jobs.queue(actor, job_id, "enter")
    return job_id


def state_of(job_id: int) -> str:
    db.session.rollback()
    return db.session.scalar(select(ImportJob.state).where(ImportJob.id == job_id)) or ""


def case_count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def run_until_killed() -> None:
    """The clock's own job, killed when it writes the second five hundred of the cases."""
    written = iter(range(2))

    def kill(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT INTO cases ") and next(written) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", kill)
    running.run_waiting(None)  # type: ignore[arg-type]


def test_a_clock_killed_in_the_middle_leaves_no_case_and_the_next_run_enters_all(town: Town, database_url: str,
                                                                                 tmp_path: Path) -> None:
    job_id = ready(town, save_csv(tmp_path / "t.csv", rows(1000)))
    db.session.rollback()
    killed_after_commits(99, database_url, tmp_path, town.clock.now(), run_until_killed)
    assert (case_count(), state_of(job_id)) == (0, "running")
    clock_jobs.run("minutely-imports")
    assert case_count() == 0, "the lease is not over yet"
    town.clock.advance(running.LEASE + timedelta(seconds=1))
    assert "办理导入 1 个" in clock_jobs.run("minutely-imports").outcome
    assert (case_count(), state_of(job_id)) == (1000, "done")
    clock_jobs.run("minutely-imports")
    assert case_count() == 1000
    assert integrity.verify().first is None


def test_while_the_cases_are_written_everybody_sees_how_many(town: Town, tmp_path: Path) -> None:
    job_id, seen = ready(town, save_csv(tmp_path / "工单.csv", rows(501))), []
    clerk, app = town.actor("clerk"), current_app._get_current_object()  # type: ignore[attr-defined]

    def look() -> None:
        with app.app_context():
            seen.append(jobs.job_for(clerk, job_id))

    def look_beside(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT INTO cases ") and threading.current_thread() is threading.main_thread():
            beside = threading.Thread(target=look)
            beside.start()
            beside.join()

    event.listen(db.engine, "before_cursor_execute", look_beside)
    try:
        running.run_waiting(town.clock.today())
    finally:
        event.remove(db.engine, "before_cursor_execute", look_beside)
    told = [(each.state, each.is_writing, each.done, each.total) for each in seen]
    assert told[0][1] is False, "nothing is written yet"
    assert told[-1] == ("running", True, 500, 501)
    assert jobs.job_for(clerk, job_id).state == "done"
    assert not [*tmp_path.glob("*-import-*")]


def test_a_job_that_kills_the_clock_again_and_again_is_given_up(town: Town, tmp_path: Path) -> None:
    job_id = ready(town, save_csv(tmp_path / "t.csv", rows(3)))
    for _ in range(running.MOST_TRIES):
        assert running._claim_next("dead") is not None
        town.clock.advance(running.LEASE + timedelta(seconds=1))
    clock_jobs.run("minutely-imports")
    assert (state_of(job_id), case_count()) == ("failed", 0)


def run_waiting() -> str:
    return running.run_waiting(None)  # type: ignore[arg-type]


def test_of_two_clocks_one_enters_the_file(town: Town, database_url: str, tmp_path: Path) -> None:
    ready(town, save_csv(tmp_path / "t.csv", rows(600)))
    db.session.rollback()
    answers = together(database_url, tmp_path, town.clock.now(), [(run_waiting, ()), (run_waiting, ())])
    assert sum("办理导入 1 个" in answer for answer in answers) == 1, answers
    assert case_count() == 600


def test_who_lost_the_claim_writes_nothing(town: Town, tmp_path: Path) -> None:
    job_id = ready(town, save_csv(tmp_path / "t.csv", rows(3)))
    first = running._claim_next("slow")
    assert first is not None
    town.clock.advance(running.LEASE + timedelta(seconds=1))
    assert running._claim_next("quick") is not None
    running.run(first)
    assert (case_count(), state_of(job_id)) == (0, "running")


def test_the_end_is_a_fact_with_counts_and_no_words_in_the_session_that_asked(town: Town, tmp_path: Path) -> None:
    ready(town, save_csv(tmp_path / "t.csv", rows(2)))
    clock_jobs.run("minutely-imports")
    fact = db.session.scalars(select(FactRow).where(FactRow.kind == ImportFacts.finished)).one()
    assert fact.actor_id == town.actor("clerk").id
    assert '"created":2' in fact.body.replace(" ", "") and "油烟" not in fact.body and "t.csv" not in fact.body


def test_a_person_who_lost_the_right_meanwhile_imports_nothing(town: Town, tmp_path: Path) -> None:
    from tracker.storage.people.accounts import RoleGrant

    job_id = ready(town, save_csv(tmp_path / "t.csv", rows(2)))
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == town.actor("clerk").id)):
        grant.revoked_at = town.clock.now()
    db.session.info["unchecked"] = True
    db.session.commit()
    clock_jobs.run("minutely-imports")
    assert case_count() == 0
    db.session.rollback()
    assert "权限" in (db.session.scalar(select(ImportJob.error).where(ImportJob.id == job_id)) or "")


def test_a_job_is_refused_to_others_and_once_it_is_under_way(town: Town, tmp_path: Path) -> None:
    job_id = ready(town, save_csv(tmp_path / "t.csv", rows(2)))
    with pytest.raises(NotFound):
        jobs.job_for(town.actor("dispatcher"), job_id)
    with pytest.raises(NotAllowed):
        jobs.receive(town.actor("officer"), "t.csv", b"x")
    for late in (lambda: jobs.drop(town.actor("clerk"), job_id), lambda: jobs.queue(town.actor("clerk"), job_id, "enter")):
        with pytest.raises(WrongState):
            late()
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 1


def test_tonight_means_ten_in_the_evening(town: Town, tmp_path: Path) -> None:
    path = save_csv(tmp_path / "t.csv", rows(2))
    actor = town.actor("clerk")
    job_id = jobs.receive(actor, path.name, path.read_bytes(), "H12345", "360103")
    planning.begin(actor, job_id)
    jobs.queue(actor, job_id, "check")
    running.run_now(job_id)
    jobs.queue(actor, job_id, "enter", is_tonight=True)
    clock_jobs.run("minutely-imports")
    assert case_count() == 0
    town.clock.advance(hours=13, minutes=1)
    clock_jobs.run("minutely-imports")
    assert case_count() == 2


def test_too_many_unfinished_imports_are_refused(town: Town, tmp_path: Path) -> None:
    for number in range(jobs.MOST_OPEN):
        jobs.receive(town.actor("clerk"), f"{number}.csv", f"受理编号,问题描述\nA{number},x\n".encode())
    with pytest.raises(Conflict, match="没有做完"):
        jobs.receive(town.actor("clerk"), "x.csv", b"a,b\n")


def saved(town: Town, path: Path) -> str:
    actor = town.actor("clerk")
    job_id = jobs.receive(actor, path.name, path.read_bytes(), "H12345", "360103")
    planning.begin(actor, job_id)
    found = planning.planned(actor, job_id)
    columns = {0: CaseColumn.description, 1: CaseColumn.received_on, 2: CaseColumn.area}
    planning.keep(actor, found, ReadingChoices(plans={"": TablePlan((1,))}))
    planning.place(actor, planning.planned(actor, job_id), {"": TablePlan((1,), columns)}, layout_name="巡河日报")
    return str(layouts.layouts(actor)[0].key)


def test_a_layout_without_numbers_knows_its_rows_again_and_serves_the_command_line(town: Town, tmp_path: Path, cli: Any) -> None:
    header = ["现场情况记录", "日子", "在哪个区"]
    first = save_csv(tmp_path / "一.csv", [header, ["河边堆放垃圾。", "2026-02-27", "西湖区"], ["排口有污水。", "2026-02-27", ""]])
    key = saved(town, first)
    assert key == "layout" and layouts.layout_named(town.actor("clerk"), "巡河日报").source_key == "H12345"
    how = ["data", "import", str(first), "--source", "H12345", "--layout", "巡河日报", "--unplaced", "skip"]
    done = cli.invoke(args=how)
    assert done.exit_code == 0 and "新增 1 件" in done.output and "1 行按所选不导入" in done.output
    second = save_xlsx(tmp_path / "二.xlsx", {"表": [header, ["河边堆放垃圾。", "2026-02-27", "西湖区"], ["岸边焚烧。", "2026-02-28", "西湖区"]]})
    again = cli.invoke(args=["data", "import", str(second), "--source", "H12345", "--layout", key])
    assert "新增 1 件，已有 1 件" in again.output
    assert "没有导入版式" in cli.invoke(args=["data", "import", str(second), "--layout", "没有"]).stderr
    assert "表头" in cli.invoke(args=["data", "import", str(save_csv(tmp_path / "三.csv", rows(1))), "--layout", key]).stderr
    assert integrity.verify().first is None


def test_an_ended_layout_is_chosen_no_longer(town: Town, tmp_path: Path) -> None:
    key = saved(town, save_csv(tmp_path / "一.csv", [["现场情况记录", "日子", "在哪个区"], ["河边堆放垃圾。", "2026-02-27", "西湖区"]]))
    assert layouts.end(town.actor("clerk"), key) == "巡河日报"
    assert layouts.layouts(town.actor("clerk")) == ()
    with pytest.raises(NotFound):
        layouts.end(town.actor("clerk"), key)
    with pytest.raises(Invalid):
        layouts.save(town.actor("clerk"), " ", read_header((1, ["甲"])), TablePlan((1,)), ReadingChoices(), "")
