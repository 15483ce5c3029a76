"""Roles that need a second person, decided by one."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from tracker.domain.cases.wording import word
from tracker.domain.house.actor import Permission
from tracker.domain.house.say import Say
from tracker.services.house.work import reading, wiring
from tracker.services.people import proposals
from tracker.storage.people.proposal_lines import ProposalLine, open_lines
from tracker.web.house.guard import current_actor, needs, requires_fresh

blueprint = Blueprint("proposals", __name__, url_prefix="/people/proposals")


@blueprint.post("/<int:proposal_id>/confirm")
@requires_fresh()
@needs(Permission.account_confirm)
def confirm(proposal_id: int) -> Response:
    """The second person says yes."""
    done = proposals.confirm(current_actor(), proposal_id)
    flash(Say("{name} 现为{role}。", name=done.name, role=Say(word(done.role))), "done")
    return redirect(url_for("people.people"))


@blueprint.post("/<int:proposal_id>/refuse")
@needs(Permission.account_confirm)
def refuse(proposal_id: int) -> Response:
    """The second person says no."""
    done = proposals.refuse(current_actor(), proposal_id)
    flash(Say("未确认授予 {name} 角色“{role}”。", name=done.name, role=Say(word(done.role))), "done")
    return redirect(url_for("people.people"))


def waiting_here() -> tuple[ProposalLine, ...]:
    """What waits for who is asking."""
    actor = current_actor()
    if not actor.has(Permission.account_confirm):
        return ()
    return proposals.waiting_for(reading(), actor, open_lines(reading(), wiring().clock.now()))
