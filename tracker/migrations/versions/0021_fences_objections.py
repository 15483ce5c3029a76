"""a line of the responsibility list may ask on which side of the railway's fence a point lies; no keyword decides it; a case
knows how many objections came to its notice, and how many wait to be decided

围栏内 stands inside 不在围栏内, so a line that had such a keyword asks for the answer of the form instead. What other keywords it
has stay in a line of their own, for one of several was enough."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

# Alembic adds no CHECK to a table of SQLite without building it anew; both engines take one that comes with its column.
COLUMN = ("ALTER TABLE routing_rules ADD COLUMN side VARCHAR(10) DEFAULT '' NOT NULL "
          "CONSTRAINT ck_routing_rules_side CHECK (side IN ('', 'inside', 'outside'))")
SIDES = {"围栏内": "inside", "围栏外": "outside"}
ROWS = sa.table("routing_rules", *map(sa.column, (
    "id", "number", "category", "area_code", "keywords", "side", "lead_unit_code", "supporting_unit_codes", "reason")),
    sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))
OBJECTIONS = ("objection_count", "undecided_objections")


def upgrade() -> None:
    for name in OBJECTIONS:
        op.add_column("cases", sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.execute(COLUMN)
    _ask_the_answer()


def _ask_the_answer() -> None:
    """Lines with a keyword of the fence, told apart."""
    connection = op.get_bind()
    last = connection.scalar(sa.select(sa.func.max(ROWS.c.number))) or 0
    for row in connection.execute(sa.select(ROWS).order_by(ROWS.c.number)).mappings().all():
        words = [word for word in row["keywords"].split(",") if word]
        others, asked = [word for word in words if word not in SIDES], [SIDES[word] for word in words if word in SIDES]
        if not asked:
            continue
        here = ROWS.update().where(ROWS.c.id == row["id"])
        connection.execute(here.values(keywords=",".join(others)) if others else here.values(keywords="", side=asked.pop(0)))
        for side in asked:
            last += 1
            fresh = {name: value for name, value in row.items() if name != "id"}
            connection.execute(ROWS.insert().values(fresh | {"number": last, "keywords": "", "side": side}))


def downgrade() -> None:
    # A line that asks a side would ask nothing any more and take every case.
    op.execute("DELETE FROM routing_rules WHERE side <> ''")
    op.drop_column("routing_rules", "side")
    for name in reversed(OBJECTIONS):
        op.drop_column("cases", name)
