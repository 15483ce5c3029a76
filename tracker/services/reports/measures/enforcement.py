"""Figures of penalties, cards and referrals, with the acts behind them; they stand in no appraisal."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.enforcement.counts import FIGURES, EnforcementFigure, EnforcementWork, decided_in, work_told
from tracker.domain.reports.measures.counted import ACT, Asked, Behind, Found, Reckoned
from tracker.domain.rules.money import yuan_text
from tracker.services.coordination.agendas.counts import facts_until
from tracker.services.house.work import wiring
from tracker.storage.acts.acts import Act
from tracker.storage.acts.scope import in_area

KINDS = ("penalty", "card", "referral")


def count_enforcement(session: Session, asked: Asked) -> Found:
    """By the facts of the day that is asked about; of a kind without acts nothing."""
    until = wiring().clock.end_of(asked.on)
    told = {kind: facts_until(session, session.scalars(select(Act.number).where(
        Act.kind == kind, Act.opened_at < until, in_area(asked.area_code)).order_by(Act.id)), asked.on) for kind in KINDS}
    work = work_told(asked.first, asked.last, *told.values())
    return {figure.key: _reckoned_of(figure, work) for figure in FIGURES if told[figure.kind]}


def _reckoned_of(figure: EnforcementFigure, work: EnforcementWork) -> Reckoned:
    fines = {each.number: yuan_text(each.fine) for each in decided_in(work)} if figure.value is not None else {}
    behind = tuple(Behind(f"{ACT}{number}", note=fines.get(number, "")) for number in figure.picked(work))
    if figure.value is not None:
        return Reckoned(figure.value(work), behind)
    if figure.out_of is None:
        return Reckoned(len(behind), behind)
    of = tuple(Behind(f"{ACT}{number}") for number in figure.out_of(work))
    return Reckoned(len(behind), behind, len(of), of)
