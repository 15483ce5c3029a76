"""One folder for the whole test session, shared by all xdist workers, and things made in it once."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

VARIABLE = "XIAOHAO_TEST_SESSION"


def open_folder() -> Path:
    """The session's folder. The first process (the xdist controller, or the only one) makes it; workers inherit its name."""
    if VARIABLE not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="xiaohao-tests-"))
        folder.chmod(0o755)  # the database server runs as another user below it
        os.environ[VARIABLE] = str(folder)
    return Path(os.environ[VARIABLE])


def close_folder() -> None:
    """Remove the folder and all that is in it."""
    shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def made_once(name: str, make: Callable[[], str]) -> str:
    """The text that `make` returned in whichever worker came first; the others wait for it and read it."""
    kept = open_folder() / f"{name}.made"
    with (open_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(make())
    return kept.read_text()
