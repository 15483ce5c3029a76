"""The district's responsibility list: who leads what, and why. The more specific line wins (see
`domain/territory/routing.py`)."""

from tracker.demo.places import STREETS
from tracker.services.house.master import rows
from tracker.services.house.work import wiring
from tracker.services.people import access
from tracker.services.territory.lists import versions

# On which side of the railway's fence, lead unit, reason
BY_FENCE: tuple[tuple[str, str, str], ...] = (
    ("inside", "NTJ-GWD", "围栏为界：铁路围栏以内由铁路工务单位负责"),
)
# type, keywords, lead unit, supporting units, reason
BY_TYPE: tuple[tuple[str, str, str, str, str], ...] = (
    ("dust", "工地", "XH-ZJJ", "XH-STHJ", "建筑工地扬尘由行业主管部门住建局监管"),
    ("dust", "道路,渣土车", "XH-CGJ", "XH-JJDD", "道路保洁和渣土运输由城管局监管"),
    ("fume", "烧烤,占道", "XH-CGJ", "", "占道经营和露天烧烤由城管局监管"),
    ("fume", "烟道,排烟口", "XH-CGJ", "XH-SJJ,XH-STHJ", "餐饮油烟由城管局牵头，市场监管、生态环境部门配合"),
    ("water", "排口,河段,河面,泵站", "XH-NSJ", "XH-STHJ", "河道和入河排口由农业农村水利局牵头"),
    ("water", "洗车", "XH-CGJ", "XH-SJJ", "洗车场所经营秩序由城管局牵头"),
    ("air", "黑烟,货车,怠速", "XH-JJDD", "XH-STHJ", "机动车尾气路检由交管大队牵头、生态环境局配合"),
    ("air", "加油站", "XH-SWJ", "XH-STHJ", "加油站油气回收由商务局牵头"),
    ("air", "锅炉,取铜", "XH-STHJ", "", "工业和服务业大气污染源由生态环境局监管"),
    ("noise", "夜间施工,浇筑", "XH-ZJJ", "XH-CGJ", "夜间施工许可与监管由住建局牵头"),
    ("noise", "空调外机,水泵", "XH-STHJ", "", "固定设备噪声由生态环境局监管"),
    ("solid_waste", "废机油,铅蓄电池,废漆,显影液,化学品", "XH-STHJ", "XH-SJJ", "危险废物由生态环境局监管"),
    ("solid_waste", "渣土,拆迁", "XH-CGJ", "", "建筑垃圾处置由城管局监管"),
    ("railway", "护坡,轨枕", "NTJ-GWD", "", "产权为主：护坡、轨枕是铁路工务单位的设备"),
    ("railway", "涵洞,桥下", "NTJ-GWD", "XH-CGJ", "产权为主：涵洞、桥下空间由产权单位负责，地方配合"),
)


def post() -> int:
    """The list's first version: the administrator drafts it, a district lead puts it in force; returns how many lines it has."""
    admin, lead = access.at_command_line("admin"), access.at_command_line("lead1")
    number = versions.draft(admin, versions.DraftOrder("西湖区生态环境问题整改责任清单", "西环整改〔2022〕8号", copied_from=0))
    lines: list[dict[str, object]] = [
        {"category": category, "keywords": keywords, "lead_unit": unit, "supporting_units": supporting, "reason": reason}
        for category, keywords, unit, supporting, reason in BY_TYPE]
    lines += [{"category": "railway", "side": side, "lead_unit": unit, "reason": reason} for side, unit, reason in BY_FENCE]
    lines += [{"area_code": street.area_code, "lead_unit": street.unit, "reason": "属地管理"} for street in STREETS]
    for place, line in enumerate(lines, start=1):
        rows.save_row(admin, "routing", str(place), line)
    versions.activate(lead, versions.ActivateOrder(number, wiring().clock.today(), reason="未设街道办的地方由区整改办直接交办"))
    return len(lines)
