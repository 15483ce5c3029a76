"""The texts that a case is registered with, and may later be corrected in: their words and how long they may be, for the form,
the command line, the import and the correction alike."""

from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.words import SEVERAL

TITLE = Given("title", "标题", longest=300)
DESCRIPTION = Given("description", "问题描述", FieldKind.long_text, longest=20_000)
PLACE = Given("place", "地点", longest=300)
SOURCE_NUMBER = Given("source_number", "来源编号", is_required=False, longest=120)
INTAKE_TEXTS = (
    TITLE, DESCRIPTION, PLACE, Given("area_text", "区域名称", is_required=False, longest=200), SOURCE_NUMBER,
    Given("batch_label", "批次", is_required=False, longest=60),
)
# What people wrote may hold personal data: a fact keeps commitments of it, never the text.
CORRECTED_TEXTS = {field.name: field for field in (TITLE, DESCRIPTION, PLACE)}
# The words of a case row, with their columns.
WORDED = {**{name: name for name in CORRECTED_TEXTS}, "answers" + SEVERAL: "answers"}
CORRECTABLE: Choices = (
    *((field.name, field.word) for field in CORRECTED_TEXTS.values()), ("area_code", "区划代码"), ("received_on", "受理日期"),
)
LONGEST_CORRECTION = max(field.longest for field in CORRECTED_TEXTS.values())
