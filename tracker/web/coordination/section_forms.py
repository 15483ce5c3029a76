"""The form with which the post of a section chief is filled, or handed over from a day."""

from datetime import date

from wtforms import RadioField, SelectField

from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.territory.shapes.chiefs import NAME
from tracker.web.house.forms import HouseForm, listed, text
from tracker.web.house.guard import current_actor
from tracker.web.territory.area_forms import day_field

CHOSEN = ("side", "tier", "unit")


class PostForm(HouseForm):
    """Who has which post from when."""

    side = RadioField("哪一方", validate_choice=False)
    tier = RadioField("级别", validate_choice=False)
    unit = SelectField("单位", validate_choice=False)
    person = text("段长登录名", longest=60, is_required=False, hint="没有账号的可不填")
    title = text("职务", longest=60, is_required=False)
    valid_from = day_field("任职日", hint="从哪天起；原任的前一天为最后一天")

    @classmethod
    def begun(cls, on: date) -> "PostForm":
        """An empty one, from today on."""
        form = cls(formdata=None, data={"valid_from": on.isoformat()})
        form.offer()
        return form

    def offer(self) -> None:
        """What may be chosen today, where this person fills posts."""
        found = next((each for each in rows.masters_of(current_actor()) if each.table.name == NAME), None)
        table = rows.table_today(found, reading()) if found is not None else None
        for name in CHOSEN:
            choices = table.field(name).choices if table is not None else ()
            self[name].choices = listed(choices, "请选择") if name == "unit" else listed(choices)

    def given(self) -> dict[str, object]:
        """What was given, by the columns of the table."""
        return {name: self[name].data or "" for name in (*CHOSEN, "person", "title", "valid_from")}


