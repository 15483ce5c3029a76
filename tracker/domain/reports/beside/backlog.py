"""需协调事项 in a report: the backlog of joint meetings as it stood when the report was made, kept with its inputs. What people wrote
of it stands in the title of its case alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.domain.coordination.agendas.backlog import WAITS, WaitKind
from tracker.domain.house.links import Link, to_act, to_case
from tracker.domain.reports.case_lines import unit_name
from tracker.domain.reports.document import Column, PaperPart, Section, Table
from tracker.domain.reports.inputs import Inputs

CASE, ACT = "case:", "act:"
NOTHING = "本周没有需要协调的事项。"  # in these words whether it is made in time or later
COLUMNS = (Column("编号", width=18), Column("问题", width=22), Column("为何待议", width=26), Column("自何日", "date", 14),
           Column("已等", width=10), Column("列入会议", width=18))


def backlog_section(heading: str, inputs: Inputs, texts: Mapping[str, tuple[str, str]]) -> Section:
    """What waits for a joint meeting, what waits longest first, and on which agenda it stands."""
    rows = inputs.backlog or ()
    listed = sum(bool(row["listed"]) for row in rows)
    said = f"等待联席会议议定的事项 {len(rows)} 项{f'，其中已列入会议 {listed} 项' if listed else ''}。" if rows else NOTHING
    told = tuple((_number_of(row), texts.get(_number_of(row), ("", ""))[0] or "—", _whys_told(row["reasons"], inputs),
                  str(row["since_on"]), f"{row['days']} 天", str(row["listed"]) or "—") for row in rows)
    table = Table("需协调事项", COLUMNS, told, links=tuple(map(_link_of, rows)))
    return Section(heading, (said,), tables=(table,) if rows else (), part=PaperPart.text)


def backlog_cases(inputs: Inputs) -> tuple[str, ...]:
    """The numbers of the cases that wait."""
    return tuple(str(row["key"]).removeprefix(CASE) for row in inputs.backlog or () if str(row["key"]).startswith(CASE))


def _number_of(row: Mapping[str, Any]) -> str:
    return str(row["key"]).removeprefix(CASE).removeprefix(ACT)


def _link_of(row: Mapping[str, Any]) -> Link:
    number = _number_of(row)
    return to_case(number) if str(row["key"]).startswith(CASE) else to_act(number.partition("/")[0])


def _whys_told(reasons: Sequence[Mapping[str, Any]], inputs: Inputs) -> str:
    """Each reason once, with the places and units that it is of."""
    found: dict[str, list[str]] = {}
    for each in reasons:
        of = [f"第 {each['position']} 项"] if each["position"] else []
        of += [unit_name(each["unit_id"], inputs)] if each["unit_id"] else []
        found.setdefault(WAITS[WaitKind(each["why"])].word, []).append(" ".join(of))
    return "；".join(f"{word}（{'、'.join(of)}）" if any(of) else word for word, of in found.items())
