"""Who and what comes next in a draw: the next rank of a class, the next officers by the order of the draw."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.inspection.drawing import Roster, ranked_pool, team_for
from tracker.domain.inspection.inspections import ASSIGNED, InspectionState
from tracker.services.acts.effects import ActDoing
from tracker.storage.acts.acts import Act
from tracker.storage.inspection.draws import DrawRow, DrawSite
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.people.accounts import Person
from tracker.storage.sites.sites import Site

FIELD = "inspection"


@dataclass(frozen=True)
class TeamLine:
    """A planned inspection of a draw: of which site, and who goes there."""

    number: str
    code: str
    logins: tuple[str, ...]


def replaced_line(doing: ActDoing) -> DrawSite:
    """The drawn site of the inspection that was named: one that cannot be done and was not replaced yet. Raises `Invalid`."""
    act, line = _named_line(doing)
    if act.state != InspectionState.not_possible.value:
        raise Invalid(Say("“{number}”没有登记为不能检查，不能递补。", number=act.number), field=FIELD)
    if line.replaced_by_rank is not None:
        raise Invalid(Say("“{number}”已由第 {rank} 名递补。", number=act.number, rank=line.replaced_by_rank), field=FIELD)
    return line


def team_of(doing: ActDoing) -> TeamLine:
    """The planned inspection that was named. Raises `Invalid`."""
    act, line = _named_line(doing)
    if act.state != InspectionState.planned.value:
        raise Invalid(Say("“{number}”已不是待检查，不能换人。", number=act.number), field=FIELD)
    code = doing.work.session.scalars(select(Site.code).where(Site.id == line.site_id)).one()
    logins = _logins_of(doing.work.session)
    return TeamLine(act.number, code, tuple(logins[int(each)] for each in act.details.get(ASSIGNED) or ()))


def next_site(session: Session, row: DrawRow, roster: Roster, line: DrawSite) -> tuple[int, str]:
    """The rank and the code of the next one of the class that was not drawn. Raises `Invalid` where nobody is left."""
    stratum = next(each for each in roster.strata if each.site_class == line.stratum)
    taken = set(session.scalars(select(Site.code).join(DrawSite,
                                                       DrawSite.site_id == Site.id).where(DrawSite.act_id == row.act_id)))
    for rank, code in enumerate(ranked_pool(roster, stratum, row.seed), start=1):
        if code not in taken:
            return rank, code
    raise Invalid(Say("{stratum} 类没有可以递补的监管对象了。", stratum=line.stratum), field=FIELD)


def next_officers(session: Session, row: DrawRow, roster: Roster, code: str, most: int,
                  without: Iterable[str] = ()) -> tuple[str, ...]:
    """Who goes to a site, by the order of the draw and by how many each has by now."""
    load, logins = dict.fromkeys(roster.officers, 0), _logins_of(session)
    query = select(Act.details).join(Inspection, Inspection.act_id == Act.id).where(
        Inspection.draw_id == row.act_id, Act.state != InspectionState.not_possible.value)
    for details in session.scalars(query):
        for each in details.get(ASSIGNED) or ():
            if logins[int(each)] in load:
                load[logins[int(each)]] += 1
    return team_for(roster, row.seed, code, load, without, most)


def _named_line(doing: ActDoing) -> tuple[Act, DrawSite]:
    number = doing.text(FIELD).strip().upper()
    found = doing.work.session.execute(select(Act, DrawSite).join(DrawSite, DrawSite.inspection_id == Act.id).where(
        Act.number == number, DrawSite.act_id == doing.act.id)).first()
    if found is None:
        raise Invalid(Say("“{number}”不是这次抽取的检查。", number=number), field=FIELD)
    return found[0], found[1]


def _logins_of(session: Session) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(Person.id, Person.login))}
