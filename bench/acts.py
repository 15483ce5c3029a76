"""The pages of acts, each asked of the product and of what it is measured beside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.targets import Targets, again
from bench.visitor import Ask, Visitor

LISTS = {"acts that go on, page 1": "/acts", "acts that are over, page 1": "/acts?over=1",
         "acts of a state that hardly any has": "/acts?over=1&kind=meeting&state=cancelled"}
LINKED = "EXISTS (SELECT 1 FROM act_links l WHERE l.target = 'case:' || cases.number)"
FLAT, BESIDE = 1.3, 1.2


@dataclass(frozen=True)
class Served:
    """One client: signed in at the product with all acts and at one with a hundredth of them, and at the floor."""

    large: Visitor
    small: Visitor
    floor: Visitor


def pairs(asked: Served, targets: Targets) -> Iterator[tuple[str, tuple[Ask, Ask], float]]:
    """Name, what is asked of both, and the budget."""
    for name, path in LISTS.items():
        yield name, (_asking(asked.large, path), _asking(asked.floor, _padded(asked, path, path))), 2
        yield f"{name}, beside a hundredth of them", (_asking(asked.large, path), _asking(asked.small, path)), FLAT
    numbers, others = targets.numbers(f"{LINKED} AND seq = 7"), targets.numbers(f"NOT {LINKED} AND seq = 7 AND state = 'closed'")
    targets.close()
    mine, theirs, bare = again(numbers), again(numbers), again(others)
    yield "case page with acts, beside one without", (lambda: asked.large.get(f"/cases/{next(mine)}"),
                                                      lambda: asked.large.get(f"/cases/{next(bare)}")), BESIDE
    pad = _padded(asked, f"/cases/{numbers[0]}", f"/case/{numbers[0]}").partition("?")[2]
    yield "case page with acts", (lambda: asked.large.get(f"/cases/{next(mine)}"),
                                  lambda: asked.floor.get(f"/case/{next(theirs)}?{pad}")), 3


def _asking(visitor: Visitor, path: str) -> Callable[[], object]:
    return lambda: visitor.get(path)


def _padded(asked: Served, path: str, floor: str) -> str:
    """The floor's address, for a page as long as the product's."""
    missing = max(len(asked.large.get(path).body) - len(asked.floor.get(floor).body), 0)
    return f"{floor}{'&' if '?' in floor else '?'}pad={missing}"
