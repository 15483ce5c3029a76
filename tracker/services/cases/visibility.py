"""Who sees a case, and why, in sentences: asked of the law person by person, in as many statements for a hundred as for one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import DateWords, Say
from tracker.domain.people.delegation import acting
from tracker.domain.people.sight import Ground, Seen, SightWay, grounds
from tracker.services.house import permits
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.people.access import PersonStanding
from tracker.services.rules import rules
from tracker.storage.cases.belonging.parts import CasePart
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.people import delegation_lines
from tracker.storage.people.accounts import Unit
from tracker.storage.people.delegation_lines import DelegationLine

BLIND = "没有任何角色、单位或包案关系涉及本案，看不到。"


@dataclass(frozen=True)
class Sight:
    """One person and the sentences that say why they see a case; no sentence when they do not."""

    login: str
    name: str
    unit: str | None
    because: tuple[str, ...]


def who_sees(actor: Actor, number: str) -> tuple[Sight, ...]:
    """Everybody in office, each with why they see this case. Raises `NotAllowed` for who may not read people, and `NotFound`
    for who may not see the case."""
    session = reading()
    permits.require(actor, Permission.people_read)
    case = _seen_case(session, actor, number)
    everybody = access.everybody()
    by_id = {each.actor.id: each for each in everybody}
    units = {row.id: row.name for row in session.execute(select(Unit.id, Unit.name))}
    given: dict[int, list[DelegationLine]] = {}
    for line in delegation_lines.everybodys(session, wiring().clock.today()):
        given.setdefault(line.substitute_id, []).append(line)
    return tuple(
        Sight(each.actor.login, each.actor.name, each.unit,
              (*_own_sentences(each.actor, case, units), *_lent_sentences(each, given.get(each.actor.id, ()), by_id, case,
                                                                          units)))
        for each in everybody
    )


def _seen_case(session: Session, actor: Actor, number: str) -> Seen:
    """What the fence looks at."""
    row = session.execute(
        select(Case.id, Case.jurisdiction, Case.lead_unit_id, Case.sponsor_id)
        .where(Case.number == number.strip().upper(), visible(actor.scope()))).first()
    if row is None:
        raise access.no_such_case(number)
    parts = session.scalars(select(CasePart.unit_id).where(CasePart.case_id == row.id)
                               .order_by(CasePart.part, CasePart.unit_id))
    return Seen(row.jurisdiction, row.lead_unit_id, tuple(parts), row.sponsor_id)


def _own_sentences(actor: Actor, case: Seen, units: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(_ground_sentence(ground, units) for ground in grounds(actor, case))


def _lent_sentences(each: PersonStanding, lines: Iterable[DelegationLine], by_id: Mapping[int, PersonStanding], case: Seen,
                    units: Mapping[int, str]) -> tuple[str, ...]:
    """What somebody sees while standing in for others."""
    found: list[str] = []
    for line in lines:
        try:
            lent = acting(each.actor, by_id[line.principal_id].actor)
        except Refusal:
            continue
        found += [Say("代{principal}（至{until}）：{said}", principal=line.principal, until=DateWords(line.to_on), said=said)
                  for said in _own_sentences(lent, case, units)]
    return tuple(found)


def _ground_sentence(ground: Ground, units: Mapping[int, str]) -> str:
    unit = units.get(ground.unit_id or 0, "—")
    part = Say("主办" if ground.is_lead else "协办")
    role = Say(ROLES[ground.role]) if ground.role is not None else ""
    return {
        SightWay.area: Say("{role}，辖区为{area_code}，本案在其内。", role=role, area_code=_area_name(ground.area_code)) if ground.area_code
        else Say("{role}，不限辖区。", role=role),
        SightWay.own_unit: Say("{role}，本单位（{unit}）{part}本案。", role=role, unit=unit, part=part),
        SightWay.unit_above: Say("{role}，上级单位（{unit}）{part}本案。", role=role, unit=unit, part=part),
        SightWay.unit_below: Say("{role}，下级单位（{unit}）{part}本案。", role=role, unit=unit, part=part),
        SightWay.sponsor: "本案的包案领导。",
    }[ground.way]


def _area_name(code: str) -> str:
    area = rules.gazetteer().area(code) if code else None
    return area.name if area is not None else code or "全部区域"
