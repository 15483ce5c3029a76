"""The fence of every list of acts: what a reader's scope means in SQL."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from tracker.domain.acts.facts import ActSight
from tracker.domain.acts.sight import ActScope
from tracker.storage.acts.acts import Act, ActForce, ActHand, ActLink, Duty
from tracker.storage.house.areas import within_area

ACTS, _HANDS, _FORCES, _DUTIES = Act.__table__.c, ActHand.__table__.c, ActForce.__table__.c, Duty.__table__.c
_LINKS = ActLink.__table__.c


def readable(scope: ActScope) -> ColumnElement[bool]:
    """The condition on `acts` that holds for what this reader may see; nothing for an empty scope."""
    if "" in scope.watched:
        return true()
    ways = [in_area(code) for code in scope.watched]
    wide = [in_area(code) for code in scope.areas]
    if scope.unit_ids:
        wide.append(of_units(scope.unit_ids))
    if wide:
        ways.append(and_(ACTS.sight == ActSight.area, or_(*wide)))
    ways += [and_(ACTS.kind.in_([kind for kind, held in scope.narrow if held == code]), in_area(code))
             for code in dict.fromkeys(code for _, code in scope.narrow)]
    if scope.person_ids:
        ways.append(exists().where(_HANDS.act_id == ACTS.id, _HANDS.person_id.in_(scope.person_ids)))
    return or_(*ways) if ways else false()


def tied_to_read(scope: ActScope, stream: str) -> ColumnElement[bool]:
    """Whether an act that this reader may see is tied to a stream: who reads no cases sees those of their acts."""
    return exists().where(_LINKS.act_id == ACTS.id, _LINKS.target == stream, readable(scope))


def of_units(unit_ids: tuple[int, ...]) -> ColumnElement[bool]:
    """An act of one of these units, one in which they take part, or of which they owe something."""
    return or_(ACTS.unit_id.in_(unit_ids),
               exists().where(_FORCES.act_id == ACTS.id, _FORCES.unit_id.in_(unit_ids)),
               exists().where(_DUTIES.act_id == ACTS.id, _DUTIES.unit_id.in_(unit_ids)))


def in_area(code: str) -> ColumnElement[bool]:
    """The acts of an area."""
    return within_area(ACTS.area_code, code)
