"""The forms of the registry of supervised sites: a class proposed, and decided; an entry of a register, and its end."""

from datetime import date
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.sites.entries import LONGEST_DOCUMENT, LONGEST_NUMBER, fields_of
from tracker.domain.sites.registers import CLASS_WORDS, END_GROUNDS, GROUNDS, REPORT_KINDS, REPORTS, SIGNER, Register
from tracker.services.sites.entries import LONGEST
from tracker.web.house.forms import HouseForm, chosen, listed, long_text, text
from tracker.web.territory.area_forms import day_field

FROM = Given("valid_from", "起用日", FieldKind.date)
LAST = Given("ended_on", "最后一天", FieldKind.date, is_required=False)


class ProposeClassForm(HouseForm):
    """A class, since when, and why."""

    value = SelectField("分类", [chosen("分类")], choices=listed(CLASS_WORDS, "请选择"))
    valid_from = day_field("起用日")
    grounds: Any = SelectMultipleField("依据", [chosen("依据")], choices=listed(GROUNDS), validate_choice=False,
                                       widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    ground = long_text("理由", longest=LONGEST, rows=3)
    document_no = text("文号", longest=80, is_required=False)

    def first_day(self) -> date:
        """From which day. Raises `Invalid` or `Incomplete`."""
        day = read(FROM, self.valid_from.data or "")
        if not isinstance(day, date):
            raise Incomplete("请填写“起用日”。", field="valid_from")
        return day


class DecideClassForm(HouseForm):
    """Yes or no; a no says why."""

    verdict = RadioField("意见", [chosen("意见")], choices=listed((("accept", "同意"), ("refuse", "不同意"))))
    reason = long_text("不同意的理由", longest=LONGEST, is_required=False, rows=3)


def _tick_boxes(word: str, choices: Any, hint: str = "") -> Any:
    return SelectMultipleField(word, choices=listed(choices), validate_choice=False, description=hint,
                               widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
                               render_kw={"optional": True})


class EntryForm(HouseForm):
    """An entry of a register, with the fields that it asks for."""

    number = text("编号", longest=LONGEST_NUMBER, autocomplete="off")
    value = SelectField("管理类别", choices=listed((), "请选择"), validate_choice=False)
    valid_from = day_field("有效期起")
    valid_to = day_field("有效期止", is_required=False, hint="不填则按通常的年限")
    reports: Any = _tick_boxes(REPORTS.word, REPORT_KINDS, REPORTS.hint)
    signer = text(SIGNER.word, longest=SIGNER.longest, is_required=False, hint=SIGNER.hint)
    document_no = text("文号", longest=LONGEST_DOCUMENT, is_required=False)

    def ask(self, register: Register) -> "EntryForm":
        """With the fields of this register alone."""
        asked = {each.name: each for each in fields_of(register)}
        for name in [name for name in self._fields if name != "csrf_token" and name not in asked]:
            del self[name]
        for name, each in asked.items():
            self[name].label.text = each.word
        if "value" in self:
            self["value"].choices = listed(register.values, "请选择")
        return self

    def given(self) -> dict[str, object]:
        """What was typed."""
        return {name: field.data for name, field in self._fields.items()
                if name != "csrf_token" and field.data not in ("", [], None)}


class EndEntryForm(HouseForm):
    """Why an entry ends, and its last day."""

    ground = SelectField("终止原因", [chosen("终止原因")], choices=listed(END_GROUNDS, "请选择"))
    ended_on = day_field("最后一天", is_required=False, hint="登记有误的不填：这一条视为从未有效")
    reason = long_text("说明", longest=LONGEST, is_required=False, rows=3, hint="登记有误、其他原因的必填")

    def last_day(self) -> date | None:
        """The last day, where one was given. Raises `Invalid`."""
        day = read(LAST, self.ended_on.data or "")
        return day if isinstance(day, date) else None
