"""What stands of a draw beside its act, and the sites that it drew."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.house.folds import Fold, Folds
from tracker.storage.house.base import Base, id_column

STANDING = text("NOT is_abandoned")


class DrawRow(Base):
    """One draw of a level, an area and a quarter: what was committed to, and what came of it. The secret is sealed until then."""

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("level IN ('county', 'city')", name="level"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("(roster_digest = '') = (commitment = '') AND (roster_digest = '') = (roster_file_id IS NULL)",
                        name="committed"),
        CheckConstraint("(seed = '') = (result_digest = '') AND (seed = '') = (witness = '')", name="drawn"),
        CheckConstraint("seed = '' OR commitment <> ''", name="committed_first"),
        Index("uq_draws_key", "level", "area_code", "quarter", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index("ix_draws_quarter", "level", "quarter"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(String(10))
    area_code: Mapped[str] = mapped_column(String(12))
    quarter: Mapped[str] = mapped_column(String(6))
    attempt: Mapped[int]
    is_abandoned: Mapped[bool] = mapped_column(default=False)
    roster_on: Mapped[date]
    roster_file_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id", ondelete="RESTRICT"))
    roster_digest: Mapped[str] = mapped_column(String(64), default="")
    commitment: Mapped[str] = mapped_column(String(64), default="")
    secret: Mapped[str | None]
    witness_on: Mapped[date | None]
    witness: Mapped[str] = mapped_column(String(80), default="")
    seed: Mapped[str] = mapped_column(String(64), default="")
    result_digest: Mapped[str] = mapped_column(String(64), default="")


class DrawSite(Base):
    """A site that was drawn, with its rank in its class and the inspection that came of it; `replaced_by_rank` where that could
    not be done."""

    __tablename__ = "draw_sites"
    __table_args__ = (
        UniqueConstraint("act_id", "site_id"), UniqueConstraint("act_id", "stratum", "rank"),
        UniqueConstraint("inspection_id"),
        CheckConstraint("rank >= 1 AND (replaced_by_rank IS NULL OR replaced_by_rank > rank)", name="ranks"),
        CheckConstraint("stratum IN ('A', 'B', 'C')", name="stratum"),
        Index("ix_draw_sites_site", "site_id"),
    )

    id: Mapped[id_column]
    act_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    stratum: Mapped[str] = mapped_column(String(1))
    rank: Mapped[int]
    replaced_by_rank: Mapped[int | None]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("acts.id", ondelete="RESTRICT"))


FOLDS: Folds = (
    Fold("draws", ("act_id",), ("act_id", "level", "area_code", "quarter", "attempt", "is_abandoned", "roster_on",
                                "roster_file_id",
                                "roster_digest", "commitment", "witness_on", "witness", "seed", "result_digest"), ("secret",)),
    Fold("draw_sites", ("id",), ("id", "act_id", "site_id", "stratum", "rank", "replaced_by_rank", "inspection_id")),
)
