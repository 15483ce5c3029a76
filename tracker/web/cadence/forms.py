"""The forms of supervision: the sign-off of a record, and the button that makes one."""

from tracker.services.cadence.sign_offs import LONGEST_NOTE
from tracker.web.house.forms import HouseForm, long_text


class SignForm(HouseForm):
    """Who used it, and what came of it."""

    note = long_text("签收意见", longest=LONGEST_NOTE, is_required=False, hint="怎样布置、由谁落实", rows=3)


class RunForm(HouseForm):
    """Nothing but the token."""
