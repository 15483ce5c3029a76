"""Charts in a Word document: as pictures that carry their numbers in words, each on its own or two beside each other."""

import io
from collections.abc import Sequence

from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from tracker.domain.reports.document import Chart
from tracker.gateways.house.charts import alt_text, chart_png
from tracker.gateways.reports.docx_parts import CENTRE, HEAD_FONT, add_line, clean, keep_whole, set_font

PICTURE_MM, TALLEST_MM, SIZE = 115, 130, 12
SMALL_TALLEST_MM, SMALL_SIZE, BESIDE, GAP_MM = 80, 9, 2, 6


def add_chart(made: Doc, chart: Chart) -> None:
    """A chart under its title, as wide as it reads well."""
    title = add_line(made, chart.title, SIZE, HEAD_FONT, CENTRE)
    title.paragraph_format.keep_with_next = True
    line = made.add_paragraph()
    line.alignment = CENTRE
    _add_picture(line, chart, PICTURE_MM, TALLEST_MM)


def add_small_charts(made: Doc, charts: Sequence[Chart], width: int) -> None:
    """Charts as small as they read well, two beside each other; `width` is that of the text."""
    each = width // BESIDE
    table = made.add_table(rows=0, cols=BESIDE)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for at in range(0, len(charts), BESIDE):
        row = table.add_row()
        keep_whole(row)
        for chart, cell in zip(charts[at:at + BESIDE], row.cells, strict=False):
            cell.width = Mm(each)
            title = cell.paragraphs[0]
            title.alignment, title.paragraph_format.keep_with_next = CENTRE, True
            set_font(title.add_run(clean(chart.title)), SMALL_SIZE, HEAD_FONT)
            line = cell.add_paragraph()
            line.alignment = CENTRE
            _add_picture(line, chart, each - GAP_MM, SMALL_TALLEST_MM)


def says_something(chart: Chart) -> bool:
    """Whether there is anything to draw."""
    return any(value for _, values in chart.series for value in values)


def _add_picture(line: Paragraph, chart: Chart, width: int, tallest: int) -> None:
    shape = line.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(width))
    if shape.height > Mm(tallest):
        shape.width, shape.height = round(shape.width * Mm(tallest) / shape.height), Mm(tallest)
    shape._inline.docPr.set("descr", alt_text(chart))
