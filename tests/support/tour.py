"""Every page of the staff side, from the URL map itself: a new page is on the tour as soon as it exists."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from tests.support import custody, railway, rule_lists
from tests.support.acts import act_in, do
from tests.support.district import HOME, District
from tests.support.makers import Town
from tests.support.visitors import ROLES, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.clock import SetClock
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.publications.kinds import classes_of
from tracker.domain.rules.periods import period_named
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.territory.shapes.layers import Layer
from tracker.services.cadence import beats, gaps
from tracker.services.cases.identities import Reporter
from tracker.services.cases.register import saved_views
from tracker.services.house.work import Work, wiring, with_clock
from tracker.services.people import delegations
from tracker.services.publications import publishing
from tracker.services.reports import appeals, reports
from tracker.services.sites import audits, entering, obligations
from tracker.services.tables.imports import jobs as import_jobs
from tracker.services.tables.imports import planning, running
from tracker.services.territory import boundaries, outlines
from tracker.services.upkeep import seals
from tracker.services.upkeep.words import erasing

# What stands for each part of an address. {rectifying} and {closed} are cases of `prepare`.
SAMPLES: dict[str, str] = {
    "paper": "approval", "form": "docx",
    "number": "{closed}", "login": "officer", "code": "XH-TY", "evidence_id": "1", "step": "comment", "view_id": "1",
    "delegation_id": "1", "size": "192", "file": "register.png",
    "appeal_id": "1", "request_id": "1", "request_no": "1", "name": "annual", "period": "2025",
    "cadence": "annual-appraisal", "kind": "csv",
    "key": "ladder", "area_code": "360103", "job_id": "1", "version": "2", "line": "1", "position": "1", "entry_id": "1",
    "obligation_id": "1", "audit_id": "1", "n": "1",
}
# Endpoints that show a page only under an address of their own.
OWN: dict[str, str] = {
    "help.guide": "/help/lead", "map.near": "/map/near?lat=28.655&lng=115.865&datum=wgs84",
    "as_of.register": "/cases/as-of?on=2026-03-01", "triage.one": "/cases/triage/{registered}",
    "bulk.preview": "/cases/bulk/urge?n={rectifying}&n={closed}", "reports.download": "/reports/annual/2025/file.xlsx",
    "reports.cases": "/reports/annual/2025/cases?figure=scored",
    **{f"circulars.{page}": f"/reports/monthly/2026-02/circular{path}"
       for page, path in (("circular", ""), ("edit", "/edit"), ("sign", "/sign"))},
    "imports.check": "/import/2/check", "imports.errors": "/import/2/errors.xlsx", "imports.job": "/import/3",
    "batches.paper": "/cases/batches/text.docx?source=D3JX&batch=第1批",
    "supervision.ask_run": "/supervision/daily-morning/2026-03-02/run",
    "acts.begin": "/acts/new/meeting", "acts.show": "/acts/HY-2026-0001", "acts.take": "/acts/HY-2026-0001/steps/note",
    "acts.duty": "/acts/HY-2026-0001/duties/1/answer", "erasures.ask_of_act": "/erasures/acts/HY-2026-0001",
    "line_sections.section": "/line/JJ-01", "line_sections.workbook": "/line/JJ-01/visits.xlsx",
    "publications.show": "/publications/2", "publications.edit": "/publications/2/edit",
    "publications.review": "/publications/2/review", "publications.reasoned": "/publications/2/discard",
    "sites.show": "/sites/S-000001", "site_entries.new": "/sites/S-000001/entries/new?register=permit",
    "site_entries.ending": "/sites/S-000001/entries/1/end", "site_papers.new": "/sites/S-000001/entries/1/files",
    "positive.show": "/sites/S-000001/positive", "obligations.show": "/sites/obligations/1", "audits.show": "/sites/audits/1",
    "draws.roster": "/draws/SJ-2026Q1-360103/roster", "controls.board": "/controls/GK-2026-0001/board",
    "shapes.version": "/settings/shapes/3", "shapes.drop": "/settings/shapes/3/drop",
    "rule_lists.share": "/territory/list/units/XH-CG", "rule_lists.paper": "/territory/list/1/file.xlsx",
    "measures.show_measure": "/reports/measures/operations.found?from=2026-03-01&to=2026-03-31",
    "master.row": "/settings/master/sources/row?key=H12345", "master.past": "/settings/master/sources/history?key=H12345",
}
VISITORS = ("", *ROLES, "many_hats")
FILES = {"setup.begin", "start.mail", "static", "home.favicon", "uploads.thumb", "mail_preview.page", "identities.original"}
# A way on and no page; a page only where tiles are set, whose host no test asks.
FILES |= {"steps.onward", "map_settings.ask_tiles", "programmes.show", "registers.export", "draws.listing", "inspections.listing"}
FILES |= {"single_sign_on.begin", "single_sign_on.back", "factors.check"}  # the last is looked at where a code is due
# Papers, read where their acts are tested.
FILES |= {"interviews.notice", "meetings.agenda", "meetings.minutes", "controls.order", "controls.calls",
          "programmes.sheet", "draws.verify", "draws.bundle"}
# Pages worth seeing beyond one of each kind: (who, path).
MORE: tuple[tuple[str, str], ...] = (
    ("", "/offline?unsent=1"), ("lead", "/"), ("officer", "/"), ("custodian", "/"),
    ("lead", "/cases?state=rectifying&light=green&q=河"),
    ("lead", "/cases?q=没有这样的案件"), ("officer", "/cases/{rectifying}"), ("dispatcher", "/cases/{registered}"),
    ("dispatcher", "/cases/{registered}/steps/assign"), ("officer", "/cases/{rectifying}/steps/submit"),
    ("officer", "/cases/{rectifying}/steps/close"), ("clerk", "/cases/XH-1999-000001"),
    ("officer", "/my/delegations"), ("clerk", "/my/delegations"), ("admin", "/people/officer"),
    ("auditor", "/supervision?month=2026-04"), ("lead", "/supervision/preview?cadence=weekly-review"), ("officer", "/reports"),
    ("dispatcher", "/reports/weekly/2026-W10?preview=1"), ("dispatcher", "/reports/monthly/2026-03?preview=1"),
    ("officer", "/reports/annual/2025"), ("lead", "/reports/measures?from=2026-03-01&to=2026-03-31"),
    *(("lead", f"/acts/{number}-2026-0001") for number in ("GK", "XD", "YT", "XC", "GH")), ("dispatcher", "/acts/HY-2026-0002"),
    *(("lead", f"/acts/{number}-2026-0001") for number in ("CF", "JP", "YS")), ("lead", "/acts/JC-2026-000001"),
    ("dispatcher", "/acts/SJ-2026Q1-360103"), ("dispatcher", "/acts/new/inspection"), ("enforcer", "/acts/new/penalty"),
    ("inspector", "/acts/JC-2026-000001/steps/record"), ("enforcer", "/acts/CF-2026-0001/steps/plead"), ("enforcer", "/"),
    ("lead", "/acts?kind=penalty"), ("dispatcher", "/acts/new/control"), ("dispatcher", "/acts/GK-2026-0001/steps/add_site"),
    ("officer", "/territory/list"), ("lead", "/territory/list/try?area_code=360103011&category=noise&said=夜间施工&side=&work="),
    ("lead", "/cases/{rectifying}/access?who=supporter"), ("lead", "/cases/{rectifying}/access?who=neighbour"),
)


@dataclass(frozen=True)
class Stop:
    """One page: its address and somebody who may see it."""

    login: str
    path: str


def prepare(app: Flask) -> dict[str, str]:
    """A registered case, one in rectification and a closed one with photographs; their numbers by state."""
    with app.app_context():
        town = Town.founded()
        closed = town.case_in(CaseState.closed, "PATROL")
        town.do(closed, "comment", text="已回访，群众满意")
        saved_views.save(town.actor("lead"), "本周到期", "light=yellow")
        boundaries.load(town.actor("admin"), "边界.geojson", json.dumps(outlines.shipped()).encode(), source="西湖区自然资源分局")
        prepare_imports(town)
        prepare_list(town)
        prepare_acts(town)
        prepare_publications(town)
        delegations.delegate(None, login="officer", substitute="clerk", from_on=town.clock.today(), to_on=town.clock.today(),
                             reason="休假")
        appraise_last_year(town)
        with Work(wiring()) as work:
            work.record(LEDGER, LedgerFacts.demo_loaded, OPERATOR, {})  # the past above is invented, as a demo's is
        rectifying = town.case_in(CaseState.rectifying, "PATROL")
        town.registered("D3JX", batch_label="第1批")
        custody.kept(rectifying, Reporter("欧阳巡览", "13700137000"))
        custody.asked(town, rectifying)
        erasing.ask(town.actor("custodian"), f"case:{closed}", [(1, "description")], "mistaken", "西环信〔2026〕1号")
        seals.seal()
        return {"closed": closed, "rectifying": rectifying,
                "registered": town.registered("H12345")}


def prepare_list(town: Town) -> None:
    """A responsibility list in force, and a draft that would move a case."""
    rule_lists.in_force(town, {1: {"category": "garbage", "lead_unit": "XH-CYZ"},
                               2: {"area_code": "360103011", "lead_unit": "XH-TY"},
                               3: {"category": "noise", "keywords": "夜间、施工", "lead_unit": "XH-CG", "supporting_units": "XH-HB"}})
    rule_lists.drafted(town, {1: {"lead_unit": "XH-CG"}})


def prepare_publications(town: Town) -> None:
    """A draft that waits for its review, and a version that was published before."""
    roster = classes_of("360103", 2026)
    publishing.publish(town.actor("lead"), publishing.draft(town.actor("clerk"), "class_roster", roster), 1)
    publishing.draft(town.actor("clerk"), "class_roster", roster)


def prepare_acts(town: Town) -> None:
    """A meeting that was held, with a duty of the officer's unit; a draft of the railway's line, and a section with a patrol; one
    act of every other kind."""
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "decide_item", outcome="measure", text="两周内清完", units="XH-CYZ", due_on="2026-03-20")
    for kind, state in (("patrol", "logged"), ("control", "issued"), ("operation", "under_way"), ("interview", "held"),
                        ("programme", "adopted")):
        act_in(town, kind, state)
    act_in(town, "meeting", "drafting")
    entering.enter(town.actor("clerk"), "S-000001", SiteRegister.commitment, {"valid_from": "2026-03-02"})
    entering.enter(town.actor("clerk"), "S-000001", SiteRegister.permit, {
        "number": "91410781694896138P001P", "value": "key", "valid_from": "2025-01-01", "reports": "year"})
    obligations.make_obligations(town.clock.today())
    audits.record_audit(town.actor("clerk"), "S-000001", {"year": "2026", "listed_on": "2026-01-05"})
    audits.add_scheme(town.actor("clerk"), 1, {"kind": "low", "name": "照明改造"})
    for kind, state in (("inspection", "planned"), ("draw", "preparing"), ("penalty", "notified"), ("card", "flagged"),
                        ("referral", "suspected")):
        act_in(town, kind, state)
    stuck = town.case_in(CaseState.rectifying)
    town.do(stuck, "escalate")
    railway.load(town, Layer.line, railway.LINE)


def prepare_imports(town: Town) -> None:
    """Three imports: one whose columns are to be said, one that was checked and has bad rows, one that waits for the clock."""
    clerk = town.actor("clerk")
    tables = ("标题,问题描述,地点,紧急程度\n油烟扰民,夜间油烟,桃花源,一般\n", "受理编号,问题描述,是否属实\nA1,油烟,也许\nA2,垃圾,属实\n合计,,2\n",
              "受理编号,问题描述\nB1,油烟\n")
    ids = [import_jobs.receive(clerk, f"台账{at}.csv", text.encode(), "H12345") for at, text in enumerate(tables)]
    for job_id in ids:
        if planning.begin(clerk, job_id):
            import_jobs.queue(clerk, job_id, "check")
    running.run_now(ids[1])


def appraise_last_year(town: Town) -> None:
    """The appraisal of 2025, with a case that was rejected twice, and an appeal against the first of it."""
    with with_clock(SetClock(datetime(2025, 11, 3, 1, 0, tzinfo=UTC))):
        past = Town(District(town.units, town.people))
        past.walk(past.registered(), "assign", "acknowledge", "submit", "reject", "submit", "reject")
    report = reports.publish(reports.build("annual", period_named("2025"), HOME))
    officer = town.actor("officer")
    appeals.raise_appeal(officer, report, appeals.open_lines(officer, report).lines[0].key, "核查当日道路封闭，整改已到位")
    gaps.open_books(["daily-morning/360103"], town.clock.now() - timedelta(hours=1))
    beats.run("annual-appraisal", "2025")
    beats.run("monthly-circular", "2026-02")  # its text waits for a signature


def pages(app: Flask, numbers: dict[str, str]) -> list[Stop]:
    """One of every page that a browser may be shown, each with the first role that is let in, and those of `MORE`."""
    clients = {login: visitor(app, login) for login in VISITORS}
    found = [stop for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in FILES
             for stop in _admitted(clients, _address(rule, numbers))]
    return [*found, *(Stop(login, path.format(**numbers)) for login, path in MORE)]


def addresses(app: Flask, numbers: dict[str, str]) -> list[str]:
    """Every address that answers to a GET, of pages and of files, and those of `MORE`."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in FILES]
    return list(dict.fromkeys([*(_address(rule, numbers) for rule in rules), *(path.format(**numbers) for _, path in MORE)]))


def _address(rule: Any, numbers: dict[str, str]) -> str:
    strange = rule.arguments - set(SAMPLES)
    assert not strange, f"say in SAMPLES what stands for {strange} in {rule.rule}"
    path: str = rule.rule
    for name in rule.arguments:
        sample = "sources" if name == "name" and rule.endpoint.startswith("master.") else SAMPLES[name]
        path = re.sub(rf"<(?:[^<>]+:)?{name}>", sample, path)
    return OWN.get(rule.endpoint, path).format(**numbers)


def _admitted(clients: dict[str, Any], path: str) -> list[Stop]:
    """The first who gets a page there; nobody for pictures, files and what machines read."""
    for login, client in clients.items():
        answer = client.get(path)
        is_page = answer.mimetype == "text/html"
        answer.close()
        if answer.status_code == 200:
            return [Stop(login, path)] if is_page else []
    raise AssertionError(f"nobody may see {path}")


