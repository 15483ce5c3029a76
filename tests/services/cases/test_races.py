"""Two at once, as real processes on one database: one wins, the other is told, nothing is lost, on both engines."""

from pathlib import Path

from tests.support.makers import Town
from tests.support.processes import register, take, together
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.folding import fold
from tracker.domain.house.ledger import first_bad
from tracker.storage.cases.rows import as_folded
from tracker.storage.house.base import db

S = CaseState


def whole(town: Town, number: str) -> None:
    """The stream holds and the row is its fold."""
    facts, case = town.facts(number), town.row(number)
    folded = fold(facts)
    assert first_bad(facts) is None
    assert as_folded(db.session(), case, folded) == folded
    assert len(facts) == case.seq


def test_of_two_who_close_the_same_case_at_once_one_wins_and_the_other_gets_the_conflict(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    number = town.case_in(S.verified)
    seq = town.row(number).seq
    db.session.remove()
    deeds = [(take, (login, number, "close", {}, seq)) for login in ("lead", "lead2", "many_hats")]
    assert sorted(together(database_url, tmp_path, town.clock.now(), deeds)) == ["Conflict:stale", "Conflict:stale", "done"]
    kinds = [fact.kind for fact in town.facts(number)]
    assert kinds.count("case:closed") == 1
    whole(town, number)


def test_numbers_given_by_many_processes_are_unique_and_without_gaps(town: Town, database_url: str, tmp_path: Path) -> None:
    db.session.remove()
    deeds = [(register, ("clerk", None, 5)) for _ in range(3)]
    answers = together(database_url, tmp_path, town.clock.now(), deeds)
    numbers = sorted(number for answer in answers for number in answer.split(","))
    assert numbers == [f"XH-2026-{serial:06d}" for serial in range(1, 16)]
    for number in numbers:
        whole(town, number)


def test_of_three_who_register_the_same_source_number_at_once_one_does(town: Town, database_url: str, tmp_path: Path) -> None:
    db.session.remove()
    deeds = [(register, ("clerk", "A-77", 1)) for _ in range(3)]
    answers = together(database_url, tmp_path, town.clock.now(), deeds)
    assert answers.count("XH-2026-000001") == 1
    others = [answer for answer in answers if answer != "XH-2026-000001"]
    assert set(others) <= {"Conflict:known_source_number", "Conflict:collision"}, others
    assert town.registered() == "XH-2026-000002", "a refused registration leaves no gap"


def test_two_cases_are_not_merged_into_each_other(town: Town, database_url: str, tmp_path: Path) -> None:
    one, two = town.registered(), town.registered()
    db.session.remove()
    deeds = [(take, ("dispatcher", one, "merge", {"master": two, "reason": "同一点位"}, 1)),
             (take, ("dispatcher2", two, "merge", {"master": one, "reason": "同一点位"}, 1))]
    answers = together(database_url, tmp_path, town.clock.now(), deeds)
    assert answers.count("done") == 1, answers
    (other,) = (answer for answer in answers if answer != "done")
    assert other in ("WrongState:is_master", "Conflict:collision"), other
    assert sorted(town.row(number).state for number in (one, two)) == ["merged", "registered"]
    whole(town, one)
    whole(town, two)


def test_of_two_dispatchers_who_assign_at_once_one_is_told_to_look_again(town: Town, database_url: str, tmp_path: Path) -> None:
    number = town.registered()
    db.session.remove()
    deeds = [(take, ("dispatcher", number, "assign", {"lead_unit": "XH-CYZ"}, 1)),
             (take, ("dispatcher2", number, "assign", {"lead_unit": "XH-TY"}, 1))]
    assert sorted(together(database_url, tmp_path, town.clock.now(), deeds)) == ["Conflict:stale", "done"]
    whole(town, number)
