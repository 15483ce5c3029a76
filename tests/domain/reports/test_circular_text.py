"""What an office reads of a month: one text, then the numbers behind it, then what they rest on."""

import re
from datetime import date
from typing import Any

import pytest

from tests.domain.reports.test_monthly import circular, late, new, said
from tests.support.editions import PERIODS
from tests.support.lives import LATER, UNREAD, lives, stories_of
from tests.support.months import closed_life
from tests.support.stories import inputs_for
from tracker.domain.reports.document import PaperPart
from tracker.domain.reports.kinds import report_named


def test_the_text_reads_as_one_and_asks_for_what_is_wrong() -> None:
    document = circular([late("A"), closed_life("B", "03-02", "03-09")])
    texts = [part for part in document.sections if part.part is PaperPart.text]
    assert [part.heading for part in texts] == ["", "一、总体情况", "二、表扬与批评", "三、存在问题", "四、下一步要求"]
    assert texts[0].paragraphs == ("现将2026年3月生态环境问题整改情况通报如下。",)
    assert said(document, "下一步要求").startswith("（一）限期清理超期案件。甲街道要逐件说明原因")
    assert "月末未销号的 1 件" in said(document, "下一步要求")
    assert [part.part for part in document.sections][-1] is PaperPart.notes
    assert "本月未发现突出问题。" in said(circular([new("A")]), "存在问题")


def test_the_text_names_no_case_and_no_place_for_it_is_mailed() -> None:
    here: dict[str, Any] = {"lat": 28.66, "lng": 115.88}
    document = circular([late("A", **here), new("B", **here), new("C", **here)], {"A": ("异味", "桃花河边3栋502室")})
    text = "".join(paragraph for part in document.sections if part.part is PaperPart.text for paragraph in part.paragraphs)
    assert "投诉集中的点位和对象 1 处" in text and "主要在朝阳洲街道" in text
    assert "桃花河" not in text and "桃花河边" in document.text()


@pytest.mark.parametrize("name", ["monthly", "weekly"])
def test_the_prose_of_a_small_district_never_says_that_there_is_none_of_something(name: str) -> None:
    report = report_named(name)
    for seed in range(30):
        inputs = inputs_for(PERIODS[report.beat.kind], report.beat.id)
        builder, district = report.make(inputs), lives(seed, seed % 8, [date(2026, 1, 20), date(2025, 2, 10)], 60, UNREAD | LATER)
        for each in stories_of(district, inputs.window.cuts):
            builder.add(each)
        document = builder.document({})
        said = [*(text for part in document.sections if part.part is not PaperPart.notes for text in part.paragraphs),
                *(chart.title for part in document.sections for chart in part.charts)]
        assert [text for text in said if re.search(r"(?<![\d.年月第])0 ?[件处次天个]", text)] == []
