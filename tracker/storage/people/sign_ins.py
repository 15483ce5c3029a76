"""Who is signed in, who tried, the links that let somebody set a password, and what two administrators decide together."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.actor import Role
from tracker.domain.house.folds import Fold, Folds, Unfolded
from tracker.domain.people.kinds import LinkPurpose, ProposalOutcome, SignInOutcome
from tracker.storage.house.base import Base, BigId, enum_column, id_column


class SignInSession(Base):
    """One browser of one person, from the sign-in to the end. Only a digest of its token is kept; `sign_in` is the fact with
    which it began, and every fact of the session names it."""

    __tablename__ = "sessions"

    id: Mapped[id_column]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
    sign_in: Mapped[str] = mapped_column(String(60))
    fresh_until: Mapped[datetime | None]
    second_at: Mapped[datetime | None]  # when it showed the second factor
    is_own_device: Mapped[bool] = mapped_column(default=False, server_default=false())  # which lasts for days
    is_renewal_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(20), default="")


class SecondFactor(Base):
    """What the app on somebody's phone makes codes from, sealed; in force once a first code of it was shown. `last_step` is the
    half minute whose code was taken last: none is taken twice."""

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(String(400))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigId, default=0)


class RecoveryCode(Base):
    """One of the codes for who lost the phone. `mark` is how it begins; it is good until it is spent, or another set is made."""

    __tablename__ = "recovery_codes"

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    mark: Mapped[str] = mapped_column(String(1))
    code_hash: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


class SignIn(Base):
    """One try to sign in, whatever came of it. The database refuses to change it, and to drop it before its term."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        Index("ix_sign_ins_person_id_at", "person_id", "at"),
        Index("ix_sign_ins_address_at", "address", "at"),
    )

    id: Mapped[id_column]
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    login_mark: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[SignInOutcome] = mapped_column(enum_column(SignInOutcome, "outcome"))
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
    is_known_browser: Mapped[bool] = mapped_column(default=False, server_default=false())
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="RESTRICT"))


class SignInLink(Base):
    """A link with which somebody sets their password, once. It is spent when the password is set, not when it is opened."""

    __tablename__ = "sign_in_links"

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose, "purpose"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    made_by_id: Mapped[int] = mapped_column(BigId)
    is_slip: Mapped[bool] = mapped_column(default=False, server_default=false())


class RoleProposal(Base):
    """A role that one proposes and another confirms, within a term."""

    __tablename__ = "role_proposals"
    __table_args__ = (CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),)

    id: Mapped[id_column]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    area_code: Mapped[str] = mapped_column(String(12), default="")
    proposed_by_id: Mapped[int] = mapped_column(BigId)
    proposed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BigId)
    decided_at: Mapped[datetime | None]
    outcome: Mapped[ProposalOutcome | None] = mapped_column(enum_column(ProposalOutcome, "outcome"))


class Throttle(Base):
    """How often somebody guessed lately, under one keyed digest: the score halves as time goes by."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    score: Mapped[float]
    scored_at: Mapped[datetime]
    free_at: Mapped[datetime]


FOLDS: Folds = (
    Fold("sign_in_links", ("id",), ("id", "person_id", "purpose", "made_at", "expires_at", "used_at", "made_by_id", "is_slip"),
         ("digest",)),
    Fold("role_proposals", ("id",), ("id", "person_id", "role", "area_code", "proposed_by_id", "proposed_at", "expires_at",
                                     "decided_by_id", "decided_at", "outcome")),
    Fold("second_factors", ("person_id",), ("person_id", "made_at", "confirmed_at"), ("secret",),
         {"last_step": "goes up with every code that is shown, and only keeps one from being shown twice"}),
    Fold("recovery_codes", ("id",), ("id", "person_id", "mark", "made_at", "spent_at"), ("code_hash",)),
    Unfolded("sessions", "each begins with a fact of its sign-in; how long it lasts has no weight for what was done"),
    Unfolded("sign_ins", "the trail of tries, guarded by triggers and erased after its term"),
    Unfolded("throttles", "wrong tries of the last hours, which fade by themselves"),
)
