"""What is measured of the registry: its pages on two sizes, by turns; a file of registrations; the draw of a quarter."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from bench import child, registry, report
from bench.visitor import Visitor, timed

FLAT, ROWS, MOST_SECONDS, MOST_GROWTH = 1.5, 10_000, 25, 60


def fill(folder: Path, environment: Mapping[str, str], count: int) -> None:
    """A registry of this size."""
    child.run(folder / "sites.json", environment, "registry", "fill_sites", str(count))


def show_pages(large: tuple[Visitor, int], small: tuple[Visitor, int], options: argparse.Namespace) -> None:
    """Each page on both."""
    verdicts = []
    for name, path in registry.PAGES.items():
        ours, theirs = (path.format(deep=f"S-{count * 9 // 10:06d}", name=quote(f"第{count * 9 // 10}号"))
                        for _, count in (large, small))
        pair = timed([(lambda ask=ours: large[0].get(ask), lambda ask=theirs: small[0].get(ask))],  # type: ignore[misc]
                     options.rounds, options.seconds)
        verdicts.append(report.of_pair(name, pair, FLAT))
    report.shown(f"registry · {large[1]:,} beside {small[1]:,} sites · p50 in ms",
                 ("page", f"{small[1]:,}", f"{large[1]:,}", "ratio", "budget", "", ""), [each.cells() for each in verdicts])


def show_chores(folder: Path, registered: Mapping[str, str], drawn: Mapping[str, str]) -> None:
    """A file of registrations by the command, beside a command that does nothing; and a draw over a city's sites."""
    path = folder / "registrations.csv"
    registry.registrations(path, ROWS)
    idle = child.run(folder / "idle.json", registered, "flask", "data", "batches")
    done = child.run(folder / "import.json", registered, "flask", "data", "import", str(path), "--register", "registration")
    growth = done.peak_mb - idle.peak_mb
    rows = [(f"{ROWS:,} registrations", f"{done.seconds:.1f} s", f"≤ {MOST_SECONDS} s", _word(done.seconds <= MOST_SECONDS)),
            ("growth of memory", f"{growth:.0f} MB", f"≤ {MOST_GROWTH} MB", _word(growth <= MOST_GROWTH))]
    count = sum(registry.CITY.values())
    said = child.run(folder / "draw.json", drawn, "registry", "draw_quarter", str(count)).said
    draw = json.loads(said.strip().splitlines()[-1])
    rows += [(f"{step} over {count:,} sites", f"{draw[step]:.1f} s", "", "") for step in ("prepare", "commit", "draw")]
    report.shown(f"registry · a file, and a draw of {draw['drawn']:.0f} sites", ("work", "took", "budget", ""), rows)


def _word(holds: bool) -> str:
    return "ok" if holds else "OVER"
