"""What is asked of works: which there are and by which standard, and an answer to every item of the sheet."""

from collections.abc import Iterator, Mapping

from tracker.domain.cases.works.items import MEANINGS, STANDARDS, CheckItem, CheckSheet
from tracker.domain.cases.works.scoring import ANSWERS
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.say import Say

ITEM, REMARK = "item_", "remark_"  # before the code of an item
LONGEST_REMARK = 200
WORKS_ASKED: tuple[Given, ...] = (
    Given("works", "整治内容", FieldKind.choices, is_required=False, choices=tuple(MEANINGS.items()),
          hint="一类或几类；核查时按各类的标准逐项打分。报送整改后只能去掉，不能增加"),
    Given("standard", "整治标准", FieldKind.choice, is_required=False, choices=tuple(STANDARDS.items()),
          hint="不选则在建成区内或属街道的按城区，属镇、乡的按农村；报送整改后不能改"),
    Given("reason", "理由", FieldKind.long_text, is_required=False, hint="改动已定的整治内容时必填", required_when="has_works"),
)
WORKS_CONFIRMED = WORKS_ASKED[:2]  # asked where the case is settled first whose it is


def items_asked(sheet: CheckSheet | None, *, is_required: bool) -> Iterator[Given]:
    """Two questions for each item: whether it holds, and what else is to be said of it."""
    for item in () if sheet is None else sheet.items:
        yield Given(f"{ITEM}{item.code}", item.name, FieldKind.choice, is_required=is_required, choices=tuple(ANSWERS.items()),
                    hint=_item_hint(item))
        yield Given(f"{REMARK}{item.code}", Say("{item}：说明", item=item.name), is_required=False, longest=LONGEST_REMARK)


def _item_hint(item: CheckItem) -> str:
    pattern = {(False, False): "{points} 分", (True, False): "★ 必须做到；{points} 分", (False, True): "{points} 分；须有现场照片",
               (True, True): "★ 必须做到；{points} 分；须有现场照片"}[item.is_must, item.has_photo]
    return Say(pattern, points=item.points)


def answers_in(sheet: CheckSheet, given: Mapping[str, object]) -> dict[str, str]:
    """What was answered, by the code of the item."""
    return {item.code: str(given[f"{ITEM}{item.code}"]) for item in sheet.items if given.get(f"{ITEM}{item.code}")}


def remarks_in(sheet: CheckSheet, given: Mapping[str, object]) -> dict[str, str]:
    """What was said besides, by the code of the item."""
    return {item.code: str(given[f"{REMARK}{item.code}"]) for item in sheet.items if given.get(f"{REMARK}{item.code}")}


