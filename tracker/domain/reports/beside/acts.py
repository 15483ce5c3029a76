"""联动事项 in a report: what acts come to in its days, and what is owed of them and late. The rows are counted when the report is
made and kept with its inputs, so a report that had none says nothing of them."""

from tracker.domain.reports.document import Column, PaperPart, Section, Table
from tracker.domain.reports.inputs import Inputs

COLUMNS = (Column("事项", width=18), Column("数", width=20), Column("口径", width=44))
OWED_COLUMNS = (Column("事项编号", width=16), Column("第几项", "number", 8), Column("承办单位", width=20), Column("完成期限", "date", 12),
                Column("超期天数", "number", 8))
LATE, COUNTED = "超期的应办事项", "联动事项"


def acts_sections(inputs: Inputs, heading: str, part: PaperPart = PaperPart.plain) -> tuple[Section, ...]:
    """The section; none where there is nothing to tell."""
    tables = acts_tables(inputs)
    return (Section(heading, tables=tables, part=part),) if tables else ()


def acts_tables(inputs: Inputs) -> tuple[Table, ...]:
    """The table of numbers with what each means, and that of late duties."""
    counted = tuple((str(row["word"]), str(row["said"]), str(row["definition"])) for row in inputs.acts)
    owed = tuple((str(row["number"]), int(row["position"]), str(row["unit"]), str(row["due_on"]), int(row["days"]))
                 for row in inputs.owed)
    return (*((Table(COUNTED, COLUMNS, counted),) if counted else ()), *((Table(LATE, OWED_COLUMNS, owed),) if owed else ()))
