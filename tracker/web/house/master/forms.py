"""The form of any table of master data, made from its description; and the forms of its sheets."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import MasterField, MasterTable, MasterValues, cell_text
from tracker.web.house.forms import HouseForm, listed

LARGEST_FILE = 1_000_000  # bytes of a sheet, which a form carries from its preview to its confirmation


class MasterForm(HouseForm):
    """One row. What is wrong with it the deed says, by the same description."""

    table: MasterTable
    seen = HiddenField()
    confirmed = HiddenField()

    def fill(self, row: MasterValues) -> None:
        """Begin with what stands."""
        for each in self.table.given:
            value = row.get(each.name)
            if each.name in self:
                self[each.name].data = list(value) if isinstance(value, tuple) else value

    def given(self, *, is_new: bool) -> dict[str, object]:
        """What was filled in; of a row that is there no column that cannot change."""
        return {each.name: _data_of(each, self[each.name]) for each in self.table.given if is_new or not each.is_fixed}


def _data_of(column: MasterField, field: Field) -> object:
    if column.kind is FieldKind.date and field.data is None and field.raw_data:
        return field.raw_data[0]  # what is no date, for the sentence that says so
    return bool(field.data) if column.kind is FieldKind.yes else field.data


def form_for(table: MasterTable, *, is_new: bool) -> MasterForm:
    """An empty form of a table."""
    drawn = {each.name: _field_of(each, is_new) for each in table.given if is_new or not each.is_fixed}
    kind: type[MasterForm] = type("DrawnForm", (MasterForm,), {**drawn, "table": table})
    return kind()


def _field_of(column: MasterField, is_new: bool) -> Field:
    shown: dict[str, Any] = {"description": column.hint, "render_kw": {"optional": not column.is_required}}
    return _DRAWN.get(column.kind, _drawn_text)(column, shown)


def _drawn_text(column: MasterField, shown: dict[str, Any]) -> Field:
    return StringField(column.word, **shown)


def _drawn_long(column: MasterField, shown: dict[str, Any]) -> Field:
    return TextAreaField(column.word, **shown)


def _drawn_number(column: MasterField, shown: dict[str, Any]) -> Field:
    return StringField(column.word, **{**shown, "render_kw": {**shown["render_kw"], "inputmode": "numeric"}})


def _drawn_yes(column: MasterField, shown: dict[str, Any]) -> Field:
    return BooleanField(column.word, **shown)


def _drawn_date(column: MasterField, shown: dict[str, Any]) -> Field:
    return DateField(column.word, [Optional()], **shown)


def _drawn_choice(column: MasterField, shown: dict[str, Any]) -> Field:
    return SelectField(column.word, choices=listed(column.choices, "请选择" if column.is_required else "无"), validate_choice=False,
                       **shown)


def _drawn_choices(column: MasterField, shown: dict[str, Any]) -> Field:
    return SelectMultipleField(column.word, choices=listed(column.choices), validate_choice=False,
                               widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **shown)


_DRAWN: dict[FieldKind, Callable[[MasterField, dict[str, Any]], Field]] = {
    FieldKind.long_text: _drawn_long, FieldKind.number: _drawn_number, FieldKind.yes: _drawn_yes, FieldKind.date: _drawn_date,
    FieldKind.choice: _drawn_choice, FieldKind.choices: _drawn_choices,
}


def with_present(table: MasterTable, row: MasterValues) -> MasterTable:
    """The description, whose choices also have what stands in this row, however it is offered today."""
    offered = {}
    for each in table.given:
        here = cell_text(row.get(each.name))
        if each.kind is FieldKind.choice and here and here not in dict(each.choices):
            offered[each.name] = (*each.choices, (here, here))
    return table.offering(offered)


class SheetForm(HouseForm):
    """A file to take in."""

    file = FileField("导出后改好的表", description=".xlsx 或 .csv，最大 1 MB；先看改动，再写入",
                     render_kw={"accept": ".xlsx,.csv"})

    def sent(self) -> tuple[str, bytes]:
        """Name and content. Raises `Invalid` where there is none, or too much."""
        given = self.file.data
        if not isinstance(given, FileStorage) or not given.filename:
            raise Invalid("请选择一个文件。", field="file")
        content = given.stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise Invalid("文件超过 1 MB，请分成几份。", field="file")
        return given.filename, content


class SheetConfirmForm(HouseForm):
    """The file that was previewed, and what it would do."""

    name = HiddenField()
    content = HiddenField()
    mark = HiddenField()

    def file(self) -> bytes:
        """The content that was carried along."""
        try:
            return base64.b64decode(self.content.data or "", validate=True)
        except binascii.Error:
            raise Invalid("没有要导入的文件，请重新选择。", field="file") from None
