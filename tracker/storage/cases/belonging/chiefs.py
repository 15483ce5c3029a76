"""Who is chief of the section in which a case lies, told along with the case: a column of whatever reads cases anyway."""

from typing import Any

from sqlalchemy import String, case, cast, func, literal, select

from tracker.domain.cases.facts import CaseState
from tracker.storage.cases.belonging.parts import CasePart, CasePlace, UnitPart
from tracker.storage.cases.cases import Case
from tracker.storage.territory.shapes import ChiefRow

CASES, PLACES, CHIEFS, PARTS = Case.__table__.c, CasePlace.__table__.c, ChiefRow.__table__.c, CasePart.__table__.c
_POST = (cast(CHIEFS.person_id, String) + literal("|") + cast(CHIEFS.valid_from, String) + literal("|")
         + func.coalesce(cast(CHIEFS.valid_to, String), literal("")))
_POSTS: Any = (select(func.aggregate_strings(_POST, ","))
               .select_from(CasePlace.__table__.join(ChiefRow.__table__, CHIEFS.section_code == PLACES.section_code))
               .where(PLACES.case_id == CASES.id, PLACES.section_code != "", CHIEFS.person_id.is_not(None))
               .correlate(Case.__table__).scalar_subquery())
_SILENT: Any = (select(func.aggregate_strings(cast(PARTS.unit_id, String), ","))
                .where(PARTS.case_id == CASES.id, PARTS.part == UnitPart.candidate.value, PARTS.answer.is_(None))
                .correlate(Case.__table__).scalar_subquery())
# The posts of its section, as `read_posts` reads them. They matter while a case is being checked; of others none is looked up.
posts_column = case((CASES.state == CaseState.checking, _POSTS), else_=None).label("posts")
silent_column = case((CASES.state == CaseState.checking, _SILENT), else_=None).label("silent_units")
