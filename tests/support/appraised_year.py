"""A small year for the appraisal: three units, twelve cases as stories, and short ways to count and to read them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.cases.stories import Story, story
from tracker.domain.reports.appraisal.appraisal import annual
from tracker.domain.reports.appraisal.scoring_rules import DEFAULT_RULES
from tracker.domain.reports.document import Document, Table
from tracker.domain.reports.inputs import Inputs
from tracker.domain.rules.periods import Window, period_named

RANKED = "得分汇总：各单位"
ZONE = ZoneInfo("Asia/Shanghai")
A, B, C, D = 1, 2, 3, 4
UNITS = {"1": ("U-A", "甲街道", "street"), "2": ("U-B", "乙街道", "street"), "3": ("U-C", "丙局", "department"),
         "4": ("U-D", "丁镇", "street")}
# The steps of the stories below, by the kinds of their facts.
KINDS = {
    "assign": "case:assigned", "ack": "case:acknowledged", "submit": "case:submitted", "verify": "case:verified",
    "reject": "case:rejected",
    "close": "case:closed", "refuse": "case:close_refused", "reopen": "case:reopened", "supervise": "case:supervision_opened",
    "extend": "case:extension_granted", "suspend": "case:suspended", "resume": "case:resumed", "look": "case:looked_back",
    "merge": "case:merged", "return": "case:return_granted", "import": "case:history_imported", "withdraw": "case:withdrawn",
    "note": "case:progressed", "void": "case:voided", "phase": "case:phase_granted",
}


def at(day: str, hour: int = 10) -> datetime:
    """An office instant of 2026: `03-05` is the fifth of March."""
    return datetime.combine(date.fromisoformat(f"2026-{day}"), time(hour), ZONE)


def told(number: str, *steps: tuple[Any, ...]) -> Story:
    """A story from (day, step, what it sets); registered on the first step's day."""
    first = {"set": {"source_id": 1, "jurisdiction": "360103", "area_code": "360103002", "history": "own", "round": 1,
                     "received_on": "2026-01-01"}}
    facts: list[Any] = [(1, "case:registered", 1, at(steps[0][0], 8), first)]
    for seq, (day, step, *said) in enumerate(steps, start=2):
        values = dict(said[0]) if said else {}
        body = {"set": {k: v for k, v in values.items() if k != "result"},
                **({"result": values["result"]} if "result" in values else {})}
        facts.append((seq, KINDS[step], 1, at(day), body))
    return story(number, facts, lambda instant: instant.astimezone(ZONE).date())


def given_to(unit: int, due: str, ack: str = "12-31") -> dict[str, Any]:
    return {"lead_unit_id": unit, "due_on": f"2026-{due}", "acknowledge_due_on": f"2026-{ack}"}


# Three units, twelve cases. What each costs or earns is written beside it; the sums are in the tests.
YEAR: tuple[Story, ...] = (
    # A: early by 10 days, no rework: +0.20
    told("XH-01", ("01-05", "assign", given_to(A, "01-30")), ("01-06", "ack"), ("01-20", "submit"), ("01-22", "verify"),
         ("01-25", "close")),
    # A: submitted a day late: −1 (Q1)
    told("XH-02", ("02-02", "assign", given_to(A, "02-20")), ("02-03", "ack"), ("02-21", "submit"), ("02-23", "verify"),
         ("02-24", "close")),
    # A: signed for late: −0.5 (Q1); rejected three times: −0.5 −0.5 −1 (Q2); then in time, but not early enough to matter after
    # rework
    told("XH-03", ("03-02", "assign", given_to(A, "06-30", "03-03")), ("03-06", "ack"), ("04-10", "submit"),
         ("04-12", "reject", {"round": 2}),
         ("04-20", "submit"), ("04-22", "reject", {"round": 3}), ("05-10", "submit"), ("05-12", "reject", {"round": 4}),
         ("06-01", "submit"),
         ("06-03", "verify")),
    # A: three extensions: the second and the third −0.2 each (Q3)
    told("XH-04", ("07-01", "assign", given_to(A, "07-20")), ("07-02", "ack"), ("07-10", "extend", {"due_on": "2026-08-10"}),
         ("08-01", "extend", {"due_on": "2026-09-01"}), ("08-20", "extend", {"due_on": "2026-10-01"}), ("09-30", "submit"),
         ("10-08", "verify")),
    # A, then B from 15 May: A's rejection −0.5 (Q2), B's late completion −1 (Q3): the date was still A's
    told("XH-05", ("04-01", "assign", given_to(A, "06-10")), ("04-02", "ack"), ("05-01", "submit"),
         ("05-03", "reject", {"round": 2}),
         ("05-10", "return", {"lead_unit_id": None}), ("05-15", "assign", given_to(B, "06-10")), ("05-16", "ack"),
         ("07-05", "submit"),
         ("07-08", "verify")),
    # B: closed, found false in September and reopened: −2 (Q3), and a veto where it was marked; finished again in time
    told("XH-06", ("02-01", "assign", given_to(B, "03-01")), ("02-02", "ack"), ("02-28", "submit"), ("03-01", "verify"),
         ("03-05", "close"),
         ("09-01", "look", {"result": "failed"}), ("09-02", "reopen", {"round": 2, "due_on": "2026-12-20"}), ("12-19", "submit"),
         ("12-21", "verify")),
    # B: suspended before it fell due and over the year's end: nothing
    told("XH-07", ("05-01", "assign", given_to(B, "06-01")), ("05-02", "ack"), ("05-20", "suspend")),
    # B: suspended for a month, due date shifted, then a day before it: nothing; supervised twice: −0.5 −1 (Q2)
    told("XH-08", ("04-01", "assign", given_to(B, "04-20")), ("04-02", "ack"), ("04-10", "suspend"),
         ("05-10", "resume", {"due_on": "2026-05-20"}),
         ("05-11", "supervise", {"supervision_level": "ordinary"}), ("05-12", "supervise", {"supervision_level": "key"}),
         ("05-19", "submit"),
         ("05-20", "verify"), ("05-21", "close", {"supervision_level": None})),
    # C: listed in November, overdue since 1 December and open: −2 −2, and barred from 优秀 at the year's end
    told("XH-09", ("10-01", "assign", given_to(C, "11-30")), ("10-02", "ack"),
         ("11-20", "supervise", {"supervision_level": "listed"})),
    # C: closing refused: −0.5 (Q4), submitted again early: no bonus after rework
    told("XH-10", ("10-01", "assign", given_to(C, "12-01")), ("10-02", "ack"), ("10-20", "submit"), ("10-22", "verify"),
         ("10-25", "refuse", {"round": 2, "due_on": "2026-12-30"}), ("11-01", "submit"), ("11-03", "verify")),
    # C: merged: rejected and late, and still nothing, for it follows its master
    told("XH-11", ("03-01", "assign", given_to(C, "03-10")), ("03-02", "ack"), ("03-20", "submit"),
         ("03-22", "reject", {"round": 2}), ("03-25", "merge")),
    # C: history that was brought in: nothing, though it was rejected and reopened
    told("XH-12", ("03-01", "import", {"history": "imported"})),
)
OLD_HISTORY = told("XH-13", ("03-01", "import", {"history": "imported"}), ("03-02", "close"),
                   ("03-05", "look", {"result": "failed"}),
                   ("03-06", "reopen", {"history": "own", "round": 2, "lead_unit_id": C, "due_on": "2026-12-31"}))


# By the line, so that the sums can be reckoned in the head; one group, and no fewest.
BY_THE_LINE: dict[str, float] = {
    "overdue_completion": 1, "overdue_open": 2, "late_acknowledgement": 0.5, "extended_again": 0.2, "rejected": 0.5,
    "rejected_again": 1, "close_refused": 0.5, "reopened": 2, "supervised_ordinary": 0.5, "supervised_key": 1,
    "supervised_listed": 2}
HAND_RULES = {**DEFAULT_RULES, "deductions": [{**{name: value for name, value in row.items() if name != "by"},
                                               "points": BY_THE_LINE[row["code"]]} for row in DEFAULT_RULES["deductions"]]}
TOGETHER = [{"kind": kind, "group": "各单位", "due": 1, "led": 1} for kind in ("street", "department")]


def inputs_of(key: str = "2026", *, rules: dict[str, Any] | None = None, appeals: Iterable[dict[str, Any]] = (),
              groups: Any = TOGETHER) -> Inputs:
    period = period_named(key)
    opens = datetime.combine(period.first, time(), ZONE)
    cuts = datetime.combine(period.last + timedelta(days=1), time(), ZONE)
    return Inputs(period, Window(opens, cuts), "360103", "西湖区", period.last, period.last, units=UNITS,
                  rules={"appraisal_rules": rules or HAND_RULES, "ranking_groups": groups}, appeals=tuple(appeals),
                  appraised=("1", "2", "3", "4"))


def counted(builder: Any, stories: Iterable[Story] = YEAR) -> Document:
    for each in stories:
        builder.add(each)
    document: Document = builder.document({})
    return document


def year(stories: Iterable[Story] = YEAR, **how: Any) -> Document:
    return counted(annual(inputs_of(**how)), stories)


def table(document: Document, title: str) -> Table:
    found = [t for section in document.sections for t in section.tables if t.title == title]
    return found[0] if found else Table(title, (), ())


def score_of(document: Document, unit: str) -> dict[str, Any]:
    scores = table(document, RANKED)
    heads = [column.head for column in scores.columns]
    return next(dict(zip(heads, row, strict=True)) for row in scores.rows if row[1] == unit)


def lines(document: Document, title: str = "扣分清单") -> list[tuple[Any, ...]]:
    """Rule, unit, case, number of the fact, date, points."""
    return [(row[1], row[2], row[4], row[5], row[6], row[7]) for row in table(document, title).rows]


def with_rules(**changed: Any) -> dict[str, Any]:
    return {**HAND_RULES, **changed}
