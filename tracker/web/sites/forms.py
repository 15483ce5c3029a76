"""The forms of the registry of supervised sites: a class proposed, and decided."""

from datetime import date
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.sites.registers import CLASS_WORDS, GROUNDS
from tracker.services.sites.entries import LONGEST
from tracker.web.house.forms import HouseForm, chosen, listed, long_text, text
from tracker.web.territory.area_forms import day_field

FROM = Given("valid_from", "起用日", FieldKind.date)


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
