"""When something may be entered: what clocks are believed, and how it goes on after one was wrong."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Unavailable
from tracker.services.house import positions
from tracker.services.house.positions import Watch, settle_clock
from tracker.services.house.work import Work, wiring
from tracker.services.upkeep import clock_watch, head_alarm, integrity
from tracker.storage.house import log
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow


class MachineClock(SetClock):
    """A wall clock beside the machine's own seconds."""

    seconds = 1000.0

    def running(self) -> float | None:
        return self.seconds

    def live(self, seconds: float) -> None:
        """Both go on together."""
        self.seconds += seconds
        self.advance(timedelta(seconds=seconds))


def test_a_clock_three_hours_behind_enters_nothing_and_says_so(town: Town) -> None:
    number = town.registered()
    facts = len(town.facts(number))
    town.clock.move_to(town.clock.now() - timedelta(hours=3))
    with pytest.raises(Unavailable, match="服务器时钟比账本慢 3 小时，暂停登记"):
        town.do(number, "comment", text="不能丢的话")
    assert len(town.facts(number)) == facts
    town.clock.advance(hours=3)
    assert town.do(number, "comment", text="不能丢的话").seq == facts + 1


def test_a_few_seconds_are_forgiven_and_the_log_never_falls(town: Town) -> None:
    town.registered()
    before = log.end(db.session())[1]
    town.clock.move_to(town.clock.now() - timedelta(seconds=4))
    town.registered()
    assert log.end(db.session())[1] == before


def test_after_a_jump_ahead_an_operator_begins_a_new_stretch(town: Town, cli: Any) -> None:
    """Row 33."""
    number = town.registered()
    town.clock.advance(hours=26)
    town.do(number, "comment", text="快了的时钟")
    head_alarm.sign_or_tell()
    town.clock.move_to(town.clock.now() - timedelta(hours=26))
    with pytest.raises(Unavailable, match="26 小时"):
        town.do(number, "comment", text="又")
    done = cli.invoke(args=["ledger", "clock", "accept", "--reason", "主板电池没电，时钟快过一天"])
    assert (done.exit_code, "账本从" in done.output) == (0, True)
    town.do(number, "comment", text="又")
    head_alarm.sign_or_tell()
    assert integrity.verify().first is None
    told = json.loads(db.session.scalars(select(FactRow.body).where(FactRow.kind == "ledger:clock_set_back")).one())
    assert told["from"] > told["to"]
    assert town.facts(number)[-1].seq == 3


def test_a_fact_of_another_time_is_not_entered(town: Town) -> None:
    town.registered()
    for moved, said in ((-timedelta(hours=3), "早于账本最后一条 3 小时"), (timedelta(hours=1), "在将来")):
        late = SetClock(town.clock.now() + moved)
        with pytest.raises(Unavailable, match=said):
            tell_at(late)


def tell_at(clock: SetClock) -> None:
    """A fact with the instant of another clock than the log's."""
    with Work(wiring()) as work:
        work.clock = clock
        work.record("clock:watch", clock_watch.ACCEPTED, CLOCK, {})


def test_a_machine_whose_wall_jumps_pauses_for_a_minute_and_then_begins_anew() -> None:
    clock, watch = MachineClock(SetClock.now(SetClock(positions.EPOCH + timedelta(days=20_000)))), Watch()
    assert settle_clock(watch, clock, clock.now(), None) is None
    clock.live(30)
    assert settle_clock(watch, clock, clock.now(), None) is None
    clock.advance(hours=26)
    with pytest.raises(Unavailable, match="忽然变动 26 小时"):
        settle_clock(watch, clock, clock.now(), None)
    clock.live(59)
    with pytest.raises(Unavailable):
        settle_clock(watch, clock, clock.now(), None)
    clock.live(2)
    rebased = settle_clock(watch, clock, clock.now(), None)
    assert rebased is not None
    assert rebased.by == timedelta(hours=26)
    assert settle_clock(watch, clock, clock.now(), None) is None


def test_a_node_ten_seconds_off_the_database_refuses_and_names_itself() -> None:
    clock, watch = MachineClock(positions.EPOCH + timedelta(days=20_000)), Watch()
    now = clock.now()
    assert settle_clock(watch, clock, now, now + timedelta(seconds=4)) is None
    with pytest.raises(Unavailable, match="与数据库相差 10 秒"):
        settle_clock(watch, clock, now, now + timedelta(seconds=10))


def test_a_page_refused_by_the_clock_keeps_what_was_typed(app: Any) -> None:
    from tests.support.visitors import found_town, in_town, send, visitor

    found_town(app)
    with in_town(app) as town:
        number = town.registered()
        town.clock.move_to(town.clock.now() - timedelta(hours=3))
    answer = send(visitor(app, "dispatcher"), f"/cases/{number}/steps/comment", {"text": "写了很久的一段话"})
    assert answer.status_code == 503
    assert "暂停登记" in answer.text
    assert "写了很久的一段话" in answer.text
