"""Which machines an office may name as its mail server: its own ones too, but none that only speaks to its neighbour on the wire,
where clouds keep their keys."""

import ipaddress
import socket

from tracker.domain.house.say import Say
from tracker.gateways.mail.sending import MailFault


def require_fit(host: str) -> None:
    """Raises `MailFault` for a name that leads nowhere, or to a link-local address."""
    try:
        found = {str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise MailFault(Say("找不到邮件服务器“{host}”", host=host[:60]), is_final=False) from None
    for text in found:
        address = ipaddress.ip_address(text)
        plain = getattr(address, "ipv4_mapped", None) or address
        if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
            raise MailFault(Say("“{host}”是本地链路地址，不能作邮件服务器", host=host[:60]), is_final=True)
