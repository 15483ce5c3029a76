"""Whole journeys, from the first letter to the last stamp, told as Given / When / Then. On both engines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.custody import opened
from tests.support.makers import Town, photo
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.folding import fold
from tracker.domain.cases.wording import fact_word
from tracker.domain.house.ledger import first_bad
from tracker.services.cases import identities
from tracker.services.house.work import Work, wiring
from tracker.storage.cases.cases import Case
from tracker.storage.cases.rows import as_folded
from tracker.storage.house.base import db

S = CaseState


class Story:
    """One case's life; every sentence is a deed or a claim."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.number = ""

    def given_a_complaint(self, source: str = "D3JX", **order: object) -> "Story":
        """It is registered by the clerk."""
        self.number = self.town.registered(source, **order)  # type: ignore[arg-type]
        return self

    def when(self, login: str, step: str, **given: object) -> "Story":
        """Somebody takes a step."""
        self.town.do(self.number, step, by=login, **given)  # type: ignore[arg-type]
        return self

    def but_not(self, login: str, step: str, why: str, **given: object) -> "Story":
        """Somebody tries, is told why not, and nothing has changed."""
        assert self.town.refused(self.number, step, by=login, **given).code == why
        return self

    def days_later(self, days: int) -> "Story":
        """Time passes."""
        self.town.days_pass(days)
        return self

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> "Story":
        """It is now this hour of 2026 in the office."""
        self.town.clock.move_to(datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8))
        return self

    def then(self, state: CaseState, **columns: object) -> "Story":
        """The case stands here, with these columns; and its ledger says so too."""
        case, facts = self.town.row(self.number), self.town.facts(self.number)
        assert case.state is state
        assert {name: getattr(case, name) for name in columns} == columns
        assert first_bad(facts) is None
        folded = fold(facts)
        assert as_folded(db.session(), case, folded) == folded
        return self

    def then_it_reads(self, *words: str) -> None:
        """The timeline, in the words of the office."""
        assert [fact_word(fact.kind) for fact in self.town.facts(self.number)] == list(words)


@pytest.fixture
def story(town: Town) -> Story:
    return Story(town)


def test_a_complaint_goes_from_the_letter_to_the_closing_through_the_hands_of_five_people(story: Story) -> None:
    story.given_a_complaint(source_number="D3JX202603020001*", title="油烟扰民")
    story.but_not("dispatcher", "assign", "incomplete")
    story.when("dispatcher", "assign", sponsor="lead").then(S.assigned, due_on=date(2026, 3, 12))
    story.at(3, 3).but_not("supporter", "acknowledge", Why.out_of_reach)
    story.when("officer", "acknowledge").then(S.rectifying)
    story.at(3, 10).when("officer2", "submit", finding="属实", measures="已安装净化器").then(S.submitted, finding="true")
    story.but_not("street_verifier", "verify", Why.same_unit).but_not("lead", "close", Why.wrong_state)
    story.at(3, 11, 15).when("verifier", "verify").then(S.verified)
    story.but_not("admin", "close", Why.no_permission).but_not("verifier", "close", Why.no_permission)
    story.when("lead", "close").then(S.closed, filing_no="西环销〔2026〕1号", round=1)
    people = {fact.actor_id for fact in story.town.facts(story.number)}
    assert people == {story.town.people[login] for login in ("clerk", "dispatcher", "officer", "officer2", "verifier", "lead")}
    story.then_it_reads("登记", "交办", "签收", "报送整改", "核查通过", "销号")


def test_a_patrol_issue_is_sent_back_once_and_closed_in_its_second_round(story: Story) -> None:
    story.given_a_complaint("PATROL").when("dispatcher", "assign").when("below_officer", "acknowledge")
    story.at(3, 5).but_not("officer", "submit", "evidence_missing", uploads=[])
    story.when("officer", "submit").then(S.submitted, due_on=date(2026, 3, 9))
    story.at(3, 6).when("verifier", "reject", reason="背面仍有垃圾", uploads=[photo()])
    story.then(S.rectifying, round=2, due_on=date(2026, 3, 10), submitted_by_id=None)
    story.but_not("officer", "submit", "evidence_missing", uploads=[])
    story.at(3, 9).when("officer", "submit").at(3, 10).when("verifier2", "verify").when("lead2", "close").then(S.closed, round=2)
    story.then_it_reads("登记", "补充证据", "交办", "签收", "报送整改", "核查不通过", "报送整改", "核查通过", "销号")


def test_the_railway_and_the_street_dispute_a_slope_and_the_joint_meeting_decides(story: Story) -> None:
    story.given_a_complaint("PATROL", title="铁路边坡垃圾").when("dispatcher", "assign", lead_unit="TL-NC", supporting_units="XH-CYZ")
    story.at(3, 3).when("railman", "request_return").when("dispatcher2", "refuse_return").when("railman", "acknowledge")
    story.at(3, 4).when("railman", "dispute", reason="界桩以外属街道").then(S.disputed, due_on=date(2026, 3, 9))
    story.but_not("officer", "submit", Why.wrong_state)
    story.at(3, 6).when("supervisor", "joint_meeting_decision", text="界桩外由街道负责")
    story.when("supervisor", "designate", lead_unit="XH-CYZ", supporting_units="TL-NC", designated_by="联席会议决定")
    story.then(S.assigned, is_designated=True, due_on=date(2026, 3, 9), lead_unit_id=story.town.units["XH-CYZ"])
    story.but_not("officer", "request_return", Why.designated).but_not("railman", "dispute", Why.designated)
    story.when("officer", "acknowledge").when("officer", "submit").when("verifier", "verify").when("lead", "close").then(S.closed)


def test_an_objection_during_the_notice_holds_and_the_second_notice_runs_its_full_time(story: Story) -> None:
    story.given_a_complaint("D2JX").when("dispatcher", "assign").when("officer", "acknowledge").at(3, 6).when("officer", "submit")
    story.at(3, 9).when("verifier", "verify").but_not("lead", "close", Why.notice_required)
    story.when("dispatcher", "open_notice").then(S.noticing, notice_from_on=date(2026, 3, 9), notice_to_on=date(2026, 3, 20))
    story.at(3, 11).when("dispatcher", "receive_objection")
    story.at(3, 12).when("dispatcher", "dismiss_objection").then(S.noticing, notice_to_on=date(2026, 3, 20))
    story.at(3, 18).when("dispatcher", "receive_objection").when("dispatcher", "sustain_objection", objection_no=2)
    story.then(S.rectifying, round=2, notice_to_on=None, due_on=date(2026, 3, 28))
    story.at(3, 24).when("officer2", "submit").at(3, 26).when("verifier2", "verify")
    story.at(3, 27).when("dispatcher", "open_notice").then(S.noticing, notice_to_on=date(2026, 4, 10))
    story.at(4, 10, 23, 59).but_not("clock", "end_notice", Why.notice_running)
    story.at(4, 11, 0).when("clock", "end_notice").then(S.noticed)
    story.when("lead", "close").then(S.closed, round=2)


def test_a_relapse_found_by_looking_back_reopens_the_case_and_the_first_closing_stays_on_record(story: Story) -> None:
    story.given_a_complaint("H12345").when("dispatcher", "assign").when("officer", "acknowledge").when("officer", "submit")
    story.when("verifier", "verify").when("lead", "close")
    first = story.town.row(story.number).closed_at
    story.days_later(30).when("inspector", "look_back", result="未反弹").but_not("dispatcher", "reopen", Why.no_failed_look_back)
    story.days_later(30).when("inspector", "look_back", result="反弹或虚假整改", text="又见堆放", uploads=[photo()])
    story.when("dispatcher", "reopen").then(S.rectifying, reopen_count=1, first_closed_at=first, closed_at=None, round=2)
    story.but_not("officer", "submit", "evidence_missing", uploads=[])
    story.when("officer2", "submit").when("verifier2", "verify").when("lead2", "close").then(S.closed, first_closed_at=first)
    assert story.town.row(story.number).filing_no == "西环销〔2026〕2号"


def test_three_letters_about_one_place_are_led_as_one_and_each_keeps_its_own_reporter(town: Town) -> None:
    letters = [town.registered("H12369", source_number=f"信{n}") for n in (1, 2, 3)]
    with Work(wiring()) as work:
        for index, number in enumerate(letters):
            case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
            identities.keep(work, case_id, name=f"举报人{index}", phone=f"1390000000{index}")
    master, *members = letters
    town.do(master, "assign")
    for member in members:
        town.do(member, "merge", master=master, reason="同一点位")
    town.walk(master, "acknowledge", "submit", "verify", "close")
    assert [town.row(number).state for number in letters] == [S.closed, S.merged, S.merged]
    town.do(members[0], "unmerge", reason="另一家饭店")
    assert town.row(members[0]).source_number == "信2"
    (reporter,) = opened(town, members[0])
    assert reporter.name == "举报人1"


def test_a_long_work_is_extended_paused_phased_and_every_day_of_it_stays_explained(story: Story) -> None:
    story.given_a_complaint("D3JX").when("dispatcher", "assign").when("officer",
                                                                      "acknowledge").then(S.rectifying, due_on=date(2026, 3, 12))
    story.at(3, 11).when("officer", "request_extension", new_due_on="2026-04-10").when("dispatcher", "grant_extension")
    story.at(3, 20).when("dispatcher", "suspend").at(3, 30).when("dispatcher", "resume")
    story.then(S.rectifying, due_on=date(2026, 4, 20), original_due_on=date(2026, 3, 12), extension_count=1)
    story.at(4, 15).when("officer", "request_phase", next_on="2026-06-30").when("dispatcher2", "grant_phase").then(S.phased)
    story.at(6, 30).when("clock", "resume_phase").then(S.rectifying, due_on=date(2026, 6, 30), original_due_on=date(2026, 3, 12))
    story.when("officer", "submit").when("verifier", "verify").when("lead", "close").then(S.closed)
    said = [fact.payload for fact in story.town.facts(story.number)]
    dates = [(p["from_due_on"], p.get("to_due_on")) for p in said if "from_due_on" in p]
    assert dates == [("2026-03-12", "2026-04-10"), ("2026-04-10", None), ("2026-04-20", "2026-06-30"),
                     ("2026-06-30", "2026-06-30")]
