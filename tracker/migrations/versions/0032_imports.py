"""imports on the page: jobs, their sealed files, and layouts that are made once by hand"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "import_jobs",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("sign_in", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("wants", sa.String(10), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source_key", sa.String(20), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("layout_key", sa.String(40), nullable=False),
        sa.Column("skips_bad", sa.Boolean(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done", ID, nullable=False),
        sa.Column("total", ID, nullable=False),
        sa.Column("batches", sa.String(400), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("tries", ID, nullable=False),
        sa.CheckConstraint("state IN ('uploaded', 'mapped', 'checked', 'queued', 'running', 'done', 'failed', 'withdrawn')",
                           name=op.f("ck_import_jobs_state")),
        sa.CheckConstraint("wants IN ('', 'check', 'enter')", name=op.f("ck_import_jobs_wants")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_import_jobs_digest")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_import_jobs_person_id_people"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
    )
    op.create_index("ix_import_jobs_state", "import_jobs", ["state", "lease_until"])
    op.create_index("ix_import_jobs_person_id", "import_jobs", ["person_id", "id"])
    op.create_table(
        "import_files",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('table', 'errors')", name=op.f("ck_import_files_kind")),
        sa.ForeignKeyConstraint(["job_id"], ["import_jobs.id"], name=op.f("fk_import_files_job_id_import_jobs"),
                                ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "kind", name=op.f("pk_import_files")),
    )
    op.create_table(
        "import_layouts",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("headers_digest", sa.String(64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("value_map", sa.Text(), nullable=False),
        sa.Column("source_key", sa.String(20), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("made_by_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("length(headers_digest) = 64", name=op.f("ck_import_layouts_headers_digest")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_import_layouts_made_by_id_people"),
                                ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_layouts")),
    )
    op.create_index("ix_import_layouts_headers", "import_layouts", ["headers_digest"])
    op.create_index("uq_import_layouts_key", "import_layouts", ["key"], unique=True)


def downgrade() -> None:
    for table in ("import_layouts", "import_files", "import_jobs"):
        op.drop_table(table)
