"""Group robots as readers of the outbox: which there are, whether they are on, and what a report tells them.

They are off until the rule book says otherwise. Their addresses are keys, kept sealed and shown nowhere.
"""

import re
from typing import Any

from sqlalchemy import delete, select

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.links import to_report
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Document
from tracker.gateways.mail.robots import is_address, post
from tracker.gateways.mail.sending import MailFault
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail.letters import Letter
from tracker.services.rules import values
from tracker.storage.house.preferences import Preference

PREFIX = "robot:"
MOST_FIGURES = 8
TRIAL = "销号平台试发：收到这条，说明群机器人可用。"


@deed
def set_robot(work: Work, name: str, url: str) -> None:
    """Keep the address of a robot under a name. Raises `Invalid` for what is no address of one."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name):
        raise Invalid("机器人的名字用小写字母、数字和连字符，最多 40 个。", field="name")
    if not is_address(url):
        raise Invalid("地址应为 wecombot://密钥、dingtalk://令牌 或 dingtalk://加签密钥@令牌。", field="url")
    work.session.merge(Preference(key=PREFIX + name, value=work.wiring.cipher.seal(url, PREFIX + name)))


@deed
def remove_robot(work: Work, name: str) -> bool:
    """Forget a robot; what waits for it will be given up. Returns whether there was one."""
    return bool(work.session.execute(delete(Preference).where(Preference.key == PREFIX + name).returning(Preference.key)).all())


def try_out(actor: Actor | None, name: str) -> str:
    """Post one message to a group at once, whether robots are on or not: what came of it, in a sentence. Raises `NotFound`."""
    if actor is not None:
        permits.require(actor, Permission.ops_manage)
    row = reading().get(Preference, PREFIX + name)
    if row is None:
        raise NotFound(Say("没有机器人“{name}”。", name=name))
    try:
        post(wiring().cipher.open(row.value, row.key), TRIAL)
    except MailFault as fault:
        return Say("“{name}”没有收到：{reason}。", name=name, reason=Say(fault.reason))
    return Say("“{name}”已收到试发的消息，请到群里看一眼。", name=name)


def names() -> tuple[str, ...]:
    """The robots that have an address."""
    keys = reading().scalars(select(Preference.key).where(Preference.key.startswith(PREFIX, autoescape=True))
                              .order_by(Preference.key))
    return tuple(key.removeprefix(PREFIX) for key in keys)


def addresses() -> dict[str, str]:
    """The address of each robot; none while the rule book has them off."""
    if not _robots_rule()["is_on"]:
        return {}
    rows = reading().scalars(select(Preference).where(Preference.key.startswith(PREFIX, autoescape=True)))
    return {row.key.removeprefix(PREFIX): wiring().cipher.open(row.value, row.key) for row in rows}


def is_on() -> bool:
    """Whether the rule book lets robots be used."""
    return bool(_robots_rule()["is_on"])


def a_minute() -> int:
    """How many messages one robot may be given in a minute."""
    return int(_robots_rule()["a_minute"])


def posts_of(document: Document, record_id: int | None, key: str, *, late: str = "") -> list[Letter]:
    """The summary of a report for every robot: title, head figures, link. No case is named in a group. Nothing while they are
    off."""
    if not is_on():
        return []
    figures = tuple(figure for section in document.sections for figure in section.figures)[:MOST_FIGURES]
    page = to_report(document.name, document.period, document.area_code, wiring().home_area)
    words = {"document": document, "figures": figures, "late": late, "link": page}
    return [Letter(None, "robot_report", f"{key}/robot:{name}", words, record_id, robot=name) for name in names()]


def _robots_rule() -> dict[str, Any]:
    found = values.value("robots", wiring().clock.today())
    assert isinstance(found, dict)
    return found
