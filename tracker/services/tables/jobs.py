"""The jobs of tables."""

from tracker.services.house.jobs import Frequency, Job
from tracker.services.tables.imports import running

JOBS: tuple[Job, ...] = (
    Job("minutely-imports", Frequency.minutely, "检查、导入页面上提交的案件表，到期的文件删除", running.run_waiting, due_words="每 10 秒",
        grace_minutes=60),
)
