"""The operations on pages, each asked of the product and of the floor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bench import texts
from bench.people import HOME
from bench.targets import BIG, PAGE, SMALL, Targets, again, open_states
from bench.visitor import Answer, Ask, Visitor
from tracker.domain.cases.facts import OPEN

OPEN_LIST = ",".join(state.value for state in OPEN)
DEEP = 500


@dataclass(frozen=True)
class Operation:
    """One row of the table. `ask` makes the two requests for one client; `most` is how often it can be asked at all."""

    key: str
    name: str
    budget: float
    ask: Callable[["Visitors"], tuple[Ask, Ask]]
    expected: int = 200
    most: int = 10_000


@dataclass(frozen=True)
class Visitors:
    """One client: signed in at the product as a dispatcher and as an officer, and at the floor."""

    dispatcher: Visitor
    officer: Visitor
    floor: Visitor


def operations(targets: Targets) -> list[Operation]:
    """All of them, on this register."""
    created = [_create("create", "create a case, page with scripts", near_seen="1"),
               _create("create-plain", "create a case, page without scripts")]
    return [*_lists(targets), *_searches(), _case_page(targets), *created, _step(targets)]


def _lists(targets: Targets) -> list[Operation]:
    big, small, is_closed = targets.unit_id(BIG), targets.unit_id(SMALL), "state = 'closed'"
    deep, last = targets.mark(DEEP), max(targets.count() // PAGE - 1, 2)
    both = targets.mark(DEEP, f"{is_closed} AND lead_unit_id = {big}")
    found = [
        _list("unit-open", "one unit's open cases by due date, page 1", 2, f"unit={SMALL}&{open_states()}",
              f"unit={small}&state={OPEN_LIST}"),
        _list("big-unit-open", "the biggest unit's open cases, page 1", 2, f"unit={BIG}&{open_states()}",
              f"unit={big}&state={OPEN_LIST}"),
        _list("own-open", "an officer's own open cases, page 1", 2, open_states(), f"unit={big}&state={OPEN_LIST}",
              as_officer=True),
        _list("all", "all by due date, page 1", 2, "sort=due", ""),
        _list("deep", f"all by due date, page {DEEP}", 2, f"sort=due&after={deep}", f"after={deep}") if deep else None,
        _beside_first(deep) if deep else None,
        _list("last", "all by due date, last page", 2, f"sort=due&after={targets.mark(last)}", f"after={targets.mark(last)}"),
        _list("state-unit", "one state and unit, page 1", 2, f"state=closed&unit={BIG}", f"state=closed&unit={big}"),
        _list("state-unit-deep", f"one state and unit, page {DEEP}", 2, f"state=closed&unit={BIG}&after={both}",
              f"state=closed&unit={big}&after={both}") if both else None,
    ]
    return [operation for operation in found if operation]


def _searches() -> list[Operation]:
    return [
        _list(f"search-{key}", f"search “{q}” ({len(q)} characters)", 2, f"q={quote(q)}", f"q={quote(q)}")
        for key, q in (("3", texts.RARE), ("2", texts.RARE[:2]), ("common", "扬尘"), ("nothing", "蜃景"))
    ]


def _list(key: str, name: str, budget: float, product: str, floor: str, *, as_officer: bool = False) -> Operation:
    def ask(visitors: Visitors) -> tuple[Ask, Ask]:
        who, path = (visitors.officer if as_officer else visitors.dispatcher), f"/cases?{product}"
        pad = _pad(who.get(path), visitors.floor.get(f"/list?{floor}"))
        return lambda: who.get(path), lambda: visitors.floor.get(f"/list?{floor}&pad={pad}")

    return Operation(key, name, budget, ask)


def _beside_first(mark: str) -> Operation:
    """The deep page beside the first one, both of the product."""
    first, deep = "/cases?sort=due", f"/cases?sort=due&after={mark}"
    return Operation("deep-beside-first", f"page {DEEP} beside page 1 as floor", 1.2,
                     lambda visitors: (lambda: visitors.dispatcher.get(deep), lambda: visitors.dispatcher.get(first)))


def _case_page(targets: Targets) -> Operation:
    numbers = targets.numbers("seq = 7 AND state = 'closed'") or targets.numbers("state = 'closed'")

    def ask(visitors: Visitors) -> tuple[Ask, Ask]:
        mine, theirs = again(numbers), again(numbers)
        pad = _pad(visitors.dispatcher.get(f"/cases/{numbers[0]}"), visitors.floor.get(f"/case/{numbers[0]}"))
        return (lambda: visitors.dispatcher.get(f"/cases/{next(mine)}"),
                lambda: visitors.floor.get(f"/case/{next(theirs)}?pad={pad}"))

    return Operation("case", "case page, 7 facts", 3, ask)


def _create(key: str, name: str, **more: str) -> Operation:
    """With scripts the form has shown its likely twins already and says so; without, the page that follows looks for them."""
    def ask(visitors: Visitors) -> tuple[Ask, Ask]:
        form = {"title": "抚生路12号工地夜间施工扬尘很大", "description": "抚生路12号工地每天晚上十点以后施工扬尘很大，附近居民不敢开窗，请尽快派人查处。",
                "place": "抚生路12号", "area_code": f"{HOME}009", "source": "H12345", "channel": "hotline", "categories": "dust",
                **more}
        return (lambda: visitors.dispatcher.post("/cases/new", form),
                lambda: visitors.floor.post("/create", form))

    return Operation(key, name, 3.2, ask, expected=302)


def _step(targets: Targets) -> Operation:
    numbers = targets.numbers(f"state = 'assigned' AND lead_unit_id = {targets.unit_id(BIG)}")
    mine, theirs = iter(numbers), iter(numbers)

    def ask(visitors: Visitors) -> tuple[Ask, Ask]:
        return (lambda: _acknowledge(visitors.officer, "/cases/{}/steps/acknowledge", mine),
                lambda: _acknowledge(visitors.floor, "/step/{}", theirs))

    return Operation("step", "one step (acknowledge)", 3.6, ask, expected=302, most=len(numbers))


def _acknowledge(visitor: Visitor, path: str, numbers: Iterator[str]) -> Answer:
    return visitor.post(path.format(next(numbers)), {"seq": "2"})


def _pad(product: Answer, floor: Answer) -> int:
    return max(len(product.body) - len(floor.body), 0)
