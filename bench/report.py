"""The tables as they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from bench.pieces import WORTH
from bench.reports import ReportRace
from bench.tables import Race
from bench.visitor import Pair

STATEMENT_BUDGETS = {"list": 8, "list, filtered": 8, "search": 8, "case page": 10, "create": 12}


@dataclass(frozen=True)
class Verdict:
    """One row: the product beside the floor."""

    name: str
    floor: str
    product: str
    ratio: float
    budget: float | None
    note: str = ""

    @property
    def word(self) -> str:
        """Whether the budget holds."""
        return "" if self.budget is None else "ok" if self.ratio <= self.budget else "OVER"

    def cells(self) -> tuple[str, ...]:
        """As printed."""
        budget = "" if self.budget is None else f"≤ {self.budget:g} ×"
        return self.name, self.floor, self.product, f"{self.ratio:.2f} ×", budget, self.word, self.note


def of_pair(name: str, pair: Pair, budget: float, note: str = "") -> Verdict:
    """Medians of product (left) and floor (right)."""
    product, floor = pair.p50
    size = f"{pair.quiet:.2f} × when quiet; {pair.left_bytes / 1000:.0f} kB, {len(pair.left)} pairs"
    return Verdict(name, f"{floor:.2f}", f"{product:.2f}", product / floor, budget, f"{size}{note}")


def of_race(race: Race, budget: float | None) -> Verdict:
    """Seconds of the processor, for what else the machine does is no part of it; seconds on the wall, rows a second and peaks of
    memory in the note."""
    plain, product = race.plain, race.product
    note = (f"{race.rows / product.cpu:,.0f} rows/s beside {race.rows / plain.cpu:,.0f}; wall {product.seconds:.1f} s beside "
            f"{plain.seconds:.1f}; peak {product.peak_mb:.0f} MB beside {plain.peak_mb:.0f}; "
            f"file {race.size_mb[1]:.1f} MB beside {race.size_mb[0]:.1f}")
    return Verdict(race.name, f"{plain.cpu:.2f} s", f"{product.cpu:.2f} s", product.cpu / plain.cpu, budget, note)


def of_report(race: ReportRace) -> Verdict:
    """Seconds of the counting; those of the processor and the peaks of memory in the note."""
    plain, product = race.plain, race.product
    note = (f"CPU {race.cpu[1]:.2f} s beside {race.cpu[0]:.2f}; {race.cpu[1] / race.rows * 1e6:.0f} µs a case; "
            f"peak {product.peak_mb:.0f} MB beside {plain.peak_mb:.0f}; text {race.size_mb[1]:.2f} MB")
    return Verdict(race.name, f"{plain.seconds:.2f} s", f"{product.seconds:.2f} s", product.seconds / plain.seconds, None, note)


def of_savings(savings: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """A line for each work of a piece; a piece is worth its code by the work that it helps most."""
    best: dict[str, float] = {}
    for each in savings:
        best[each["name"]] = max(best.get(each["name"], 0), each["ratio"])
    return [(each["name"].rpartition("tracker.")[2], each["work"], f"{each['left']:.2f}", f"{each['right']:.2f}",
             f"{each['ratio']:.2f} ×",
             _worth(each, best[each["name"]]), each["holds"]) for each in savings]


def _worth(saving: Mapping[str, Any], best: float) -> str:
    if not saving["holds"]:
        return ""  # the noise
    return "worth it" if best >= WORTH else saving["even_so"] or "too little"


def shown(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table with its columns aligned."""
    widths = [max(_width(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    print(f"\n{title}")
    for row in (heads, ["-" * width for width in widths], *rows):
        print("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip(),
              flush=True)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
