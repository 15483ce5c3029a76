"""What an account stands for, and what may come of a sign-in, a link, a proposal, a session."""

from enum import StrEnum


class PersonKind(StrEnum):
    """A service reports or hands in by machine. It never signs in, gets no mail, and stands for nobody."""

    person = "person"
    service = "service"


class SignInOutcome(StrEnum):
    """What came of a try to sign in."""

    deactivated = "deactivated"
    signed_in = "signed_in"
    unknown_login = "unknown_login"
    wrong_password = "wrong_password"  # noqa: S105 - the word for it


class LinkPurpose(StrEnum):
    """What a link to set a password is for."""

    invite = "invite"
    reset = "reset"
    setup = "setup"


class ProposalOutcome(StrEnum):
    """What became of a proposed role."""

    confirmed = "confirmed"
    refused = "refused"


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    deactivated = "deactivated"
    ended_by_owner = "ended_by_owner"
    factor_reset = "factor_reset"
    new_password = "new_password"  # noqa: S105 - the word for it
    new_roles = "new_roles"
    not_me = "not_me"
    signed_out = "signed_out"


class AccountState(StrEnum):
    """Whether somebody can sign in: with a password, not yet, or no longer by the link that they got."""

    invited = "invited"
    expired = "expired"
    enabled = "enabled"
    deactivated = "deactivated"


ACCOUNT_STATES: dict[AccountState, str] = {
    AccountState.invited: "未启用", AccountState.expired: "已过期", AccountState.enabled: "已启用", AccountState.deactivated: "已停用",
}
