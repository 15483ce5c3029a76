"""Requests about reporters for the pages: what each says, and what this person may do with it now."""

from dataclasses import dataclass

from tracker.domain.cases.identities.requesting import (
    CHOICES,
    PURPOSES,
    REQUEST_STATES,
    AskedIdentity,
    RequestPurpose,
    RequestState,
    decider_refusal,
)
from tracker.domain.house.actor import ROLE_GRANTS, Actor, Permission
from tracker.domain.house.errors import NotFound
from tracker.services.cases.identities.erasing import sent_mails
from tracker.services.cases.identities.requests import NO_REQUEST
from tracker.services.house.work import reading, wiring
from tracker.storage.cases import identity_lines
from tracker.storage.cases.identity_lines import IdentityLine


@dataclass(frozen=True)
class SeenRequest:
    """One request as one reader sees it. `refusal` says why they may not decide what waits."""

    line: IdentityLine
    state: RequestState
    may_open: bool
    may_decide: bool
    refusal: str = ""
    sent_mails: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether something may still be done with it."""
        return self.state in (RequestState.asked, RequestState.granted)

    @property
    def is_erased(self) -> bool:
        """Whether it erased the reporters."""
        return self.line.purpose == RequestPurpose.erase and self.state is RequestState.done

    def plain(self) -> dict[str, object]:
        """The same for scripts: codes and instants."""
        line = self.line
        return {"id": line.id, "number": line.number, "purpose": line.purpose, "state": self.state.value,
                "reason_code": line.reason_code, "reason": line.reason, "document_no": line.document_no,
                "asked_by": line.asked_by, "asked_at": line.asked_at.isoformat(),
                "decided_by": line.decided_by, "decision": line.decision,
                "open_until": line.open_until.isoformat(), "opened_count": line.opened_count, "may_open": self.may_open,
                "may_decide": self.may_decide}

    @property
    def purpose_word(self) -> str:
        """What is asked for."""
        return PURPOSES[RequestPurpose(self.line.purpose)]

    @property
    def reason_word(self) -> str:
        """The reason or the basis, in words."""
        return dict(CHOICES[RequestPurpose(self.line.purpose)]).get(self.line.reason_code, self.line.reason_code)

    @property
    def state_word(self) -> str:
        """Where it stands, in a word."""
        return REQUEST_STATES[self.state]


def requests_seen(actor: Actor) -> tuple[SeenRequest, ...]:
    """What this person asked, and what was asked in the areas where they decide; the newest first."""
    return tuple(_seen_by(actor, line) for line in identity_lines.requests_seen(reading(), actor.id, _areas_of(actor)))


def request_seen(actor: Actor, request_id: int) -> SeenRequest:
    """One of them. Raises `NotFound` for what is absent or not theirs to see."""
    line = identity_lines.request_seen(reading(), actor.id, _areas_of(actor), request_id)
    if line is None:
        raise NotFound(NO_REQUEST)
    return _seen_by(actor, line)


def _areas_of(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({g.area_code for g in actor.grants if Permission.identity_decide in ROLE_GRANTS[g.role]}))


def _seen_by(actor: Actor, line: IdentityLine) -> SeenRequest:
    now = wiring().clock.now()
    state = line.standing(now)
    is_own = (line.asked_by_id, line.asked_for_id) == (actor.id, actor.acting_for.id if actor.acting_for else None)
    may_open = is_own and line.may_be_opened(now) and actor.has_in(Permission.identity_reveal, line.jurisdiction)
    asked = AskedIdentity(line.jurisdiction, line.unit_ids, (line.asked_by_id, line.asked_for_id))
    refusal = decider_refusal(actor, asked) if state is RequestState.asked else None
    is_erased = line.purpose == RequestPurpose.erase and state is RequestState.done
    return SeenRequest(line, state, may_open, state is RequestState.asked and refusal is None,
                       refusal.sentence if refusal else "", sent_mails(reading(), line.number) if is_erased else 0)
