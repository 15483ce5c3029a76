"""one word, one thing: a mail is no notice, a calendar day rests on a paper, the inspectorate inspects no site"""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("ALTER TABLE outbox RENAME COLUMN notice TO mail")
    op.execute("UPDATE outbox SET mail = 'publication_needed' WHERE mail = 'notice_required'")
    op.execute("ALTER TABLE calendar_days RENAME COLUMN notice TO paper")
    op.execute("UPDATE sources SET kind = 'inspectorate' WHERE kind = 'inspection'")


def downgrade() -> None:
    op.execute("UPDATE sources SET kind = 'inspection' WHERE kind = 'inspectorate'")
    op.execute("ALTER TABLE calendar_days RENAME COLUMN paper TO notice")
    op.execute("UPDATE outbox SET mail = 'notice_required' WHERE mail = 'publication_needed'")
    op.execute("ALTER TABLE outbox RENAME COLUMN mail TO notice")
