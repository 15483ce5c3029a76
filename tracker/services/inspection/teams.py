"""Who is sent to inspect: named from the roster, barred from nothing there, and their hands in the act."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.inspection.inspections import INSPECTOR, LEAST_ON_SITE, InspectionMode
from tracker.services.acts.effects import ActDoing
from tracker.storage.acts.acts import ActHand
from tracker.storage.inspection.roster import Officer, barred_on, officers_on
from tracker.storage.people.accounts import Person
from tracker.storage.sites.sites import Site

FIELD = "inspectors"


def team_named(doing: ActDoing, on: date) -> list[int]:
    """Those who were named, each once. Raises `Invalid` for who does not stand on the roster that day."""
    named = doing.given.get(FIELD)
    found = [_officer_named(officers_on(doing.work.session, on), str(each), on) for each in named] if isinstance(named,
                                                                                                                 tuple) else []
    return list(dict.fromkeys(each.person_id for each in found))


def team_drawn(doing: ActDoing) -> list[int]:
    """Those whom a draw names by their logins: they stood on its roster."""
    logins = [str(each) for each in doing.given.get(FIELD) or ()]  # type: ignore[attr-defined]
    found = {row.login: row.id for row in doing.work.session.execute(select(Person.login,
                                                                            Person.id).where(Person.login.in_(logins)))}
    return [found[login] for login in logins]


def require_team(doing: ActDoing, site: Site, mode: InspectionMode, people: Sequence[int], on: date) -> None:
    """Enough of them, and nobody who is barred. Raises `Invalid`."""
    least = LEAST_ON_SITE if mode is InspectionMode.on_site else 1
    if len(people) < least:
        raise Invalid(Say("检查人员不得少于 {least} 人，现为 {count} 人。", least=least, count=len(people)), field=FIELD)
    barred = barred_on(doing.work.session, on, [site.id])
    names = [each.name for each in officers_on(doing.work.session, on) if each.person_id in people
             and (each.person_id, site.id) in barred]
    if names:
        raise Invalid(Say("{names}须回避“{site}”。", names=Listed(names), site=site.name), field=FIELD)


def send(doing: ActDoing, people: Iterable[int]) -> None:
    """These have the inspectors' hands in the present round, and nobody else."""
    act, session, wanted = doing.act, doing.work.session, list(people)
    for row in session.scalars(select(ActHand).where(ActHand.act_id == act.id, ActHand.round == act.round,
                                                     ActHand.part == INSPECTOR, ActHand.person_id.not_in(wanted))):
        session.delete(row)
    for person in wanted:
        if session.get(ActHand, (act.id, act.round, person)) is None:
            session.add(ActHand(act_id=act.id, round=act.round, person_id=person, part=INSPECTOR, at=doing.work.clock.now()))


def sent_ids(doing: ActDoing) -> tuple[int, ...]:
    """Those who were sent."""
    return tuple(person for person, part in doing.facts.hands if part == INSPECTOR)


def _officer_named(officers: Iterable[Officer], named: str, on: date) -> Officer:
    found = [each for each in officers if named in (each.login, each.name)]
    if len(found) != 1:
        raise Invalid(Say("“{name}”在 {on} 不在检查人员名录中（或有同名，请填登录名）。", name=named, on=on), field=FIELD)
    return found[0]
