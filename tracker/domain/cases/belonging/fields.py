"""The fields of the steps by which it is settled whose a case is."""

from collections.abc import Mapping
from dataclasses import replace

from tracker.domain.cases import step_fields as ask
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.territory.routing import FENCE_WORDS
from tracker.domain.territory.shapes.layers import SIDES

MOST_CANDIDATES = 4
EXTENTS: Choices = (("whole", "由本单位主办"), ("jointly", "与对方共同办理"))
DISCLAIM_GROUNDS: Choices = (
    ("owner_other", "产权属于其他单位"), ("outside_limit", "不在管理范围内"), ("no_such_problem", "现场没有这个问题"), ("other", "其他"),
)
NOTHING_FOUND: Choices = (("not_found", "现场未发现所述问题"),)
FENCES_SEEN: Choices = (*FENCE_WORDS.items(), ("on_line", "正在围栏线上"), ("unknown", "看不清或没有围栏"))
OWNERS_SEEN: Choices = (("railway", "铁路"), ("local", "地方单位"), ("third", "企业或个人"), ("unknown", "看不出"))

CANDIDATES = Given("candidate_units", "候选单位", FieldKind.units, hint="1 至 4 家；两边的单位都要问到")
OPINION = ask.reason("下派意见", is_required=False)
CHECKED_AT = replace(ask.ONSITE_AT, word="现场复核时间")
POINT = replace(ask.ONSITE_PLACE, word="现场位置", is_required=True, alternative="mileage",
                hint="手机定位，或“北纬, 东经”，如 28.66090, 115.92005；没有定位时填里程")
MILEAGE = Given("mileage", "里程", is_required=False, longest=40, hint="如 K1449+300")
LINE = Given("line", "线路", is_required=False, longest=60)
SIDE = Given("side", "在线路哪一侧", FieldKind.choice, is_required=False, choices=tuple(SIDES.items()), hint="面向里程增大的方向")
HEADINGS: Mapping[str, str] = {"up": "上行", "down": "下行"}
SEEN_FROM = (Given("train_no", "列车车次", is_required=False, longest=20), Given("flight_no", "架次", is_required=False, longest=40),
             Given("flown_by", "飞行单位", is_required=False, longest=60))
FENCE_SEEN = Given("fence_seen", "现场看在围栏", FieldKind.choice, choices=FENCES_SEEN)
OWNER_SEEN = Given("owner_seen", "现场看产权属", FieldKind.choice, choices=OWNERS_SEEN)
CHECK_FILES = Given("files", "现场照片", FieldKind.files)
CHECK_NOTE = Given("text", "复核情况", FieldKind.long_text, is_required=False)
EXTENT = Given("extent", "怎样认领", FieldKind.choice, choices=EXTENTS)
CLAIM_OPINION = ask.reason("意见", is_required=False)
GROUND = ask.code("不认领的原因", DISCLAIM_GROUNDS)
BASIS = replace(ask.reason("依据"), alternative="files", hint="写明依据，或附文件")
INFORMED = Given("informed_units", "知会单位", FieldKind.units, is_required=False, hint="看得到本案，不承担整改")
CONFIRM_REASON = replace(ask.reason("确认意见", is_required=False), hint="主办单位没有认领的，须写明理由")
DISCLAIMED_BY_ALL = "候选单位都不认领，由系统提级"  # what the clock writes
NOT_FOUND = ask.code("复核结论", NOTHING_FOUND)
NOT_FOUND_REASON = ask.reason("情况说明")
