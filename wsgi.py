"""Where web servers and `flask` find the application."""

import sys
from pathlib import Path

from config import Settings, SettingsError
from tracker import create_app

OUTLINES = Path("instance/outlines")  # where `./run setup` puts the file with the outlines of counties

try:
    app = create_app(Settings.from_env(), outlines=OUTLINES)
except SettingsError as error:
    print(error, file=sys.stderr)
    raise SystemExit(3) from None  # 3 tells gunicorn that starting another worker would not help
