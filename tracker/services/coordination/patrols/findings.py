"""What was found on the way becomes a case in the same transaction, tied to the act that found it."""

from sqlalchemy import func, select

from tracker.domain.acts.facts import LinkRole
from tracker.services.acts.effects import CASE, ActDoing
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.storage.acts.acts import ActLink

FOUND = "found"  # under which an act keeps what it found


def register_found(doing: ActDoing, order: RegisterOrder) -> dict[str, object]:
    """The case, with the files that came along; returns what the act's fact says of it. Raises what intake refuses."""
    made = intake.register(doing.actor, order, uploads=doing.uploads)
    target = CASE + made.number
    last = doing.work.session.scalar(select(func.max(ActLink.position)).where(ActLink.act_id == doing.act.id)) or 0
    doing.work.session.add(ActLink(act_id=doing.act.id, role=LinkRole.found, target=target, position=last + 1))
    doing.keep(**{FOUND: [*doing.facts.rows(FOUND), {"target": target}]})
    return {"target": target, "case": target}
