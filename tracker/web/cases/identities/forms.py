"""The forms of a request about a reporter, and of its decision."""

from wtforms import RadioField, SelectField

from tracker.domain.cases.identities.requesting import BASES, FEWEST_LETTERS, LONGEST, REASONS
from tracker.domain.house.say import Say
from tracker.web.house.forms import HouseForm, chosen, listed, long_text, text

GRANT, REFUSE = "grant", "refuse"
OUTCOMES = ((GRANT, "同意"), (REFUSE, "不同意"))
NUMBER_HINT = "形如 XH-2026-000123"
REASON_HINT = Say("至少 {fewest} 字；不要写举报人的姓名和电话", fewest=FEWEST_LETTERS)


class RevealForm(HouseForm):
    """Why a custodian wants to see a reporter."""

    number = text("案件编号", longest=40, hint=NUMBER_HINT, autocomplete="off")
    code = SelectField("事由", [chosen("事由")], choices=listed(REASONS, "请选择"))
    reason = long_text("查阅理由", longest=LONGEST, rows=3, hint=REASON_HINT)


class EraseForm(HouseForm):
    """On what basis a reporter is to be erased."""

    number = text("案件编号", longest=40, hint=NUMBER_HINT, autocomplete="off")
    code = SelectField("依据", [chosen("依据")], choices=listed(BASES, "请选择"))
    document_no = text("文号", longest=80, hint="申请书、决定书或鉴定意见的文号", autocomplete="off")
    reason = long_text("说明", longest=LONGEST, rows=3, hint=REASON_HINT)


class DecideForm(HouseForm):
    """Granted or not, and why."""

    outcome = RadioField("决定", [chosen("决定")], choices=listed(OUTCOMES))
    decision = long_text("意见", longest=LONGEST, rows=3, is_required=False, hint="不同意的须写明理由；申请人看得到")
