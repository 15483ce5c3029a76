"""What a district that was just set up still lacks before its cases may come: one line for each condition, with what mends it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.say import Listed, Say
from tracker.services.house.work import reading, wiring
from tracker.services.mail import way_out
from tracker.services.people import access
from tracker.services.rules import calendar, rules
from tracker.services.territory import boundaries
from tracker.services.territory.lists import versions
from tracker.services.upkeep.backup import MADE_AT
from tracker.storage.house.preferences import Preference
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person, Unit

DUTIES = (Role.dispatcher, Role.officer, Role.verifier, Role.lead)
SEPARATE = (Role.officer, Role.verifier, Role.lead)  # who rectifies, verifies and closes are three persons
FEWEST_ADMINS, MOST_NAMED = 2, 5


@dataclass(frozen=True)
class Readiness:
    """One condition. `key` says what it is, to whoever knows the page that mends it; `sentence` how it stands."""

    key: str
    word: str
    is_met: bool
    sentence: str


def conditions() -> tuple[Readiness, ...]:
    """All of them, in the order in which an office sees to them."""
    session, today = reading(), wiring().clock.today()
    actors = [each.actor for each in access.everybody()]
    return tuple(check(session, today, actors) for check in CHECKS)


def missing_count() -> int:
    """How many are not met."""
    return sum(not each.is_met for each in conditions())


def _holders_of(actors: Sequence[Actor], role: Role) -> set[int]:
    return {actor.id for actor in actors if role in actor.roles}


def _check_duties(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    lacking = [Say(ROLES[role]) for role in DUTIES if not _holders_of(actors, role)]
    return Readiness("duties", "各环节有人", not lacking,
                     Say("还没有：{lacking}", lacking=Listed(lacking)) if lacking else "调度员、经办人、核查员、区领导都有了")


def _check_separation(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    holders = {role: _holders_of(actors, role) for role in SEPARATE}
    lacking = [Say("{one}和{other}", one=Say(ROLES[one]), other=Say(ROLES[other])) for one, other in combinations(SEPARATE, 2)
               if not any(a != b for a in holders[one] for b in holders[other])]
    return Readiness("separation", "整改、核查、销号是三个人", not lacking,
                     Say("尚不能由两人分别办理的：{lacking}", lacking=Listed(lacking)) if lacking else "任两个环节都能由不同的人办")


def _check_heads(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    has_head = exists().where(Person.unit_id == Unit.id, Person.is_head, Person.deactivated_on.is_(None))
    names = list(session.scalars(select(Unit.name).where((Unit.valid_to.is_(None)) | (Unit.valid_to >= today), ~has_head)
                                 .order_by(Unit.code)))
    said = Say("{count} 个单位没有负责人：{names}", count=len(names), names=Listed(names[:MOST_NAMED]))
    return Readiness("heads", "每个单位有负责人", not names, said if names else "每个单位都有")


def _check_list(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    lines = [each for each in rules.routing(today) if each.holds_on(today)]
    units = set(session.scalars(select(Unit.code).where((Unit.valid_to.is_(None)) | (Unit.valid_to >= today))))
    lost = [str(each.number) for each in lines if each.lead_unit_code not in units]
    draft = versions.open_draft(session)
    if not lines and draft is not None:
        return Readiness("list", "责任清单", False, Say("第 {number} 版还是草稿：写好后，由调度员或区领导启用", number=draft.number))
    if not lines:
        return Readiness("list", "责任清单", False, "责任清单为空：尚未写明哪类问题、哪个地方由哪个单位主办")
    said = Say("第 {lines} 条的单位已不存在", lines=Listed(lost[:MOST_NAMED])) if lost else Say("{count} 条在用", count=len(lines))
    return Readiness("list", "责任清单", not lost, said)


def _check_mail(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    is_tried = session.get(Preference, way_out.TRIED) is not None
    if isinstance(wiring().mail, way_out.ChosenSender):
        is_set = way_out.kept_way(session) is not None
        said = "试发成功" if is_tried else "已设置，还没有试发成功" if is_set else "还没有邮件服务器，邮件写成文件"
        return Readiness("mail", "邮件", is_set and is_tried, said)
    is_sent = is_tried or session.scalar(select(Message.id).where(Message.state == "sent").limit(1)) is not None
    return Readiness("mail", "邮件", is_sent, "已发出过邮件" if is_sent else "由 MAIL_URL 给出，还没有发出过一封")


def _check_outline(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    is_drawn = boundaries.has_outline_in(wiring().home_area)
    return Readiness("outline", "地图轮廓", is_drawn, "有本地的轮廓" if is_drawn else "没有本地的轮廓，地图只有点位：请上传边界文件")


def _check_calendar(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    said = calendar.alarm(today)
    return Readiness("calendar", "工作日历", said is None, said or "放假安排齐全")


def _check_backup(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    row = session.get(Preference, MADE_AT)
    return Readiness("backup", "第一次备份", row is not None,
                     Say("最近一次 {on}", on=date.fromisoformat(row.value[:10])) if row is not None else "还没有备份；每夜自动备一份")


def _check_admins(session: Session, today: date, actors: Sequence[Actor]) -> Readiness:
    count = len(_holders_of(actors, Role.admin))
    return Readiness("admins", "第二名管理员", count >= FEWEST_ADMINS, Say("现有 {count} 名", count=count))


CHECKS: tuple[Callable[[Session, date, Sequence[Actor]], Readiness], ...] = (
    _check_duties, _check_separation, _check_heads, _check_list, _check_mail, _check_outline, _check_calendar, _check_backup,
    _check_admins)

