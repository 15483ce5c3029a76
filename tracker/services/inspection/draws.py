"""Deeds of draws （双随机抽取）: the roster is made, committed to, drawn from before a witness, and each drawn site inspected."""

import json
import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Conflict, Incomplete, Invalid
from tracker.domain.house.say import Say, finished
from tracker.domain.inspection import inspections
from tracker.domain.inspection.drawing import Roster, digest_of_text, draw, roster_from, seed_of
from tracker.domain.inspection.draws import (
    EXCLUDED,
    KIND,
    LEAST_REASON,
    LEAST_WITNESS,
    WITNESS_MARK,
    DrawSteps,
    level_of,
    read_quarter,
)
from tracker.domain.inspection.inspections import InspectionMode, InspectionSteps
from tracker.domain.inspection.quotas import require_capacity
from tracker.gateways.evidence.blobs import BlobStore
from tracker.services.acts import steps
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, next_seq
from tracker.services.acts.sites import site_named
from tracker.services.evidence import evidence
from tracker.services.inspection.rosters import MadeRoster, made_roster, question_of
from tracker.services.inspection.seals import is_sealed
from tracker.services.inspection.substitutes import next_officers, next_site, replaced_line, team_of
from tracker.services.rules import values
from tracker.storage.acts.acts import Act
from tracker.storage.inspection.draws import DrawRow, DrawSite
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.inspection.positive import listed_until
from tracker.storage.inspection.roster import officers_on
from tracker.storage.sites.sites import Site

ROSTER_FILE, JSON = "roster.json", "application/json"
SEALED = "sealed"


def prepare(doing: ActDoing) -> Payload:
    """The list of a day is made for a quarter; of its level, area and quarter no other stands."""
    quarter, on, act, session = read_quarter(doing.text("quarter")), doing.day("roster_on"), doing.act, doing.work.session
    assert on is not None
    if on > doing.today:
        raise Invalid(Say("名录日期 {on} 晚于今天。", on=on), field="roster_on")
    level = level_of(act.area_code)
    key = (DrawRow.level == level, DrawRow.area_code == act.area_code, DrawRow.quarter == str(quarter))
    standing = session.scalar(select(Act.number).join(DrawRow, DrawRow.act_id == Act.id).where(*key,
                                                                                               DrawRow.is_abandoned.is_(False)))
    if standing is not None:
        raise Conflict(Say("{quarter} 已有抽取 {number}；作废后才能重新编制。", quarter=str(quarter), number=standing), code="taken",
                       field="quarter")
    attempt = 1 + len(session.scalars(select(DrawRow.act_id).where(*key)).all())
    act.subkind, act.unit_id, act.began_on = level, doing.actor.unit_id, on
    act.title = finished(Say("{quarter} 双随机抽取（第 {attempt} 次）", quarter=str(quarter), attempt=attempt) if attempt > 1 else Say(
        "{quarter} 双随机抽取", quarter=str(quarter)))
    session.add(DrawRow(act_id=act.id, level=level, area_code=act.area_code, quarter=str(quarter), attempt=attempt, roster_on=on))
    doing.keep(quarter=str(quarter), roster_on=on.isoformat(), **{EXCLUDED: []})
    return doing.told() | {"counts": roster_of(doing).counts}


def exclude(doing: ActDoing) -> Payload:
    """A site or an officer is taken off, with a ground and a paper."""
    row = _row_named(doing)
    if any(_is_same(each, row) for each in doing.facts.rows(EXCLUDED)):
        raise Invalid("已经剔除。", field="site" if row.get("site") else "officer")
    doing.keep(**{EXCLUDED: [*doing.facts.rows(EXCLUDED), {**row, "said": next_seq(doing.work, doing.act)}]})
    return doing.told() | row


def include(doing: ActDoing) -> Payload:
    """It is put back."""
    row, rows = _row_named(doing), doing.facts.rows(EXCLUDED)
    rest = [each for each in rows if not _is_same(each, row)]
    if len(rest) == len(rows):
        raise Invalid("没有剔除过。", field="site" if row.get("site") else "officer")
    doing.keep(**{EXCLUDED: rest})
    return doing.told() | row


def commit(doing: ActDoing) -> Payload:
    """Roster and secret are committed to, and the source is named of which nobody knows the value yet."""
    on, row = doing.day("witness_on"), draw_of(doing)
    assert on is not None
    if on <= doing.today:
        raise Invalid(Say("见证来源须是今天以后的，{on} 不是。", on=on), field="witness_on")
    made = roster_of(doing)
    if not sum(min(each["quota"], each["pool"]) for each in made.counts.values()):
        raise Invalid("名录中没有可以抽取的监管对象。", field="witness_source")
    require_capacity(made.roster)
    secret = secrets.token_hex(32)
    kept = evidence.keep_made(doing.work, doing.act, doing.actor, ROSTER_FILE, made.roster.text.encode(), JSON)
    row.secret = doing.work.wiring.cipher.seal(secret, doing.act.stream)
    with doing.work.session.no_autoflush:  # they stand together or not at all
        row.roster_digest, row.commitment, row.witness_on = made.roster.digest, digest_of_text(secret), on
        row.roster_file_id = int(str(kept[0]["id"]))
    return doing.told() | {
        "roster_digest": row.roster_digest, "commitment": row.commitment, "counts": made.counts,
        "evidence": kept,
        "rules": {key: values.value(key, row.roster_on) for key in ("draw_rules", "draw_team", "draw_most_sites", "draw_ways")}}


def draw_sites(doing: ActDoing) -> Payload:
    """Before a witness: the value is read, the seed follows, and whoever is drawn goes to whatever is drawn."""
    row, witness = draw_of(doing), doing.text("witness").strip()
    planned, due = doing.day("planned_on"), doing.day("due_on") or read_quarter(row.quarter).last
    assert planned is not None
    if len(witness) < LEAST_WITNESS:
        raise Invalid(Say("“见证数值”至少 {least} 字，连同来源和日期照抄。", least=LEAST_WITNESS), field="witness")
    if planned < doing.today or due < planned:
        raise Invalid(Say("检查日期应在 {today} 至 {due} 之间。", today=doing.today, due=due), field="planned_on")
    _require_lead(doing, row)
    secret = doing.work.wiring.cipher.open(row.secret or "", doing.act.stream)
    roster = frozen_roster(doing.work.wiring.blobs, row)
    seed = seed_of(secret, row.roster_digest, witness)
    drawn = draw(roster, seed)
    row.witness, row.seed, row.result_digest = witness, seed, drawn.digest
    for line in drawn.lines:
        open_inspection(doing, row, line.site_class, line.code, line.rank, line.officers, planned, due)
    doing.keep(planned_on=planned.isoformat(), due_on=due.isoformat())
    return doing.told() | {"secret": secret, "seed": seed, "result_digest": row.result_digest, "drawn_count": len(drawn.lines),
                           "short": dict(drawn.short)}


def replace(doing: ActDoing) -> Payload:
    """What cannot be inspected gives way to the next rank of its class."""
    row, line = draw_of(doing), replaced_line(doing)
    roster = frozen_roster(doing.work.wiring.blobs, row)
    rank, code = next_site(doing.work.session, row, roster, line)
    team = next_officers(doing.work.session, row, roster, code, roster.team)
    line.replaced_by_rank = rank
    planned = max(doing.today, date.fromisoformat(str(doing.act.details["planned_on"])))
    due = max(planned, date.fromisoformat(str(doing.act.details["due_on"])))
    number = open_inspection(doing, row, line.stratum, code, rank, team, planned, due)
    return doing.told() | {"from_rank": line.rank, "rank": rank, "new_inspection": number}


def reassign(doing: ActDoing) -> Payload:
    """An officer gives way to the next of the same order; where the team was short, one comes to it."""
    line = team_of(doing)
    row, roster = draw_of(doing), frozen_roster(doing.work.wiring.blobs, draw_of(doing))
    gone = doing.text("officer").strip().lower()
    if gone and gone not in line.logins:
        raise Invalid(Say("“{name}”不在这次检查的人员中。", name=gone), field="officer")
    if not gone and len(line.logins) >= roster.team:
        raise Incomplete("人员已满，请写明换下谁。", field="officer")
    found = next_officers(doing.work.session, row, roster, line.code, 1, without=line.logins)
    if not found:
        raise Invalid("没有可以接替的检查人员。", field="officer")
    wanted = [*(each for each in line.logins if each != gone), *found]
    steps.take(CLOCK, line.number, InspectionSteps.hand_over.name, {"inspectors": wanted})
    return doing.told()


def check_witness(doing: ActDoing) -> Payload:
    """Somebody who audits has looked the value up again: it is what the witness read, or it is not."""
    doing.keep(**{WITNESS_MARK: doing.text("verdict")})
    return doing.told()


def close(doing: ActDoing) -> Payload:
    """Whatever was drawn is done, or cannot be. Raises `Invalid` saying how many are not."""
    open_ = doing.work.session.scalars(select(Act.number).join(Inspection, Inspection.act_id == Act.id).where(
        Inspection.draw_id == doing.act.id, Act.state == inspections.InspectionState.planned.value).order_by(Act.id)).all()
    if open_:
        raise Invalid(Say("还有 {count} 项检查没有完成，如 {number}。", count=len(open_), number=open_[0]))
    doing.act.ended_on = max(doing.today, doing.act.began_on or doing.today)
    return doing.told()


def abandon(doing: ActDoing) -> Payload:
    """It comes to nothing; the next attempt of its key is numbered."""
    if len(doing.text("reason").strip()) < LEAST_REASON:
        raise Invalid(Say("作废理由至少 {least} 字。", least=LEAST_REASON), field="reason")
    draw_of(doing).is_abandoned = True
    return doing.told()


# --- what several ask ---------------------------------------------------------------------------------------------------------


def draw_of(doing: ActDoing) -> DrawRow:
    """What stands beside its act."""
    return doing.work.session.get_one(DrawRow, doing.act.id)


def roster_of(doing: ActDoing) -> MadeRoster:
    """The roster as it is now."""
    details = doing.act.details
    asked = question_of(doing.act.number, doing.act.area_code, str(details["quarter"]),
                        date.fromisoformat(str(details["roster_on"])), details[EXCLUDED])
    return made_roster(doing.work.session, asked)


def open_inspection(doing: ActDoing, row: DrawRow, stratum: str, code: str, rank: int, officers: tuple[str, ...], planned: date,
                    due: date) -> str:
    """The inspection of a drawn site; off the spot where it is on the positive list."""
    session = doing.work.session
    site = session.scalars(select(Site).where(Site.code == code)).one()
    mode = InspectionMode.off_site if site.id in listed_until(session, row.roster_on) else InspectionMode.on_site
    made = steps.begin(doing.actor, inspections.KIND, {
        "site": code, "mode": mode.value, "inspectors": list(officers), "planned_on": planned, "due_on": due,
        "target": doing.act.number}, by=InspectionSteps.receive_drawn.name, area_code=doing.act.area_code)
    act_id = session.scalars(select(Act.id).where(Act.number == made.number)).one()
    session.add(DrawSite(act_id=doing.act.id, site_id=site.id, stratum=stratum, rank=rank, inspection_id=act_id))
    return made.number


def frozen_roster(blobs: BlobStore, row: DrawRow) -> Roster:
    """The roster that was committed to. Raises `Broken` where the file is not it any more."""
    text = blobs.get(row.roster_digest).decode()
    if digest_of_text(text) != row.roster_digest:
        raise Broken("封存的名录与账本中的摘要不符（roster_digest）。", code="roster_digest")
    return roster_from(json.loads(text))


def _require_lead(doing: ActDoing, row: DrawRow) -> None:
    """The day of the source has come, and the commitment stands in a seal that was handed out, or there is a reason why not."""
    if row.witness_on is not None and doing.today < row.witness_on:
        raise Invalid(Say("见证来源是 {on} 的，那天以后才能抽取。", on=row.witness_on), field="witness")
    ways = values.value("draw_ways", row.roster_on)
    assert isinstance(ways, Mapping)
    if ways["commit_lead"] == SEALED:
        if not is_sealed(doing.work.session, doing.act.stream, DrawSteps.commit.fact):
            raise Invalid("封存还没有进入当日封签，封签以后才能抽取。", field="witness")
    elif not doing.text("reason"):
        raise Incomplete("规则允许当天抽取的，请写明理由。", field="reason")


def _row_named(doing: ActDoing) -> dict[str, object]:
    """The site or the officer that was named. Raises `Incomplete` for neither, `Invalid` for both or one unknown."""
    if bool(doing.text("site")) is bool(doing.text("officer")):
        raise Incomplete("监管对象和检查人员填且只填一个。", field="site")
    if doing.text("site"):
        return {"site": site_named(doing).code}
    login = doing.text("officer").strip().lower()
    known = officers_on(doing.work.session, date.fromisoformat(str(doing.act.details["roster_on"])))
    if login not in {each.login for each in known}:
        raise Invalid(Say("“{name}”不在检查人员名录中。", name=login), field="officer")
    return {"officer": login}


def _is_same(each: Mapping[str, object], row: Mapping[str, object]) -> bool:
    return all(each.get(name) == row.get(name) for name in ("site", "officer"))


D = DrawSteps
DEEDS: ActDeeds = {(KIND, step.name): deed for step, deed in (
    (D.prepare, prepare), (D.exclude, exclude), (D.include, include), (D.commit, commit), (D.draw, draw_sites), (D.replace,
                                                                                                                 replace),
    (D.reassign, reassign), (D.check_witness, check_witness), (D.close, close), (D.abandon, abandon))}
