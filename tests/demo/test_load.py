"""The demo district: proportions, people, and a year of cases that walked the real steps."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support import databases
from tracker.demo.district import Account
from tracker.demo.loading import LoadedDemo, load
from tracker.demo.problems import FAMILIES, MIX
from tracker.demo.stories import DEFAULT_CASES, stories
from tracker.domain.house.actor import ROLE_GRANTS, Grant, Permission, Role
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Conflict, Invalid
from tracker.gateways.mail.sending import MemorySender
from tracker.services.people import accounts
from tracker.services.upkeep import integrity
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person, RoleGrant, Unit
from tracker.storage.territory.territory import RoutingRow, RuleList, Source

SMALL = 16
pytestmark = pytest.mark.usefixtures("cheap_hashes")


# what the supervision adds is looked at in test_supervision
load_cases = partial(load, mailer=MemorySender(), is_supervised=False)


def forget(accounts: Sequence[Account]) -> None:
    """Nobody signs in here."""


@pytest.fixture
def loaded(app: Any) -> Iterator[LoadedDemo]:
    """A small demo."""
    with app.app_context():
        yield load_cases(keep=forget, cases=SMALL)


def test_the_default_has_the_bulletins_proportions() -> None:
    told = stories(DEFAULT_CASES, Random(1))
    left = Counter((story.source, story.end if "reopened_lately" not in story.incidents else story.end_again) for story in told)
    assert len(told) == DEFAULT_CASES == 303
    assert sum(number for (source, _), number in left.items() if source == "D2JX") == 48
    assert left["D2JX", "closed"] == 45
    assert sum(number for (source, _), number in left.items() if source == "PATROL") == 230
    assert left["PATROL", "closed"] + left["PATROL", "verified"] == 227


@pytest.mark.parametrize("cases", [10, 57, 150, 1000])
def test_any_number_of_cases_is_that_number_of_stories(cases: int) -> None:
    assert len(stories(cases, Random(2))) == cases


def test_there_are_more_than_sixty_different_problems_and_every_source_draws_on_them() -> None:
    texts = [text for family in FAMILIES.values() for text in family.texts]
    assert len(texts) == len(set(texts)) >= 60
    assert all("{place}" in title and "{place}" in text for title, text in texts)
    assert {name for mix in MIX.values() for name in mix} <= set(FAMILIES)


def test_every_chain_every_row_and_every_file_holds_after_the_load(loaded: LoadedDemo) -> None:
    report = integrity.verify()
    assert report.troubles == []
    assert report.case_count == SMALL == sum(sum(states.values()) for states in loaded.by_source.values())


@pytest.mark.one_engine
def test_every_closed_case_passed_through_three_persons_and_petitions_through_a_notice(loaded: LoadedDemo) -> None:
    closed = list(db.session.scalars(select(Case).where(Case.state == "closed")))
    assert closed
    assert all(len({c.submitted_by_id, c.verified_by_id, c.closed_by_id}) == 3 for c in closed)
    petitions = [c for c in closed if c.source.is_notice_required]
    assert petitions
    assert all(c.notice_to_on is not None and c.closed_at is not None and c.notice_to_on < c.closed_at.date() for c in petitions)


@pytest.mark.one_engine
def test_instants_never_run_backwards_and_people_work_in_office_hours(loaded: LoadedDemo, clock: SetClock) -> None:
    facts = list(db.session.scalars(select(FactRow).where(FactRow.stream.startswith("case:")).order_by(FactRow.id)))
    assert [fact.at for fact in facts] == sorted(fact.at for fact in facts)
    assert facts[-1].at < clock.now()
    for fact in facts:
        at = clock.local(fact.at).time()
        is_in_office = time(9) <= at < time(12) or time(13, 30) <= at < time(17, 30)
        assert is_in_office == (fact.actor_id != 0), f"{fact.stream}#{fact.seq} at {at}"


@pytest.mark.one_engine
def test_people_of_all_ten_roles_are_there_and_the_administrator_takes_no_step(loaded: LoadedDemo) -> None:
    held: dict[str, set[Role]] = {}
    for login, role in db.session.execute(select(Person.login, RoleGrant.role).join(RoleGrant)):
        held.setdefault(login, set()).add(role)
    assert set().union(*held.values()) == set(Role)
    numbers = Counter(role for roles in held.values() for role in roles)
    assert numbers[Role.verifier] >= 2
    assert numbers[Role.lead] >= 3
    assert held["admin"] == {Role.admin}
    assert not {p for p in ROLE_GRANTS[Role.admin] if p.startswith("case:")} - {Permission.case_read}
    in_being = select(Unit.id).where(Unit.kind == "street", Unit.valid_to.is_(None))
    officers = Counter(db.session.scalars(select(Person.unit_id).where(Person.unit_id.in_(in_being))))
    assert len(officers) == 10
    assert min(officers.values()) >= 2


@pytest.mark.one_engine
def test_old_units_ended_with_successors_and_the_responsibility_list_names_units_in_being(loaded: LoadedDemo) -> None:
    ended = list(db.session.scalars(select(Unit).where(Unit.valid_to.is_not(None))))
    assert len(ended) == 5
    assert all(unit.successor_id for unit in ended)
    codes = set(db.session.scalars(select(Unit.code).where(Unit.valid_to.is_(None))))
    rows = list(db.session.scalars(select(RoutingRow)))
    (version,) = db.session.scalars(select(RuleList))
    assert (version.number, version.valid_from, len(rows)) == (1, loaded.first, 26)
    assert {r.lead_unit_code for r in rows} <= codes
    assert {code for r in rows for code in r.supporting_unit_codes.split(",") if code} <= codes


@pytest.mark.one_engine
def test_reporters_are_sealed_photographs_differ_and_nobody_gets_mail_about_the_past(loaded: LoadedDemo) -> None:
    petitions = db.session.scalar(select(func.count()).select_from(Case).join(Source)
                                  .where(Source.key.not_in(("PATROL", "RAIL"))))
    assert db.session.scalar(select(func.count()).select_from(Identity)) == petitions
    digests = list(db.session.scalars(select(EvidenceRow.digest)))
    assert len(digests) == len(set(digests)) > SMALL
    assert all(lat and taken for lat, taken in db.session.execute(select(EvidenceRow.lat, EvidenceRow.taken_at)))
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_second_load_is_refused_and_changes_nothing(loaded: LoadedDemo) -> None:
    before = db.session.scalar(select(func.count()).select_from(FactRow))
    with pytest.raises(Conflict, match="演示辖区已经装入"):
        load_cases(keep=forget, cases=SMALL)
    assert db.session.scalar(select(func.count()).select_from(FactRow)) == before


def test_it_never_stands_beside_anything_of_a_real_district(app: Any) -> None:
    with app.app_context():
        accounts.add_unit(None, code="XH", name="某区人民政府", kind="district")
        with pytest.raises(Conflict, match="库里已有自己的单位：演示辖区只装进空库"):
            load_cases(keep=forget, cases=10)
        accounts.add_person(None, login="guanliyuan", name="张三", unit="XH", roles=[Grant(Role.admin)])
        with pytest.raises(Conflict, match="库里已有自己的单位、人员："):
            load_cases(keep=forget, cases=10)
        assert list(db.session.scalars(select(Person.login))) == ["guanliyuan"]


def test_when_the_accounts_cannot_be_kept_nothing_is_loaded(app: Any) -> None:
    def full(accounts: Sequence[Account]) -> None:
        raise OSError("no space left")

    with app.app_context():
        with pytest.raises(OSError, match="no space"):
            load_cases(keep=full, cases=10)
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.one_engine
def test_too_few_cases_or_a_day_to_come_are_refused(app: Any) -> None:
    with app.app_context():
        with pytest.raises(Invalid, match="10"):
            load_cases(keep=forget, cases=3)
        with pytest.raises(Invalid, match="晚于今天"):
            load_cases(keep=forget, until=date(2026, 3, 3))


def walked(folder: Path, today: datetime, **order: Any) -> tuple[LoadedDemo, list[tuple[object, ...]]]:
    """A demo in a database of its own: what was loaded, and what happened when to which case."""
    from tracker import create_app

    folder.mkdir()
    for url in databases.fresh("sqlite", folder):
        app = create_app(databases.settings_for(url, folder), clock=SetClock(today))
        with app.app_context():
            result = load_cases(keep=forget, **order)
            rows = [tuple(row) for row in db.session.execute(
                select(FactRow.stream, FactRow.seq, FactRow.kind, FactRow.actor_id, FactRow.at).order_by(FactRow.id))]
        databases.close(app)
    return result, rows


def test_the_same_number_seed_and_day_give_the_same_year_whatever_the_hour(tmp_path: Path) -> None:
    one = walked(tmp_path / "a", datetime(2026, 3, 2, 1, tzinfo=UTC), cases=12)
    same = walked(tmp_path / "b", datetime(2026, 3, 2, 9, tzinfo=UTC), cases=12)
    other = walked(tmp_path / "c", datetime(2026, 3, 2, 1, tzinfo=UTC), cases=12, seed=1)
    assert one == same
    assert one[1] != other[1]


def test_beyond_the_published_calendar_the_demo_ends_with_it(tmp_path: Path) -> None:
    loaded, rows = walked(tmp_path / "late", datetime(2027, 5, 10, 1, tzinfo=UTC), cases=20)
    assert loaded.is_cut
    assert loaded.until == date(2026, 12, 31)
    assert sum(sum(states.values()) for states in loaded.by_source.values()) == 20
    assert rows


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_third_of_the_default_closes_fifteen_of_sixteen_petitions_and_rectifies_all_patrols_but_one(tmp_path: Path) -> None:
    loaded, _ = walked(tmp_path / "third", datetime(2026, 3, 2, 1, tzinfo=UTC), cases=101)
    petitions, patrols = loaded.by_source["D2JX"], loaded.by_source["PATROL"]
    assert (sum(petitions.values()), petitions["closed"]) == (16, 15)
    assert (sum(patrols.values()), patrols["closed"] + patrols.get("verified", 0)) == (77, 76)
