"""The side of a child: does one piece of work, and writes down how long it took and how much memory it had at most.

    python -m bench.chores RESULT.json flask data import FILE …     the product's command
    python -m bench.chores RESULT.json plain NAME …                 a function of bench.plain
    python -m bench.chores RESULT.json reports NAME …               a function of bench.reports
    python -m bench.chores RESULT.json machinery SECONDS …          what each piece of the speed machinery saves
    python -m bench.chores RESULT.json fill COUNT                   a register made
    python -m bench.chores RESULT.json beside NAME …                a function of bench.beside
    python -m bench.chores RESULT.json registry NAME …              a function of bench.registry
    python -m bench.chores RESULT.json count LOGIN OFFICER …        the statements of its pages

The peak is VmHWM, which begins anew at exec; ru_maxrss of a child would count the parent's pages until then.
"""

import json
import re
import resource
import sys
import time
from importlib import import_module
from pathlib import Path


def _flask(*arguments: str) -> None:
    from flask.cli import main as flask

    sys.argv = ["flask", *arguments]
    try:
        flask()
    except SystemExit as end:
        if end.code:
            raise


# Each imports its part when it is asked for: what a child does not need would count in its memory.


def _plain_way(name: str, *arguments: str) -> None:
    from bench import plain

    getattr(plain, name)(*arguments)


def _one_report(name: str, *arguments: str) -> None:
    from bench import reports

    getattr(reports, name)(*arguments)


def _machinery(*arguments: str) -> None:
    from bench import machinery

    machinery.measure(*arguments)


def _register(count: str) -> None:
    from bench import made

    made.make(int(count))


def _beside_cases(name: str, *arguments: str) -> None:
    from bench import beside

    getattr(beside, name)(*map(int, arguments))


def _registry(name: str, *arguments: str) -> None:
    from bench import registry

    getattr(registry, name)(*map(int, arguments))


def _statements(*arguments: str) -> None:
    from bench import made

    made.count_statements(*arguments)


CHORES = {"flask": _flask, "plain": _plain_way, "reports": _one_report, "machinery": _machinery, "beside": _beside_cases,
          "registry": _registry, "fill": _register, "count": _statements}
BEFORE = {"flask": "wsgi", "plain": "bench.plain"}  # what a chore has imported before its seconds begin


def peak_mb() -> float:
    """The most memory that this process ever had."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Do it, and write down what it took; the start of the product is no part of it."""
    result = Path(sys.argv[1])
    if sys.argv[2] in BEFORE:
        import_module(BEFORE[sys.argv[2]])
    begin, cpu = time.perf_counter(), time.process_time()
    CHORES[sys.argv[2]](*sys.argv[3:])
    found = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu, "peak_mb": peak_mb()}
    result.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
