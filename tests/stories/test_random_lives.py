"""Random steps by random people with random, often wrong, values while time goes on: the invariants hold after each.

row = fold of the facts · chain intact · a refused step changed nothing · the three persons differ on every closed case ·
seq = number of facts · the due date of lists is the case's · nothing but refusals comes out.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, note, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.support.district import PEOPLE
from tests.support.makers import DEFAULTS, Town, paper, photo
from tracker.domain.cases.facts import COMPLETED, CaseState
from tracker.domain.cases.flow import CASE_FLOW, MOVES
from tracker.domain.cases.folding import fold
from tracker.domain.cases.works.asking import demanded
from tracker.domain.cases.works.fields import ITEM
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Refusal
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import first_bad
from tracker.domain.rules.lights import Light, light_bounds
from tracker.services.cases.works.sheets import sheet_of_case
from tracker.services.evidence import evidence
from tracker.services.people import access
from tracker.services.rules import book, rules
from tracker.services.upkeep import clock_watch
from tracker.storage.cases.cases import FAR, Case
from tracker.storage.cases.register.register import NO_LIGHT, light_of
from tracker.storage.cases.rows import as_folded
from tracker.storage.house.base import db

STANDING_IN = ["officer2>officer", "clerk>officer", "officer>verifier", "verifier2>officer", "inspector>verifier",
               "verifier>lead",
               "supporter>lead", "lead2>many_hats", "many_hats>lead", "inspector>dispatcher", "officer>dispatcher"]  # fmt: skip
LOGINS = [login for login, *_ in PEOPLE] + ["clock"] + STANDING_IN
STEPS = sorted(CASE_FLOW.steps)
UNITS = ["XH-CYZ", "XH-CG", "XH-TY", "TL-NC", "XH-HB", "XH", "西湖街道", "没有这家"]
BAD = st.sampled_from(["", "   ", "明天", "2053-99-99", "-3", "0", "x" * 2500, "\x00", "XH-2026-999999", "2026-03-02",
                       "99999999999999999999"])
S = CaseState
SOURCES = ["H12345", "PATROL", "D2JX", "RAIL"]
BEGINNINGS = [S.registered, S.assigned, S.rectifying, S.rectifying, S.submitted, S.verified, S.noticing, S.closed]
ENDINGS = ("decline", "transfer", "void", "merge")
ONWARD = {step.name for step in MOVES if step.name not in ENDINGS} | {"look_back", "add_evidence"}
FINISHED = (S.merged, S.transferred, S.declined, S.voided)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Lives(RuleBasedStateMachine):
    """A few cases in one district; the clock moves forward only."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[str] = []
        self.touched: set[str] = set()
        self.town.clock.move_to(START)
        clock_watch.accept("又一轮")
        self.actors: dict[str, Actor] = {login: self.town.actor(login) for login in LOGINS}

    @initialize(starts=st.lists(st.tuples(st.sampled_from(SOURCES), st.sampled_from(BEGINNINGS)), min_size=3, max_size=3))
    def cases_have_come_some_way(self, starts: list[tuple[str, CaseState]]) -> None:
        self.cases = [self.town.case_in(state, source) for source, state in starts]
        self.cases.append(self.town.registered("D3JX", is_key=True))
        self.touched = set(self.cases)

    @rule(days=st.integers(0, 20), hours=st.integers(0, 23))
    def time_goes_on(self, days: int, hours: int) -> None:
        self.town.clock.advance(days=days, hours=hours)

    @rule(data=st.data())
    def somebody_takes_a_step_that_is_open(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.cases))
        open_now = self._open(number)
        onward = [step for step in open_now if step in ONWARD]
        step = data.draw(st.sampled_from(onward if onward and data.draw(st.integers(0, 7)) else sorted(open_now)))
        login = data.draw(st.sampled_from(open_now[step]))
        self._try(number, login, step, self._values(data, number, step, wrong=3))

    @rule(data=st.data())
    def somebody_tries_anything(self, data: st.DataObject) -> None:
        number, login, step = (data.draw(st.sampled_from(choice)) for choice in (self.cases, LOGINS, STEPS))
        self._try(number, login, step, self._values(data, number, step, wrong=30))

    @invariant()
    def every_case_is_what_its_facts_say(self) -> None:
        for number in self.touched:
            self._holds(number, self.town.row(number))
        self.touched = set()

    def _holds(self, number: str, case: Case) -> None:
        facts = self.town.facts(number)
        assert first_bad(facts) is None
        assert len(facts) == facts[-1].seq == case.seq
        folded = fold(facts)
        assert as_folded(db.session(), case, folded) == folded
        assert case.list_due_on == (case.due_on or FAR)
        persons = (case.submitted_by_id, case.verified_by_id, case.closed_by_id)
        everybody = [p for p in (*persons, case.submitted_for_id, case.verified_for_id, case.closed_for_id) if p is not None]
        assert len({*everybody}) == len(everybody), "somebody is two of the three, in person or in whoever's name"
        if case.state in (*COMPLETED, CaseState.closed):
            assert None not in persons[:2] and persons[0] != persons[1]
            assert case.verified_unit_id not in {part.unit_id for part in case.parts}
        if case.state is CaseState.closed:
            assert len({*persons}) == 3 and None not in persons
            assert case.evidence_digest and case.filing_no and case.closed_at
        assert (case.paused_from_on is not None) == (case.state is CaseState.suspended)
        assert case.pending is None or case.state in (CaseState.assigned, CaseState.rectifying)
        self._light_fits(case)

    def _light_fits(self, case: Case) -> None:
        today = self.town.clock.today()
        shown = light_of(case.state, case.due_on, light_bounds(today, rules.calendar()))
        if case.state is CaseState.closed:
            assert shown == Light.blue
        elif shown == Light.red:
            assert case.due_on is not None and case.due_on < today and case.state not in COMPLETED
        elif shown == NO_LIGHT:
            assert case.due_on is None or case.state in (CaseState.suspended, *FINISHED)

    def _open(self, number: str) -> dict[str, list[str]]:
        """The steps that are open now, each with the people to whom it is."""
        case = self.town.row(number)
        facts = access.facts_of(case, evidence.closing_gaps(case) if case.state in COMPLETED else ())
        found: dict[str, list[str]] = {}
        for name, step in CASE_FLOW.steps.items():
            able = [login for login, actor in self.actors.items() if CASE_FLOW.refusal(step, actor, facts) is None]
            if able:
                found[name] = able
        return found

    def _try(self, number: str, login: str, step: str, how: dict[str, Any]) -> None:
        before = self.town.snapshot(number)
        note(f"{self.town.clock.now():%m-%d} {login} {step} {number} {how}")
        try:
            outcome = self.town.take(number, step, by=login, **how)
        except Refusal as refusal:
            outcome, sentence = None, refusal.sentence
        after = self.town.snapshot(number)
        if outcome is None:
            assert sentence.endswith("。"), sentence
            assert after == before, "a refused step changed something"
        else:
            self.touched = {number, *(n for n in (how.get("master"),) if n)}
            assert outcome.state is self.town.row(number).state is CASE_FLOW.steps[step].goes_to(self._state(before))
            assert after[0] == before[0] + 1  # type: ignore[operator]

    def _state(self, snapshot: tuple[object, ...]) -> CaseState:
        columns: Any = snapshot[1]
        return CaseState(dict(columns)["state"])

    def _values(self, data: st.DataObject, number: str, step: str, wrong: int) -> dict[str, Any]:
        """Sensible values, of which about `wrong` in a hundred are not; and files, where there may be some."""
        given: dict[str, Any] = {}
        case = self.town.row(number)
        sheet = sheet_of_case(db.session(), case.id) if CASE_FLOW.steps[step].asks_works else None
        for field in demanded(CASE_FLOW.steps[step], access.facts_of(case, sheet=sheet)):
            is_wrong = data.draw(st.integers(1, 100)) <= wrong
            if field.kind is FieldKind.files:
                if is_wrong or data.draw(st.integers(0, 9)):
                    role = data.draw(st.sampled_from([None, None, None, EvidenceRole.before,
                                                      EvidenceRole.onsite])) if is_wrong else None
                    given["uploads"] = [paper() if is_wrong else photo(role=role)]
            elif is_wrong:
                given[field.name] = data.draw(BAD)
            elif field.is_required or not data.draw(st.integers(0, 3)):
                given[field.name] = self._sensible(data, number, step, field)
        if data.draw(st.integers(1, 100)) <= wrong:
            given["seq"] = data.draw(st.integers(0, 12))
        return given

    def _sensible(self, data: st.DataObject, number: str, step: str, field: Given) -> object:
        today, default = self.town.clock.today(), DEFAULTS[step][1]
        if field.name.startswith(ITEM) and data.draw(st.integers(0, 9)):
            return "yes"
        if field.choices:
            return data.draw(st.sampled_from([code for code, _ in field.choices]))
        if field.kind is FieldKind.date:
            shift = 0 if field.name in ("held_on", "checked_on") else data.draw(st.sampled_from([1, 7, 25]))
            base = max(today, self.town.row(number).due_on or today) if field.name == "new_due_on" else today
            return (base + timedelta(days=shift)).isoformat()
        if field.kind is FieldKind.case:
            return data.draw(st.sampled_from(self.cases))
        if field.kind in (FieldKind.unit, FieldKind.units):
            return data.draw(st.sampled_from(UNITS[:4] if data.draw(st.integers(0, 5)) else UNITS))
        if field.kind is FieldKind.person:
            return "lead"
        if field.kind is FieldKind.number:
            return data.draw(st.integers(1, 12))
        return self.town.filled(number, step, {}).get(field.name) if default.get(field.name) == "{now}" else "说明"


def test_random_lives_keep_every_promise(town: Town) -> None:
    book.set_value(None, "hourly_registrations", "10000", town.clock.today(), "每轮都从同一时刻开始")
    machine = type("LivesHere", (Lives,), {"town": town})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=10, stateful_step_count=40, deadline=None, suppress_health_check=checks))
