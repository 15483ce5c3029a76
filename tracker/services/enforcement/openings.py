"""Deeds with which a penalty begins: the clue, whether it is filed and by whom investigated, or decided on the spot."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.enforcement.parts import INVESTIGATORS, PERSON
from tracker.domain.enforcement.penalties import FINE, INVESTIGATOR, KIND, WARNING, PenaltyState, PenaltySteps
from tracker.domain.enforcement.rights import Violation, is_too_old, overlaps, violation_named, violations_of
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say, finished
from tracker.domain.rules.limits import Stage
from tracker.domain.rules.money import yuan_text
from tracker.services.acts import clocks
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, tie
from tracker.services.acts.parties import DIGEST, keep_party
from tracker.services.acts.sites import site_named, tie_site
from tracker.services.enforcement.referred import require_fine_allowed
from tracker.services.enforcement.rows import amounts_given, day_given, give_hand, law_rows, penalty_of, threshold_for, told_of
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.enforcement.penalties import Penalty

FIRST_DAY = "happened_from_on"
WITHOUT_PENALTY = (PenaltyState.clue, PenaltyState.not_filed, PenaltyState.handed_over, PenaltyState.revoked, PenaltyState.spared)
ON_THE_SPOT = frozenset({WARNING, FINE})


def open_clue(doing: ActDoing) -> Payload:
    """A clue: who is the party, what may have been violated, from when to when, and what led to it."""
    act, violation = doing.act, _violation_given(doing)
    first, last = day_given(doing, "happened_from"), day_given(doing, "happened_to", doing.day("happened_from"), "违法行为开始")
    discovered = day_given(doing, "discovered_on", first, "违法行为开始")
    if is_too_old(violation, last, discovered) and not doing.text("reason"):
        raise Incomplete(Say("违法行为至 {last}，超过 {years} 年追诉时效；仍要登记的请写明理由。", last=last, years=violation.years), field="reason")
    party = _party_kept(doing, violation)
    act.unit_id, act.began_on = doing.actor.unit_id, discovered
    target = tie(doing, LinkRole.punishes, doing.text(TARGET), field=TARGET) if doing.text(TARGET) else ""
    doing.keep(**{FIRST_DAY: first.isoformat(), INVESTIGATORS: []})
    doing.work.session.add(Penalty(act_id=act.id, violation_code=violation.code, law_text=violation.law, is_on_the_spot=False,
                                   happened_to_on=last, discovered_on=discovered, amount_basis="", other_kinds="", paid_fen=0))
    said = {TARGET: target, "violation": violation.name, "violation_code": violation.code}
    return doing.told() | said | party


def file(doing: ActDoing) -> Payload:
    """It is filed, with two who investigate it, and is decided within ninety days."""
    row, act = penalty_of(doing), doing.act
    filed = day_given(doing, "filed_on", row.discovered_on, "发现日期")
    _require_once(doing)
    team = _investigators_named(doing, "investigator", "partner")
    row.filed_on, act.document_no, act.began_on = filed, doing.text("document_no"), filed
    clocks.start(doing.work, act.stream, KIND, Stage.decide, filed, area_code=act.area_code, owner_unit_id=act.unit_id)
    return doing.told() | {INVESTIGATORS: team}


def decide_on_spot(doing: ActDoing) -> Payload:
    """A small matter: warned or fined there and then, by two."""
    row, act, amounts = penalty_of(doing), doing.act, amounts_given(doing)
    on = day_given(doing, "decided_on", row.discovered_on, "发现日期")
    if not amounts.kinds or not ON_THE_SPOT.issuperset(amounts.kinds):
        raise Invalid("当场只能警告或罚款。", field="kinds")
    _require_once(doing)
    most = threshold_for(doing, "on_the_spot", on)
    if (amounts.fine or 0) > most:
        raise Invalid(Say("当场罚款最多 {most} 元，现为 {fine} 元；请立案办理。", most=yuan_text(most), fine=yuan_text(amounts.fine or 0)),
                      field="fine")
    require_fine_allowed(doing, amounts)
    partner = give_hand(doing, "partner", INVESTIGATOR, Permission.penalty_work)
    if partner.id in doing.actor.persons:
        raise Invalid("须由两名执法人员办理。", field="partner")
    doing.keep(**{INVESTIGATORS: sorted({*doing.actor.persons, partner.id})})
    row.is_on_the_spot, row.decided_on, row.served_on, row.fine_fen = True, on, on, amounts.fine
    row.amount_basis, row.law_text = doing.text("amount_basis"), doing.text("law_text")
    row.other_kinds, act.document_no, act.ended_on = _other_kinds(amounts.kinds), doing.text("document_no"), None
    start_paying(doing, row)
    clocks.start(doing.work, act.stream, KIND, Stage.publish, on, area_code=act.area_code, owner_unit_id=act.unit_id)
    return doing.told() | told_of(amounts) | {INVESTIGATORS: doing.act.details[INVESTIGATORS]}


def _require_once(doing: ActDoing) -> None:
    """Nobody is fined twice for the same thing, unless it is said why this is another. Raises `Incomplete`."""
    found = [each.number for each in duplicates(doing.work.session, doing.act)]
    if found and not doing.text("reason"):
        raise Incomplete(Say("同一当事人、同一违法行为、时间重叠的已有 {found}；一事不再罚，仍要办理的请写明理由。", found=Listed(found)), field="reason")


def start_paying(doing: ActDoing, row: Penalty) -> None:
    """From the day of service on a fine is to be paid."""
    if row.fine_fen and row.served_on is not None:
        row.pay_due_on = clocks.start(doing.work, doing.act.stream, KIND, Stage.pay, row.served_on, area_code=doing.act.area_code,
                                      owner_unit_id=doing.act.unit_id).due_on


def duplicates(session: Session, act: Act) -> Iterator[Act]:
    """Other penalties of the same party for the same violation in days that overlap."""
    own = session.get(Penalty, act.id)
    assert own is not None
    query = (select(Act, Penalty).join(Penalty, Penalty.act_id == Act.id)
             .where(Act.id != act.id, Penalty.violation_code == own.violation_code,
                    Act.state.not_in([state.value for state in WITHOUT_PENALTY])).order_by(Act.id))
    for other, row in session.execute(query):
        if _is_same_party(session, act, other) and overlaps(_days_of(act, own), _days_of(other, row)):
            yield other


def _days_of(act: Act, row: Penalty) -> tuple[date, date]:
    return date.fromisoformat(str(act.details[FIRST_DAY])), row.happened_to_on


def _is_same_party(session: Session, act: Act, other: Act) -> bool:
    if act.person_party is not None:
        return other.details.get(DIGEST) == act.details.get(DIGEST)
    return _sites_of(session, act) == _sites_of(session, other)


def _sites_of(session: Session, act: Act) -> set[str]:
    query = select(ActLink.target).where(ActLink.act_id == act.id, ActLink.role == LinkRole.site)
    return set(session.scalars(query))


def _violation_given(doing: ActDoing) -> Violation:
    known = violations_of(law_rows("violations", doing.today))
    found = violation_named(known, doing.text("violation"))
    if found is None:
        raise Invalid(Say("规则手册的“违法行为”中没有“{named}”；有：{known}。", named=doing.text("violation"),
                          known=Listed(each.name for each in known)), field="violation")
    return found


def _party_kept(doing: ActDoing, violation: Violation) -> dict[str, object]:
    """A site, or a person, who is sealed and told by a digest. Raises `Invalid` for both."""
    name = doing.text(PERSON).strip()
    if not name:
        site = site_named(doing)
        tie_site(doing, site)
        doing.act.title = finished(Say("{site}：{violation}", site=site.name, violation=violation.name))
        return {"site": site.name, "site_code": site.code}
    if doing.text("site"):
        raise Invalid("监管对象与个人只能填一个。", field=PERSON)
    doing.act.title = finished(Say("个人：{violation}", violation=violation.name))
    told = keep_party(doing.work, doing.act, name)
    doing.keep(**told)
    return told


def _investigators_named(doing: ActDoing, *fields: str) -> list[int]:
    found = [give_hand(doing, field, INVESTIGATOR, Permission.penalty_work).id for field in fields]
    if len(set(found)) < len(found):
        raise Invalid("须由两名执法人员办理，两人不能相同。", field=fields[-1])
    doing.keep(**{INVESTIGATORS: sorted(found)})
    return sorted(found)


def _other_kinds(kinds: tuple[str, ...]) -> str:
    return ",".join(kind for kind in kinds if kind != FINE)


def decline(doing: ActDoing) -> Payload:
    """It is not filed, or is another authority's."""
    return doing.told()


P = PenaltySteps
DEEDS: ActDeeds = {(KIND, P.open.name): open_clue, (KIND, P.file.name): file, (KIND, P.decide_on_spot.name): decide_on_spot,
                   (KIND, P.decline_file.name): decline, (KIND, P.hand_over.name): decline}
