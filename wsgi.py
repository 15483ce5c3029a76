"""Where web servers and `flask` find the application."""

import gc
import sys
from pathlib import Path

from config import Settings, SettingsError
from tracker import create_app

OUTLINES = Path("instance/outlines")  # where `./run setup` puts the file with the outlines of counties
COLLECT_AFTER = 20_000


def _spare_the_collector() -> None:
    """What stands now stays: to look through it again and again finds nothing. A page makes some thousands of objects, a row of a
    long table some dozens, and they are gone with it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


try:
    app = create_app(Settings.from_env(), outlines=OUTLINES)
except SettingsError as error:
    print(error, file=sys.stderr)
    raise SystemExit(3) from None  # 3 tells gunicorn that starting another worker would not help
_spare_the_collector()
