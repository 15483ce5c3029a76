"""The six works in the demo: most cases beside the railway have some, and are scored item by item."""

from random import Random

from sqlalchemy import select

from tracker.demo.railway import RAIL
from tracker.demo.walk import Walk
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.works.fields import ITEM, REMARK
from tracker.domain.cases.works.items import CheckItem, CheckSheet, Standard, WorkKind
from tracker.domain.cases.works.scoring import ItemAnswer
from tracker.domain.house.actor import Role
from tracker.services.cases.works.sheets import sheet_of_case
from tracker.storage.cases.cases import Case

ONE_WITHOUT = 5  # one case in so many has none
REMARKS = ("现场已量，附照片。", "尚有零星残留，已当场指出。", "与整改前对照无误。")


def set_works(walk: Walk) -> None:
    """What is to be done beside the railway, by where the case lies."""
    if walk.matter.source != RAIL or walk.seed % ONE_WITHOUT == 0:
        return
    chance = Random(f"works/{walk.seed}")
    works = [WorkKind.clear, *chance.sample([WorkKind.demolish, WorkKind.green, WorkKind.rebuild], chance.randint(0, 2))]
    walk.take(chance.choice(walk.year.cast.holding(Role.dispatcher)), Steps.set_works.name, works=works,
              standard=chance.choice(list(Standard)))


def answers(walk: Walk, *, is_good: bool) -> dict[str, object]:
    """What a verifier says of each item: all but perhaps one of those that need not hold, or one that must fails."""
    sheet = _sheet_of(walk)
    if sheet is None:
        return {}
    chance = Random(f"answers/{walk.seed}/{walk.said.seq}")
    failing = _failing_item(sheet, chance, is_good=is_good)
    given: dict[str, object] = {f"{ITEM}{item.code}": ItemAnswer.no if item is failing else ItemAnswer.yes for item
                                in sheet.items}
    return given | ({f"{REMARK}{failing.code}": chance.choice(REMARKS)} if failing is not None else {})


def _failing_item(sheet: CheckSheet, chance: Random, *, is_good: bool) -> CheckItem | None:
    if not is_good:
        return next(item for item in sheet.items if item.is_must)
    small = [item for item in sheet.items if not item.is_must and item.points * 5 <= 100 * len(sheet.works)]
    return chance.choice(small) if small and chance.random() < 0.5 else None


def _sheet_of(walk: Walk) -> CheckSheet | None:
    session = walk.year.work.session
    return sheet_of_case(session, session.scalars(select(Case.id).where(Case.number == walk.said.number)).one())
