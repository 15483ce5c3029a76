"""Acts (事项): the one table of what is official and has a number, a state and a flow, with its hands, links, units and duties."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.acts.facts import ActSight, DutyKind, DutyResult, DutyState, LinkGrade, LinkRole
from tracker.domain.house.folds import Fold, Folds, Unfolded
from tracker.storage.house.base import Base, CanonicalJson, SentenceText, enum_column, id_column

FAR = date(9999, 12, 31)  # of an act that owes nothing by a day


class ActStateRow(Base):
    """A state that a kind of act knows, and whether it is over there: what the database holds the rows of `acts` to."""

    __tablename__ = "act_states"
    __table_args__ = (UniqueConstraint("kind", "state", "is_over"),)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), primary_key=True)
    is_over: Mapped[bool]


class Act(Base):
    """One act of any kind. `details` is what its steps keep of it besides; `list_due_on` the earliest day by which anything of it
    is owed."""

    __tablename__ = "acts"
    __table_args__ = (
        ForeignKeyConstraint(["kind", "state", "is_over"], ["act_states.kind", "act_states.state", "act_states.is_over"],
                             name="fk_acts_kind_state", ondelete="RESTRICT"),
        CheckConstraint("is_over = (closed_at IS NOT NULL)", name="over"),
        CheckConstraint("seq >= 1 AND round >= 1", name="counted"),
        CheckConstraint("ended_on IS NULL OR began_on IS NULL OR ended_on >= began_on", name="days"),
        Index("ix_acts_kind_due", "kind", "is_over", "list_due_on", "id"),
        Index("ix_acts_due", "is_over", "list_due_on", "id"),
        Index("ix_acts_kind_area", "kind", "area_code", "began_on"),
        Index("ix_acts_unit_due", "unit_id", "list_due_on", "id"),
        Index("ix_acts_over", "is_over", "id"),
        Index("ix_acts_kind_over", "kind", "is_over", "id"),
        Index("ix_acts_kind_state", "kind", "is_over", "state", "id"),
        Index("ix_acts_state", "is_over", "state", "id"),
        Index("ix_acts_going_on", "is_over", "kind", "area_code", "sight", "unit_id", "id"),
    )

    id: Mapped[id_column]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    subkind: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(20))
    is_over: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200))
    area_code: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    person_party: Mapped[str | None]  # the sealed name of a natural person
    sight: Mapped[ActSight] = mapped_column(enum_column(ActSight, "sight"), default=ActSight.area)
    began_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    document_no: Mapped[str] = mapped_column(String(80), default="")
    details: Mapped[dict[str, Any]] = mapped_column(CanonicalJson, default=dict)
    list_due_on: Mapped[date] = mapped_column(default=FAR)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    closed_at: Mapped[datetime | None]

    @property
    def stream(self) -> str:
        """Its stream in the ledger, and the subject of its evidence."""
        return f"act:{self.number}"


class ActHand(Base):
    """One person, one part in one round of one act: the separation of duties as a key."""

    __tablename__ = "act_hands"
    __table_args__ = (Index("ix_act_hands_person", "person_id", "act_id"),)

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class ActLink(Base):
    """What an act has to do with a case, another act, a site or a shape, each by its stream."""

    __tablename__ = "act_links"
    __table_args__ = (Index("ix_act_links_target", "target", "role"),)

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"), primary_key=True)
    role: Mapped[LinkRole] = mapped_column(enum_column(LinkRole, "role"), primary_key=True)
    target: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    grade: Mapped[LinkGrade] = mapped_column(enum_column(LinkGrade, "grade"), default=LinkGrade.ordinary)


class ActForce(Base):
    """A unit that takes part, with its vehicles and people."""

    __tablename__ = "act_forces"
    __table_args__ = (CheckConstraint("vehicle_count >= 0 AND person_count >= 0", name="counts"),
                      Index("ix_act_forces_unit", "unit_id", "act_id"))

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), primary_key=True)
    vehicle_count: Mapped[int] = mapped_column(default=0)
    person_count: Mapped[int] = mapped_column(default=0)


class Duty(Base):
    """What one of our units owes by a day （应办）, and another checks."""

    __tablename__ = "duties"
    __table_args__ = (
        UniqueConstraint("act_id", "position"),
        CheckConstraint("checked_by_id <> answered_by_id", name="persons"),
        CheckConstraint("checked_unit_id <> answered_unit_id", name="answering_unit"),
        CheckConstraint("kind = 'patrol' OR checked_unit_id <> unit_id", name="owing_unit"),
        CheckConstraint("(state = 'met') = (result IS NOT NULL AND result = 'passed')", name="met"),
        CheckConstraint("starts_on <= due_on", name="days"),
        CheckConstraint("weight >= 0 AND extension_count >= 0 AND round >= 1", name="counted"),
        Index("ix_duties_unit_due", "unit_id", "state", "due_on"),
        Index("ix_duties_state_due", "state", "due_on"),
        Index("uq_duties_patrol", "act_id", "subject", "starts_on", unique=True, sqlite_where=text("kind = 'patrol'"),
              postgresql_where=text("kind = 'patrol'")),
    )

    id: Mapped[id_column]
    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"))
    position: Mapped[int]
    kind: Mapped[DutyKind] = mapped_column(enum_column(DutyKind, "kind"))
    title: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(60), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    starts_on: Mapped[date]
    due_on: Mapped[date]
    due_at: Mapped[datetime | None]
    original_due_on: Mapped[date]
    extension_count: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=0)
    indicator: Mapped[dict[str, Any]] = mapped_column(CanonicalJson, default=dict)
    value: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[DutyState] = mapped_column(enum_column(DutyState, "state"), default=DutyState.open)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    answered_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    answered_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    checked_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    result: Mapped[DutyResult | None] = mapped_column(enum_column(DutyResult, "result"))
    round: Mapped[int] = mapped_column(default=1)


class ClockRow(Base):
    """One running limit on one stream: a stage that began and is due, until a fact stops it or its act ends."""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("subject", "stage", "round"),
        CheckConstraint("(stopped_on IS NULL) = (outcome IS NULL)", name="stopped"),
        CheckConstraint("outcome IN ('met', 'late', 'dropped')", name="outcome"),
        CheckConstraint("started_on <= due_on AND amount > 0", name="days"),
        Index("ix_clocks_running", "due_on", sqlite_where=text("stopped_on IS NULL"),
              postgresql_where=text("stopped_on IS NULL")),
    )

    id: Mapped[id_column]
    subject: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(default=1)
    started_on: Mapped[date]
    started_at: Mapped[datetime | None]
    due_on: Mapped[date]
    due_at: Mapped[datetime | None]
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(SentenceText)
    is_provisional: Mapped[bool] = mapped_column(default=False)
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    paused_from_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


FOLDS: Folds = (
    Unfolded("act_states", "what migrations write of the flows; the nightly check compares the acts with the flows"),
    Fold("acts", ("id",), ("id", "number", "kind", "subkind", "state", "is_over", "seq", "round", "area_code", "unit_id", "sight",
                           "began_on", "ended_on", "document_no", "details", "list_due_on", "opened_at", "opened_by_id",
                           "closed_at"), ("title", "person_party")),
    Fold("act_hands", ("act_id", "round", "person_id"), ("act_id", "round", "person_id", "part", "at")),
    Fold("act_links", ("act_id", "role", "target"), ("act_id", "role", "target", "position", "grade")),
    Fold("act_forces", ("act_id", "unit_id"), ("act_id", "unit_id", "vehicle_count", "person_count")),
    Fold("duties", ("id",), ("id", "act_id", "position", "kind", "subject", "unit_id", "starts_on", "due_on", "due_at",
                             "original_due_on", "extension_count", "weight", "indicator", "value", "state", "acknowledged_at",
                             "acknowledged_by_id", "answered_at", "answered_by_id", "answered_for_id", "answered_unit_id",
                             "checked_at", "checked_by_id", "checked_unit_id", "result", "round"), ("title",)),
    Fold("clocks", ("id",), ("id", "subject", "stage", "round", "started_on", "started_at", "due_on", "due_at", "amount", "unit",
                             "basis", "is_provisional", "owner_unit_id", "paused_from_on", "stopped_on", "outcome")),
)
