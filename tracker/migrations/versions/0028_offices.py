"""offices: what was written into the program is now the row of an office, and each office numbers its own closings"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

HOME = "360103"  # of everything that was there before offices were rows
FIRST_DAY = date(2018, 1, 1)
OFFICES = sa.table("offices", *map(sa.column, ("area_code", "name", "document_short", "filing_short", "addressees", "copies",
                                                "imprint")),
                   sa.column("has_imprint", sa.Boolean), sa.column("is_reporting", sa.Boolean), sa.column("valid_from", sa.Date),
                   sa.column("valid_to", sa.Date))
PREFERENCES = sa.table("preferences", sa.column("key"), sa.column("value"))
COUNTERS = sa.table("counters", sa.column("key"), sa.column("last"))


def upgrade() -> None:
    op.create_table(
        "offices",
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("document_short", sa.String(8), nullable=False),
        sa.Column("filing_short", sa.String(8), nullable=False),
        sa.Column("addressees", sa.String(200), nullable=False),
        sa.Column("copies", sa.String(200), nullable=False),
        sa.Column("imprint", sa.String(200), nullable=False),
        sa.Column("has_imprint", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_reporting", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_offices_validity")),
        sa.PrimaryKeyConstraint("area_code", name=op.f("pk_offices")),
        sa.UniqueConstraint("document_short", name=op.f("uq_offices_document_short")),
        sa.UniqueConstraint("filing_short", name=op.f("uq_offices_filing_short")),
    )
    bind = op.get_bind()
    is_begun = bind.scalar(sa.text("SELECT 1 FROM facts LIMIT 1")) is not None
    if is_begun or op.get_context().opts.get("district", "demo") == "demo":
        bind.execute(OFFICES.insert().values(
            area_code=HOME, name="西湖区生态环境保护督察整改办公室", document_short="西环督", filing_short="西环销", addressees="", copies="",
            imprint="", has_imprint=False, is_reporting=False, valid_from=FIRST_DAY, valid_to=None))
        bind.execute(PREFERENCES.insert().values(key="home_area", value=HOME))
    for key in bind.scalars(sa.select(COUNTERS.c.key).where(COUNTERS.c.key.like("filing:%"))).all():
        bind.execute(COUNTERS.update().where(COUNTERS.c.key == key).values(key=key.replace("filing:", f"filing:{HOME}:")))


def downgrade() -> None:
    bind = op.get_bind()
    for key in bind.scalars(sa.select(COUNTERS.c.key).where(COUNTERS.c.key.like(f"filing:{HOME}:%"))).all():
        bind.execute(COUNTERS.update().where(COUNTERS.c.key == key).values(key=key.replace(f"filing:{HOME}:", "filing:")))
    bind.execute(COUNTERS.delete().where(COUNTERS.c.key.like("filing:%:%")))
    bind.execute(PREFERENCES.delete().where(PREFERENCES.c.key == "home_area"))
    op.drop_table("offices")
