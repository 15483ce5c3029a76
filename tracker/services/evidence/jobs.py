"""The jobs of evidence."""

from datetime import time

from tracker.services.evidence import uploads
from tracker.services.house.jobs import Frequency, Job

JOBS: tuple[Job, ...] = (
    Job("daily-upload-sweep", Frequency.daily, "清理收到后两周仍未提交的上传文件", uploads.sweep, time(1, 30)),
)
