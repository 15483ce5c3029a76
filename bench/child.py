"""Work in a process of its own: how long it took and how much memory it had at most, written down at its end.

    python -m bench.child RESULT.json flask data import FILE …      the product's command
    python -m bench.child RESULT.json plain NAME …                  a function of bench.plain
    python -m bench.child RESULT.json reports NAME …                a function of bench.reports
    python -m bench.child RESULT.json fill COUNT                    a register made
    python -m bench.child RESULT.json count LOGIN OFFICER …         the statements of its pages

The peak is VmHWM, which begins anew at exec; ru_maxrss of a child would count the parent's pages until then.
"""

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import ROOT


@dataclass(frozen=True)
class Done:
    """What a child did."""

    seconds: float
    peak_mb: float
    said: str


def run(result: Path, environment: Mapping[str, str], *arguments: str) -> Done:
    """Run a child and read what it wrote down. Raises RuntimeError with its last words when it failed."""
    command = [sys.executable, "-m", "bench.child", str(result), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()[-2000:] or done.returncode}")
    found = json.loads(result.read_text())
    return Done(found["seconds"], found["peak_mb"], done.stdout)


def peak_mb() -> float:
    """The most memory that this process ever had."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _work(kind: str, arguments: list[str]) -> None:
    if kind == "flask":
        from flask.cli import main

        sys.argv = ["flask", *arguments]
        try:
            main()
        except SystemExit as end:
            if end.code:
                raise
    elif kind in ("fill", "count"):
        from bench import made

        made.make(int(arguments[0])) if kind == "fill" else made.count_statements(*arguments)
    elif kind == "reports":
        from bench import reports

        getattr(reports, arguments[0])(*arguments[1:])
    else:
        from bench import plain

        getattr(plain, arguments[0])(*arguments[1:])


def main() -> None:
    """The child's side."""
    result, begin = Path(sys.argv[1]), time.perf_counter()
    _work(sys.argv[2], sys.argv[3:])
    found = {"seconds": time.perf_counter() - begin, "peak_mb": peak_mb()}
    result.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
