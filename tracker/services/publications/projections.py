"""From what a publication is about to what the public would read of it: of each kind one reader."""

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.acts.facts import LinkRole
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import Say, finished
from tracker.domain.inspection.inspections import KIND as INSPECTION
from tracker.domain.inspection.inspections import MODES, RESULTS, InspectionState
from tracker.domain.publications.kinds import PUBLIC_KINDS, PublicKind, classes_of
from tracker.domain.sites.registers import CLASS_WORDS
from tracker.services.acts import access
from tracker.services.house.work import reading, wiring
from tracker.services.publications.draws import draw_read
from tracker.services.publications.enforcement import card_read, penalty_read
from tracker.services.publications.projected import Projected, no_such_subject
from tracker.services.rules import rules
from tracker.storage.inspection.looks import inspection_line
from tracker.storage.sites.holding import class_roster

RESULT_KNOWN = (InspectionState.done, InspectionState.published)
Reader = Callable[[Actor, str], Projected]


def kind_named(code: str) -> PublicKind:
    """The kind with this code. Raises `NotFound`."""
    kind = PUBLIC_KINDS.get(code)
    if kind is None:
        raise NotFound(Say("没有“{kind}”这一类公开内容。", kind=code[:20]))
    return kind


def projected(actor: Actor, kind: PublicKind, subject: str) -> Projected:
    """What the subject says today. Absent and forbidden look alike: raises `NotFound`."""
    stem, _, rest = subject.partition(":")
    if stem != kind.subject:
        raise no_such_subject(subject)
    return READERS[kind.code](actor, rest)


def _class_roster(actor: Actor, rest: str) -> Projected:
    """The yearly list: who works in the area, with the class that holds on the last day of the year, or today."""
    code, _, typed = rest.partition("/")
    area, today = rules.gazetteer().area(code), wiring().clock.today()
    if area is None or not actor.has_in(Permission.site_read, code) or typed not in {str(today.year), str(today.year - 1)}:
        raise no_such_subject(classes_of(code, 0).partition("/")[0])
    rows = class_roster(reading(), code, min(date(int(typed), 12, 31), today))
    lines = tuple((name, dict(CLASS_WORDS)[value], credit_code) for name, value, credit_code in rows)
    title = Say("{area}{year}年度生态环境监管对象分类名录", area=area.name, year=typed)
    return Projected(title, code, {"text": ""}, ("名称", "分类", "统一社会信用代码"), lines)


def _inspection_result(actor: Actor, rest: str) -> Projected:
    """What came of an inspection that is done: of which site, when, how, and how many problems; of each no more than that."""
    page = access.page_for(actor, rest)
    if page.head.kind != INSPECTION or page.head.state not in RESULT_KNOWN:
        raise no_such_subject(f"act:{rest}")
    row = inspection_line(reading(), page.head.id)
    found = sum(link.role == LinkRole.found for link in page.links)
    line = (page.head.title, row.done_on.isoformat(), dict(MODES)[row.mode], dict(RESULTS)[row.result], str(found))
    return Projected(finished(Say("{site}检查结果（{on}）", site=page.head.title, on=row.done_on)), page.head.area_code, {"text": ""},
                     ("监管对象", "检查日期", "检查方式", "检查结果", "立案督办问题数"), (line,), page.head.seq,
                     frozenset(hand.person_id for hand in page.hands))


READERS: Mapping[str, Reader] = {"class_roster": _class_roster, "penalty": penalty_read, "card": card_read,
                                  "inspection": _inspection_result, "draw": draw_read}
