"""Reporters kept beside cases, and opened as the law has it: one person asks, another decides."""

from typing import Any

from sqlalchemy import select

from tests.support.makers import Town
from tests.support.visitors import send
from tracker.domain.cases.identities.requesting import RequestPurpose
from tracker.services.cases import identities
from tracker.services.cases.identities import Reporter
from tracker.services.house.work import Work, deed
from tracker.storage.cases.cases import Case

REASON = "回访核实，需电话核对地点"


@deed
def kept(work: Work, number: str, reporter: Reporter) -> int | None:
    """The reporter of a case, sealed after it was registered."""
    case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
    return identities.keep(work, case_id, name=reporter.name, phone=reporter.phone, address=reporter.address, text=reporter.text)


def asked(town: Town, number: str, *, by: str = "custodian", reason: str = REASON, code: str = "clarify") -> int:
    """A custodian asks to open the reporters of a case; the request's id."""
    return identities.ask(town.actor(by), number, RequestPurpose.reveal, code, reason)


def granted(town: Town, number: str, *, by: str = "custodian", decider: str = "lead", reason: str = REASON) -> int:
    """The same, and it was granted."""
    request = asked(town, number, by=by, reason=reason)
    identities.decide(town.actor(decider), request, True, "")
    return request


def opened(town: Town, number: str) -> tuple[Reporter, ...]:
    """The reporters of a case as its custodian sees them."""
    return identities.reveal(town.actor("custodian"), granted(town, number)).reporters


def asked_to_erase(town: Town, number: str) -> int:
    """A custodian asks to erase the reporters of a case."""
    return identities.ask(town.actor("custodian"), number, RequestPurpose.erase, "pipl_47_consent",
                          "本人书面撤回同意，要求删除", "西环信〔2026〕3号")


def opened_on_pages(custodian: Any, lead: Any, number: str) -> Any:
    """The page of a case's reporters, by the forms of two browsers."""
    sent = send(custodian, "/identities", {"number": number, "code": "clarify", "reason": REASON})
    assert sent.status_code == 302
    page = sent.location
    assert send(lead, page, {"outcome": "grant", "decision": ""}).status_code == 302
    return send(custodian, f"{page}/open", {})
