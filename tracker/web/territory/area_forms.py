"""The forms of areas: a new one, another name, the end of one."""

import re
from datetime import date

from wtforms import RadioField, SelectMultipleField, StringField

from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.territory.editing import LONGEST_DOCUMENT, LONGEST_NAME, AreaOrder, EndOrder
from tracker.domain.territory.territory import Area
from tracker.web.house.forms import HouseForm, listed, text

FIRST_DAY = Given("valid_from", "从哪天起", FieldKind.date, is_required=False)
LAST_DAY = Given("last_day", "最后一天", FieldKind.date)
WAYS = (("proposed", "自编片区：由系统给代码"), ("given", "国家区划，或自己定代码"))
_APART = re.compile(r"[^0-9A-Za-z]+")


def day_field(word: str, *, is_required: bool = True, hint: str = "") -> StringField:
    """A date."""
    return StringField(word, description=hint, render_kw={"type": "date", "optional": not is_required})


class AreaForm(HouseForm):
    """A new area: below a parent, or by its code."""

    way = RadioField("代码", choices=listed(WAYS), default="proposed")
    parent = text("上级代码", longest=12, is_required=False, autocomplete="off",
                  hint="市之下是功能区（如 3301K1），县区之下是片区（如 330106Z01），乡镇街道之下是网格（如 330106002G01）")
    code = text("代码", longest=12, is_required=False, autocomplete="off", hint="选“国家区划”时填写；用过的代码不再用")
    name = text("名称", longest=LONGEST_NAME)
    valid_from = day_field("从哪天起", is_required=False, hint="不填则从今天起")
    formal_code = text("法定代码", longest=12, is_required=False, autocomplete="off",
                       hint="功能区代管别县区的乡镇时，填这个乡镇的国家代码；案件归功能区办，法定代码随案件显示和导出")
    document_no = text("文号", longest=LONGEST_DOCUMENT, is_required=False, hint="新设国家区划须写明")

    def order(self) -> AreaOrder:
        """What is asked for. Raises `Invalid` for a day that is none."""
        is_given = self.way.data == "given"
        return AreaOrder(self.name.data, code=self.code.data or "" if is_given else "",
                         parent="" if is_given else self.parent.data or "", document_no=self.document_no.data or "",
                         valid_from=_read_day(FIRST_DAY, self.valid_from.data), formal_code=self.formal_code.data or "")


class RenameForm(HouseForm):
    """Another name from a day on."""

    name = text("新名称", longest=LONGEST_NAME)
    valid_from = day_field("从哪天起", is_required=False, hint="不填则从今天起；原名称到前一天为止")
    document_no = text("文号", longest=LONGEST_DOCUMENT, is_required=False, hint="国家区划更名须写明")

    def first_day(self, today: date) -> date:
        """The day that was given, or today."""
        return _read_day(FIRST_DAY, self.valid_from.data) or today


class EndForm(HouseForm):
    """The last day of an area, and what takes it over: those beside it are ticked, others are typed."""

    last_day = day_field("最后一天")
    beside = SelectMultipleField("由谁承接", description="一个是并入，几个是拆分；同名的下级各归各处", render_kw={"optional": True})
    others = text("其他承接的代码", longest=200, is_required=False, autocomplete="off", hint="不在上面的，填代码，用逗号分开")
    document_no = text("文号", longest=LONGEST_DOCUMENT, is_required=False, hint="最后一天早于今天时须写明")
    reason = text("没有承接时的原因", longest=100, is_required=False)

    def offer(self, beside: tuple[Area, ...]) -> "EndForm":
        """Hand in the areas beside it."""
        self.beside.choices = listed((area.code, f"{area.name} {area.code}") for area in beside)
        return self

    def order(self, code: str) -> EndOrder:
        """What is asked for. Raises `Invalid` for a day that is none."""
        typed = tuple(each for each in _APART.split(self.others.data or "") if each)
        last = _read_day(LAST_DAY, self.last_day.data)
        if last is None:
            raise Invalid("请填写“最后一天”。", field="last_day")
        return EndOrder(code, last, (*(self.beside.data or ()), *typed), self.document_no.data or "",
                        self.reason.data or "")


def _read_day(asked: Given, raw: str | None) -> date | None:
    day = read(asked, raw)
    return day if isinstance(day, date) else None
