"""What the pages of enforcement show besides what all acts have: the law's view of a penalty, of a referral, of a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActWhy
from tracker.domain.acts.wording import refusal_sentence
from tracker.domain.enforcement import penalties
from tracker.domain.enforcement.parts import OWES_REVIEW, PAUSED_FROM, PAUSES, REVIEW, RIGHT_UNTIL
from tracker.domain.enforcement.penalties import FINE, KINDS, OUTCOMES, PenaltySteps
from tracker.domain.enforcement.rights import of_party, violations_of
from tracker.domain.enforcement.rule_rows import MATTERS
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.money import yuan_text
from tracker.services.enforcement.openings import duplicates
from tracker.services.enforcement.referred import is_barred, penalties_of, referrals_of
from tracker.services.enforcement.rows import IS_GRAVE, NOTIFIED_KINDS, OWES_HEARING
from tracker.services.house.work import wiring
from tracker.services.rules import values
from tracker.storage.acts.acts import Act
from tracker.storage.acts.page import ActPage
from tracker.storage.enforcement.penalties import AmountsOf, Penalty, amounts_of


@dataclass(frozen=True)
class PauseLine:
    """A stretch of days that do not count; `until` None while it goes on."""

    first: date
    until: date | None
    why: str
    by: str


@dataclass(frozen=True)
class PenaltySeen:
    """A penalty as its page shows it; amounts as they are printed."""

    violation: str
    happened: tuple[date, date]
    discovered_on: date
    law: str
    notified: str
    decided: str
    decided_on: date | None
    basis: str
    paid: str
    unpaid: str
    rights: tuple[tuple[str, str], ...]
    pauses: tuple[PauseLine, ...]
    bases: tuple[tuple[str, str], ...]
    duplicates: tuple[str, ...]
    referrals: tuple[str, ...]
    is_barred: bool


def penalty_seen(session: Session, page: ActPage) -> PenaltySeen:
    """The law's view of a penalty."""
    row, act, details = session.get(Penalty, page.head.id), session.get(Act, page.head.id), page.head.details
    assert row is not None
    assert act is not None
    fine, notified = row.fine_fen, _amounts_said(details.get(NOTIFIED_KINDS) or (), row.notified_fine_fen,
                                                 details.get("notified_confiscated_fen"))
    kinds = (*((FINE,) if fine else ()), *filter(None, row.other_kinds.split(",")))
    return PenaltySeen(
        _violation_word(row), (date.fromisoformat(details["happened_from_on"]), row.happened_to_on), row.discovered_on,
        row.law_text, notified, _amounts_said(kinds, fine, row.confiscated_fen) if row.decided_on else "", row.decided_on,
        row.amount_basis,
        yuan_text(row.paid_fen) if fine else "", yuan_text(max(fine - row.paid_fen, 0)) if fine and row.served_on else "",
        tuple(_rights_said(page)), tuple(pause_lines(page)), _bases_on(row.decided_on or wiring().clock.today()),
        tuple(each.number for each in duplicates(session, act)), tuple(each.number for each in referrals_of(session, act)),
        is_barred(session, act))


def amounts_listed(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """What a list says of the amounts of these penalties."""
    return {each.act_id: said for each in amounts_of(session, ids) if (said := _amount_listed(each))}


def _amount_listed(of: AmountsOf) -> str:
    if of.fine:
        return Say("罚款 {fine} 元，已缴 {paid} 元", fine=yuan_text(of.fine), paid=yuan_text(of.paid))
    if of.notified and of.decided_on is None:
        return Say("已告知罚款 {fine} 元", fine=yuan_text(of.notified))
    return ""


def before_step(session: Session, page: ActPage, step: str) -> list[str]:
    """What is to be known before a step of a penalty is taken."""
    details, found = page.head.details, list[str]()
    if step in (PenaltySteps.conclude.name, PenaltySteps.notify.name):
        found.append(_threshold_said(is_person=page.head.has_person_party))
    if step == PenaltySteps.decide.name:
        found += [Say("{word}：{said}", word=Say(word), said=said) for word, said in _rights_said(page)]
        row, act = session.get(Penalty, page.head.id), session.get(Act, page.head.id)
        if row is not None and row.notified_fine_fen:
            found.append(Say("告知的罚款是 {told} 元，决定的不得更重。", told=yuan_text(row.notified_fine_fen)))
        if act is not None and is_barred(session, act):
            found.append(Say(refusal_sentence(ActWhy.referred)))
    if step == PenaltySteps.close.name and details.get("unpaid_fen"):
        found.append(Say("尚欠 {owed} 元。", owed=yuan_text(int(details["unpaid_fen"]))))
    return found


def paid_before(session: Session, page: ActPage) -> list[tuple[str, str]]:
    """The fines for the same facts that were paid before, which are set off: by the numbers of their penalties."""
    act = session.get(Act, page.head.id)
    assert act is not None
    found = [(each, session.get(Penalty, each.id)) for each in penalties_of(session, act)]
    return [(each.number, yuan_text(row.paid_fen)) for each, row in found if row is not None and row.paid_fen]


def pause_lines(page: ActPage) -> list[PauseLine]:
    """The stretches in which the ninety days stood still."""
    words = dict(penalties.PAUSES) | {"referral": "移送公安机关"}
    return [PauseLine(date.fromisoformat(each["first"]),
                      date.fromisoformat(each["resumed_on"]) if each.get("resumed_on") else None, words[each["ground"]],
                      str(each.get("by") or "")) for each in page.head.details.get(PAUSES) or ()]


def _rights_said(page: ActPage) -> list[tuple[str, str]]:
    details, found = page.head.details, list[tuple[str, str]]()
    if OWES_HEARING not in details:
        return []
    found.append(("听证", Say("当事人有权要求听证") if details[OWES_HEARING] else Say("没有听证权利")))
    if details.get(RIGHT_UNTIL):
        until = date.fromisoformat(details[RIGHT_UNTIL])
        found.append(("权利期限", Say("到 {until} 为止，次日起才能决定", until=until)))
    review = details.get(REVIEW)
    if details.get(OWES_REVIEW) or review:
        found.append(("法制审核", Say(dict(OUTCOMES)[review]) if review else Say("须审核通过才能决定")))
    if details.get(IS_GRAVE):
        found.append(("集体讨论", Say("决定前须集体讨论")))
    if details.get(PAUSED_FROM):
        found.append(("中止", Say("自 {first} 起不计", first=date.fromisoformat(details[PAUSED_FROM]))))
    return found


def _threshold_said(*, is_person: bool) -> str:
    rule = values.value("hearing_threshold", wiring().clock.today())
    assert isinstance(rule, dict)
    return Say("罚款或没收不低于 {least} 元，或责令停产停业、吊销许可证件等，须告知听证权利，并经法制审核。",
               least=yuan_text(of_party(rule, is_person=is_person)))


def _amounts_said(kinds: Sequence[str], fine: int | None, confiscated: int | None) -> str:
    """The kinds with their amounts, in one line."""
    amounts = {FINE: fine, "confiscation": confiscated}
    said = [Say("{word} {amount} 元", word=Say(word), amount=yuan_text(amounts[code] or 0)) if amounts.get(code) is not None
            else Say(word) for code, word in KINDS if code in kinds]
    return Listed(said)


def _violation_word(row: Penalty) -> str:
    rule = values.value("violations", row.discovered_on)
    assert isinstance(rule, list)
    return next((each.name for each in violations_of(rule) if each.code == row.violation_code), row.violation_code)


def _bases_on(on: date) -> tuple[tuple[str, str], ...]:
    rule = values.value("bases", on)
    assert isinstance(rule, list)
    return tuple((MATTERS[row["matter"]], str(row["law"])) for row in rule if row["matter"] != "referral")
