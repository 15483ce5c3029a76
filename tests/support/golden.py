"""Agreed texts: equal to the kept file, or kept anew with XIAOHAO_RENEW=1."""

import os

from tests.support.project_files import ROOT

FOLDER = ROOT / "tests" / "golden"


def same_as_agreed(name: str, text: str) -> None:
    """Fail where the text is not the agreed one."""
    path = FOLDER / name
    if os.environ.get("XIAOHAO_RENEW"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{name}: XIAOHAO_RENEW=1 for its test keeps today's."
    assert text == path.read_text(encoding="utf-8")
