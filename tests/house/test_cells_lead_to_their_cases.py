"""Every number of a report that counts cases leads to as many of them: its cells know their lists, in few bytes."""

import json
from collections.abc import Iterator

import pytest

from tests.support.editions import of_the_district
from tracker.domain.reports.beside.duties import DRIFTS, DUTIES, PATROLS
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Cell, Document, counts_in, counts_of, read_document, tables_of
from tracker.domain.reports.kinds import REPORTS, Report, report_named

# Columns of numbers that count no cases.
NO_CASES = {"名次", "记录序号", "超期天数", "反映人（人）"}
OF_NO_CASES = {DUTIES, PATROLS, DRIFTS}  # tables that count no cases at all
MOST_SHARE = 0.35  # of the bytes of a document for all that its cells lead to


def numbers_of(document: Document) -> Iterator[tuple[str, Cell]]:
    for table in (each for each in tables_of(document) if each.title not in OF_NO_CASES):
        for at, column in enumerate(table.columns):
            if column.kind in ("number", "rate") and column.head not in NO_CASES:
                yield from ((f"{table.title}: {row[0]}, {column.head}", row[at]) for row in (*table.rows, table.total) if row)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_count_of_a_table_knows_its_cases_when_it_is_made_and_when_it_is_read_again(report: Report) -> None:
    made = of_the_district(report)
    for document in (made, read_document(json.loads(made.text()))):
        assert [said for said, cell in numbers_of(document) if cell is not None and not counts_in(cell)] == []
        found = [cell for *_, cell in counts_of(document)]
        assert len(found) > 3
        assert [cell for cell in found if len(cell.cases) != cell] == []
    again = read_document(json.loads(made.text()))
    assert again.text() == made.text()
    assert [(str(cell), cell.cases) for *_, cell in counts_of(again)] == [(str(cell), cell.cases) for *_, cell in counts_of(made)]
    assert len({cell.place for *_, cell in counts_of(again)}) == len(list(counts_of(again)))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_figure_leads_to_as_many_cases_as_it_says(report: Report) -> None:
    document = of_the_district(report)
    figures = [figure for section in document.sections for figure in section.figures if figure.key in document.cases]
    said = {figure.key: figure.value.numerator if isinstance(figure.value, Rate) else figure.value for figure in figures}
    assert figures or report.name == "daily"
    assert {key: len(document.cases[key]) for key in said} == said


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_what_cells_lead_to_takes_few_bytes(report: Report) -> None:
    text = of_the_district(report).text()
    leads = json.dumps(json.loads(text)["document"]["leads"], ensure_ascii=False, separators=(",", ":"))
    assert len(leads) < MOST_SHARE * len(text)


def test_a_document_of_an_older_edition_has_plain_numbers() -> None:
    plain = json.loads(of_the_district(report_named("weekly")).text())
    del plain["document"]["leads"]
    assert list(counts_of(read_document(plain))) == []
