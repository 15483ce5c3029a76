"""Every figure of the weekly and monthly reports counted again the slow way, from the printed definitions and the bare facts.

Nothing of the product's counting is used: states come from the table below, and every question reads all facts of a case anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.support.lives import Fact, Lives

STATE_AFTER = {
    "registered": "待交办", "sent_down": "待确认", "confirmed": "待签收", "assigned": "待签收", "designated": "待签收", "return_granted": "待交办",
    "recalled": "待交办",
    "disputed": "争议", "acknowledged": "整改中",
    "suspended": "缓办", "resumed": "整改中", "phase_granted": "阶段性", "phase_resumed": "整改中", "submitted": "待核查", "withdrawn": "整改中",
    "verified": "核查通过", "history_imported": "核查通过", "rejected": "整改中", "notice_opened": "公示中", "objection_sustained": "整改中",
    "notice_ended": "公示期满", "close_refused": "整改中", "closed": "已销号", "reopened": "整改中", "merged": "已并案", "unmerged": "待交办",
    "transferred": "已移送", "declined": "不予受理", "nothing_found": "不予受理", "voided": "作废", "retracted": "作废",
    "import_withdrawn": "作废",
}
APART = ("已并案", "已移送", "不予受理", "作废")
ENDED = ("已销号", *APART)
DONE = ("核查通过", "公示中", "公示期满", "已销号")
CAN_BE_LATE = ("待交办", "待确认", "待签收", "争议", "整改中", "阶段性")
HANDED = ("case:assigned", "case:confirmed", "case:designated")
Test = Callable[["Life"], bool]


@dataclass(frozen=True)
class Life:
    """The facts of one case that were known at the cut."""

    number: str
    facts: tuple[Fact, ...]

    def kinds(self) -> list[str]:
        """What happened, in order."""
        return [fact.kind.removeprefix("case:") for fact in self.facts]

    def state(self) -> str:
        """Where it stands; "" before it was registered."""
        moved = [STATE_AFTER[kind] for kind in self.kinds() if kind in STATE_AFTER]
        return moved[-1] if moved else ""

    def value(self, name: str) -> Any:
        """The last value set."""
        said = [fact.sets[name] for fact in self.facts if name in fact.sets]
        return said[-1] if said else None

    def on(self, name: str) -> date | None:
        """The last value set, as a day."""
        said = self.value(name)
        return date.fromisoformat(said) if said else None

    def till(self, day: date) -> "Life":
        """As it stood at the end of a day."""
        return Life(self.number, tuple(fact for fact in self.facts if fact.on <= day))

    def before(self, moment: date | datetime) -> "Life":
        """As it stood before a day or an instant began."""
        return Life(self.number, tuple(f for f in self.facts if (f.at if isinstance(moment, datetime) else f.on) < moment))

    def within(self, first: date, last: date) -> list[str]:
        """What happened from a day to a day."""
        return [fact.kind.removeprefix("case:") for fact in self.facts if first <= fact.on <= last]

    def is_stock(self) -> bool:
        """Registered and not ended."""
        return self.state() not in ("", *ENDED)


def known(lives: Lives, cut: datetime) -> list[Life]:
    """The cases that were registered by a moment."""
    cases = [Life(number, tuple(fact for fact in facts if fact.at < cut)) for number, facts in lives.items()]
    return [case for case in cases if case.facts]


# --- the week -------------------------------------------------------------------------------------------------------------

WAYS = {"closed": "closed", "merged": "merged", "transferred": "transferred", "declined": "declined",
        "nothing_found": "declined", "voided": "voided",
        "retracted": "voided",
        "reopened": "reopened", "unmerged": "unmerged"}


def week(lives: Lives, opens: datetime, cuts: datetime) -> tuple[Counter[str], dict[str, Counter[int]]]:
    """The balance of the district by movement, and the opening and closing stock by unit."""
    district, units = Counter[str](), {"opening": Counter[int](), "closing": Counter[int]()}
    for case in known(lives, cuts):
        earlier = case.before(opens)
        inside = [fact.kind.removeprefix("case:") for fact in case.facts if fact.at >= opens]
        if not earlier.facts and "import_withdrawn" in inside:
            continue
        for name, life in (("opening", earlier), ("closing", case)):
            if life.is_stock():
                district[name] += 1
                units[name][life.value("lead_unit_id") or 0] += 1
        district["new"] += not earlier.facts
        district["voided"] += "import_withdrawn" in inside
        for kind in inside:
            if kind in WAYS:
                district[WAYS[kind]] += 1
    return district, units


# --- the month ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """One month of one register."""

    cases: tuple[Life, ...]
    first: date
    last: date

    def at_end(self, case: Life) -> Life:
        """The case at the end of the month."""
        return case.till(self.last)

    def kept(self, case: Life) -> Life:
        """As it would be told had nobody assigned it by mistake: an assignment that was recalled unsigned is left out."""
        facts: list[Fact] = []
        for fact in self.at_end(case).facts:
            if fact.kind == "case:recalled" and Life(case.number, tuple(facts)).state() == "待签收":
                handed = next(each for each in reversed(facts) if each.kind in HANDED)
                facts = [each for each in facts if each is not handed]
            facts.append(fact)
        return Life(case.number, tuple(facts))

    def happened(self, case: Life, *kinds: str) -> bool:
        """Whether any of these happened in the month."""
        return any(kind in kinds for kind in case.within(self.first, self.last))

    def states_seen(self, case: Life) -> list[str]:
        """The state at the beginning and after every fact of the month."""
        days = [case.before(self.first)]
        days += [Life(case.number, case.facts[:place]) for place, fact in enumerate(case.facts, start=1)
                 if self.first <= fact.on <= self.last]
        return [each.state() for each in days if each.facts]

    def is_new(self, case: Life) -> bool:
        """Registered in the month."""
        return self.first <= case.facts[0].on <= self.last

    def is_load(self, case: Life) -> bool:
        """Had to be dealt with at any moment of the month, or came in it."""
        return self.is_new(case) or any(state not in ENDED for state in self.states_seen(case))

    def is_due(self, case: Life) -> bool:
        """Its limit ends in the month, no pause runs, and it does not stand apart."""
        due_on, state = self.at_end(case).on("due_on"), self.at_end(case).state()
        return due_on is not None and self.first <= due_on <= self.last and state not in (*APART, "缓办")

    def is_on_time(self, case: Life) -> bool:
        """Handed in by its limit and not sent back."""
        end = self.at_end(case)
        handed_in = [fact.on for fact in end.facts if fact.kind == "case:submitted"]
        return self.is_due(case) and end.state() in (*DONE, "待核查") and bool(handed_in) and handed_in[-1] <= (
                                                         end.on("due_on") or date.min)

    def is_overdue(self, case: Life) -> bool:
        """Its limit is over and it still is with who must act."""
        end = self.at_end(case)
        due_on = end.on("due_on")
        return due_on is not None and due_on < self.last and end.state() in CAN_BE_LATE

    def first_verdict(self, case: Life) -> str:
        """The first verification, if it was in the month."""
        verdicts = [fact for fact in self.at_end(case).facts if fact.kind in ("case:verified", "case:rejected")]
        return verdicts[0].kind if verdicts and verdicts[0].on >= self.first else ""

    def signing(self, case: Life) -> str:
        """What became of the last assignment whose signing fell due in the month: "", "late" or "in time"."""
        facts, said = self.kept(case).facts, ""
        for place, fact in enumerate(facts):
            due = fact.sets.get("acknowledge_due_on")
            if fact.kind not in HANDED or not due:
                continue
            due_on, later = date.fromisoformat(due), facts[place + 1:]
            left = next((each for each in later if STATE_AFTER.get(each.kind.removeprefix("case:"), "待签收") != "待签收"), None)
            if not self.first <= due_on <= self.last:
                continue
            if left is None or left.on > due_on:
                said = "late"
            elif left.kind == "case:acknowledged":
                said = "in time"
        return said

    def last_call(self, case: Life) -> str:
        """The last call of the month that reached somebody."""
        said = [str(f.sets["satisfaction"]) for f in case.facts if f.kind == "case:called_back"
                and self.first <= f.on <= self.last]
        reached = [each for each in said if each != "unreached"]
        return reached[-1] if reached else ""

    def figures(self) -> dict[str, int | tuple[int, int]]:
        """Every figure by its key; rates as numerator and denominator."""
        load = [case for case in self.cases if self.is_load(case)]
        rated = [case for case in load if self.at_end(case).state() not in APART]

        def among(cases: Iterable[Life], *states: str) -> int:
            return sum(self.at_end(case).state() in states for case in cases)

        def any_of(*kinds: str) -> int:
            return sum(self.happened(case, *kinds) for case in self.cases)

        def having(test: Test) -> int:
            return sum(map(test, self.cases))

        sent_back = ("rejected", "objection_sustained", "close_refused")
        return {
            "received": having(self.is_new), "load": len(load), "handled": among(load, *DONE), "phased": among(load, "阶段性"),
            "closed": any_of("closed"), "reopened": any_of("reopened"), "overdue": having(self.is_overdue),
            "stock": sum(self.at_end(case).is_stock() for case in load),
            "completion": (among(load, *DONE), len(rated)), "completion_with_phased": (among(load, *DONE, "阶段性"), len(rated)),
            "on_time": (having(self.is_on_time), having(self.is_due)),
            "acknowledged": (having(lambda c: self.signing(c) == "in time"), having(lambda c: self.signing(c) != "")),
            "first_pass": (having(lambda c: self.first_verdict(c) == "case:verified"),
                           having(lambda c: self.first_verdict(c) != "")),
            "rework": (any_of(*sent_back), any_of(*sent_back, "verified", "closed")),
            "extension": (any_of("extension_granted"),
                          having(lambda c: "整改中" in self.states_seen(c) or self.happened(c, "extension_granted"))),
            "return": (any_of("return_granted"),
                       having(lambda c: self.happened(self.kept(c), "return_granted", "assigned", "confirmed", "designated")
                              or self.kept(c).before(self.first).state() == "待签收")),
            "recurrence": (any_of("reopened"), any_of("reopened", "looked_back")),
            "closing": (among(load, "已销号"), among(load, *DONE)),
            "satisfaction": (having(lambda c: self.last_call(c) in ("satisfied", "basically")),
                             having(lambda c: self.last_call(c) != "")),
        }

    def split(self, of: Callable[[Life], Iterable[str]]) -> Counter[str]:
        """The new cases by what they are at the end of the month."""
        return Counter(each for case in self.cases if self.is_new(case) for each in set(of(self.at_end(case))))

    def of_unit(self, unit: int) -> tuple[int, int, int, int, int, int]:
        """Led in the month; handled, phased, struck off and apart at its end; overdue."""
        led = [case for case in self.cases if (self.at_end(case).value("lead_unit_id") or 0) == unit]
        load = [self.at_end(case) for case in led if self.is_load(case)]
        return (len(load), sum(c.state() in DONE for c in load), sum(c.state() == "阶段性" for c in load),
                sum(c.state() == "已销号" for c in load),
                sum(c.state() in APART for c in load), sum(self.is_overdue(c) for c in led))


def month(lives: Lives, cut: datetime, first: date, last: date) -> Month:
    """A month as it is counted at a cut; imports that were taken back by then never were."""
    cases = (case for case in known(lives, cut) if "import_withdrawn" not in case.kinds())
    return Month(tuple(case for case in cases if case.till(last).facts), first, last)
