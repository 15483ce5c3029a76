"""The columns of the register: what may be chosen for the page, the saved view and the file, in the order of the page."""

from collections.abc import Mapping

# The title always stands.
COLUMNS: Mapping[str, str] = {
    "light": "灯色", "state": "状态", "unit": "主办单位", "area": "街道（镇）", "place": "地点", "source": "来源",
    "source_number": "来源编号", "received": "受理日期", "due": "时限",
}
STANDARD = ("light", "state", "unit", "source", "due")
