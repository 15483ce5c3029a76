"""`./run bench`: the product beside a bare Flask view of the same rows and bytes, in the same run. Only ratios count.

    ./run bench                         everything, on 100,000 cases and SQLite
    ./run bench --only pages            one of the parts; several with commas
    ./run bench --cases 10000 --engine postgres --clients 2
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import acts, child, crowd, report, reports, sites, tables
from bench.flatness import flat_operations
from bench.pages import OPEN_LIST, Operation, Visitors, operations
from bench.report import Verdict
from bench.servers import copied, emptied, gunicorn, served, settings_of, url_of
from bench.targets import SMALL, Targets
from bench.visitor import Visitor, timed

PARTS = ("statements", "pages", "many", "flatness", "import", "export", "reports", "machinery", "beside", "registry")
ALL_CASES = 100_000
HEADS = ("operation", "floor p50", "product p50", "ratio", "budget", "", "")


@dataclass(frozen=True)
class Register:
    """A register on this machine that waits to be measured on."""

    name: str
    count: int
    engine: str
    folder: Path
    staff: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a product on it."""
        return {**os.environ, **settings_of(self.folder, url_of(self.folder, self.engine, self.name))}

    def copy(self, name: str) -> "Register":
        """Another one with the same rows."""
        copied(self.folder, self.engine, self.name, name)
        return Register(name, self.count, self.engine, self.folder, self.staff)


def main() -> None:
    """Make the registers, serve, measure, print."""
    options = _options()
    with _folder(options) as folder:
        register = made(options.cases, options.engine, folder)
        _introduce(register, options)
        for part in options.only:
            MEASURES[part](register, options)


def made(count: int, engine: str, folder: Path) -> Register:
    """A register of this size; one that the folder already holds is used again."""
    name, kept = f"cases_{count}", folder / f"cases_{count}.{engine}.json"
    if not kept.exists():
        emptied(folder, engine, name)
        print(f"making a register of {count:,} cases …", flush=True)
        environment = {**os.environ, **settings_of(folder, url_of(folder, engine, name))}
        done = child.run(folder / "fill.json", environment, "fill", str(count))
        print(f"  {done.seconds:.0f} s, peak {done.peak_mb:.0f} MB", flush=True)
        kept.write_text(done.said.strip().splitlines()[-1])
    return Register(name, count, engine, folder, json.loads(kept.read_text()))


# --- the parts ------------------------------------------------------------------------------------------------------------


def measure_pages(register: Register, options: argparse.Namespace) -> None:
    """Every operation, product and floor by turns."""
    targets = Targets(register.environment["DATABASE_URL"])
    wanted = [o for o in operations(targets) if not options.pages or o.key in options.pages]
    targets.close()
    ours, floor = register.copy("served"), register.copy("floor")
    floor_environment = {**os.environ, "BENCH_FLOOR_URL": floor.environment["DATABASE_URL"]}
    with served("wsgi:app", ours.environment) as port, served("bench.floor:app", floor_environment) as floor_port:
        clients = [_visitors(register, port, floor_port) for _ in range(options.clients)]
        rows = [_timed(operation, clients, options) for operation in wanted]
    title = f"pages · {register.count:,} cases · {register.engine} · {options.clients} client(s) · p50 in ms"
    report.shown(title, HEADS, [row.cells() for row in rows])


def _timed(operation: Operation, clients: list[Visitors], options: argparse.Namespace) -> Verdict:
    asks = [operation.ask(visitors) for visitors in clients]
    rounds = min(options.rounds, operation.most // len(clients) - 10)
    return report.of_pair(operation.name, timed(asks, rounds, options.seconds, operation.expected), operation.budget)


def measure_many(register: Register, options: argparse.Namespace) -> None:
    """The same pages asked for by one, by sixteen and by a hundred at once, each on a connection that is kept."""
    targets = Targets(register.environment["DATABASE_URL"])
    numbers, unit = targets.numbers("state = 'closed'", 500), targets.unit_id(SMALL)
    targets.close()
    pages = {"the register": (["/cases?sort=due"], ["/list?"]), "the desk": (["/"], [f"/list?unit={unit}&state={OPEN_LIST}"]),
             "case page": ([f"/cases/{each}" for each in numbers], [f"/case/{each}" for each in numbers])}
    ours, floor = register.copy("served"), register.copy("floor")
    floor_environment = {**os.environ, "BENCH_FLOOR_URL": floor.environment["DATABASE_URL"]}
    with gunicorn("wsgi:app", ours.environment) as (server, port), \
            gunicorn("bench.floor:app", floor_environment) as (bare, bare_port):
        rows = crowd.table(crowd.Served(port, server.pid), crowd.Served(bare_port, bare.pid), pages,
                           _signed_in(register, port).cookies, min(options.seconds, 10))
    report.shown(f"many at once · {register.count:,} cases · {register.engine} · two workers and those who ask on "
                 f"{os.cpu_count()} cores", crowd.HEADS, rows)


def measure_flatness(register: Register, options: argparse.Namespace) -> None:
    """The same pages on a small register and on this one, by turns."""
    small = made(options.small, register.engine, register.folder)
    rows = []
    targets = [Targets(each.environment["DATABASE_URL"]) for each in (register, small)]
    pairs = flat_operations(*targets)
    for each in targets:
        each.close()
    large_copy, small_copy = register.copy("large"), small.copy("small")
    with served("wsgi:app", large_copy.environment) as port, served("wsgi:app", small_copy.environment) as small_port:
        large_visitor, small_visitor = _signed_in(register, port), _signed_in(small, small_port)
        for name, large_path, small_path in pairs:
            found = timed([(lambda p=large_path: large_visitor.get(p), lambda p=small_path: small_visitor.get(p))],
                          # type: ignore[misc]
                          options.rounds, options.seconds)
            rows.append(report.of_pair(name, found, 1.3))
    report.shown(f"flatness · {register.count:,} beside {small.count:,} cases · {register.engine} · p50 in ms",
                 ("page", f"{small.count:,}", f"{register.count:,}", "ratio", "budget", "", ""), [row.cells() for row in rows])


def measure_imports(register: Register, options: argparse.Namespace) -> None:
    """Published tables into empty databases."""
    empty = made(0, register.engine, register.folder)
    races = tables.imports(register.folder, lambda name: empty.copy(name).environment, tuple(options.rows))
    report.shown(f"import · {register.engine} · plain is openpyxl read + executemany of the same rows into the same tables",
                 ("operation", "plain", "product", "ratio", "budget", "", ""), [report.of_race(r, 3).cells() for r in races])


def measure_exports(register: Register, options: argparse.Namespace) -> None:
    """The whole register to files."""
    races = tables.exports(register.folder, register.copy("exported").environment, register.count)
    report.shown(f"export · {register.engine} · plain is one select, written row by row",
                 ("operation", "plain", "product", "ratio", "budget", "", ""), [report.of_race(r, 2).cells() for r in races])


def measure_reports(register: Register, options: argparse.Namespace) -> None:
    """Reports of the clock over the whole register; 1,000,000 cases with `--cases`."""
    races = reports.races(register.folder, register.copy("reported").environment, register.count)
    report.shown(f"reports · {register.engine} · plain is the bare SQL that counts the same rows",
                 ("report", "plain", "product", "ratio", "budget", "", ""), [report.of_report(r).cells() for r in races])


def measure_statements(register: Register, options: argparse.Namespace) -> None:
    """How many SQL statements each page takes."""
    targets = Targets(register.environment["DATABASE_URL"])
    number, assigned = targets.numbers("state = 'closed'", 1)[0], targets.numbers(
        f"state = 'assigned' AND lead_unit_id = {targets.unit_id('U000')}", 1)[0]
    targets.close()
    staff = register.staff
    done = child.run(register.folder / "count.json", register.copy("counted").environment, "count", staff["dispatcher"],
                     staff["officer"], staff["password"], number, assigned)
    counts: dict[str, int] = json.loads(done.said.strip().splitlines()[-1])
    rows = []
    for page, count in counts.items():
        budget = report.STATEMENT_BUDGETS.get(page)
        rows.append((page, str(count), f"≤ {budget}" if budget else "", "" if budget is None else "ok" if count <= budget
                     else "OVER"))
    report.shown("SQL statements", ("page", "statements", "budget", ""), rows)


def measure_machinery(register: Register, options: argparse.Namespace) -> None:
    """What each piece of the speed machinery saves; alone on the register of this run, among other parts on the small one."""
    on = (register if options.only == ["machinery"] else made(options.small, register.engine, register.folder)).copy("machinery")
    wanted = ",".join(options.pieces)
    done = child.run(register.folder / "machinery.json", on.environment, "machinery", str(options.piece_seconds),
                     on.staff["password"], wanted)
    savings = json.loads(done.said.strip().splitlines()[-1])
    report.shown(f"machinery · {on.count:,} cases · {on.engine} · p50 in ms of the processor · {done.seconds:.0f} s",
                 ("piece", "on", "with", "without", "saves", "", "it holds"), report.of_savings(savings))


def measure_beside(register: Register, options: argparse.Namespace) -> None:
    """Acts at scale beside their floor and beside a hundredth of them; a case page with acts; the places of a railway and a
    responsibility list, each in a process of its own."""
    large, small = (_with_acts(register, name, count) for name, count in (
        ("acts_large", options.acts), ("acts_small", options.acts // 100)))
    floor_environment = {**os.environ, "BENCH_FLOOR_URL": large.copy("floor").environment["DATABASE_URL"]}
    with served("wsgi:app", large.environment) as port, served("wsgi:app", small.environment) as small_port, \
            served("bench.floor:app", floor_environment) as floor_port:
        asked = acts.Served(_signed_in(large, port), _signed_in(small, small_port), Visitor(floor_port))
        rows = [report.of_pair(name, timed([pair], options.rounds, options.seconds), budget)
                for name, pair, budget in acts.pairs(asked, Targets(large.environment["DATABASE_URL"]))]
    report.shown(f"beside the cases · {options.acts:,} acts, {register.count:,} cases · {register.engine} · p50 in ms", HEADS,
                 [row.cells() for row in rows])
    for chore in ("explain_places", "try_list"):
        name = f"beside_{chore}"
        done = child.run(register.folder / f"{name}.json", register.copy(name).environment, "beside", chore)
        print(f"{chore}: {done.said.strip().splitlines()[-1]}", flush=True)


def _with_acts(register: Register, name: str, count: int) -> Register:
    found = register.copy(name)
    child.run(register.folder / f"{name}.json", found.environment, "beside", "fill_acts", str(count))
    return found


def measure_registry(register: Register, options: argparse.Namespace) -> None:
    """Pages of sites on two registries, a file of registrations, a draw."""
    empty = made(0, register.engine, register.folder)
    (large, most), (small, few) = ((empty.copy(f"sites_{count}"), count) for count in (options.sites, options.sites // 10))
    sites.fill(register.folder, large.environment, most)
    sites.fill(register.folder, small.environment, few)
    with served("wsgi:app", large.environment) as port, served("wsgi:app", small.environment) as small_port:
        sites.show_pages((_signed_in(large, port), most), (_signed_in(small, small_port), few), options)
    sites.show_chores(register.folder, empty.copy("registered").environment, empty.copy("drawn").environment)


Measure = Callable[[Register, argparse.Namespace], None]
MEASURES: dict[str, Measure] = {
    "statements": measure_statements, "pages": measure_pages, "many": measure_many, "flatness": measure_flatness,
    "import": measure_imports, "export": measure_exports, "reports": measure_reports, "machinery": measure_machinery,
    "beside": measure_beside, "registry": measure_registry,
}


# --- around them ------------------------------------------------------------------------------------------------------------


def _visitors(register: Register, port: int, floor_port: int) -> Visitors:
    dispatcher, officer = _signed_in(register, port), Visitor(port)
    dispatcher.take_token("/cases/new")
    officer.sign_in(register.staff["officer"], register.staff["password"])
    officer.take_token("/")
    return Visitors(dispatcher, officer, Visitor(floor_port))


def _signed_in(register: Register, port: int) -> Visitor:
    visitor = Visitor(port)
    visitor.sign_in(register.staff["dispatcher"], register.staff["password"])
    return visitor


def _introduce(register: Register, options: argparse.Namespace) -> None:
    targets = Targets(register.environment["DATABASE_URL"])
    cases = max(targets.count(), 1)
    print(f"{cases:,} cases, {targets.facts() / cases:.1f} facts each, descriptions of {targets.mean_text():.0f} characters, "
          f"{register.engine}, {os.cpu_count()} cores", flush=True)
    targets.close()


@contextmanager
def _folder(options: argparse.Namespace) -> Iterator[Path]:
    """Where everything of this run lies; kept only when it was named."""
    try:
        if options.folder:
            options.folder.mkdir(parents=True, exist_ok=True)
            yield options.folder.resolve()
        else:
            with tempfile.TemporaryDirectory(prefix="xiaohao-bench-") as folder:
                yield Path(folder)
    finally:
        if options.engine == "postgres":
            from tests.support import postgres, session

            postgres.stop()
            session.close_folder()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int,
                        help=f"size of the register; {ALL_CASES:,}, or the small size for the machinery alone")
    parser.add_argument("--small", type=int, default=10_000,
                        help="size of the register that flatness is measured beside, and machinery on")
    parser.add_argument("--acts", type=int, default=1_000_000, help="how many acts stand beside the cases")
    parser.add_argument("--sites", type=int, default=100_000, help="how many sites the larger registry has")
    parser.add_argument("--rows", type=int, nargs="+", default=list(tables.IMPORT_SIZES), help="sizes of the tables to import")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--clients", type=int, choices=(1, 2), default=1)
    parser.add_argument("--rounds", type=int, default=150, help="pairs of requests of one operation, at most")
    parser.add_argument("--seconds", type=float, default=20, help="time for one operation, at most")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS), help="parts: " + ", ".join(PARTS))
    parser.add_argument("--pages", type=lambda text: text.split(","), default=[], help="keys of operations: unit-open,…")
    parser.add_argument("--pieces", type=lambda text: text.split(","), default=[], help="ends of names in bench/pieces.py")
    parser.add_argument("--piece-seconds", type=float, default=0.4, help="time for one work of a piece, at most")
    parser.add_argument("--folder", type=Path, help="keep the registers here, and use them again the next time")
    options = parser.parse_args()
    unknown = set(options.only) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options.cases = options.cases or (options.small if options.only == ["machinery"] else ALL_CASES)
    return options


if __name__ == "__main__":
    main()
