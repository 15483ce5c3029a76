"""Words of the import's pages."""

from collections.abc import Mapping

from tracker.domain.tables.suggestions import Reason

IMPORT_STATES: Mapping[str, str] = {
    "uploaded": "待选表", "mapped": "待检查", "checked": "待导入", "queued": "排队中", "running": "办理中", "done": "已完成", "failed": "没有导入",
    "withdrawn": "已撤回",
}
REASONS: Mapping[Reason, str] = {
    Reason.header: "表头相同", Reason.part_of_header: "表头里有这个词", Reason.dates: "内容多是日期", Reason.areas: "内容多是本地区划",
    Reason.types: "内容多是问题类型", Reason.phones: "内容多是电话", Reason.numbers: "内容是不重复的编号", Reason.long_texts: "内容较长",
}
