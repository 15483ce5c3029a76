"""The sheet by which the works of a case are judged: the list of the day on which they were set."""

from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.cases.works.items import CaseWorks, CheckSheet
from tracker.domain.cases.works.standards import WORK_STANDARDS, sheet_of
from tracker.services.rules import values
from tracker.storage.cases.works.rows import works_of


def sheet_of_case(session: Session, case_id: int) -> CheckSheet | None:
    """The sheet of a case; None where no works were set."""
    return sheet_by(works_of(session, case_id))


def sheet_by(works: CaseWorks) -> CheckSheet | None:
    """The sheet of these works."""
    if not works["works"] or works["standard"] is None:
        return None
    value = values.value(WORK_STANDARDS, works["standard_from"] or date.min)
    return sheet_of(value, works["standard"], works["standard_from"], works["works"])
