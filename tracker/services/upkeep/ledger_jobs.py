"""The jobs of upkeep: the ledger is checked and sealed."""

from datetime import date, time, timedelta

from tracker.domain.house.errors import Broken
from tracker.domain.house.log.verifying import VerifyKind
from tracker.domain.house.say import Say
from tracker.gateways.upkeep.head_files import HeadFiles
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import reading, wiring
from tracker.services.upkeep import seals, verifying
from tracker.services.upkeep.head_alarm import sign_or_tell
from tracker.services.upkeep.integrity import VerifyScope
from tracker.services.upkeep.running import asked_runs, backups, tidying


def verify_ledger(on: date) -> str:
    """Check what changed and one seventh of the rest, on Sundays everything. Raises `Broken` naming the first bad fact."""
    report = verifying.verify_and_note(verifying.nightly_scope(on))
    if report.first is not None:
        raise Broken(Say("账本核验不通过，共 {count} 处，第一处：{first}", count=report.trouble_count, first=report.first))
    return report.sentence()


def verify_when_asked(on: date) -> str:
    """The full verification that somebody asked for on the ledger's page. Raises `Broken` naming the first bad fact."""
    if not verifying.is_asked(reading()):
        return Say("没有人申请核验")
    report = verifying.verify_and_note(VerifyScope(VerifyKind.full, on=on))
    if report.first is not None:
        raise Broken(Say("账本核验不通过，共 {count} 处，第一处：{first}", count=report.trouble_count, first=report.first))
    return report.sentence()


def seal_ledger(on: date) -> str:
    """Seal the day, and days before it that were missed."""
    missed = seals.seal_missed(on - timedelta(days=1))
    made = seals.seal(on).sentence()
    return Say("{made}；补封 {count} 天", made=made, count=missed) if missed else made


def sign_heads(on: date) -> str:
    """Sign what came into the ledger since the last head."""
    return sign_or_tell()


def thin_heads(on: date) -> str:
    """Of old months keep one head an hour."""
    heads = wiring().heads
    return Say("旧月份的签名头去掉 {count} 个", count=heads.thin(on) if isinstance(heads, HeadFiles) else 0)


JOBS: tuple[Job, ...] = (
    Job("daily-backup", Frequency.daily, "备份数据库和证据，留七日、四周", backups.make_nightly, time(1, 30)),
    Job("daily-tidy", Frequency.daily, "整理过了保留期的邮件正文、登录记录和提交过的表单", tidying.tidy, time(4, 10)),
    Job("daily-ledger-verify", Frequency.daily, "核验账本：有变动的和其余的七分之一，周日全部", verify_ledger, time(2, 30)),
    Job("daily-seal", Frequency.daily, "为当日账本封签", seal_ledger, time(23, 50), grace_minutes=10),
    Job("daily-heads-thin", Frequency.daily, "旧月份的签名头每小时留一个", thin_heads, time(23, 55)),
    Job("minutely-asked-runs", Frequency.minutely, "办管理员在页面上申请的运行", asked_runs.run_asked, due_words="每分钟，有申请时"),
    Job("minutely-asked-verification", Frequency.minutely, "有人申请时完整核验账本", verify_when_asked, due_words="每分钟，有申请时"),
    Job("minutely-head", Frequency.minutely, "为账本新增的记录签名", sign_heads, due_words="每分钟，有新记录时"),
)
