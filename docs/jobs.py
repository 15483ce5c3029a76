"""Writes README's table of jobs from the table of jobs. `./run lint` calls it."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tracker.wiring import JOBS  # noqa: E402

README = ROOT / "README.md"
HEAD, FOOT = "<!-- jobs: written by ./run lint from JOBS and BEATS -->", "<!-- /jobs -->"


def table_of_jobs() -> str:
    """Each job with when it is due and what it does, between the two marks."""
    lines = [f"| `{job.id}` | {job.when} | {job.what_for} |" for job in JOBS]
    return "\n".join([HEAD, "", "| 任务 | 何时 | 做什么 |", "|---|---|---|", *lines, "", FOOT])


def renewed_readme() -> str:
    """README with its table as it should be."""
    return re.sub(re.escape(HEAD) + ".*?" + re.escape(FOOT), lambda _: table_of_jobs(), README.read_text(), flags=re.DOTALL)


if __name__ == "__main__":
    README.write_text(renewed_readme())
