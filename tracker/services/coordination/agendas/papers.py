"""Papers of a joint meeting, as an office sends them: the notice with the agenda, and the minutes, which stay as they were
issued."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.cases.papers.official import FormRow, OfficialPaper, paper_of, text_of
from tracker.domain.cases.step_fields import MEETING_OUTCOMES
from tracker.domain.coordination.meetings import (
    CHAIR,
    ITEMS,
    MINUTES,
    MINUTES_DIGEST,
    OUTCOME,
    MeetingState,
    MeetingSteps,
    standing_items,
)
from tracker.domain.house.errors import NotFound
from tracker.domain.house.links import to_act, url_of
from tracker.gateways.reports.docx_official import write_official
from tracker.services.acts.effects import ActDoing
from tracker.services.cases.papers.telling import day_words
from tracker.services.house.work import reading, wiring
from tracker.services.territory import offices
from tracker.storage.acts.acts import Act
from tracker.storage.acts.page import ActHead
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.cases.titles import unit_names
from tracker.storage.people import people

AGENDA, MINUTES_TITLE = "会议通知", "会议纪要"
OUTCOMES, LIST = dict(MEETING_OUTCOMES), "、"


@dataclass(frozen=True)
class _Said:
    """A meeting by its row and facts, with the names of units."""

    number: str
    title: str
    area_code: str
    details: Mapping[str, Any]
    facts: Sequence[FactEntry]
    units: Mapping[int, str]
    chair: str

    def last(self, kind: str) -> Mapping[str, Any]:
        return next((fact.details for fact in reversed(self.facts) if fact.kind == kind), {})

    def fact(self, seq: object) -> Mapping[str, Any]:
        return next((fact.details for fact in self.facts if fact.seq == seq), {})

    def named(self, ids: Iterable[int], absent: Iterable[int] = ()) -> str:
        gone = frozenset(absent)
        return LIST.join(f"{self.units.get(unit, '—')}{'（未到会）' if unit in gone else ''}" for unit in ids)

    @property
    def items(self) -> tuple[Mapping[str, Any], ...]:
        return standing_items(self.details.get(ITEMS, ()))

    @property
    def place(self) -> str:
        return str(self.last(MeetingSteps.call.fact).get("place") or "—")

    @property
    def when(self) -> str:
        at = datetime.fromisoformat(str(self.details["held_at"]))
        return f"{day_words(at.date())} {at:%H:%M}"

    def question(self, item: Mapping[str, Any]) -> str:
        about = str(item["target"]).partition(":")[2]
        return f"{self.fact(item['asked']).get('question') or '—'}{f'（{about}）' if about else ''}"


def write_agenda(head: ActHead, facts: Sequence[FactEntry]) -> bytes:
    """The notice with the time that holds now and what stands on the agenda. Raises `NotFound` before the meeting is called."""
    _require_called(head)
    return write_official(_agenda_of(_said_of(reading(), head, facts)))


def agenda_file(session: Session, act: Act) -> bytes:
    """The same inside the deed that calls the meeting."""
    return write_official(_agenda_of(_said_of(session, act, entries(session, act.stream))))


def minutes_told(doing: ActDoing) -> dict[str, str]:
    """What the fact of the issue says of the minutes: their text, which lies with the words, and its digest."""
    session, act = doing.work.session, doing.act
    text = text_of(_minutes_of(_said_of(session, act, entries(session, act.stream)), doing.text("document_no"), doing.today))
    return {MINUTES: text, MINUTES_DIGEST: hashlib.sha256(text.encode()).hexdigest()}


def write_minutes(head: Act | ActHead, facts: Sequence[FactEntry]) -> bytes:
    """The minutes as they were issued, the same bytes ever after: from the text that the fact keeps, whatever was corrected
    since. Raises `NotFound` before that, and where the text was erased."""
    issued = _issue_among(facts)
    paper, digest = paper_of(str(issued.details[MINUTES])), issued.details[MINUTES_DIGEST]
    proof = (f"纪要正文散列 {digest}", f"账本 {head.number} 第 {issued.seq} 条 {issued.digest}")
    return write_official(replace(paper, foot=(*paper.foot, *proof)))


def _require_called(head: ActHead) -> None:
    if not head.details.get("held_at") or head.state == MeetingState.cancelled:
        raise NotFound("会议通知后才有会议通知文书。")


def _issue_among(facts: Sequence[FactEntry]) -> FactEntry:
    issued = next((fact for fact in facts if fact.kind == MeetingSteps.issue.fact), None)
    if issued is None or not issued.details.get(MINUTES_DIGEST):
        raise NotFound("纪要还没有印发。")
    if not issued.details.get(MINUTES):
        raise NotFound("纪要的文字已依法删除。")
    return issued


def _said_of(session: Session, act: Act | ActHead, facts: Sequence[FactEntry]) -> _Said:
    chair = act.details.get(CHAIR)
    return _Said(act.number, act.title, act.area_code, act.details, facts, unit_names(session),
                 people.name_of(session, chair) if chair else "—")


def _agenda_of(said: _Said) -> OfficialPaper:
    called = next(fact for fact in reversed(said.facts) if fact.kind == MeetingSteps.call.fact)
    on = wiring().clock.local(called.at).date()
    invited = said.named(called.details["unit_ids"])
    office = _office_of(said.area_code, on)
    items = tuple(f"第{place}项　{said.question(item)}" for place, item in enumerate(said.items, start=1))
    off = "（休息日）" if said.details.get("is_day_off") else ""
    return OfficialPaper(
        title=tuple(filter(None, (office, f"关于召开{said.title}的通知"))), number=said.number, addressee=invited,
        paragraphs=("经研究，决定召开联席会议。现将有关事项通知如下，请按时参加并准备意见。",),
        form=(FormRow((("会议名称", said.title),)), FormRow((("时间", f"{said.when}{off}"), ("地点", said.place))),
              FormRow((("主持人", said.chair), ("议题", f"{len(items)} 项"))), FormRow((("参会单位", invited),))),
        closing=("会议议题：", *items), signed_by=office, dated_on=on, opens=_address_of(said), opens_of="会议")


def _minutes_of(said: _Said, document_no: str, on: date) -> OfficialPaper:
    held, office = said.last(MeetingSteps.hold.fact), _office_of(said.area_code, on)
    invited = said.last(MeetingSteps.call.fact).get("unit_ids", [])
    came, absent = held["unit_ids"], held["absent_unit_ids"]
    decided = [said.fact(item["decided"]) for item in said.items if item.get(OUTCOME)]
    copies = dict.fromkeys([*invited, *came, *(unit for each in decided for unit in _units_in(each))])
    opening = (f"{said.when}，{said.chair}在{said.place}主持召开{said.title}（{said.number}），"
               f"{said.named(came)}等 {len(came)} 个单位共 {held['person_count']} 人参加。")
    gone = (f"未到会单位：{said.named(absent)}。",) if absent else ()
    lines = tuple(line for place, item in enumerate(said.items, start=1) for line in _item_lines(said, place, item))
    return OfficialPaper(title=tuple(filter(None, (office, f"{said.title}纪要"))), number=document_no,
                         paragraphs=(opening, *gone, "会议议定：", *lines), signed_by=office, dated_on=on,
                         copies=said.named(copies))


def _item_lines(said: _Said, place: int, item: Mapping[str, Any]) -> Iterable[str]:
    decided, outcome = said.fact(item["decided"]), OUTCOMES[str(item[OUTCOME])]
    yield f"第{place}项　{said.question(item)}"
    text = str(decided.get("text") or "")
    yield f"{outcome}：{text}{'。' if text[-1:].isalnum() else ''}"
    lead, units = decided.get("lead_unit_ids") or [], decided.get("unit_ids") or []
    told = [f"主办单位：{said.named(lead, decided.get('absent_unit_ids', ()))}"] if lead else []
    told += [f"{'协办' if lead else '责任'}单位：{said.named(units, decided.get('absent_unit_ids', ()))}"] if units else []
    told += [f"完成期限：{day_words(date.fromisoformat(str(decided['due_on'])))}"] if decided.get("due_on") else []
    if told:
        yield f"{'；'.join(told)}。"


def _units_in(decided: Mapping[str, Any]) -> list[int]:
    return [*(decided.get("lead_unit_ids") or []), *(decided.get("unit_ids") or [])]


def _office_of(area_code: str, on: date) -> str:
    office = offices.all_offices().of(area_code, on)
    return office.name if office else ""


def _address_of(said: _Said) -> str:
    return url_of(to_act(said.number), wiring().base_url)
