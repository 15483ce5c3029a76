"""Programs of the machine that a test starts."""

import os
import shutil

import pytest


def needs(program: str, *folders: str) -> str:
    """Where the program lies, also looked for in these folders; skips the test where it is not (fails when CI is set)."""
    found = shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", ""), *folders)))
    if found is None:
        missing = f"no {program} here: ./run test brings it, as root on Debian"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return found
