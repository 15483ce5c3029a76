"""Runs the numbered migrations on the database of the running application."""

from alembic import context
from flask import current_app

from tracker.services.house.work import wiring
from tracker.services.upkeep.checks.unstated import state_after_upgrade
from tracker.storage.house.base import Base, db

BEFORE_OFFICES = "xiaohao/360103"  # whose every ledger is that a migration begins: there was no other district yet


def run() -> None:
    """One transaction for all steps; SQLite rebuilds tables in batches. What a migration must know of the settings is handed to
    it: it imports no living code."""
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata,
                          identity_key=current_app.config["SETTINGS"].identity_key,
                          now=wiring().clock.now(), ledger_origin=BEFORE_OFFICES,
                          district=current_app.config["SETTINGS"].district,
                          accepts_troubles="accept-troubles" in context.get_x_argument(),
                          **current_app.extensions["migrate"].configure_args)
        before = context.get_context().get_current_revision()
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        reached = context.get_context().get_current_revision()
    if reached is not None and reached == context.script.get_current_head():
        state_after_upgrade(is_migrated=reached != before)


run()
