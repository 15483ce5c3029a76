"""What was answered so far, carried from screen to screen under a seal: nothing is stored before the last one."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tracker.domain.house.errors import Broken
from tracker.services.house.work import wiring
from tracker.services.mail.way_out import MailWay
from tracker.services.upkeep.founding.setting_up import FoundingOrder

CONTEXT = "setup"


@dataclass(frozen=True)
class Answers:
    """All screens' answers. `mail` is what was typed of the mail server; `is_tried` once a mail went out by it."""

    code: str = ""
    area_code: str = ""
    office: dict[str, Any] = field(default_factory=dict)
    login: str = ""
    name: str = ""
    email: str = ""
    mail: dict[str, Any] = field(default_factory=dict)
    way: dict[str, Any] | None = None
    is_tried: bool = False

    def sealed(self) -> str:
        """As the page carries it."""
        return wiring().cipher.seal(json.dumps(asdict(self)), CONTEXT)

    def order(self, units: frozenset[str]) -> FoundingOrder:
        """What is to be made."""
        way = MailWay(**self.way) if self.way else None
        return FoundingOrder(self.area_code, self.office, self.login, self.name, self.email, way, self.is_tried, units)

    def having(self, **more: Any) -> "Answers":
        """The same with more."""
        return replace(self, **more)


def opened(text: str) -> Answers | None:
    """What a page carried; None where it carried nothing of ours."""
    try:
        return Answers(**json.loads(wiring().cipher.open(text, CONTEXT))) if text else None
    except Broken:
        return None
