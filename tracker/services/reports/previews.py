"""What another value of a rule would have done to the last whole report that reads it: counted both ways, and told where the two
differ. Nothing is written, and what is frozen stays."""

from collections.abc import Iterator

from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.document import Cell, Document, Table
from tracker.domain.reports.kinds import REPORTS, Report
from tracker.domain.rules.periods import Period, period_of
from tracker.services.house.work import wiring
from tracker.services.reports import reports

MOST_NAMED = 6
ROW_KINDS = ("number", "score")


def of_rule(key: str, wanted: object) -> tuple[str, ...]:
    """What the last whole reports that read it would say otherwise; nothing for a rule that no report foresees."""
    return tuple(said for report in REPORTS if key in report.foresees for said in _foreseen_changes(report, key, wanted))


def _foreseen_changes(report: Report, key: str, wanted: object) -> tuple[str, ...]:
    period = period_of(report.beat.kind, wiring().clock.today()).before()
    try:
        before, after = (reports.build(report.name, period, wiring().home_area, instead=instead).document
                         for instead in ({}, {key: wanted}))
    except Refusal as refusal:
        return (refusal.sentence,)
    return tuple(_told_differences(report, period, before, after))


def _told_differences(report: Report, period: Period, before: Document, after: Document) -> Iterator[str]:
    """A sentence for each table that differs; one that says so when none does."""
    then, now = ({table.title: table for table in _tables_of(document)} for document in (before, after))
    pairs = [(then.get(title, Table(title, (), ())), now.get(title, Table(title, (), ())))
             for title in dict.fromkeys((*now, *then))]
    said = [_table_told(old, new) for old, new in pairs if old.rows != new.rows]
    head = Say("按新值重算{period}的{report}", period=Say(period.word), report=Say(report.word))
    if not said:
        yield Say("{head}：没有变化。", head=head)
    for each in said:
        yield Say("{head}：{told}", head=head, told=each)


def _tables_of(document: Document) -> list[Table]:
    return [table for section in document.sections for table in section.tables]


def _table_told(old: Table, new: Table) -> Say:
    then, now = _values_by_name(old), _values_by_name(new)
    moved = [Say("{name} {before} → {after}", name=name, before=then.get(name, "—"), after=now.get(name, "—"))
             for name in dict.fromkeys((*now, *then)) if then.get(name) != now.get(name)]
    if not moved:
        return Say("“{table}”{before} → {after} 行", table=new.title, before=len(old.rows), after=len(new.rows))
    return Say("“{table}”{before} → {after} 行；{moved}", table=new.title, before=len(old.rows), after=len(new.rows),
               moved=Listed(moved[:MOST_NAMED], mark="，"))


def _values_by_name(table: Table) -> dict[str, Cell]:
    """What a row is called, by its widest column of text, with its place, or its first number where the name comes first."""
    texts = [at for at, column in enumerate(table.columns) if column.kind == "text"]
    numbers = [at for at, column in enumerate(table.columns) if column.kind in ROW_KINDS]
    if not texts or not numbers:
        return {}
    named = max(texts, key=lambda at: table.columns[at].width)
    return {str(row[named]): row[numbers[0] if named == 0 else 0] for row in table.rows}
