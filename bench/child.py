"""Work in a process of its own: how long it took and how much memory it had at most. The other side is `bench.chores`."""

import json
import subprocess
import sys
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
    cpu: float = 0


def run(result: Path, environment: Mapping[str, str], *arguments: str) -> Done:
    """Run a child and read what it wrote down. Raises RuntimeError with its last words when it failed."""
    command = [sys.executable, "-m", "bench.chores", str(result), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()[-2000:] or done.returncode}")
    found = json.loads(result.read_text())
    return Done(found["seconds"], found["peak_mb"], done.stdout, found["cpu"])
