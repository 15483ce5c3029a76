"""What tests of enforcement stand on."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.support.acts import do
from tests.support.district import HOME, LONG_AGO
from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR, Role
from tracker.domain.house.errors import Refusal
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.services.acts import access
from tracker.services.house.work import Work, wiring
from tracker.storage.house.base import db
from tracker.storage.people.accounts import RoleGrant

Refused = Callable[..., Refusal]


@pytest.fixture
def at(town: Town) -> Callable[..., None]:
    """Move the clock to a moment of office time."""
    return lambda *when: town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[misc]


@pytest.fixture
def refused(town: Town) -> Refused:
    """The refusal of a step, after which nothing has changed."""

    def tried(number: str, kind: str, step: str, by: str = "", **given: object) -> Refusal:
        before = access.page_for(town.actor("lead"), number).head.seq
        with pytest.raises(Refusal) as told:
            do(town, number, kind, step, by=by, **given)
        db.session.rollback()
        assert access.page_for(town.actor("lead"), number).head.seq == before, "nothing half done"
        return told.value

    return tried


@pytest.fixture
def grant(town: Town) -> Callable[[str, str], None]:
    """Somebody has a role more."""

    def given(login: str, role: str) -> None:
        with Work(wiring()) as work:
            work.session.add(RoleGrant(person_id=town.people[login], role=Role(role), area_code=HOME, granted_at=LONG_AGO))
            work.record(LEDGER, LedgerFacts.rows_stated, OPERATOR, {"migration": "tests", "tables": {}})

    return given
