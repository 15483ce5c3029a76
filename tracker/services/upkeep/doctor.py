"""What is wrong with this installation, and how to mend it: one line for each thing that can be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from tracker.domain.house.actor import Permission, Role
from tracker.domain.house.say import Say
from tracker.gateways.mail.sending import MailFault
from tracker.services.cadence import gaps
from tracker.services.house.work import reading, wiring
from tracker.services.mail.ledger_foot import ledger_trouble, verification_late
from tracker.services.mail.way_out import mail_from
from tracker.services.people import access
from tracker.services.rules import calendar, rules, values
from tracker.services.upkeep import clock_watch, database_copies, jobs
from tracker.services.upkeep.proofs import witnesses
from tracker.storage.cases import identity_lines
from tracker.storage.house.log import newest_head
from tracker.storage.mail import outbox_lines
from tracker.storage.people.accounts import Person, RoleGrant

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
CODE_SINCE = date(2026, 8, 15)  # from which day the Ecological Code is reported to hold
SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Check:
    """One thing looked at. `sentence` says how it is or, when it is not well, how to mend it; a reminder can wait."""

    name: str
    is_well: bool
    sentence: str
    is_reminder: bool = False


def examine() -> Iterator[Check]:
    """Every check, the fundamental ones first; without a sound database the rest cannot be asked."""
    database = _check_database()
    yield database
    if not database.is_well:
        return
    for check in (_check_evidence, _check_mail, _check_outbox, _check_calendar, _check_clock, _check_beats, _check_runs,
                  _check_ledger,
                  _check_people, _check_identities, _check_articles):
        yield _guard_check(check)


def code_revision() -> str:
    """The newest migration that this code knows."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def _check_database() -> Check:
    try:
        found, newest = database_copies.revision(), code_revision()
    except SQLAlchemyError as error:
        return Check("数据库", False, f"连不上({type(error).__name__})：请检查 DATABASE_URL 和数据库服务。")
    if found != newest:
        return Check("数据库", False, f"表结构是 {found or '空'}，程序需要 {newest}：请执行 flask db upgrade。")
    return Check("数据库", True, f"{database_copies.engine_name()}，表结构 {found}，记录 {database_copies.fact_count()} 条")


def _guard_check(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (SQLAlchemyError, OSError) as error:
        return Check(check.__name__.removeprefix("_check_"), False, f"检查时出错({type(error).__name__})。")


def _check_evidence() -> Check:
    digest = wiring().blobs.put(b"xiaohao doctor\n")
    wiring().blobs.verify(digest)
    return Check("证据库", True, "可写可读")


def _check_mail() -> Check:
    try:
        with wiring().mail.connection():
            return Check("邮件", True, f"可以连接，发件人 {mail_from()}")
    except MailFault as fault:
        return Check("邮件", False, f"{fault.reason}：请检查 MAIL_URL。")


def _check_outbox() -> Check:
    found = outbox_lines.standing(reading())
    if found.is_frozen or found.held:
        return Check("待发邮件", False, f"恢复后已冻结，{found.held + found.waiting} 封等着：核对后执行 flask outbox release 放行。")
    if found.given_up:
        return Check("待发邮件", False, f"放弃 {found.given_up} 封：flask outbox list 列出原因。")
    if found.bounced:
        return Check("待发邮件", False, f"退信 {found.bounced} 封：flask outbox list 列出是谁的邮箱。", is_reminder=True)
    return Check("待发邮件", True, f"待发 {found.waiting} 封，其中推迟 {found.put_off} 封")


def _check_calendar() -> Check:
    today, years = wiring().clock.today(), rules.calendar().published_years
    alarm = calendar.alarm(today)
    if alarm is not None:
        return Check("工作日历", False, f"{alarm}(flask calendar load)", is_reminder=today.year in years)
    return Check("工作日历", True, f"已公布至 {max(years)} 年")


def _check_clock() -> Check:
    seen, now = jobs.clock_seen_at(), wiring().clock.now()
    if seen is None:
        return Check("时钟进程", False, "从未运行过：请执行 flask scheduler run。")
    if now - seen > SILENT_AFTER:
        return Check("时钟进程", False, f"自 {wiring().clock.local(seen):%Y-%m-%d %H:%M} 起没有动静：请执行 flask scheduler run。")
    return Check("时钟进程", True, f"{wiring().clock.local(seen):%Y-%m-%d %H:%M} 还在运行")


def _check_beats() -> Check:
    watched = clock_watch.state()
    troubles = [watched.said] if watched.said else list(gaps.alarm(wiring().clock.now()))
    if troubles:
        return Check("调度", False, f"{'；'.join(troubles)}。flask supervision list --missing 列出全部。")
    return Check("调度", True, "没有漏办" + (f"；时钟 {watched.log[-1]}" if watched.log else ""))


def _check_identities() -> Check:
    """Reporters are kept, and whoever must open one finds somebody to decide."""
    people = [each.actor for each in access.everybody()]
    home = wiring().home_area
    deciders = {actor.id for actor in people if actor.has_in(Permission.identity_decide, home)}
    if not all(map(wiring().cipher.has_key_of, identity_lines.one_of_each_key(reading()))):
        return Check("举报人信息", False, Say("IDENTITY_KEY 指纹不符（现在是 {fingerprint}），举报人记录解不开：请换回备份时的那把。",
                                        fingerprint=wiring().cipher.fingerprint))
    if not identity_lines.kept_count(reading()):
        return Check("举报人信息", True, "没有封存的举报人信息")
    if not any(deciders - {actor.id} for actor in people if actor.has_in(Permission.identity_reveal, home)):
        return Check("举报人信息", False, "没有人可以查阅，或没有另一人可以审批：请授予身份保管员，并另有一名保管员或区领导。")
    return Check("举报人信息", True, "有人保管，另有人审批")


def _check_ledger() -> Check:
    """Whether somebody signs and verifies, and who else could."""
    session, now = reading(), wiring().clock.now()
    trouble = ledger_trouble(session) or verification_late(session, now)
    if trouble:
        return Check("账本", False, Say("{trouble}。请执行 flask ledger verify --full。", trouble=trouble))
    if not wiring().signing.is_here:
        return Check("账本", False, "没有签名密钥：请设置 LEDGER_KEY 或 LEDGER_KEY_FILE（./run 会生成）。")
    silent = [each.name for each in witnesses.standing_of(session, now) if each.is_silent]
    if silent:
        return Check("账本", False, Say("见证方 {names} 超过两天没有见证：把 flask ledger checkpoint 的结果交给他们，签回的用 flask ledger witnessed 收下。",
                                      names="、".join(silent)), is_reminder=True)
    head = newest_head(session)
    return Check("账本", True, Say("{head}；网页与时钟同用一个系统用户时，攻破网页即可冒签，建议分开", head=head.short if head else Say("还没有签名")))


def _check_runs() -> Check:
    failed = [run for run in jobs.last_runs().values() if run.state == "failed"]
    if failed:
        first = failed[0]
        return Check("定时任务", False, f"{first.job} 在 {first.on} 失败：{first.outcome}；排除后执行 flask jobs run {first.job}。")
    return Check("定时任务", True, f"{len(jobs.all_jobs())} 项，没有失败")


def _check_articles() -> Check:
    """The laws of which the Ecological Code takes the place: their articles are the office's to enter anew."""
    today = wiring().clock.today()
    entered = values.since("violations", today)
    is_well = today < CODE_SINCE or (entered is not None and entered >= CODE_SINCE)
    return Check("执法依据", is_well, "违法行为和罚则" if is_well else
                 "规则手册的“违法行为”还是《生态环境法典》施行前的条文：请核对法典，从生效日起录入新的法律依据。", is_reminder=True)


def _check_people() -> Check:
    if not wiring().home_area:
        return Check("人员", False, "还没有开设：请执行 flask setup link，打开打印的链接。")
    query = select(func.count(Person.id.distinct())).join(RoleGrant).where(
        RoleGrant.role == Role.admin, RoleGrant.revoked_at.is_(None), Person.deactivated_on.is_(None))
    admins = reading().scalar(query) or 0
    if not admins:
        return Check("人员", False, "没有管理员：请执行 flask people add 登录名 --name 姓名 --role admin。")
    return Check("人员", True, f"管理员 {admins} 人")
