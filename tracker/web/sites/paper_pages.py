"""Files added to an entry of a site."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import MultipleFileField

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.sites.registers import REGISTERS, SiteRegister
from tracker.services.evidence.evidence import Upload
from tracker.services.inspection import site_papers
from tracker.web.house.forms import HouseForm
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.sites.entry_pages import entry_at

blueprint = Blueprint("site_papers", __name__, url_prefix="/sites/<code>/entries/<int:entry_id>/files")


class PapersForm(HouseForm):
    """Files, as many as are chosen."""

    files = MultipleFileField("文件", description="照片 jpg、png、webp、heic，文档 pdf、docx、xlsx")

    def uploads(self) -> list[Upload]:
        """What was chosen."""
        return [Upload(each.filename, each.stream.read()) for each in self.files.data or ()
                if isinstance(each, FileStorage) and each.filename]


@blueprint.get("")
@needs(Permission.site_manage)
def new(code: str, entry_id: int) -> str:
    """The form."""
    return _papers_page(code, entry_id, PapersForm(formdata=None))


@blueprint.post("")
@needs(Permission.site_manage)
def add(code: str, entry_id: int) -> Response | Page:
    """Files added; a refusal says why, and nothing was kept."""
    form = PapersForm()
    if not form.validate():
        return _papers_page(code, entry_id, form), 422
    try:
        count = site_papers.attach(current_actor(), code, entry_id, form.uploads())
    except Refusal as refusal:
        form.refuse(refusal)
        return _papers_page(code, entry_id, form), refusal.status
    flash(Say("已添加 {count} 个文件。", count=count), "done")
    return redirect(url_for("sites.show", code=code.upper()))


def _papers_page(code: str, entry_id: int, form: PapersForm) -> str:
    found, entry = entry_at(code, entry_id)
    return render_template("sites/papers.html", site=found.head, entry=entry, form=form,
                           register=REGISTERS[SiteRegister(entry.register)])
