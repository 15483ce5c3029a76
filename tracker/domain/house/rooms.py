"""The rooms of the house: a number, a folder on each floor that needs one, and a noun of the office.

A room imports rooms with lower numbers of its own floor, and any room of the floors below. README's map and the contract
between rooms in `pyproject.toml` are written from this table by `./run lint`.
"""

from dataclasses import dataclass

FLOORS = ("domain", "storage", "gateways", "services", "web", "cli")
MOST_FILES = 15  # in one folder; a room with more is two rooms


@dataclass(frozen=True)
class Room:
    """One line of the map. `folder` is the same on every floor; `noun` is what the office calls it."""

    number: int
    folder: str
    noun: str
    holds: str


ROOMS: tuple[Room, ...] = (
    Room(0, "house", "公用", "工作单元、拒绝、时钟、行为人、生命周期、记录链、掩码、检索、把关、菜单"),
    Room(10, "rules", "规则", "期限、工作日历、截止日、灯色、规则手册、周期"),
    Room(20, "people", "人员", "人员、单位、角色、登录、委托、交接"),
    Room(30, "territory", "属地", "区划、分办规则、边界、坐标"),
    Room(35, "sites", "监管对象", "被监管的企业、工地等：名称、监管单位；分类、状态、正面清单、承诺书、许可证的台账，执行报告，审核"),
    Room(40, "evidence", "证据", "文件、摘要、上传、前后照片配对"),
    Room(50, "mail", "邮件", "邮件的机器：收件人、发件箱、退信、群机器人"),
    Room(55, "acts", "事项", "有编号的事项及其经手、关联、参加单位、应办、时限"),
    Room(60, "cases", "案件", "登记、交办、整改、核查、销号，以及台账"),
    Room(62, "inspection", "监督检查", "检查及其发现的问题，双随机抽取"),
    Room(64, "coordination", "联动", "联席会议、规划、行动、约谈、双段长巡查、管控"),
    Room(66, "enforcement", "执法", "行政处罚、警示牌、移送"),
    Room(70, "tables", "表格", "导入和导出"),
    Room(80, "reports", "报告", "报告、通报、考核、申诉"),
    Room(85, "cadence", "节拍", "日巡查、周调度、月通报、年考核的记录，晨间清单，催办阶梯"),
    Room(87, "publications", "公开", "向社会公开的内容：起草、由另一人复核、公开、撤回"),
    Room(90, "upkeep", "维护", "定时任务、核验、封签、备份、体检"),
)
