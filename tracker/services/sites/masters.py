"""Supervised sites as master data: what they are called, where they lie, who supervises them day by day, whether they work."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, cell_text
from tracker.domain.house.say import Say
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.names import normalised_name
from tracker.domain.sites.registers import (
    CLASS_WORDS,
    SITE_KINDS,
    STATUS_WORDS,
    SiteRegister,
    SiteStatus,
    read_trade_code,
)
from tracker.gateways.sites.credit_codes import read_credit_code
from tracker.services.house.master.declaring import Master
from tracker.services.house.numbers import next_number
from tracker.services.house.work import Work, wiring
from tracker.services.people.masters.units import units_offered
from tracker.services.rules import rules
from tracker.services.sites import entries
from tracker.storage.people.accounts import Unit
from tracker.storage.sites.sites import Site, SiteName

SITES = MasterTable("sites", "监管对象", "企业、工地、餐饮、加油站等被监管的对象：名称、所在区划、日常监管单位、状态", (
    MasterField("code", "编号", hint="空着由系统编，如 S-000012", longest=20, is_fixed=True),
    MasterField("name", "名称", is_required=True),
    MasterField("kind", "类别", FieldKind.choice, choices=SITE_KINDS, is_required=True),
    MasterField("credit_code", "统一社会信用代码", longest=40, is_listed=False),
    MasterField("plant_no", "厂区序号", FieldKind.number, hint="一家有几处厂区的，从 1 编起", least=1, most=99, is_listed=False),
    MasterField("trade_code", "行业代码", hint="国民经济行业分类，如 C26", longest=10, is_listed=False),
    MasterField("area_code", "区划", FieldKind.choice, is_required=True),
    MasterField("address", "地址", longest=300, is_listed=False),
    MasterField("unit", "日常监管单位", FieldKind.choice),
    MasterField("status", "状态", FieldKind.choice, hint="空着为在营", choices=STATUS_WORDS),
    MasterField("status_from", "状态自", FieldKind.date, hint="不填则从今天起", is_listed=False),
    MasterField("site_class", "分类", FieldKind.choice, choices=CLASS_WORDS, is_derived=True),
), Permission.site_manage, ("code",), ends_by="", gives_key=True)
READ = ("name", "kind", "area_code", "address", "credit_code", "trade_code", "site_class")
PLAIN = ("name", "kind", "area_code", "address")


def _rows_now(session: Session) -> Iterator[MasterValues]:
    since = entries.first_days(session, SiteRegister.status)
    for row, unit in session.execute(select(Site, Unit.code).outerjoin(Unit, Unit.id == Site.unit_id).order_by(Site.code)):
        yield {"code": row.code, **{name: getattr(row, name) or None for name in READ},
               "plant_no": row.plant_no, "unit": unit, "status": row.status, "status_from": since.get(row.id)}


def _areas_offered(session: Session) -> Choices:
    return tuple((area.code, area.name) for area in rules.gazetteer().existing_on(wiring().clock.today()))


def _save_site(work: Work, by: Actor, edit: MasterEdit) -> None:
    values = edit.values
    if edit.is_new and values["code"]:
        raise Invalid(Say("没有编号为“{code}”的监管对象；新增的编号空着，由系统编。", code=values["code"]), field="code")
    row = _new_row(work) if edit.is_new else work.session.scalars(
        select(Site).where(Site.code == values["code"]).with_for_update()).one()
    before = "" if edit.is_new else row.name
    _require_reach(by, row.area_code, str(values["area_code"]))
    _fill_row(work, row, values)
    _require_single(work, row)
    if before and before != row.name:
        work.session.add(SiteName(site_id=row.id, name=before, normalised=normalised_name(before), last_on=work.clock.today()))
    row.seq += 0 if edit.is_new else 1
    work.session.add(row)
    work.session.flush()
    work.record(row.stream, SiteFacts.registered if edit.is_new else SiteFacts.changed, by, edit.told() | {"row": row.code})
    _settle_status(work, by, row, edit)


def _new_row(work: Work) -> Site:
    return Site(code=f"S-{next_number(work, 'site'):06d}", status=SiteStatus.active, site_class="", seq=1, area_code="")


def _require_reach(by: Actor, *areas: str) -> None:
    """Whoever manages sites does so in the own area: where it lies, and where it shall."""
    if by is not OPERATOR and not all(by.has_in(Permission.site_manage, each) for each in areas if each):
        raise NotAllowed("只能登记和修改本区域的监管对象。", code="out_of_reach", field="area_code")


def _fill_row(work: Work, row: Site, values: MasterValues) -> None:
    for name in PLAIN:
        setattr(row, name, cell_text(values[name]))
    row.normalised, row.plant_no = normalised_name(row.name), int(str(values["plant_no"] or 1))
    row.credit_code = read_credit_code(cell_text(values["credit_code"]))
    row.trade_code = read_trade_code(cell_text(values["trade_code"]))
    row.unit_id = work.session.scalar(select(Unit.id).where(Unit.code == values["unit"])) if values["unit"] else None


def _require_single(work: Work, row: Site) -> None:
    """One site is registered once. Raises `Conflict` naming the code of the one that is there."""
    same_name = (Site.normalised == row.normalised) & (Site.area_code == row.area_code) & (Site.plant_no == row.plant_no)
    same_code = (Site.credit_code == row.credit_code) & (Site.plant_no == row.plant_no) & (Site.credit_code != "")
    with work.session.no_autoflush:
        twin = work.session.scalar(select(Site.code).where(Site.code != row.code, or_(same_name, same_code)))
    if twin is not None:
        raise Conflict(Say("“{name}”已登记为 {code}；同一家的另一处厂区，请填厂区序号。", name=row.name, code=twin), code="taken", field="name")


def _settle_status(work: Work, by: Actor, row: Site, edit: MasterEdit) -> None:
    wanted, on = str(edit.values["status"] or SiteStatus.active), edit.values["status_from"]
    if wanted == row.status and not (edit.is_new and on):
        if "status_from" in edit.changed and not edit.is_new:
            raise Invalid("状态没有改动，不用写从哪天起。", field="status_from")
        return
    since = on if "status_from" in edit.changed and isinstance(on, date) else work.clock.today()
    entries.set_status(work, by, row, wanted, since)


MASTERS = (Master(SITES, _rows_now, _save_site, lambda values: f"site:{values['code']}",
                  {"unit": units_offered, "area_code": _areas_offered}),)
