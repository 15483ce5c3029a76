"""The forms of an appeal and of its decision."""

from collections.abc import Iterable

from wtforms import RadioField, SelectField

from tracker.domain.reports.appraisal.appealing import Citable
from tracker.services.reports.appeals import LONGEST, OUTCOMES
from tracker.web.house.forms import HouseForm, chosen, listed, long_text


class AppealForm(HouseForm):
    """Which line, and why it should not be held against the unit."""

    line = SelectField("对哪一条申诉", [chosen("对哪一条申诉")], validate_choice=False)
    text = long_text("申诉理由", longest=LONGEST, hint="写明事实和依据；不要写举报人信息。提交后不能修改")

    def offer(self, lines: Iterable[Citable]) -> "AppealForm":
        """Hand in the lines that are open to this person."""
        self.line.choices = listed(((each.key, words_of(each)) for each in lines), "请选择")
        return self


class DecisionForm(HouseForm):
    """Upheld or not, and why."""

    outcome = RadioField("决定", [chosen("决定")], choices=listed(OUTCOMES))
    reason = long_text("决定理由", longest=LONGEST, hint="申诉单位看得到")


def words_of(line: Citable) -> str:
    """One line of an appraisal in a list of choices."""
    points = [f"−{line.points}"] if line.points else []
    return " · ".join([f"{line.clause} {line.word}", line.unit, *([line.number] if line.number else []), line.on.isoformat(),
                       *points])
