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
# Why an issue found on patrol may come without a photo.
ON_PATROL = "patrol"  # the kind of its sources
NO_PHOTO: Choices = (("dark", "光线太暗，拍不清"), ("refused", "现场不让拍"), ("device", "设备拍不了"), ("gone", "到场时已看不到"),
                     ("train", "在行驶的火车上"))
# What people wrote may hold personal data: a fact keeps commitments of it, never the text.
CORRECTED_TEXTS = {field.name: field for field in (TITLE, DESCRIPTION, PLACE)}
# The words of a case row, with their columns.
WORDED = {**{name: name for name in CORRECTED_TEXTS}, "answers" + SEVERAL: "answers"}
CORRECTABLE: Choices = (
    *((field.name, field.word) for field in CORRECTED_TEXTS.values()), ("area_code", "区划代码"), ("received_on", "受理日期"),
)
LONGEST_CORRECTION = max(field.longest for field in CORRECTED_TEXTS.values())


def is_shown_or_explained(kind: str, photos: int, reason: str) -> bool:
    """An issue found on patrol has a photo, or one of the reasons why not. Asked by the form, by who registers, by tests."""
    return kind != ON_PATROL or photos > 0 or reason in dict(NO_PHOTO)
