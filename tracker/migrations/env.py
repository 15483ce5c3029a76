"""Runs the numbered migrations on the database of the running application."""

from alembic import context
from flask import current_app

from tracker.services.upkeep.checks.unstated import state_after_upgrade
from tracker.storage.house.base import Base, db


def run() -> None:
    """One transaction for all steps; SQLite rebuilds tables in batches."""
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata,
                          **current_app.extensions["migrate"].configure_args)
        before = context.get_context().get_current_revision()
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        reached = context.get_context().get_current_revision()
    if reached != before and reached == context.script.get_current_head():
        state_after_upgrade()


run()
