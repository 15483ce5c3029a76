"""The columns of a penalty that have a type: what the law of punishments says of them, the database keeps by itself."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base


class Penalty(Base):
    """The legal columns of one act of the kind penalty; amounts in fen."""

    __tablename__ = "penalties"
    __table_args__ = (
        CheckConstraint("fine_fen IS NULL OR fine_fen = 0 OR length(trim(amount_basis)) > 0", name="amount_has_basis"),
        CheckConstraint("(notified_fine_fen IS NULL OR notified_fine_fen >= 0) AND (fine_fen IS NULL OR fine_fen >= 0) "
                        "AND (confiscated_fen IS NULL OR confiscated_fen >= 0) AND paid_fen >= 0", name="amounts"),
        CheckConstraint("(filed_on IS NULL OR filed_on >= discovered_on) "
                        "AND (notice_served_on IS NULL OR notice_served_on >= filed_on) "
                        "AND (heard_on IS NULL OR heard_on >= notice_served_on) "
                        "AND (decided_on IS NULL OR decided_on >= discovered_on) "
                        "AND (served_on IS NULL OR served_on >= decided_on) "
                        "AND (pay_due_on IS NULL OR pay_due_on >= served_on) "
                        "AND (revoked_on IS NULL OR revoked_on >= decided_on)", name="dates_in_order"),
        CheckConstraint("decided_on IS NULL OR is_on_the_spot "
                        "OR (notice_served_on IS NOT NULL AND notice_served_on <= decided_on)", name="decided_after_notice"),
        CheckConstraint("decided_on IS NULL OR is_on_the_spot OR (right_until_on IS NOT NULL AND decided_on > right_until_on)",
                        name="decided_after_rights"),
        CheckConstraint("fine_fen IS NULL OR decided_on IS NOT NULL", name="fine_is_decided"),
        CheckConstraint("fine_fen IS NULL OR is_on_the_spot OR fine_fen <= COALESCE(notified_fine_fen, 0)",
                        name="not_heavier_than_notified"),
        CheckConstraint("paid_fen = 0 OR served_on IS NOT NULL", name="paid_after_service"),
        Index("ix_penalties_decided", "decided_on"),
        Index("ix_penalties_filed", "filed_on"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"), primary_key=True)
    violation_code: Mapped[str] = mapped_column(String(20))
    law_text: Mapped[str] = mapped_column(default="")
    is_on_the_spot: Mapped[bool] = mapped_column(default=False)
    happened_to_on: Mapped[date]
    discovered_on: Mapped[date]
    filed_on: Mapped[date | None]
    notice_served_on: Mapped[date | None]
    notified_fine_fen: Mapped[int | None]
    right_until_on: Mapped[date | None]
    heard_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    fine_fen: Mapped[int | None]
    amount_basis: Mapped[str] = mapped_column(default="")
    confiscated_fen: Mapped[int | None]
    other_kinds: Mapped[str] = mapped_column(default="")
    served_on: Mapped[date | None]
    pay_due_on: Mapped[date | None]
    paid_fen: Mapped[int] = mapped_column(default=0)
    revoked_on: Mapped[date | None]


class AmountsOf(NamedTuple):
    """The amounts of one penalty, in fen."""

    act_id: int
    notified: int | None
    decided_on: date | None
    fine: int | None
    paid: int


def amounts_of(session: Session, ids: Sequence[int]) -> list[AmountsOf]:
    """The amounts of these acts, in one statement."""
    query = select(Penalty.act_id, Penalty.notified_fine_fen, Penalty.decided_on, Penalty.fine_fen, Penalty.paid_fen)
    return [AmountsOf(*row) for row in session.execute(query.where(Penalty.act_id.in_(ids)))]


FOLDS: Folds = (
    Fold("penalties", ("act_id",), (
        "act_id", "violation_code", "is_on_the_spot", "happened_to_on", "discovered_on", "filed_on", "notice_served_on",
        "notified_fine_fen", "right_until_on", "heard_on", "decided_on", "fine_fen", "confiscated_fen", "other_kinds",
        "served_on", "pay_due_on", "paid_fen", "revoked_on"), ("law_text", "amount_basis")),
)
