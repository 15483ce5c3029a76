"""The jobs of mail."""

from datetime import date

from tracker.services.house.jobs import Frequency, Job
from tracker.services.mail import outbox


def send_mail(on: date) -> str:
    """Send what waits in the outbox."""
    return outbox.send_due().sentence()


JOBS: tuple[Job, ...] = (
    Job("minutely-outbox", Frequency.minutely, "发送待发邮件，失败的退避重试", send_mail, due_words="每分钟", grace_minutes=60),
)
