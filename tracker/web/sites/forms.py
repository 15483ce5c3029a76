"""The forms of the registry of supervised sites: a class proposed, and decided; an entry of a register, and its end."""

from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.domain.sites.audits import SCHEME_KINDS
from tracker.domain.sites.entries import LONGEST_DOCUMENT, LONGEST_NUMBER, fields_of
from tracker.domain.sites.positive import REMOVALS
from tracker.domain.sites.registers import (
    CLASS_WORDS,
    END_GROUNDS,
    GROUNDS,
    REPORT_DUE,
    REPORT_KINDS,
    REPORTS,
    SIGNER,
    Register,
)
from tracker.services.sites.entries import LONGEST
from tracker.services.sites.obligations import WAIVERS
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
    report_due = text(REPORT_DUE.word, longest=REPORT_DUE.longest, is_required=False, hint=REPORT_DUE.hint)
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


class ReceiveForm(HouseForm):
    """A report that is in, or is waived."""

    verdict = RadioField("登记", [chosen("登记")], choices=listed((("receive", "已提交"), ("waive", "免交"))), default="receive")
    satisfied_on = day_field("提交日期", is_required=False)
    document = text("回执号", longest=LONGEST_DOCUMENT, is_required=False)
    ground = SelectField("免交的原因", choices=listed(WAIVERS, "请选择"), validate_choice=False, render_kw={"optional": True})
    reason = long_text("说明", longest=LONGEST, is_required=False, rows=3, hint="免交的必填")


class ListingForm(HouseForm):
    """A site proposed for the positive list, with every condition looked at."""

    ticked: Any = _tick_boxes("逐项核对", ())
    ground = long_text("依据", longest=LONGEST, rows=3)

    def offer(self, conditions: Choices) -> None:
        """The conditions of the day."""
        self.ticked.choices = listed(conditions)


class AdmitForm(HouseForm):
    """Whether a site enters the positive list."""

    verdict = RadioField("意见", [chosen("意见")], choices=listed((("admit", "同意纳入"), ("refuse", "不同意"))))
    number = text("清单编号", longest=LONGEST_NUMBER, is_required=False)
    valid_from = day_field("有效期起", is_required=False)
    valid_to = day_field("有效期止", is_required=False, hint="不填则三年")
    document_no = text("文号", longest=LONGEST_DOCUMENT, is_required=False)
    reason = long_text("不同意的理由", longest=LONGEST, is_required=False, rows=3)


class RemovalForm(HouseForm):
    """A listed site proposed to leave."""

    reason_code = SelectField("移出的原因", [chosen("移出的原因")], choices=listed(REMOVALS, "请选择"))
    record = text("有关的记录", longest=80, is_required=False, hint="如处罚、检查的编号")
    ground = long_text("依据", longest=LONGEST, rows=3)


class RemoveForm(HouseForm):
    """Whether a site leaves the positive list."""

    verdict = RadioField("意见", [chosen("意见")], choices=listed((("remove", "移出"), ("keep", "保留"))))
    reason_code = SelectField("移出的原因", choices=listed(REMOVALS, "请选择"), validate_choice=False, render_kw={"optional": True})
    ended_on = day_field("最后一天", is_required=False, hint="不填则今天")
    reason = long_text("理由", longest=LONGEST, rows=3)


class AuditForm(HouseForm):
    """An audit of cleaner production by its days."""

    code = text("监管对象编号", longest=20, hint="如 S-000012", autocomplete="off")
    year = text("审核年度", longest=4, inputmode="numeric")
    is_mandatory = BooleanField("强制性审核")
    listed_on = day_field("列入名单")
    started_on = day_field("启动审核", is_required=False)
    reported_on = day_field("提交报告", is_required=False)
    assessed_on = day_field("通过评估", is_required=False)
    accepted_on = day_field("通过验收", is_required=False)

    def given(self) -> dict[str, object]:
        """What was typed."""
        return {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "code")}


class SchemeForm(HouseForm):
    """A scheme of an audit."""

    kind = SelectField("类别", [chosen("类别")], choices=listed(SCHEME_KINDS, "请选择"), id="scheme-kind")
    name = text("方案名称", mark="scheme-name")
    saved = text("效益", is_required=False, hint="如 年节水 1200 吨")
    implemented_on = day_field("实施日期", is_required=False)
    invested = text("投资（元）", longest=15, is_required=False, inputmode="numeric")

    def given(self) -> dict[str, object]:
        """What was typed."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
