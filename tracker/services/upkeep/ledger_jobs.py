"""The jobs of upkeep: the ledger is checked and sealed."""

from datetime import date, time

from tracker.domain.house.errors import Broken
from tracker.domain.house.say import Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.upkeep import integrity, seals


def verify_ledger(on: date) -> str:
    """Check every chain, fold and file. Raises `Broken` naming the first bad fact."""
    report = integrity.verify()
    if report.first is not None:
        raise Broken(Say("账本核验不通过，共 {count} 处，第一处：{first}", count=report.trouble_count, first=report.first))
    return report.sentence()


def seal_ledger(on: date) -> str:
    """Hash the heads of all streams."""
    return seals.seal(on).sentence()


JOBS: tuple[Job, ...] = (
    Job("daily-ledger-verify", Frequency.daily, "核验账本的每条链、每件案件和每份证据", verify_ledger, time(2, 0)),
    Job("daily-seal", Frequency.daily, "为当日账本封签", seal_ledger, time(23, 50), grace_minutes=10),
)
