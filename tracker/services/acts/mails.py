"""Who is told of a step of an act, or of a duty: the parties that its row names, but not who did it; no title stands in a
subject."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from tracker.domain.acts.duty_flow import DUTY_TOLD, OPENED, DutyParty
from tracker.domain.acts.step_rows import AWAITED, ActFlow, ActParty, ActStep
from tracker.domain.acts.wording import DUTY_STEPS
from tracker.domain.cases.wording import day_words
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.links import to_act
from tracker.domain.house.say import Say
from tracker.domain.mail.kinds import Kinds
from tracker.services.acts import access
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work
from tracker.services.mail.offices import AudienceWay, Offices, each_once, offices
from tracker.storage.acts.acts import Act, ActForce, ActHand, Duty
from tracker.storage.acts.scope import readable
from tracker.storage.people.accounts import Unit

ABSENCE = Say("会议议定了涉及贵单位的事项，贵单位没有到会，请查阅并落实。")
CHECKERS = (Role.verifier, Role.inspector)
ROLES_OF_PARTIES = {ActParty.enforcers: Role.enforcer, ActParty.principals: Role.principal,
                    ActParty.publishers: Role.dispatcher}


def tell_step(work: Work, act: Act, flow: ActFlow, step: ActStep, actor: Actor, told: Mapping[str, object]) -> None:
    """Mails of a step, as its fact tells it, to the parties of its row, with the files that its room makes for it."""
    if not step.told_to or work.wiring.post is None:
        return
    among = offices(work.clock.today())
    found = [person for party in step.told_to for person in _of_party(work, act, among, party, told)]
    words = {"kind": Say(flow.word), "number": act.number, "word": Say(flow.word_of_step(step.name)), "when": _time_said(told),
             "absence": ABSENCE if ActParty.absent in step.told_to else "", "link": to_act(act.number)}
    readers = list(readers_of(work, act, among, found, actor))
    files_of = work.wiring.act_files.get((flow.kind, step.name)) if readers else None
    files = files_of(work, act) if files_of is not None else {}
    work.post([Posting(way.reader.id, "act_step", f"{act.stream}#{act.seq}:{way.reader.id}", words, files=files,
                       kind=Kinds.asked if ActParty.hands in step.told_to else Kinds.informed) for way in readers])


def tell_duty(work: Work, act: Act, row: Duty, step: str, actor: Actor) -> None:
    """Mails of a step of a duty, or of its laying down."""
    parties = DUTY_TOLD.get(step, ())
    if not parties or work.wiring.post is None:
        return
    among = offices(work.clock.today())
    found = [person for party in parties for person in _of_duty(act, row, among, party)]
    unit = work.session.scalar(select(Unit.name).where(Unit.id == row.unit_id))
    word = Say("下达") if step == OPENED else Say(DUTY_STEPS[step])
    words = {"kind": Say(access.flow_of(act.kind).word), "number": act.number, "position": row.position, "word": word,
             "unit": unit, "due": day_words(row.due_on), "link": to_act(act.number)}
    kind = Kinds.informed if DutyParty.checkers not in parties and step != OPENED else Kinds.asked
    work.post([Posting(way.reader.id, "duty_step", f"{act.stream}#{act.seq}:{way.reader.id}", words, kind=kind)
               for way in readers_of(work, act, among, found, actor)])


def readers_of(work: Work, act: Act, among: Offices, found: Iterable[int], actor: Actor) -> Iterator[AudienceWay]:
    """Each once, but who did it, and but who may not open the act."""
    for way in each_once(among.ways_to(found)):
        fence = readable(access.scope_of(way.actor))
        if way.reader.id not in actor.persons and work.session.scalar(select(Act.id).where(Act.id == act.id, fence)) is not None:
            yield way


def _of_party(work: Work, act: Act, among: Offices, party: ActParty, told: Mapping[str, object]) -> Iterator[int]:
    if party is ActParty.absent:
        absent = told.get("absent_unit_ids")
        for unit in absent if isinstance(absent, list) else ():
            yield from among.nearest_heads(unit, act.area_code) or among.officers(unit)
        return
    if party in ROLES_OF_PARTIES:
        yield from among.over(ROLES_OF_PARTIES[party], act.area_code)
        return
    if party is ActParty.hands:
        yield from work.session.scalars(select(ActHand.person_id).where(ActHand.act_id == act.id, ActHand.round == act.round))
        return
    if party is ActParty.awaited:
        for unit in act.details.get(AWAITED, ()):
            yield from among.officers(unit)
        return
    for unit in _units_of(work, act):
        yield from among.officers(unit) if party is ActParty.units else among.nearest_heads(unit, act.area_code)


def _units_of(work: Work, act: Act) -> list[int]:
    units = [*work.session.scalars(select(ActForce.unit_id).where(ActForce.act_id == act.id)),
             *work.session.scalars(select(Duty.unit_id).where(Duty.act_id == act.id))]
    return list(dict.fromkeys(units if act.unit_id is None else [act.unit_id, *units]))


def _of_duty(act: Act, row: Duty, among: Offices, party: DutyParty) -> Iterator[int]:
    if party is DutyParty.officers:
        yield from among.officers(row.unit_id)
    elif party is DutyParty.heads:
        yield from among.nearest_heads(row.unit_id, act.area_code)
    else:
        for role in CHECKERS:
            yield from (person for person in among.over(role, act.area_code)
                        if among.actor(person).has_in(Permission.act_check, act.area_code))


def _time_said(told: Mapping[str, object]) -> str:
    """When and where, as far as the step was told."""
    at, place = told.get("held_at"), told.get("place")
    if not at:
        return ""
    when = Say("时间：{at}。", at=datetime.fromisoformat(str(at)))
    return Say("{when}地点：{place}。", when=when, place=str(place)) if place else when
