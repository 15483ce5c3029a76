"""What is measured of the registry: its pages on two sizes, by turns; a file of registrations; the draw of a quarter."""

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from bench import child, registry, report
from bench.visitor import Visitor, timed

FLAT, ROWS, DROPPED, MOST_SECONDS, MOST_GROWTH = 1.5, 10_000, 300, 25, 60


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
    """The way of a register by its commands, beside a command that does nothing; and a draw over a city's sites."""
    rows = list(_way_of_register(folder, registered))
    count = sum(registry.CITY.values())
    said = child.run(folder / "draw.json", drawn, "registry", "draw_quarter", str(count)).said
    draw = json.loads(said.strip().splitlines()[-1])
    rows += [(f"{step} over {count:,} sites", f"{draw[step]:.1f} s", "", "") for step in ("prepare", "commit", "draw")]
    report.shown(f"registry · a file, and a draw of {draw['drawn']:.0f} sites", ("work", "took", "budget", ""), rows)


def _way_of_register(folder: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Entered, withdrawn, entered again, synchronised with fewer, and what that dropped taken up again."""
    whole, fewer = folder / "registrations.csv", folder / "fewer.csv"
    registry.registrations(whole, ROWS)
    registry.registrations(fewer, ROWS - DROPPED)
    asked = ("--register", "registration")

    def data(*arguments: str) -> child.Done:
        return child.run(folder / "data.json", environment, "flask", "data", *arguments)

    idle = data("batches")
    done = data("import", str(whole), *asked)
    growth = done.peak_mb - idle.peak_mb
    yield f"{ROWS:,} registrations", f"{done.seconds:.1f} s", f"≤ {MOST_SECONDS} s", _word(done.seconds <= MOST_SECONDS)
    yield "growth of memory", f"{growth:.0f} MB", f"≤ {MOST_GROWTH} MB", _word(growth <= MOST_GROWTH)
    (code,) = set(re.findall(r"IMP-\d+-\d+", done.said))
    later = (("withdrawn", ("withdraw", code)), ("entered again", ("import", str(whole), *asked)),
             (f"synchronised, {DROPPED} endings", ("import", str(fewer), *asked, "--mode", "sync", "--endings", str(DROPPED))),
             ("taken up again", ("import", str(whole), *asked, "--apply-changes")))
    for word, arguments in later:
        done = data(*arguments)
        yield word, f"{done.seconds:.1f} s", "", done.said.strip().splitlines()[-1][:60]


def _word(holds: bool) -> str:
    return "ok" if holds else "OVER"
