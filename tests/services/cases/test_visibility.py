"""Who sees which case: every role against cases of the own and of another area and unit. Absent and forbidden look alike."""

import pytest

from tests.support.district import OTHER_STREET_AREA, PEOPLE
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import NotFound
from tracker.domain.rules.lights import light_bounds
from tracker.services.cases import steps
from tracker.services.evidence import evidence
from tracker.services.house.work import Work, wiring
from tracker.services.people import access
from tracker.services.rules import rules
from tracker.storage.cases import page as case_page
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import register
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db

S = CaseState
AREA_PEOPLE = {"inspector", "clerk", "dispatcher", "dispatcher2", "verifier", "verifier2", "street_verifier", "below_verifier",
               "supporting_verifier", "lead", "lead2", "auditor", "admin", "many_hats"}  # fmt: skip
# which case → who sees it; everybody else does not
SEEN = {
    "registered, home": AREA_PEOPLE | {"supervisor"},
    "street leads, city management supports": AREA_PEOPLE | {"supervisor", "officer", "officer2", "below_officer", "supporter"},
    "railway leads": AREA_PEOPLE | {"supervisor", "railman"},
    "the street's sub-unit leads": AREA_PEOPLE | {"supervisor", "officer", "officer2", "below_officer"},
    "other district": {"supervisor", "other_dispatcher", "other_verifier", "other_lead"},
    "other district, street leads": {"supervisor", "other_dispatcher", "other_verifier", "other_lead", "officer", "officer2",
                                     "below_officer", "many_hats"},
    "other district, sponsored by a lead of ours": {"supervisor", "other_dispatcher", "other_verifier", "other_lead", "lead"},
}  # fmt: skip


def make(town: Town) -> dict[str, str]:
    """The cases, walked."""
    elsewhere = {"by": "other_dispatcher", "area_code": OTHER_STREET_AREA}
    cases = {name: town.registered(**(elsewhere if name.startswith("other") else {}), uploads=[]) for name in SEEN}
    for name, lead, supporting in (("street leads, city management supports", "XH-CYZ", "XH-CG"), ("railway leads", "TL-NC", ""),
                                   ("the street's sub-unit leads", "XH-CYZ-JS", "")):
        town.do(cases[name], "assign", lead_unit=lead, supporting_units=supporting)
    town.do(cases["other district, street leads"], "assign", by="other_dispatcher", lead_unit="XH-CYZ", supporting_units="")
    sponsored = db.session.query(Case).filter_by(number=cases["other district, sponsored by a lead of ours"]).one()
    # no deed lets a sponsor be of another area; the fence must hold for such a row too
    sponsored.sponsor_id = town.people["lead"]
    db.session.commit()
    return cases


def sees(town: Town, login: str, number: str) -> set[bool]:
    """What every way to a case answers; one answer, if the fence is one fence."""
    actor = town.actor(login)
    answers = set()
    for way in (lambda: case_page.case_page(db.session(), actor.scope(), number), lambda: steps.offered(actor, number),
                lambda: fetch(login, number)):
        try:
            way()
            answers.add(True)
        except NotFound:
            answers.add(False)
    bounds = light_bounds(town.clock.today(), rules.calendar())
    listed = {line.number for line in register.page(db.session(), actor.scope(), register.Filters(), bounds).lines}
    return answers | {number in listed}


def fetch(login: str, number: str) -> None:
    actor = access.actor_by_login(login)
    with Work(wiring()) as work:
        access.case_for(work, actor, number)


def test_every_role_sees_its_cases_and_no_others_by_every_way(town: Town) -> None:
    cases = make(town)
    logins = [login for login, *_ in PEOPLE]
    wrong = [(name, login, found) for name, number in cases.items() for login in logins
             if (found := sees(town, login, number)) != {login in SEEN[name]}]
    assert wrong == []


@pytest.mark.one_engine
def test_absent_and_forbidden_have_the_same_sentence_whatever_the_way(town: Town) -> None:
    number = make(town)["other district"]
    actor, sentences = town.actor("officer"), set()
    for asked in (number, "XH-2026-999999", "nonsense"):
        for way in (lambda n: case_page.case_page(db.session(), actor.scope(), n), lambda n: steps.offered(actor, n),
                    lambda n: steps.take(actor, n, "comment", {"text": "?"}), lambda n: fetch("officer", n)):
            with pytest.raises(NotFound) as refusal:
                way(asked)
            sentences.add((refusal.value.sentence.replace(asked, "…"), refusal.value.code))
    assert len(sentences) == 1


@pytest.mark.one_engine
def test_a_file_is_seen_by_who_sees_its_case_and_by_nobody_else(town: Town) -> None:
    number = town.case_in(S.submitted, "PATROL")
    (first, *_) = db.session.query(EvidenceRow.id).filter_by(subject=f"case:{number}").order_by(EvidenceRow.id)
    answers, sentences = {}, set()
    for login, *_rest in PEOPLE:
        try:
            answers[login] = bool(evidence.open_file(town.actor(login), first.id).content)
        except NotFound as refusal:
            answers[login], sentences = False, sentences | {refusal.sentence}
    assert {login for login, seen in answers.items() if seen} == SEEN["street leads, city management supports"]
    assert sentences == {"没有找到这份证据，或您无权查看。"}
    with pytest.raises(NotFound, match="没有找到这份证据，或您无权查看。"):
        evidence.open_file(town.actor("dispatcher"), 10**6)


@pytest.mark.one_engine
def test_a_revoked_role_opens_nothing_from_that_moment(town: Town) -> None:
    from tracker.storage.people.accounts import RoleGrant

    number = town.registered()
    town.do(number, "comment")
    db.session.query(RoleGrant).filter_by(person_id=town.people["dispatcher"]).update({"revoked_at": town.clock.now()})
    db.session.commit()
    assert isinstance(town.refused(number, "comment"), NotFound)
