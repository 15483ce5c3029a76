"""The roster of inspectors, and their interests, as master data."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, cell_text
from tracker.domain.house.say import Say
from tracker.domain.inspection.fact_kinds import InspectorFacts
from tracker.domain.people.kinds import PersonKind
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.storage.inspection.inspections import InterestRow, RosterRow
from tracker.storage.people.accounts import Person
from tracker.storage.sites.sites import Site

GROUNDS: Choices = (("kin", "近亲属在该单位"), ("holding", "投资、任职或兼职"), ("business", "业务往来"), ("requested", "当事人申请回避，已同意"),
                    ("other", "其他可能影响公正的"))
LOGIN = MasterField("person", "登录名", longest=60, is_required=True, is_fixed=True)
FROM = MasterField("valid_from", "自", FieldKind.date, is_required=True, is_fixed=True)
TO = MasterField("valid_to", "最后一天", FieldKind.date)
ROSTER = MasterTable("inspectors", "检查人员名录", "谁持有执法证件，可以派去检查、参加抽取：从哪天起，到哪天止", (
    LOGIN, MasterField("certificate_no", "执法证号", longest=40, is_required=True, is_personal=True), FROM, TO,
), Permission.inspection_assign, ("person", "valid_from"))
INTERESTS = MasterTable("interests", "检查回避", "谁不检查哪个监管对象：本人申报的，或当事人申请、经同意的", (
    LOGIN, MasterField("site", "监管对象编号", longest=20, is_required=True, is_fixed=True),
    MasterField("ground", "回避事由", FieldKind.choice, choices=GROUNDS, is_required=True),
    MasterField("document_no", "决定文号", longest=80), FROM, TO,
), Permission.inspection_assign, ("person", "site", "valid_from"))


def _roster_rows(session: Session) -> Iterator[MasterValues]:
    query = select(RosterRow, Person.login).join(Person, Person.id == RosterRow.person_id)
    for row, login in session.execute(query.order_by(Person.login, RosterRow.valid_from)):
        yield {"person": login, "certificate_no": row.certificate_no, "valid_from": row.valid_from, "valid_to": row.valid_to}


def _save_officer(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, person = edit.values, _person_in(work, by, edit)
    begins, ends = _days_in(edit)
    others = [each for each in work.session.scalars(select(RosterRow).where(RosterRow.person_id == person.id).with_for_update())
              if each.valid_from != begins]
    if any(_held_within(each, begins, ends) for each in others):
        raise Conflict(Say("“{name}”在这段时间已在名录中。", name=person.name), code="taken", field="valid_from")
    row = RosterRow(person_id=person.id, valid_from=begins) if edit.is_new else work.session.scalars(
        select(RosterRow).where(RosterRow.person_id == person.id, RosterRow.valid_from == begins)).one()
    row.certificate_no, row.valid_to = cell_text(values["certificate_no"]), ends
    work.session.add(row)
    _tell_edit(work, by, edit, person, InspectorFacts.added if edit.is_new else InspectorFacts.changed)


def _interest_rows(session: Session) -> Iterator[MasterValues]:
    query = (select(InterestRow, Person.login, Site.code).join(Person, Person.id == InterestRow.person_id)
             .join(Site, Site.id == InterestRow.site_id))
    for row, login, code in session.execute(query.order_by(Person.login, Site.code, InterestRow.valid_from)):
        yield {"person": login, "site": code, "ground": row.ground, "document_no": row.document_no or None,
               "valid_from": row.valid_from, "valid_to": row.valid_to}


def _save_interest(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, person = edit.values, _person_in(work, by, edit)
    begins, ends = _days_in(edit)
    site = work.session.scalar(select(Site).where(Site.code == str(values["site"]).strip().upper()))
    if site is None:
        raise Invalid(Say("没有编号为“{code}”的监管对象。", code=str(values["site"])), field="site")
    row = InterestRow(person_id=person.id, site_id=site.id, valid_from=begins) if edit.is_new else work.session.scalars(
        select(InterestRow).where(InterestRow.person_id == person.id, InterestRow.site_id == site.id,
                                  InterestRow.valid_from == begins)).one()
    row.ground, row.document_no, row.valid_to = str(values["ground"]), cell_text(values["document_no"]), ends
    work.session.add(row)
    _tell_edit(work, by, edit, person, InspectorFacts.interest_added if edit.is_new else InspectorFacts.interest_changed)


def _person_in(work: Work, by: Actor, edit: MasterEdit) -> Person:
    """The person in office with this login. Raises `Invalid` for nobody, `NotAllowed` for who assigns nobody."""
    if by is not OPERATOR and not by.has(Permission.inspection_assign):
        raise NotAllowed("您没有安排检查的权限。", code="no_permission")
    login = str(edit.values["person"]).strip().lower()
    person = work.session.scalar(select(Person).where(Person.login == login, Person.kind == PersonKind.person))
    if person is None or (person.deactivated_on is not None and edit.is_new):
        raise Invalid(Say("没有登录名为“{login}”的在岗人员。", login=login), field="person")
    return person


def _days_in(edit: MasterEdit) -> tuple[date, date | None]:
    begins, ends = edit.values["valid_from"], edit.values["valid_to"]
    assert isinstance(begins, date)
    if isinstance(ends, date) and ends < begins:
        raise Invalid(Say("最后一天 {ends} 早于 {begins}。", ends=ends, begins=begins), field="valid_to")
    return begins, ends if isinstance(ends, date) else None


def _held_within(row: RosterRow, begins: date, ends: date | None) -> bool:
    return (row.valid_to is None or row.valid_to >= begins) and (ends is None or ends >= row.valid_from)


def _tell_edit(work: Work, by: Actor, edit: MasterEdit, person: Person, kind: FactKind) -> None:
    work.session.flush()
    work.record(f"inspector:{person.login}", kind, by, edit.told())


MASTERS = (
    Master(ROSTER, _roster_rows, _save_officer, lambda values: f"inspector:{values['person']}", is_stream_shared=True),
    Master(INTERESTS, _interest_rows, _save_interest, lambda values: f"inspector:{values['person']}", is_stream_shared=True),
)
