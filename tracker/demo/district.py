"""The units and people of the demo district. The people are invented; the streets are Xihu's own, old and new."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.domain.house.actor import Grant, Role
from tracker.services.people import accounts
from tracker.services.people.passwords import generated

XIHU, CITY = "360103", "3601"
MAIL_DOMAIN = "xihu.example"  # reserved for examples (RFC 2606), so no real person has it
OLDEST, REFORM, LAST_OF_THE_OLD = date(2018, 1, 1), date(2022, 8, 1), date(2022, 7, 31)

# code, full name, kind, unit above, area, in being from
UNITS: tuple[tuple[str, str, str, str | None, str, date], ...] = (
    ("NC-STHJ", "南昌市生态环境局", "city", None, CITY, OLDEST),
    ("NC-TLB", "南昌市铁路沿线环境整治工作办公室", "city", None, CITY, OLDEST),
    ("NTJ", "中国铁路南昌局集团有限公司", "railway", None, CITY, OLDEST),
    ("NTJ-GWD", "南昌工务段", "railway", "NTJ", CITY, OLDEST),
    ("NTJ-GWD-XH", "南昌工务段西湖线路车间", "railway", "NTJ-GWD", XIHU, OLDEST),
    ("XH", "西湖区人民政府", "district", None, XIHU, OLDEST),
    ("XH-DCS", "西湖区人民政府督查室", "department", "XH", XIHU, OLDEST),
    ("XH-STHJ", "南昌市西湖生态环境局", "department", "XH", XIHU, OLDEST),
    ("XH-DCZG", "西湖区生态环境保护督察整改办公室", "department", "XH-STHJ", XIHU, OLDEST),
    ("XH-CGJ", "西湖区城市管理局", "department", "XH", XIHU, OLDEST),
    ("XH-ZJJ", "西湖区住房和城乡建设局", "department", "XH", XIHU, OLDEST),
    ("XH-NSJ", "西湖区农业农村水利局", "department", "XH", XIHU, OLDEST),
    ("XH-SJJ", "西湖区市场监督管理局", "department", "XH", XIHU, OLDEST),
    ("XH-SWJ", "西湖区商务局", "department", "XH", XIHU, OLDEST),
    ("XH-JJDD", "南昌市公安局交通管理局西湖大队", "department", "XH", XIHU, OLDEST),
    ("XH-ZFD", "西湖区环境保护综合执法队", "department", "XH", XIHU, OLDEST),
    ("XH-XFJ", "西湖区信访局", "department", "XH", XIHU, OLDEST),
    ("XH-SJ", "西湖区审计局", "department", "XH", XIHU, OLDEST),
    ("XH-DSJ", "西湖区大数据中心", "department", "XH", XIHU, OLDEST),
    ("XH-NP", "南浦街道办事处", "street", "XH", "360103001", OLDEST),
    ("XH-CYZ", "朝阳洲街道办事处", "street", "XH", "360103002", OLDEST),
    ("XH-GRM", "广润门街道办事处", "street", "XH", "360103004", OLDEST),
    ("XH-SJT", "绳金塔街道办事处", "street", "XH", "360103007", OLDEST),
    ("XH-DGL", "丁公路街道办事处", "street", "XH", "360103009", OLDEST),
    ("XH-NZ", "南站街道办事处", "street", "XH", "360103010", OLDEST),
    ("XH-TY", "桃源街道办事处", "street", "XH", "360103011", OLDEST),
    ("XH-CN", "朝农街道办事处", "street", "XH", "360103013", date(2018, 10, 31)),
    ("XH-TH", "桃花街道办事处", "street", "XH", "360103014", REFORM),
    ("XH-JZ", "九洲街道办事处", "street", "XH", "360103015", REFORM),
    ("XH-XHJD", "西湖街道办事处", "street", "XH", "360103005", OLDEST),
    ("XH-XMZ", "系马桩街道办事处", "street", "XH", "360103006", OLDEST),
    ("XH-SZJ", "十字街街道办事处", "street", "XH", "360103012", OLDEST),
    ("XH-THZ", "桃花镇人民政府", "street", "XH", "360103101", OLDEST),
    ("XH-CNGL", "朝农管理处", "street", "XH", "360103400", OLDEST),
)
# code, last day, which unit took over
ENDED: tuple[tuple[str, date, str], ...] = (
    ("XH-XHJD", LAST_OF_THE_OLD, "XH-GRM"), ("XH-XMZ", LAST_OF_THE_OLD, "XH-NP"), ("XH-SZJ", LAST_OF_THE_OLD, "XH-SJT"),
    ("XH-THZ", LAST_OF_THE_OLD, "XH-TH"), ("XH-CNGL", date(2018, 10, 30), "XH-CN"),
)

# login, name, title, unit, role, area
STAFF: tuple[tuple[str, str, str, str, Role, str], ...] = (
    ("lead1", "程望川", "副区长", "XH", Role.lead, XIHU),
    ("lead2", "罗映秋", "区委常委、副区长", "XH", Role.lead, XIHU),
    ("lead3", "龚砚平", "副区长", "XH", Role.lead, XIHU),
    ("lead4", "闵知夏", "区政府党组成员", "XH", Role.lead, XIHU),
    ("dispatcher1", "邹亦安", "整改办副主任", "XH-DCZG", Role.dispatcher, XIHU),
    ("dispatcher2", "涂明谦", "调度科科长", "XH-DCZG", Role.dispatcher, XIHU),
    ("dispatcher3", "熊若水", "调度科科员", "XH-DCZG", Role.dispatcher, XIHU),
    ("clerk1", "万书宁", "登记员", "XH-DCZG", Role.clerk, XIHU),
    ("clerk2", "章可欣", "热线专员", "XH-XFJ", Role.clerk, XIHU),
    ("inspector1", "胡远航", "执法一组组长", "XH-ZFD", Role.inspector, XIHU),
    ("inspector2", "聂青禾", "执法一组队员", "XH-ZFD", Role.inspector, XIHU),
    ("inspector3", "裘劲松", "执法二组组长", "XH-ZFD", Role.inspector, XIHU),
    ("inspector4", "艾晓棠", "执法二组队员", "XH-ZFD", Role.inspector, XIHU),
    ("inspector5", "成若谷", "执法三组组长", "XH-ZFD", Role.inspector, XIHU),
    ("inspector6", "夏知秋", "执法三组队员", "XH-ZFD", Role.inspector, XIHU),
    ("inspector7", "金晓晖", "执法三组队员", "XH-ZFD", Role.inspector, XIHU),
    ("verifier1", "黎正言", "督查专员", "XH-DCS", Role.verifier, XIHU),
    ("verifier2", "舒文澜", "督查专员", "XH-DCS", Role.verifier, XIHU),
    ("verifier3", "魏守拙", "核查科科长", "XH-DCZG", Role.verifier, XIHU),
    ("verifier4", "余清和", "核查科科员", "XH-DCZG", Role.verifier, XIHU),
    ("supervisor1", "欧阳澈", "督察科科长", "NC-STHJ", Role.supervisor, CITY),
    ("supervisor2", "喻长庚", "整治办副主任", "NC-TLB", Role.supervisor, CITY),
    ("auditor", "戴思齐", "审计专员", "XH-SJ", Role.auditor, XIHU),
    ("custodian", "甘守信", "保密专员", "XH-XFJ", Role.custodian, XIHU),
    ("enforcer1", "秦守正", "法规执法科科长", "XH-STHJ", Role.enforcer, XIHU),
    ("enforcer2", "巫见微", "法规执法科科员", "XH-STHJ", Role.enforcer, XIHU),
    ("enforcer3", "席明允", "法规执法科科员", "XH-STHJ", Role.enforcer, XIHU),
    ("legal", "法如海", "法制审核员", "XH-STHJ", Role.legal, XIHU),
    ("principal", "郑致远", "区生态环境局局长", "XH-STHJ", Role.principal, XIHU),
    ("admin", "赖运维", "系统管理员", "XH-DSJ", Role.admin, ""),
)
# unit -> (login stem, names of its officers)
OFFICERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "XH-NP": ("np", ("桂向晨", "付雨桐")), "XH-CYZ": ("cyz", ("帅子墨", "姜语嫣", "卢嘉树")),
    "XH-GRM": ("grm", ("况星野", "饶素心")), "XH-SJT": ("sjt", ("习朗月", "蔡亭山")),
    "XH-DGL": ("dgl", ("阙少白", "温如许")), "XH-NZ": ("nz", ("敖景行", "雷一帆", "朱听雨")),
    "XH-TY": ("ty", ("谌若谷", "杭以宁")), "XH-CN": ("cn", ("占春霖", "揭小满")),
    "XH-TH": ("th", ("符鹤鸣", "易清扬", "廖云舒")), "XH-JZ": ("jz", ("邬承泽", "段知微")),
    "XH-STHJ": ("sthj", ("曾见山", "柳惟新")), "XH-CGJ": ("cgj", ("傅怀瑾", "洪乐天")), "XH-ZJJ": ("zjj", ("简方圆", "吴衡之")),
    "XH-NSJ": ("nsj", ("汤沐阳", "钟漪")), "XH-SJJ": ("sjj", ("乐平章", "史问津")), "XH-SWJ": ("swj", ("应如常", "庄怀远")),
    "XH-JJDD": ("jjdd", ("严路遥", "骆安行")), "NTJ-GWD": ("gwd", ("石铁衡", "丁轨平")), "NTJ-GWD-XH": ("xhcj", ("关远程", "车护安")),
}


@dataclass(frozen=True)
class Account:
    """One line of the list of accounts. The password is known here and nowhere else."""

    login: str
    password: str
    name: str
    role: Role
    unit: str


def settle(tell: Callable[[int, int], None]) -> list[Account]:
    """Found the units, end the old ones, and let the people in; `tell` hears of each person."""
    areas = {code: area for code, _, _, _, area, _ in UNITS}
    names = {code: name for code, name, *_ in UNITS}
    for code, name, kind, parent, area, since in UNITS:
        accounts.add_unit(None, code=code, name=name, kind=kind, parent=parent, area_code=area, valid_from=since)
    for code, last_day, heir in ENDED:
        accounts.end_unit(None, code=code, last_day=last_day, successor=heir)
    officers = tuple(
        (f"{stem}{number}", name, "经办人", unit, Role.officer, areas[unit])
        for unit, (stem, people) in OFFICERS.items() for number, name in enumerate(people, start=1))
    found = []
    for login, name, title, unit, role, area in STAFF + officers:
        password = generated()
        accounts.add_person(None, login=login, name=name, unit=unit, title=title, roles=[Grant(role, area)],
                            email=f"{login}@{MAIL_DOMAIN}", password=password)
        found.append(Account(login, password, name, role, names[unit]))
        tell(len(found), len(STAFF) + len(officers))
    return found
