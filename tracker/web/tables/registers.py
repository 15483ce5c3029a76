"""A register of sites in from a file by page: first what it would do, then done; and the batches, taken back."""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, Refusal
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.registers import REGISTERS, SiteRegister
from tracker.services.tables.registers import batches
from tracker.services.tables.registers.exporting import export_entries
from tracker.services.tables.registers.importing import (
    ADD,
    SYNC,
    BadRegisterRows,
    RegisterFileOrder,
    RegisterOutcome,
    import_register,
)
from tracker.web.house.forms import HouseForm, chosen, listed
from tracker.web.house.guard import current_actor, needs, requires_fresh
from tracker.web.house.refusals import Page
from tracker.web.territory.area_forms import day_field

blueprint = Blueprint("registers", __name__, url_prefix="/sites/registers")
LARGEST_FILE = 1_400_000  # bytes, which the page carries from what would be to what is done
ENTERED = tuple((code.value, row.word) for code, row in REGISTERS.items() if row.is_entered)
MODES = ((ADD, "增加：文件之外的保持不变"), (SYNC, "全部名单：文件里没有的终止"))
AS_OF = Given("as_of", "名单日期", FieldKind.date, is_required=False)
ENDINGS = Given("endings", "将终止的条数", FieldKind.number, is_required=False)


class RegisterFileForm(HouseForm):
    """A file of a register, and how it is meant; the file itself comes along once it was looked at."""

    register = SelectField("台账", [chosen("台账")], choices=listed(ENTERED, "请选择"))
    file = FileField("文件", description=".xlsx、.csv 或 .docx，最大 1.4 MB；更大的用命令行导入", render_kw={"accept": ".xlsx,.csv,.docx"})
    mode = SelectField("方式", choices=listed(MODES))
    as_of = day_field("名单日期", is_required=False, hint="不填则今天")
    applies_changes = BooleanField("核对无误：与在册内容不同的，终止原条目并登记新的")
    endings = StringField("将终止的条数", description="多于 20 条或 2% 的，须写明这个数", render_kw={"inputmode": "numeric", "optional": True})
    name = HiddenField()
    content = HiddenField()

    def order(self) -> RegisterFileOrder:
        """What is asked for. Raises `Invalid` naming the field."""
        as_of, endings = read(AS_OF, self.as_of.data or ""), read(ENDINGS, self.endings.data or "")
        on = as_of if isinstance(as_of, date) else None
        return RegisterFileOrder(SiteRegister(self.register.data), self.mode.data or ADD, on,
                                 bool(self.applies_changes.data), endings if isinstance(endings, int) else None)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The file that was chosen, or the one that came along. Raises `Invalid` where there is none, or too much."""
        given = self.file.data
        if isinstance(given, FileStorage) and given.filename:
            content = given.stream.read(LARGEST_FILE + 1)
            self.name.data, self.content.data = Path(given.filename).name[-80:], base64.b64encode(content).decode()
        try:
            content = base64.b64decode(self.content.data or "", validate=True)
        except binascii.Error:
            content = b""
        if not content:
            raise Invalid("请选择一个文件。", field="file")
        if len(content) > LARGEST_FILE:
            self.content.data = ""
            raise Invalid("文件超过 1.4 MB，请分成几份，或用命令行导入。", field="file")
        with tempfile.TemporaryDirectory(prefix="xiaohao-") as folder:
            path = Path(folder) / (Path(self.name.data or "").name or "register.csv")
            path.write_bytes(content)
            yield path


@blueprint.get("")
@needs(Permission.site_import)
def start() -> str:
    """The form, and what came in before."""
    return _start_page(RegisterFileForm(formdata=None, data={"register": request.args.get("register", "")}))


@blueprint.post("")
@needs(Permission.site_import)
def look() -> str | Response | Page:
    """What a file would do, or, where it is confirmed, done."""
    form = RegisterFileForm()
    is_confirmed = request.form.get("is_confirmed") == "1"
    if not form.validate():
        return _start_page(form), 422
    try:
        with form.on_disk() as path:
            outcome = import_register(current_actor(), path, replace(form.order(), is_dry=not is_confirmed))
    except BadRegisterRows as bad:
        return _start_page(form, bad.outcome), 422
    except Refusal as refusal:
        form.refuse(refusal)
        return _start_page(form, may_confirm=is_confirmed and bool(form.content.data)), refusal.status
    if not is_confirmed or outcome.already or not outcome.batch:
        return _start_page(form, outcome)
    flash(Say("已导入批次 {code}：新增 {created} 条，变更 {changed} 条，终止 {ended} 条。", code=outcome.batch,
              created=outcome.created_count, changed=outcome.changed_count, ended=outcome.ended_count), "done")
    return redirect(url_for("registers.start"))


@blueprint.post("/withdraw")
@needs(Permission.site_import)
def withdraw() -> Response | Page:
    """A batch taken back."""
    form = RegisterFileForm(formdata=None)
    try:
        done = batches.withdraw(current_actor(), request.form.get("code", "")[:20])
    except Refusal as refusal:
        form.refuse(refusal)
        return _start_page(form), refusal.status
    flash(done.sentence(), "done")
    return redirect(url_for("registers.start"))


@blueprint.get("/<register>.xlsx")
@requires_fresh()
@needs(Permission.site_read)
def export(register: str) -> Response:
    """The entries that hold today, as a file that comes back."""
    if register not in {code.value for code in SiteRegister}:
        raise Invalid("没有这本台账。", field="register")
    with tempfile.TemporaryDirectory(prefix="xiaohao-") as folder:
        path = Path(folder) / f"{register}.xlsx"
        export_entries(current_actor(), SiteRegister(register), path)
        content = path.read_bytes()
    return send_file(BytesIO(content), as_attachment=True, download_name=f"{REGISTERS[SiteRegister(register)].word}.xlsx")


def _start_page(form: RegisterFileForm, outcome: RegisterOutcome | None = None, *, may_confirm: bool = False) -> str:
    is_looked_at = outcome is not None and outcome.is_dry and not outcome.troubles and not outcome.already
    return render_template("tables/registers.html", form=form, outcome=outcome, registers=REGISTERS,
                           may_confirm=may_confirm or is_looked_at,
                           batches=batches.batches(current_actor()), entered=ENTERED)
