"""`flask identities …` at the operator's door."""

import pytest
from sqlalchemy import select

from tests.cli.conftest import Run
from tests.support.makers import Town
from tracker.services.cases import identities
from tracker.services.house.work import Work, wiring
from tracker.storage.cases.cases import Case


@pytest.mark.one_engine
def test_a_sweep_names_cases_and_fields_and_a_dry_one_changes_nothing(flask: Run, town: Town) -> None:
    number = town.registered(title="欧阳金丝雀反映垃圾")
    with Work(wiring()) as work:
        case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
        identities.keep(work, case_id, name="欧阳·金丝雀")
    assert flask("identities", "sweep", "--dry-run").output == f"{number}\tletter、title\t7 处\n将隐去 1 件案件文字中的举报人\n"
    assert flask("identities", "sweep").output == f"{number}\tletter、title\t7 处\n已隐去 1 件案件文字中的举报人\n"
    assert flask("identities", "sweep").output == "已隐去 0 件案件文字中的举报人\n"
