"""Cases made by walking the real deeds, never by setting columns."""

import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests.support.district import STREET_AREA, District, settle
from tracker.domain.cases.belonging.checks import CaseChecks
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.evidence.evidence import EvidenceRole, evidence_set_digest
from tracker.domain.house.actor import CLOCK, Actor
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Refusal
from tracker.domain.house.ledger import Fact
from tracker.domain.house.lifecycle import rows_of
from tracker.domain.house.words import WORDS
from tracker.domain.people.delegation import acting
from tracker.services.cases import intake
from tracker.services.cases import steps as case_steps
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.cases.intake import RegisterOrder
from tracker.services.cases.steps import Outcome
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.rules import book
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow

OFFICE = "%Y-%m-%d %H:%M"
_serial = count()

# step -> who takes it, and what is given; {…} is filled in when the step is taken
SILENCE_COUNTS = '{"is_on": true, "document_no": "洪府办发〔2026〕8号"}'
DEFAULTS: dict[str, tuple[str, dict[str, object]]] = {
    "assign": ("dispatcher", {"lead_unit": "XH-CYZ", "supporting_units": "XH-CG"}),
    "decline": ("dispatcher", {"reason_code": "no_facts"}),
    "transfer": ("dispatcher", {"authority": "市公安局", "document_no": "西环移〔2026〕1号"}),
    "merge": ("dispatcher", {"master": "{master}", "reason": "同一点位"}),
    "unmerge": ("dispatcher", {"reason": "不是同一点位"}),
    "retract": ("clerk", {"reason": "登记重复"}),
    "recall": ("dispatcher", {"reason": "交错了单位"}),
    "acknowledge": ("officer", {}),
    "request_return": ("officer", {"reason_code": "not_ours", "reason": "权责清单第3条"}),
    "grant_return": ("dispatcher", {}),
    "refuse_return": ("dispatcher", {"reason": "属于贵单位职责"}),
    "dispute": ("officer", {"reason": "属铁路用地"}),
    "designate": ("supervisor", {"lead_unit": "XH-CYZ", "designated_by": "joint_meeting", "reason": "联席会议决定"}),
    "request_extension": ("officer", {"new_due_on": "{due+7}", "reason": "连续降雨"}),
    "grant_extension": ("dispatcher", {}),
    "refuse_extension": ("dispatcher", {"reason": "理由不足"}),
    "suspend": ("dispatcher", {"reason_code": "court", "reason": "诉讼未结"}),
    "resume": ("dispatcher", {}),
    "request_phase": ("officer", {"plan": "年内完成管网改造", "next_on": "{today+30}"}),
    "grant_phase": ("dispatcher", {}),
    "refuse_phase": ("dispatcher", {"reason": "应一次整改到位"}),
    "resume_phase": ("officer", {}),
    "submit": ("officer", {"finding": "true", "measures": "已清运垃圾并硬化地面"}),
    "withdraw": ("officer", {}),
    "verify": ("verifier", {"onsite_at": "{now}", "onsite_people": "核查组两人", "conclusion": "整改到位"}),
    "reject": ("verifier", {"reason": "仍有残留"}),
    "open_notice": ("dispatcher", {"notice_text": "某处垃圾已清运"}),
    "receive_objection": ("dispatcher", {"objector": "resident", "objection": "称仍有异味", "received_on": "{today}"}),
    "dismiss_objection": ("dispatcher", {"objection_no": "1", "reason": "监测达标"}),
    "sustain_objection": ("dispatcher", {"objection_no": "1", "reason": "现场复核属实"}),
    "end_notice": ("clock", {}),
    "close": ("lead", {"reason": "同意销号"}),
    "refuse_close": ("lead", {"reason": "佐证不足"}),
    "reopen": ("dispatcher", {"reason": "回头看发现反弹"}),
    "void": ("dispatcher", {"reason_code": "mistaken"}),
    "send_down": ("dispatcher", {"candidate_units": "XH-CYZ、TL-NC"}),
    "recheck": ("inspector", {"onsite_at": "{now}", "onsite_place": "28.66090, 115.92005, 3", "fence_seen": "outside",
                              "owner_seen": "local"}),
    "claim": ("officer", {"extent": "whole"}),
    "presume": ("clock", {}),
    "disclaim": ("railman", {"reason_code": "outside_limit", "reason": "在围栏以外"}),
    "confirm": ("dispatcher", {"lead_unit": "XH-CYZ", "supporting_units": "XH-CG", "reason": "按现场复核结果"}),
    "find_nothing": ("dispatcher", {"reason_code": "not_found", "reason": "现场已清理，未见所述问题"}),
    "comment": ("dispatcher", {"text": "请关注"}),
    "progress": ("officer", {"text": "已进场施工"}),
    "support_reply": ("supporter", {"text": "同意，已派人配合"}),
    "add_evidence": ("dispatcher", {"evidence_role": "document"}),
    "urge": ("dispatcher", {"text": "请抓紧"}),
    "open_supervision": ("supervisor", {"level": "listed", "reason": "群众反映强烈", "document_no": "西环督〔2026〕2号"}),
    "lift_supervision": ("supervisor", {"reason": "已见成效"}),
    "set_sponsor": ("dispatcher", {"sponsor": "lead"}),
    "set_works": ("dispatcher", {"works": "demolish、clear", "standard": "urban"}),
    "joint_meeting_decision": ("dispatcher", {"held_on": "{today}", "text": "由街道牵头"}),
    "escalate": ("dispatcher", {"reason": "涉及两区"}),
    "call_back": ("clerk", {"satisfaction": "satisfied"}),
    "look_back": ("inspector", {"checked_on": "{today}", "result": "failed", "text": "又见堆放"}),
    "correct_field": ("dispatcher", {"field": "place", "value": "桃花河东岸", "reason": "地点写错"}),
}
# Photos that come with a step where the gates ask for them, and what has to happen before a step that answers something.
PHOTOGRAPHED = ("submit", "verify", "add_evidence", "recheck")
FIRST = {
    "grant_return": "request_return", "refuse_return": "request_return", "grant_extension": "request_extension",
    "refuse_extension": "request_extension", "grant_phase": "request_phase", "refuse_phase": "request_phase",
    "dismiss_objection": "receive_objection", "sustain_objection": "receive_objection",
    "confirm": "recheck", "reopen": "look_back", "lift_supervision": "open_supervision", "find_nothing": "recheck",
}


CHECKS = frozenset(step.name for step in rows_of(CaseChecks, CaseStep))
CONFIRMED = ("send_down", "confirm")  # instead of an assignment


def photo(name: str = "photo.jpg", role: EvidenceRole | None = None) -> Upload:
    """A small picture that no other upload equals."""
    return Upload(name, jpeg(next(_serial)), role)


@cache
def jpeg(serial: int, taken: str = "") -> bytes:
    """A tiny JPEG; every serial its own bytes. `taken` is when, as a camera writes it."""
    out, tags = io.BytesIO(), Image.Exif()
    if taken:
        tags.get_ifd(0x8769)[36867] = taken
    Image.new("RGB", (16, 12), (serial % 256, serial // 256 % 256, 120)).save(out, "JPEG", comment=f"photo {serial}".encode(),
                                                                              **({"exif": tags} if taken else {}))
    return out.getvalue()


def placed_photo(name: str = "举报.jpg") -> Upload:
    """A photo that says where it was taken and by which device."""
    image, out, tags = Image.new("RGB", (16, 12), (next(_serial) % 256, 7, 7)), io.BytesIO(), Image.Exif()
    tags[0x0110] = PHONE_MODEL
    tags.get_ifd(0x8825).update({1: "N", 2: (28.0, 39.0, 25.2), 3: "E", 4: (115.0, 52.0, 37.2)})
    image.save(out, "JPEG", exif=tags)
    return Upload(name, out.getvalue())


PHONE_MODEL = "SpyPhone 9"
PAPER = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def paper(name: str = "报告.pdf") -> Upload:
    """A document that no other upload equals."""
    return Upload(name, PAPER + f"% {next(_serial)}\n".encode())


class Town:
    """The district inside an application context, with short ways to act in it."""

    def __init__(self, district: District) -> None:
        self.units, self.people = district.units, district.people
        clock = wiring().clock
        assert isinstance(clock, SetClock)
        self.clock = clock

    @classmethod
    def founded(cls) -> "Town":
        """A new district in the empty database of the running application."""
        return cls(settle())

    def actor(self, login: str) -> Actor:
        """The person as the law sees them now; `clock` is the clock, and `a>b` is a standing in for b."""
        human, _, principal = login.partition(">")
        if principal:
            return acting(self.actor(human), self.actor(principal))
        return CLOCK if login == "clock" else access.at_command_line(login)

    def registered(self, source: str = "H12345", *, by: str = "clerk", uploads: Iterable[Upload] | None = None,
                   **order: Any) -> str:
        """A case on the register; its number. Patrol sources come with a before-photo."""
        filled = {"title": "河边垃圾", "description": "桃花河边长期堆放生活垃圾", "categories": ("garbage",), "area_code": STREET_AREA} | order
        if filled.get("channel") == "train" and "lat" not in filled:
            filled = {"sighting": Sighting("", "K1449+300")} | filled
        shown = [photo("前.jpg")] if uploads is None and source in ("PATROL", "RAIL") else list(uploads or ())
        return intake.register(self.actor(by), RegisterOrder(source=source, **filled), uploads=shown).number

    def take(self, number: str, step: str, *, by: str = "", seq: int | None = None, uploads: Iterable[Upload] = (),
             **given: object) -> Outcome:
        """One step exactly as given: by whom the table says unless told, with nothing filled in."""
        return case_steps.take(self.actor(by or DEFAULTS[step][0]), number, step, given, seq=seq, uploads=tuple(uploads))

    def do(self, number: str, step: str, *, by: str = "", uploads: Iterable[Upload] | None = None, **given: object) -> Outcome:
        """One step with the default values for whatever is not given, photos included."""
        shown = ([photo()] if step in PHOTOGRAPHED else []) if uploads is None else list(uploads)
        return self.take(number, step, by=by, uploads=shown, **self.filled(number, step, given))

    def refused(self, number: str, step: str, **how: Any) -> Refusal:
        """The refusal of a step with default values, after making sure that it left everything as it was."""
        given = {name: value for name, value in how.items() if name not in ("by", "uploads", "seq")}
        how |= self.filled(number, step, given)
        before = self.snapshot(number)
        with pytest.raises(Refusal) as refusal:
            self.do(number, step, **how)
        assert self.snapshot(number) == before
        assert refusal.value.sentence.endswith("。")
        return refusal.value

    def filled(self, number: str, step: str, given: Mapping[str, object]) -> dict[str, object]:
        """What is given, and the default values for the rest."""
        values = DEFAULTS[step][1]
        return {name: self._filled(number, value) for name, value in values.items() if name not in given} | dict(given)

    def walk(self, number: str, *steps: str) -> Outcome:
        """Several steps with default values, each preceded by what it answers; the clock goes on where it must."""
        outcome = None
        for step in steps:
            if step in FIRST:
                self.do(number, FIRST[step])
            if step == "end_notice":
                self.clock.move_to(self.clock.end_of(self.row(number).notice_to_on or self.clock.today()))
            if step == "presume":
                book.set_value(self.actor("admin"), "silence_is_claim", SILENCE_COUNTS, self.clock.today(), "洪府办发〔2026〕8号")
                self.clock.move_to(self.clock.end_of(self.row(number).confirm_due_on or self.clock.today()))
            outcome = self.do(number, step)
        assert outcome is not None
        return outcome

    def case_in(self, state: CaseState, source: str = "H12345", **order: Any) -> str:
        """A case that took the shortest way to this state, through a notice where its source needs one; its number."""
        number = self.registered("RAIL" if state is CaseState.checking else source, **order)
        for step in self.way(number, state):
            if step == "close" and self.row(number).source.is_notice_required:
                self.walk(number, "open_notice", "end_notice")
            self.walk(number, step)
        return number

    def started(self, step: str, source: str = "H12345", state: CaseState | None = None, **order: Any) -> str:
        """A case in the first state from which a step starts, or in another, of a source that has the step; its number."""
        is_checked = step in CHECKS
        return self.case_in(state or CaseState(CASE_FLOW.steps[step].froms[0]), "RAIL" if is_checked else source, **order)

    def way(self, number: str, state: CaseState) -> tuple[str, ...]:
        """The shortest way of a registered case to a state, through a confirmation where its source asks for one."""
        steps = CASE_FLOW.walk(CaseState.registered, state)
        if not self.row(number).source.needs_confirmation or "assign" not in steps:
            return steps
        return tuple(each for step in steps for each in (CONFIRMED if step == "assign" else (step,)))

    def given_to(self, number: str, lead: str = "XH-CYZ", supporting: str = "XH-CG", **given: object) -> Outcome:
        """The case is the unit's: assigned, or sent down, looked at and confirmed where its source asks for that."""
        if not self.row(number).source.needs_confirmation:
            return self.do(number, "assign", lead_unit=lead, supporting_units=supporting, **given)
        self.walk(number, "send_down", "recheck")
        return self.do(number, "confirm", lead_unit=lead, supporting_units=supporting, **given)

    def row(self, number: str) -> Case:
        """The case as the database has it now."""
        db.session.rollback()
        return db.session.scalars(select(Case).where(Case.number == number).execution_options(populate_existing=True)).one()

    def facts(self, number: str) -> tuple[Fact, ...]:
        """The case's stream."""
        return ledger.stream_of(db.session(), f"case:{number}")

    def shown(self, *numbers: str) -> dict[str, str]:
        """The evidence of these cases as a page shows it to who signs: its digest, by number."""
        return {number: evidence_set_digest(evidence.dossier(self.row(number)).exhibits) for number in numbers}

    def last(self, number: str) -> dict[str, Any]:
        """What the last fact says, its words among it."""
        return {name: each for name, each in self.facts(number)[-1].payload.items() if name != WORDS}

    def snapshot(self, number: str) -> tuple[object, ...]:
        """Everything that a refused step must leave alone."""
        row = self.row(number)
        counted = db.session.scalar(select(func.count()).select_from(FactRow))
        columns: Mapping[str, object] = {c.key: getattr(row, c.key) for c in Case.__mapper__.column_attrs}
        return counted, tuple(columns.items()), row.supporting_unit_ids

    def days_pass(self, days: int) -> None:
        """The clock goes on by whole days."""
        self.clock.advance(days=days)

    def _filled(self, number: str, value: object) -> object:
        if not isinstance(value, str) or not value.startswith("{"):
            return value
        today = self.clock.today()
        if value == "{master}":
            return self.registered()
        if value == "{now}":
            return self.clock.local(self.clock.now()).strftime(OFFICE)
        if value.startswith("{due+"):
            return ((self.row(number).due_on or today) + timedelta(days=int(value[5:-1]))).isoformat()
        days = int(value[7:-1]) if "+" in value else 0
        return (today + timedelta(days=days)).isoformat()
