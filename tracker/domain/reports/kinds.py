"""The kinds of reports, one row each: what it is called, the beat that freezes it, what counts it, and who may read it.

Page, mail, workbook, paper, file, archive, job and recount read this table; none of them knows a report by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from tracker.domain.house.actor import ROLE_GRANTS, Permission, Role
from tracker.domain.house.errors import Invalid
from tracker.domain.house.rolls import Roll
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports import daily, weekly
from tracker.domain.reports.appraisal import appraisal
from tracker.domain.reports.inputs import Compared, Inputs, Make, Reach, its_window
from tracker.domain.reports.monthly import circular, hot_spots
from tracker.domain.rules.periods import PeriodKind
from tracker.domain.rules.rhythms import FRIDAY, THAT_DAY, Beat, nth_workday_after


class Readership(StrEnum):
    """Who may open a report: those who watch over its whole area alone, or the offices that it concerns too."""

    watchers = "watchers"
    offices = "offices"

    @property
    def permission(self) -> Permission:
        """What a reader must be permitted."""
        return Permission.report_read if self is Readership.offices else Permission.supervision_read


@dataclass(frozen=True)
class Report:
    """One row. Its beat is told which report it freezes; what the row leaves out is filled in from what it says.

    `edition` is raised with every change of the builder, or of what it calls, that gives other bytes for the same facts and
    inputs. `words` is what of a title and a place is kept where they are not printed.
    Cases whose import was taken back are left out unless the report accounts for them; repeat reporters are read of the days that
    are `compared`.
    """

    name: str
    beat: Beat
    make: Make
    word: str = ""
    readers: Readership = Readership.watchers
    edition: int = 1
    words: Callable[[str, str], tuple[str, str]] | None = None
    is_with_withdrawn: bool = False
    compared: Compared | None = None
    is_open_to_appeal: bool = False
    is_signed: bool = False  # its text is edited by a dispatcher and signed by a lead before it goes out
    tells_acts: bool = False  # what the acts beside the cases come to; an appraisal never does
    tells_met: bool = False  # how what was owed beside the cases was met; told, and never scored
    tells_backlog: bool = False  # what waits for a joint meeting
    has_proposals: bool = False  # its list `proposed` names cases to close together
    foresees: tuple[str, ...] = ()  # rules whose other values are shown by the last report of this kind, counted both ways
    reach: Callable[[Inputs], Reach] = its_window

    def __post_init__(self) -> None:
        """The beat learns its report, and the roles that it goes to where the row names none."""
        roles = self.beat.roles or tuple(role for role in Role if self.readers.permission in ROLE_GRANTS[role])
        object.__setattr__(self, "beat", replace(self.beat, report=self.name, roles=roles))
        object.__setattr__(self, "word", self.word or self.beat.word)


R, K = Role, PeriodKind
WATCHING = (R.dispatcher, R.lead)
ROUND = (R.dispatcher, R.lead, R.supervisor, R.officer)
OFFICES = Readership.offices

_ROWS: tuple[Report, ...] = (
    Report("daily", Beat("daily-evening", "日巡查·日志与小结", "当日巡查日志、进出情况和账本封签", K.day, THAT_DAY, time(18, 0), WATCHING,
                         short="晚间"),
           daily.Daily, word="日巡查日志与当日小结", edition=3, tells_acts=True),
    Report("weekly", Beat("weekly-review", "周调度", "分单位和全区调度表、存量平衡、拟销号清单、需协调事项", K.week, FRIDAY, time(15, 0), ROUND),
           weekly.Weekly, readers=OFFICES, edition=5, is_with_withdrawn=True, has_proposals=True, tells_acts=True,
           tells_backlog=True),
    Report("monthly", Beat("monthly-circular", "月通报", "总量与环比同比、各项比率、超期名单、单位排名、信访热点", K.month,
                           nth_workday_after(1, "次月第 1 个工作日 {at}"), time(9, 0), ROUND),
           circular.Monthly, readers=OFFICES, edition=5, tells_acts=True, is_with_withdrawn=True, compared=circular.compared,
           reach=circular.reach,
           is_signed=True, words=hot_spots.compared_words, foresees=("ranking_weights", "ranking_groups", "hot_spot")),
    Report("quarterly", Beat("quarterly-appraisal", "季度考核", "一至三季度各单位得分与扣分案件", K.quarter,
                             nth_workday_after(3, "一至三季度后第 3 个工作日 {at}"), time(9, 0), ROUND, short="季考核", ordinals=(1, 2, 3)),
           appraisal.quarterly, readers=OFFICES, edition=3, is_open_to_appeal=True, tells_met=True),
    Report("annual", Beat("annual-appraisal", "年考核", "各单位年度得分、一票否决和申诉", K.year,
                          nth_workday_after(5, "次年第 5 个工作日 {at}"), time(9, 0), ROUND),
           appraisal.annual, readers=OFFICES, edition=3, is_open_to_appeal=True, tells_met=True,
           foresees=("appraisal_rules", "ranking_groups")),
)
REPORTS: Roll[Report] = Roll(lambda: _ROWS)


def kind_of(name: str) -> Report | None:
    """The report with this name, None where there is none."""
    return next((report for report in REPORTS if report.name == name), None)


def report_named(name: str) -> Report:
    """The report with this name. Raises `Invalid` listing the known ones."""
    found = kind_of(name)
    if found is None:
        raise Invalid(Say("没有报告“{name}”；已有：{known}。", name=name,
                          known=Listed(Say("{name}（{word}）", name=r.name, word=Say(r.word)) for r in REPORTS)), field="name")
    return found
