"""What is said of a page at its first use, until one puts it away: one sentence each, and the guide that tells more."""

from dataclasses import dataclass

from flask import request, session
from flask_login import current_user

from tracker.services.house.work import reading
from tracker.services.people import newcomers
from tracker.web.house.guard import current_actor

OPEN = "open_hints"  # in the session: the hints that its person has not put away yet
ALL = "all"


@dataclass(frozen=True)
class Hint:
    """One page, by its endpoint, and what a newcomer to it should know."""

    endpoint: str
    sentence: str


HINTS: tuple[Hint, ...] = (
    Hint("cases.register", "上面按状态、灯色、单位筛选，筛好的条件可以存为常用视图；导出的表格就是眼前这些行。"),
    Hint("cases.show", "现在能办的步骤都在“办理”里；不能办的，点“不能办理的原因”逐条说明。"),
    Hint("cases.new", "先拍照或先定位都可以；没有网络也照常填写，有网络时自动上传。"),
    Hint("map.map", "颜色就是灯色；点一个点看案件，点“附近的案件”看身边还有哪些。"),
    Hint("drafts.drafts", "没有提交的表单存在这台设备上，只有您自己看得到；收到编号之前什么也不会删。"),
    Hint("triage.queue", "每件案件已按责任清单选好建议单位，核对后勾选，一次按建议交办。"),
    Hint("supervision.supervision", "一格是一天、一周或一月该有的一份；空着的格子表示还没有跑，点开看原因。"),
    Hint("supervision.close_out", "逐件看过整改前后照片和结论后才能勾选；不同意的点开案件不予销号。"),
    Hint("dashboard.dashboard", "每个数字都能点开，看到的案件数与数字一致。"),
    Hint("reports.reports", "报告出具后不再改动；以后的更正在下一期里写明。"),
    Hint("reports.report", "点数字看它数的是哪些案件；页面底部有这一期的校验码。"),
    Hint("imports.start", "先选文件，再对列名，最后核对后导入；导入后发现不对，可以整批撤回。"),
    Hint("people.people", "账号用一次性链接启用，谁也看不到别人的密码；停用前先交接在办案件。"),
    Hint("territory.territory", "在地图上或按名称查一处归哪个街道、由哪个单位负责。"),
    Hint("rule_lists.matrix", "责任清单按版本生效：一人起草，另一人启用；每件案件写明依据哪一版哪一条。"),
    Hint("ledger.ledger", "每天的校验码记在这里；拿邮件或报告里的短码来对，就知道账有没有被改过。"),
    Hint("audit.audit", "谁导出、谁登录、谁改了权限和规则都在这里；只能看，不能改。"),
    Hint("identities.requests", "举报人身份由两人同意才能查看，到时自动收回，每次查看都留痕。"),
    Hint("settings.overview", "改动都从某一天起生效，旧值连同依据一并留存；保存前先看会影响哪些案件。"),
    Hint("master.tables", "每张表都能导出、在表格软件里改好再导回；写入前先列出会改动什么。"),
    Hint("running.doctor", "红色的先处理；每一条下面写着怎么办。"),
)
BY_ENDPOINT = {each.endpoint: each for each in HINTS}


def remember_open() -> None:
    """Note in the session, at a sign-in, which hints this person has not put away."""
    gone = newcomers.hints_put_away(reading(), current_actor())
    session[OPEN] = [] if ALL in gone else [each.endpoint for each in HINTS if each.endpoint not in gone]


def hint_here() -> Hint | None:
    """The hint of this page, for somebody who has not put it away. Asks the database nothing."""
    if not current_user.is_authenticated or request.endpoint not in session.get(OPEN, ()):
        return None
    return BY_ENDPOINT.get(request.endpoint or "")


def put_away(endpoint: str) -> None:
    """Not shown to this person again; `ALL` for every one."""
    newcomers.put_hint_away(current_actor(), endpoint)
    session[OPEN] = [] if endpoint == ALL else [each for each in session.get(OPEN, ()) if each != endpoint]
