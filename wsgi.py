"""Where web servers and `flask` find the application."""

import sys

from config import Settings, SettingsError
from tracker import create_app

try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    print(error, file=sys.stderr)
    raise SystemExit(3) from None  # 3 tells gunicorn that starting another worker would not help
