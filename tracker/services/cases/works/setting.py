"""Which of the six works a case has, by which standard they are judged, and the list of which day."""

from collections.abc import Sequence
from datetime import date

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.works.items import NO_RESULT, NO_WORKS, CaseWorks, Standard
from tracker.domain.cases.works.standards import WORK_STANDARDS
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.positions import Located
from tracker.domain.territory.routing import WORKS, RoutingFacts
from tracker.services.cases.effects import Doing, Effect, step_deed
from tracker.services.rules import rules, values
from tracker.services.territory.shapes import places
from tracker.storage.cases.works.rows import works_of

KIND_AT, STREETS, TOWNSHIPS = slice(6, 9), range(1, 100), range(100, 400)  # of a township's code: 街道; 镇 and 乡


@step_deed(Steps.set_works.name)
def set_works(doing: Doing) -> Effect:
    """The works and their standard. Until the work was handed in they may change, afterwards they may only become fewer; the
    version by which they are judged stays the one of the day on which they were first set."""
    old, new = _old_works(doing), _wanted_works(doing)
    if not new["works"] and not old["works"]:
        raise Incomplete("请选择“整治内容”。", field="works")
    if new == old:
        raise Invalid("整治内容和标准与原来相同。", field="works")
    return Effect({"works": new}, doing.texts("reason"))


def confirmed_works(doing: Doing) -> CaseChanges:
    """What changes where the same is asked beside another decision: nothing where no works are named."""
    new = _wanted_works(doing)
    return {"works": new} if new["works"] and new != _old_works(doing) else {}


def _old_works(doing: Doing) -> CaseWorks:
    return works_of(doing.work.session, doing.case.id)


def _wanted_works(doing: Doing) -> CaseWorks:
    """What the fields `works` and `standard` of a step amount to."""
    old, named = _old_works(doing), doing.given.get("works") or ()
    assert isinstance(named, Sequence)
    if not named:
        return NO_WORKS
    standard = str(doing.given.get("standard") or old["standard"]
                   or standard_of_place(doing.case, doing.case.area_code, doing.today) or "")
    if not standard:
        raise Incomplete("按案件的位置和区划不能判断城区还是农村，请选择“整治标准”。", field="standard")
    if doing.facts.has_been_submitted:
        _check_handed_in(old, named, standard)
    since = old["standard_from"] if old["works"] else values.since(WORK_STANDARDS, doing.today)
    return {"standard": standard, "standard_from": since,
            "works": {work: old["works"].get(work, NO_RESULT) for work in sorted(named)}}


def _check_handed_in(old: CaseWorks, named: Sequence[str], standard: str) -> None:
    """The unit is judged by the paper that it was given."""
    if standard != old["standard"]:
        raise Invalid("本案已报送过整改，不能再定或改“整治标准”。", field="standard")
    if more := [work for work in WORKS if work in named and work not in old["works"]]:
        raise Invalid(Say("本案已报送过整改，整治内容只能去掉，不能增加“{works}”。", works=Listed(Say(WORKS[work]) for work in more)),
                      field="works")


def standard_of_place(where: Located, area_code: str | None, on: date) -> str:
    """By where a case lies: in a built-up area by the urban list; elsewhere by the kind of its township, which its code says. ""
    where neither says."""
    facts = RoutingFacts(frozenset(), area_code, "", {})
    if places.is_built_up(places.place_of(where, facts), on):
        return Standard.urban
    code = area_code or ""
    kind = (rules.gazetteer().statutory(code) or code)[KIND_AT]
    number = int(kind) if kind.isascii() and kind.isdigit() else 0
    return Standard.urban if number in STREETS else Standard.rural if number in TOWNSHIPS else ""
