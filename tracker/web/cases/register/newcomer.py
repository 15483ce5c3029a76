"""The strip of the demo district: what this person does here, and three things worth seeing, for each role one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from tracker.demo.district import MAIL_DOMAIN
from tracker.domain.cases.facts import OPEN, CaseState
from tracker.domain.house.actor import Actor, Role
from tracker.domain.reports.kinds import REPORTS
from tracker.domain.reports.sight import readable
from tracker.domain.rules.periods import PeriodKind
from tracker.services.cases.register.desk import Desk
from tracker.services.house.work import reading, wiring
from tracker.services.people import newcomers
from tracker.services.people.access import PersonStanding
from tracker.storage.cases.register.register import Filters
from tracker.storage.reports import archive
from tracker.web.house.guard import demand_of

MOST_SIGHTS = 3
Args = Mapping[str, Any]
Finding = Callable[[Actor, Desk], Args | None]  # the parts of an address; None where there is nothing to see


@dataclass(frozen=True)
class WorthSeeing:
    """Something worth seeing: how it is called, its page, and what finds it for this person."""

    word: str
    endpoint: str
    find: Finding = lambda actor, desk: {}


@dataclass(frozen=True)
class Welcome:
    """What a role does here, in one sentence, and what to see; the first three that exist are shown."""

    sentence: str
    sights: tuple[WorthSeeing, ...]


@dataclass(frozen=True)
class NewcomerStrip:
    """The strip as one person sees it: the sentence, and the links with their words."""

    sentence: str
    links: tuple[tuple[str, str], ...]


def _listed_cases(word: str, **asked: object) -> WorthSeeing:
    args = Filters(**asked).to_args()  # type: ignore[arg-type]
    return WorthSeeing(word, "cases.register", lambda actor, desk: args)


def _newest_report(word: str, kind: PeriodKind) -> WorthSeeing:
    return WorthSeeing(word, "reports.report", lambda actor, desk: _place_of_newest(actor, kind))


def _place_of_newest(actor: Actor, kind: PeriodKind) -> Args | None:
    names = [report.name for report in REPORTS if report.beat.kind is kind]
    row = archive.newest(reading(), readable(actor), names, wiring().home_area)
    return {"name": row.name, "period": row.period} if row is not None else None


S = CaseState
LOG, MAP = WorthSeeing("登记环境问题", "cases.new"), WorthSeeing("地图上的问题", "map.map")
BEATS = WorthSeeing("调度日历", "supervision.supervision")
REGISTER, BOARD = WorthSeeing("全部案件的台账", "cases.register"), WorthSeeing("全区看板", "dashboard.dashboard")
OWN_ACCOUNT = WorthSeeing("您的账号", "accounts.mine")
ACTS, SITES = WorthSeeing("联动和执法事项", "acts.acts"), WorthSeeing("监管对象", "sites.listing")
LATE = _listed_cases("超期的案件", is_overdue=True)
WEEK, MONTH = _newest_report("最近的周调度", PeriodKind.week), _newest_report("最近的月通报", PeriodKind.month)
TO_CLOSE = WorthSeeing("今天待您销号的案件", "home.desk", lambda actor, desk: {"_anchor": "closing"})
MY_LOGGED = WorthSeeing("我近期登记案件的办理进度", "home.desk", lambda actor, desk: {"_anchor": "logged"} if desk.logged else None)

WELCOMES: Mapping[Role, Welcome] = {
    Role.inspector: Welcome("您在现场登记环境问题，拍照、定位，之后可查看办理进度。", (LOG, MY_LOGGED, MAP, REGISTER)),
    Role.clerk: Welcome("您把热线、信访和来文登记成案件，有结果后回访。", (LOG, REGISTER, MAP)),
    Role.dispatcher: Welcome("您把登记的案件交办给责任单位，审批延期和争议，管好每一期调度。",
                             (_listed_cases("待您交办的案件", state=(S.registered,)), BEATS,
                              WorthSeeing("本周拟销号清单", "supervision.close_out"))),
    Role.officer: Welcome("您签收交办给本单位的案件，按期整改，拍照报送。",
                          (_listed_cases("本单位未办结的案件", state=OPEN), MONTH,
                           _newest_report("最近的考核", PeriodKind.quarter), MAP, LATE)),
    Role.verifier: Welcome("您到现场核查整改：到位的通过，不到位的退回整改。",
                           (_listed_cases("待您核查的案件", state=(S.submitted,)), LATE, MAP)),
    Role.lead: Welcome("您掌握全区进度，督促超期和包案案件，核查通过的案件由您销号。",
                       (TO_CLOSE, WEEK, MONTH, BEATS, BOARD)),
    Role.supervisor: Welcome("您从市级督导全区：挂牌督办，争议案件的主办单位由您认定。",
                             (_listed_cases("督办中的案件", state=OPEN, is_supervised=True), BOARD, MONTH, BEATS)),
    Role.auditor: Welcome("您核对数字和账本：每份报告都能由账本重算，每一步都有据可查。", (MONTH, BEATS, WorthSeeing("全部报告", "reports.reports"), REGISTER)),
    Role.admin: Welcome("您管理账号、单位和规则，不办理案件。",
                        (WorthSeeing("人员和角色", "people.people"), WorthSeeing("规则手册", "settings.overview"),
                         WorthSeeing("工作日历", "work_calendar.year"))),
    Role.custodian: Welcome("您保管举报人的身份：说明理由才能查看，每次查看都记入账本。",
                            (WorthSeeing("查看身份", "identities.ask"), WorthSeeing("属地和边界", "territory.territory"),
                             OWN_ACCOUNT)),
    Role.enforcer: Welcome("您办理行政处罚和移送：登记线索、调查、告知、送达，每一步都有法定时限。", (ACTS, SITES, OWN_ACCOUNT)),
    Role.legal: Welcome("您审核处罚：该审核的，没有您的意见就不能作出决定。", (ACTS, SITES, OWN_ACCOUNT)),
    Role.principal: Welcome("您立案、决定处罚、批准移送；调查、审核、主持听证的人不能是您。", (ACTS, SITES, OWN_ACCOUNT)),
}


def strip_for(standing: PersonStanding, desk: Desk) -> NewcomerStrip | None:
    """The strip of this person; None for whom the demo did not bring, in somebody's place, and once it was put away."""
    actor = standing.actor
    is_demo = standing.email.endswith(f"@{MAIL_DOMAIN}") and actor.acting_for is None and bool(actor.roles)
    if not is_demo or newcomers.is_put_away(reading(), actor):
        return None
    welcome = WELCOMES[actor.roles[0]]
    links: list[tuple[str, str]] = []
    for sight in welcome.sights:
        args = sight.find(actor, desk) if len(links) < MOST_SIGHTS and _may_open(actor, sight.endpoint) else None
        if args is not None:
            links.append((sight.word, url_for(sight.endpoint, **args)))
    return NewcomerStrip(welcome.sentence, tuple(links))


def _may_open(actor: Actor, endpoint: str) -> bool:
    demand = demand_of(current_app.view_functions[endpoint])
    return demand is not None and (demand.permission is None or actor.has(demand.permission))
