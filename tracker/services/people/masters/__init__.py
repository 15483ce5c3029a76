"""Units and people as master data."""

from tracker.services.house.master.declaring import Master
from tracker.services.people.masters import units

MASTERS: tuple[Master, ...] = (units.MASTER,)
