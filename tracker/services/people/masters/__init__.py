"""Units and people as master data."""

from tracker.services.house.master.declaring import Master
from tracker.services.people.masters import people, units

MASTERS: tuple[Master, ...] = (units.MASTER, people.MASTER)
