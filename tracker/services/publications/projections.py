"""From what a publication is about to what the public would read of it: of each kind one reader."""

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import Say
from tracker.domain.publications.kinds import PUBLIC_KINDS, PublicKind, classes_of
from tracker.domain.sites.registers import CLASS_WORDS
from tracker.services.house.work import reading, wiring
from tracker.services.publications.enforcement import card_read, penalty_read
from tracker.services.publications.projected import Projected, no_such_subject
from tracker.services.rules import rules
from tracker.storage.sites.holding import class_roster

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


READERS: Mapping[str, Reader] = {"class_roster": _class_roster, "penalty": penalty_read, "card": card_read}
