"""Group robots of WeCom and DingTalk: a short text into a work group. The library is loaded when a robot is used, not before."""

import logging
from typing import Any

from tracker.gateways.mail.sending import MailFault

SCHEMES = ("wecombot", "dingtalk")
LONGEST_BYTES = 2000  # WeCom takes 2048 bytes; a longer text would be sent in pieces, each counted as one of the twenty


def post(url: str, text: str) -> None:
    """Post a text. Raises `MailFault`: final when the address makes no robot, passing when the robot did not take it."""
    if not is_address(url):
        raise MailFault("群机器人地址无法识别", is_final=True)
    from apprise import NotifyFormat

    robot = _make_robot(url)
    if robot is None:
        raise MailFault("群机器人地址无法识别", is_final=True)
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages hold the address, and the address is the key
    if not robot.notify(body=shortened(text), body_format=NotifyFormat.TEXT):
        raise MailFault("群机器人没有接收", is_final=False)


def _make_robot(url: str) -> Any:
    """The library's robot of this address, None when it makes none. Its list of all services would load a hundred others."""
    from apprise.exception import AppriseImproperlyConfigured
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.wecombot import NotifyWeComBot

    kind: Any = {"wecombot": NotifyWeComBot, "dingtalk": NotifyDingTalk}[url.partition("://")[0]]
    parsed = kind.parse_url(url)
    try:
        return kind(**parsed) if parsed else None
    except (AppriseImproperlyConfigured, TypeError):
        return None


def is_address(url: str) -> bool:
    """Whether a text names one of the robots that may be used: `wecombot://KEY`, `dingtalk://TOKEN` or
    `dingtalk://SECRET@TOKEN`."""
    scheme, separator, rest = url.partition("://")
    return scheme in SCHEMES and bool(separator) and bool(rest.strip("/"))


def shortened(text: str) -> str:
    """The text as far as one message holds it."""
    if len(text.encode()) <= LONGEST_BYTES:
        return text
    return text.encode()[: LONGEST_BYTES - 3].decode(errors="ignore") + "…"
