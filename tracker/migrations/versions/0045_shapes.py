"""shapes of the map in versions: a line, its sections and fences, who owns what; section chiefs; what is in force stays"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LAYERS = "layer IN ('line', 'section', 'fence', 'ownership', 'zone', 'built_up')"
FIXED = {
    "shapes": ("id", "set_id", "code", "layer", "name", "geometry", "west", "south", "east", "north", "line", "metre_from",
               "metre_to", "side", "unit_code", "owner_kind", "tolerance_metres", "extra", "is_end", "valid_from"),
    "shape_sets": ("id", "layer", "year", "number", "source", "document_no", "file_name", "file_digest", "wanted_from",
                   "loaded_by_id", "loaded_for_id", "loaded_at", "valid_from", "activated_by_id", "activated_at",
                   "overlaps_kept", "dropped_at"),
}
SETTLED = "activated_at IS NOT NULL OR dropped_at IS NOT NULL"
OF_SETTLED = "EXISTS (SELECT 1 FROM shape_sets WHERE id IN ({rows}) AND ({settled}))"
OLD_SETTLED = "OLD.activated_at IS NOT NULL OR OLD.dropped_at IS NOT NULL"
TAKEN = "EXISTS (SELECT 1 FROM shape_sets WHERE id = NEW.id AND ({settled}))"
SQLITE = """
CREATE TRIGGER {table}_settled_{verb} BEFORE {on} ON {table}
WHEN {when}
BEGIN SELECT RAISE(ABORT, '{said}'); END
"""
SAID = {"shapes": "a shape of a settled version does not change", "shape_sets": "a settled version does not change"}
POSTGRES = """
CREATE FUNCTION refuse_settled_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {when} THEN
    RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$
"""
POSTGRES_SHAPES = """(TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM shape_sets WHERE id = OLD.set_id AND ({settled})))
     OR (TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM shape_sets WHERE id = NEW.set_id AND ({settled})))"""


def person(table: str, name: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (sa.Column(name, ID, nullable=True),
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_{table}_{name}"), ondelete="RESTRICT"))


def upgrade() -> None:
    make_sets()
    make_shapes()
    make_chiefs()
    make_guards()


def make_sets() -> None:
    people = [person("shape_sets", name) for name in ("loaded_by_id", "loaded_for_id", "activated_by_id")]
    op.create_table(
        "shape_sets",
        sa.Column("id", ID, nullable=False),
        sa.Column("layer", sa.String(10), nullable=False),
        sa.Column("year", ID, nullable=True),
        sa.Column("number", ID, nullable=True),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("document_no", sa.String(60), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=True),
        *(column for column, _ in people),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("overlaps_kept", sa.Text(), nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.CheckConstraint(LAYERS, name=op.f("ck_shape_sets_layer")),
        sa.CheckConstraint("(activated_at IS NULL) = (valid_from IS NULL)", name=op.f("ck_shape_sets_in_force")),
        sa.CheckConstraint("(activated_at IS NULL) = (number IS NULL)", name=op.f("ck_shape_sets_numbered")),
        sa.CheckConstraint("activated_at IS NULL OR dropped_at IS NULL", name=op.f("ck_shape_sets_settled_once")),
        sa.CheckConstraint("activated_by_id <> loaded_by_id AND activated_by_id <> loaded_for_id",
                           name=op.f("ck_shape_sets_activator_is_not_loader")),
        *(key for _, key in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shape_sets")),
        sa.UniqueConstraint("layer", "year", "number", name=op.f("uq_shape_sets_layer_year_number")),
    )


def make_shapes() -> None:
    op.create_table(
        "shapes",
        sa.Column("id", ID, nullable=False),
        sa.Column("set_id", ID, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("layer", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("geometry", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("west", "south", "east", "north")),
        sa.Column("line", sa.String(60), nullable=False),
        sa.Column("metre_from", sa.Double(), nullable=True),
        sa.Column("metre_to", sa.Double(), nullable=True),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("unit_code", sa.String(60), nullable=False),
        sa.Column("owner_kind", sa.String(10), nullable=False),
        sa.Column("tolerance_metres", sa.Double(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("is_end", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(LAYERS, name=op.f("ck_shapes_layer")),
        sa.CheckConstraint("metre_from < metre_to", name=op.f("ck_shapes_stretch")),
        sa.CheckConstraint("side IN ('', 'left', 'right')", name=op.f("ck_shapes_side")),
        sa.CheckConstraint("owner_kind IN ('', 'railway', 'local', 'third', 'disputed')", name=op.f("ck_shapes_owner_kind")),
        sa.CheckConstraint("is_end OR geometry IS NOT NULL OR metre_from IS NOT NULL", name=op.f("ck_shapes_somewhere")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from IS NOT NULL", name=op.f("ck_shapes_ends_after_beginning")),
        sa.ForeignKeyConstraint(["set_id"], ["shape_sets.id"], name=op.f("fk_shapes_set_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shapes")),
        sa.UniqueConstraint("set_id", "code", name=op.f("uq_shapes_set_id_code")),
    )
    op.create_index("uq_shapes_code_valid_from", "shapes", ["code", "valid_from"], unique=True)


def make_chiefs() -> None:
    column, key = person("chiefs", "person_id")
    op.create_table(
        "chiefs",
        sa.Column("id", ID, nullable=False),
        sa.Column("section_code", sa.String(60), nullable=False),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("tier", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        column,
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("side IN ('local', 'rail')", name=op.f("ck_chiefs_side")),
        sa.CheckConstraint("tier IN (1, 2, 3)", name=op.f("ck_chiefs_tier")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_chiefs_unit_id"), ondelete="RESTRICT"),
        key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chiefs")),
        sa.UniqueConstraint("section_code", "side", "tier", "valid_from",
                            name=op.f("uq_chiefs_section_code_side_tier_valid_from")),
    )


def make_guards() -> None:
    if op.get_bind().dialect.name == "sqlite":
        of_old, of_new = (OF_SETTLED.format(rows=rows, settled=SETTLED) for rows in ("OLD.set_id", "NEW.set_id"))
        for table, old, new in (("shapes", of_old, of_new), ("shape_sets", OLD_SETTLED, TAKEN.format(settled=SETTLED))):
            when = f"{old} OR {new}" if table == "shapes" else old
            for verb, on, asked in (("UPDATE", f"UPDATE OF {', '.join(FIXED[table])}", when), ("DELETE", "DELETE", old),
                                    ("INSERT", "INSERT", new)):
                op.execute(SQLITE.format(table=table, verb=verb, on=on, when=asked, said=SAID[table]))
        return
    for table, when, verbs in (("shapes", POSTGRES_SHAPES.format(settled=SETTLED), "INSERT OR UPDATE OF {fixed} OR DELETE"),
                               ("shape_sets", OLD_SETTLED, "UPDATE OF {fixed} OR DELETE")):
        op.execute(POSTGRES.format(table=table, when=when, said=SAID[table]))
        op.execute(f"CREATE TRIGGER {table}_settled BEFORE {verbs.format(fixed=', '.join(FIXED[table]))} ON {table} "
                   f"FOR EACH ROW EXECUTE FUNCTION refuse_settled_{table}()")


def downgrade() -> None:
    for table in ("chiefs", "shapes", "shape_sets"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in ("shapes", "shape_sets"):
            op.execute(f"DROP FUNCTION refuse_settled_{table}()")
