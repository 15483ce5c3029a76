"""Whether somebody may do a thing at all, wherever it is."""

from tracker.domain.cases.wording import PERMISSIONS
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotAllowed
from tracker.domain.house.say import Say


def require(actor: Actor, permission: Permission) -> None:
    """Raise `NotAllowed` unless the actor holds the permission anywhere."""
    if not actor.has(permission):
        raise NotAllowed(Say("您没有“{permission}”的权限。", permission=Say(PERMISSIONS[permission])), code="no_permission")
