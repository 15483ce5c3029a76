"""Between the file and its check: what of a table is known beforehand, and what its person says of the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Listed, Say
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.layouts import best_layout
from tracker.domain.tables.plans import ALIKE, ReadingChoices, TablePlan, header_words, is_told, likeness
from tracker.services.house.work import wiring
from tracker.services.rules import rules
from tracker.services.tables.import_places import reach_of
from tracker.services.tables.imports import jobs, layouts, looking
from tracker.services.tables.imports.jobs import JobView
from tracker.services.tables.imports.looking import FoundTable, UnknownWord


@dataclass(frozen=True)
class PlannedImport:
    """A job with the tables of its file. `offered` names a saved layout for tables that are nearly the same."""

    view: JobView
    tables: tuple[FoundTable, ...]
    hidden: tuple[str, ...]
    offered: str = ""

    def chosen(self) -> tuple[tuple[int, FoundTable, TablePlan], ...]:
        """The tables that are read, each with its place in the file and what is known or chosen of it."""
        plans = self.view.choices.plans
        return tuple((at, table, _filled_plan(table, plans[table.sheet])) for at, table in enumerate(self.tables)
                     if table.sheet in plans)


def begin(actor: Actor, job_id: int) -> bool:
    """Look into a file that was just received. True when nothing has to be asked: its headers are known, or a saved layout has
    the very same. Raises `Invalid` for no table; then nothing of it is kept."""
    view = jobs.job_for(actor, job_id)
    try:
        with jobs.opened(job_id, view.file_name) as path:
            tables, hidden = looking.look(path)
        if not tables:
            raise Invalid("文件里没有有内容的表。", field="file")
    except Invalid:
        jobs.drop(actor, job_id)
        raise
    known = layouts.layouts(actor)
    choices, plans, used, source = view.choices, dict[str, TablePlan](), "", view.source_key
    for table in tables:
        line, is_same = layouts.layout_for(known, table.header.labels) if table.header is not None else (None, False)
        if line is not None and is_same and table.header is not None:
            plans[table.sheet], used = line.plan(table.header), line.key
            choices, source = replace(line.choices, plans={}), source or line.source_key
        elif table.is_likely:
            plans[table.sheet] = table.plan
    is_ready = bool(plans) and not hidden and all(
        (table.sheet in plans or not table.header) and not table.open_columns(plans.get(table.sheet, TablePlan(())))
        and not table.hidden_rows for table in tables) and all(_is_enough(plan) for plan in plans.values())
    jobs.choose(actor, job_id, replace(choices, plans=plans), used, source)
    return is_ready and (source != "" or all(tells_source(table, plans[table.sheet]) for table in tables if table.sheet in plans))


def planned(actor: Actor, job_id: int) -> PlannedImport:
    """A job and the tables of its file, as they are mapped so far. Raises `NotFound` once the file is gone."""
    view = jobs.job_for(actor, job_id)
    with jobs.opened(job_id, view.file_name) as path:
        tables, hidden = looking.look(path, view.choices.plans)
    known = layouts.layouts(actor)
    near = (layouts.layout_for(known, table.header.labels)[0] for table in tables if table.header is not None)
    return PlannedImport(view, tables, hidden, next((line.name for line in near if line is not None), ""))


def keep(actor: Actor, found: PlannedImport, choices: ReadingChoices, source: str | None = None) -> None:
    """Keep which tables are read. A saved layout that is nearly the same says what it knows of their columns."""
    known = layouts.layouts(actor)
    plans = {}
    tables = {table.sheet: table for table in found.tables}
    for sheet, plan in choices.plans.items():
        table = tables[sheet]
        line = layouts.layout_for(known, table.header.labels)[0] if table.header is not None else None
        is_fresh = not plan.columns and line is not None and table.header is not None and plan.header_rows == table.header.rows
        plans[sheet] = line.plan(table.header) if is_fresh and line is not None and table.header is not None else plan
    jobs.choose(actor, found.view.id, replace(choices, plans=plans), found.view.layout_key, source)


def place(actor: Actor, found: PlannedImport, plans: Mapping[str, TablePlan], *, layout_name: str = "") -> None:
    """Keep what each column holds, and the layout under a name where one is given. What was chosen stays also where something is
    missing: raises `Invalid` naming the columns of which nothing was said, or that every case needs."""
    choices = replace(found.view.choices, plans=dict(plans))
    jobs.choose(actor, found.view.id, choices, found.view.layout_key)
    for at, table, _ in found.chosen():
        plan = plans[table.sheet]
        if open_columns := table.open_columns(plan):
            labels = Listed(f"“{table.header.labels[each]}”" for each in open_columns if table.header is not None)
            raise Invalid(Say("{labels}还没有选：每一列都要选一栏，或选“不导入”。", labels=labels), field=f"column-{at}-{open_columns[0]}")
        _require_enough(at, table, plan)
        if not found.view.source_key and not tells_source(table, plan):
            raise Invalid("看不出这些案件从哪里来，请回到“选表”选来源。", field=f"column-{at}-0")
    if layout_name:
        _, table, plan = found.chosen()[0]
        assert table.header is not None
        layouts.save(actor, layout_name, table.header, plans[table.sheet], choices, found.view.source_key)


def mean(actor: Actor, found: PlannedImport, values: Mapping[CaseColumn, Mapping[str, str]]) -> None:
    """Keep what unknown words mean; in the layout as well, where this file has one."""
    choices = replace(found.view.choices, values=values)
    jobs.choose(actor, found.view.id, choices, found.view.layout_key)
    for _, table, plan in found.chosen():
        line = layouts.layout_for(layouts.layouts(actor), table.header.labels) if table.header is not None else (None, False)
        if line[0] is not None and line[1] and table.header is not None:
            layouts.save(actor, line[0].name, table.header, plan, choices, line[0].source_key)


def by_layout(actor: Actor, path: Path, name: str) -> ReadingChoices:
    """The choices for a file under a saved layout, for who imports by command. Raises `Invalid` where no table is like it."""
    line = layouts.layout_named(actor, name)
    tables, _ = looking.look(path)
    plans = {table.sheet: line.plan(table.header) for table in tables
             if table.header is not None and likeness(line.headers, header_words(table.header.labels)) >= ALIKE}
    if not plans:
        raise Invalid(Say("没有一张表的表头与版式“{name}”相符。", name=line.name), field="layout")
    return replace(line.choices, plans=plans)


def words_of(actor: Actor, job_id: int) -> tuple[UnknownWord, ...]:
    """The words of the mapped columns that nobody knows."""
    view = jobs.job_for(actor, job_id)
    with jobs.opened(job_id, view.file_name) as path:
        return looking.unknown_words(actor, view.area_code, path, view.choices)


def take_tails(actor: Actor, job_id: int, rows: Iterable[tuple[str, int]]) -> None:
    """Say which rows are cases that only looked like sums."""
    view = jobs.job_for(actor, job_id)
    jobs.choose(actor, job_id, replace(view.choices, tails_taken=frozenset(rows)), view.layout_key)


def areas_of(actor: Actor, *, has_parts: bool = False) -> Choices:
    """The areas that may stand for a place that is not told: the importer's own, with their parts where they are asked for."""
    gazetteer, today, home = rules.gazetteer(), wiring().clock.today(), reach_of(actor).home
    longest = len(home) + (3 if has_parts else 0)
    found = [area for area in gazetteer.existing_on(today)
             if len(area.code) <= longest and actor.has_in(Permission.case_import, area.code) and
             (area.code.startswith(home) or (not has_parts and len(area.code) == len(home)))]
    return tuple((area.code, area.name) for area in sorted(found, key=lambda area: (not area.code.startswith(home), area.code)))


def _filled_plan(table: FoundTable, plan: TablePlan) -> TablePlan:
    """What was chosen, and of the columns of which nothing was said what they seem to be."""
    taken = set(plan.columns.values())
    seems = {at: column for at, column in table.plan.columns.items()
             if at not in plan.columns and at not in plan.left_out and column not in taken}
    return TablePlan(plan.header_rows, {**plan.columns, **seems}, plan.left_out | (table.plan.left_out - set(plan.columns)))


def tells_source(table: FoundTable, plan: TablePlan) -> bool:
    """Whether it can be told from a table's columns where its cases come from."""
    columns = frozenset(plan.columns.values())
    return CaseColumn.source_code in columns or best_layout(columns) is not None


def _is_enough(plan: TablePlan) -> bool:
    columns = frozenset(plan.columns.values())
    return is_told(columns) and len(columns) == len(plan.columns)


def _require_enough(at: int, table: FoundTable, plan: TablePlan) -> None:
    twice = next((each for each in plan.columns.values() if list(plan.columns.values()).count(each) > 1), None)
    if twice is not None and table.header is not None:
        labels = Listed(f"“{table.header.labels[each]}”" for each, column in plan.columns.items() if column is twice)
        raise Invalid(Say("{labels}选了同一栏，请只留一列，其余选“不导入”。", labels=labels), field=f"column-{at}-{_first_of(plan, twice)}")
    if not is_told(frozenset(plan.columns.values())):
        raise Invalid("请选出哪一列是“问题描述”：每件案件都要有。", field=f"column-{at}-0")


def _first_of(plan: TablePlan, column: CaseColumn) -> int:
    return next(at for at, each in plan.columns.items() if each is column)
