"""the search index, filled from the cases that are there"""

from alembic import op

from tracker.storage.cases import search

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        # The tokens are made by us: this tokenizer leaves everything beyond ASCII as it is.
        op.execute("CREATE VIRTUAL TABLE case_index USING fts5(words, content='', tokenize=\"ascii tokenchars '_'\")")
    else:
        op.execute("CREATE TABLE case_index (rowid BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE, part INTEGER NOT NULL, "
                   "words TSVECTOR NOT NULL, CONSTRAINT pk_case_index PRIMARY KEY (rowid, part))")
        op.execute("CREATE INDEX ix_case_index_words ON case_index USING gin (words)")
    search.rebuild(bind)


def downgrade() -> None:
    op.execute("DROP TABLE case_index")
