"""The forms of limits, of the rule book, and of a year's calendar."""

import json
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, Field, FileField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.house.fields import Choices
from tracker.domain.rules.form_parts import FormPart, changed_rows, read_part
from tracker.domain.rules.limits import EVERY_DAY, STAGE_WORDS, UNIT_NAMES, Limit, LimitUnit, Stage
from tracker.services.rules.limits import LONGEST_BASIS
from tracker.web.house.forms import HouseForm, chosen, listed, required, text

PLACE = "part"  # under which the fields of a value stand


class LimitForm(HouseForm):
    """One limit from a day on."""

    stage = SelectField("环节", choices=listed((stage.value, word) for stage, word in STAGE_WORDS.items()),
                        validators=[chosen("环节")])
    source = SelectField("来源", validate_choice=True, description="通用规则管没有单独规定的来源")
    amount = IntegerField("期限", [required("期限")], render_kw={"inputmode": "numeric"})
    unit = SelectField("单位", choices=listed(UNIT_NAMES.items()), default=LimitUnit.working_day.value,
                       description="按工作小时的从次日上班起算，案件只记到期的那一天，当日 24:00 截止")
    first_day_counts = BooleanField("当日即第 1 日", description="不选时次日为第 1 日")
    rolls = BooleanField("末日逢休息日顺延", default=True,
                         description="只用于自然日：到期日是休息日、节假日的，顺延到下一个工作日")
    basis = text("依据", longest=LONGEST_BASIS, hint="法规条款或文号，显示在每件案件的时限说明里")
    effective_from = DateField("自哪天起生效", [required("自哪天起生效")], description="今天或以后；正在办理的案件不变")
    confirmed = HiddenField()

    def offer(self, sources: Choices, today: date) -> "LimitForm":
        """With the sources that there are."""
        self.source.choices = listed(sources, "通用规则")
        self.effective_from.data = self.effective_from.data or today
        return self

    def limit(self) -> Limit:
        """What was filled in."""
        unit = LimitUnit(self.unit.data)
        rolls = bool(self.rolls.data) and unit in EVERY_DAY  # of others the question says that it is not meant
        return Limit(self.source.data or None, Stage(self.stage.data), self.amount.data, unit,
                     bool(self.first_day_counts.data), self.basis.data, self.effective_from.data, rolls=rolls)


class RuleForm(HouseForm):
    """One value of the rule book from a day on."""

    value: Field = text("新的值", longest=20_000)
    effective_from = DateField("自哪天起生效", [required("自哪天起生效")], description="今天或以后；以前的值照样留存")
    basis = text("依据", longest=300, hint="文号、会议纪要或领导批示")
    confirmed = HiddenField()

    def fill(self, written: str) -> None:
        """Begin with this value."""
        self.value.data = written

    def act(self, act: str) -> None:
        """Nothing to add or move."""

    def written(self) -> str:
        """The value as the rule book writes it."""
        return str(self.value.data)


class PartsRuleForm(RuleForm):
    """The same for what is made of parts: each is a field of its own, and rows are added, moved and removed by buttons."""

    value = HiddenField()  # the whole, from the preview to its confirmation
    part: FormPart
    tree: Any = None

    def offer(self, part: FormPart) -> "PartsRuleForm":
        """With what the value is made of, and what was typed of it."""
        self.part = part
        if self.confirmed.data == "1":
            self.tree = _tree_of(self.value.data)
        else:
            self.tree = read_part(part, dict(request.form.lists()), PLACE)
        return self

    def fill(self, written: str) -> None:
        """Begin with this value."""
        self.tree = json.loads(written)

    def act(self, act: str) -> None:
        """What a button of a list asks for."""
        self.tree = changed_rows(self.part, self.tree, act, PLACE)

    def written(self) -> str:
        """The value as the rule book reads it."""
        self.value.data = json.dumps(self.tree, ensure_ascii=False)
        return str(self.value.data)


def _tree_of(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


class AreasRuleForm(RuleForm):
    """The same for a list of areas, which are chosen by name."""

    value = SelectMultipleField("新的值", validate_choice=False, widget=ListWidget(prefix_label=False),
                                option_widget=CheckboxInput())

    def offer(self, areas: Choices) -> "AreasRuleForm":
        """With the areas that may be chosen."""
        self.value.choices = listed(areas)
        return self

    def fill(self, written: str) -> None:
        """Begin with these areas."""
        self.value.data = json.loads(written)

    def written(self) -> str:
        """The codes that were chosen."""
        return json.dumps(self.value.data or [])


class CalendarForm(HouseForm):
    """A file with a year's arrangement."""

    file = FileField("放假安排", description=".csv（date,kind,name,source,notice）或 .ics（事件名里写明休、班）",
                     render_kw={"accept": ".csv,.ics,text/csv,text/calendar"})

    def sent(self) -> tuple[str, bytes]:
        """Name and bytes of the file; both empty when none was chosen."""
        given = self.file.data
        if not isinstance(given, FileStorage) or not given.filename:
            return "", b""
        return given.filename, given.stream.read()


class CalendarConfirmForm(HouseForm):
    """The days that were previewed, as a table, and the name of their file."""

    days = HiddenField()
    name = HiddenField()
