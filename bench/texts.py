"""Chinese text of complaints as they come in, made from parts: about 54 characters each."""

from random import Random

STREETS = ("南浦街道", "朝阳洲街道", "广润门街道", "绳金塔街道", "丁公路街道", "南站街道", "桃源街道", "朝农街道", "桃花街道", "九洲街道")
ROADS = ("抚生路", "朝阳中路", "站前西路", "系马桩街", "洪城路", "桃苑大街", "云飞路", "九洲大街", "丁公路", "船山路", "孺子路", "沿江中大道")
PLACES = ("小区", "农贸市场", "工地", "餐馆一条街", "汽修店", "洗车场", "河边", "铁路桥下", "垃圾中转站", "建材市场", "学校旁", "停车场")
# category -> what is complained of
TROUBLES = {
    "dust": ("施工扬尘很大", "渣土车带泥上路", "裸土没有覆盖"),
    "fume": ("餐饮油烟直排", "烧烤摊烟气熏人", "烟道没有装净化器"),
    "noise": ("夜间施工噪声扰民", "音响声音太大", "空调外机轰鸣"),
    "garbage": ("生活垃圾堆积", "建筑垃圾乱倒", "垃圾桶满溢发臭"),
    "water": ("污水直排雨水井", "河水发黑发臭", "管网堵塞冒溢"),
    "air": ("喷漆气味刺鼻", "露天焚烧冒黑烟", "异味呛得人睁不开眼"),
    "solid_waste": ("废机油随意堆放", "危险废物没有标识", "废旧轮胎露天堆存"),
}
HOURS = ("每天晚上十点以后", "凌晨三四点", "周末整天", "中午和傍晚", "下雨天", "连续一个多月", "入夏以来", "从去年开始")
EFFECTS = ("附近居民不敢开窗", "老人和孩子咳嗽不止", "严重影响休息", "多次反映没有结果", "路过的人都绕着走", "衣服不能晾在外面")
WISHES = ("请尽快派人查处", "希望责令整改并公开结果", "要求现场核实", "请有关部门给个说法", "盼望早日解决")
MEASURES = ("已责令停止施工并补办手续，覆盖裸土两千平方米", "已清理完毕并安排专人每日巡查", "已安装净化设施并通过检测",
            "已疏通管网并完成雨污分流改造", "已对责任人约谈并下达整改通知书")


RARE, RARE_SHARE = "砂石厂", 0.001  # one title in a thousand names it: what a search usually looks for


def title(random: Random, category: str) -> str:
    """What a clerk writes in the list: place and trouble."""
    place = RARE if random.random() < RARE_SHARE else random.choice(PLACES)
    return f"{random.choice(ROADS)}{random.randrange(1, 400)}号{place}{random.choice(TROUBLES[category])}"


def description(random: Random, category: str) -> str:
    """What the citizen said."""
    return (f"{random.choice(STREETS)}{random.choice(ROADS)}{random.randrange(1, 400)}号{random.choice(PLACES)}"
            f"{random.choice(HOURS)}{random.choice(TROUBLES[category])}，"
        f"{'，'.join(random.sample(EFFECTS, 2))}，{random.choice(WISHES)}。")
