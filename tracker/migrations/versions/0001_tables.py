"""tables"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('areas',
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('parent_code', sa.String(length=12), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('successors', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('code', 'valid_from', name=op.f('pk_areas'))
    )
    op.create_table('calendar_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('notice', sa.String(length=80), nullable=False),
    sa.CheckConstraint("kind IN ('holiday', 'makeup', 'workday', 'weekend')", name=op.f('ck_calendar_days_kind')),
    sa.CheckConstraint("source IN ('published', 'estimated', 'entered')", name=op.f('ck_calendar_days_source')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_days'))
    )
    op.create_table('counters',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('last', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_counters'))
    )
    op.create_table('facts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stream', sa.String(length=60), nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(digest) = 64 AND length(previous) = 64', name=op.f('ck_facts_digest')),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_facts_seq')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facts')),
    sa.UniqueConstraint('stream', 'seq', name=op.f('uq_facts_stream_seq'))
    )
    with op.batch_alter_table('facts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_facts_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_facts_kind_at', ['kind', 'at'], unique=False)

    op.create_table('job_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('job', sa.String(length=60), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('claimed_by', sa.String(length=80), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f('ck_job_runs_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_runs')),
    sa.UniqueConstraint('job', 'on_date', name=op.f('uq_job_runs_job_on_date'))
    )
    op.create_table('limits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_key', sa.String(length=60), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('is_first_day_counted', sa.Boolean(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('effective_to', sa.Date(), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_limits_amount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_limits'))
    )
    op.create_table('preferences',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_preferences'))
    )
    op.create_table('routing_rules',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('keywords', sa.String(length=200), nullable=False),
    sa.Column('lead_unit_code', sa.String(length=60), nullable=False),
    sa.Column('supporting_unit_codes', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_rules')),
    sa.UniqueConstraint('number', name=op.f('uq_routing_rules_number'))
    )
    op.create_table('seals',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('stream_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fact_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_seals'))
    )
    op.create_table('sign_in_failures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failures')),
    sa.UniqueConstraint('login', name=op.f('uq_sign_in_failures_login'))
    )
    op.create_table('sources',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('is_notice_required', sa.Boolean(), nullable=False),
    sa.Column('submit_gate', sa.String(length=200), nullable=False),
    sa.Column('verify_gate', sa.String(length=200), nullable=False),
    sa.Column('close_gate', sa.String(length=200), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sources')),
    sa.UniqueConstraint('key', name=op.f('uq_sources_key'))
    )
    op.create_table('units',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('successor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_units_validity')),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_units_parent_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['successor_id'], ['units.id'], name=op.f('fk_units_successor_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('code', name=op.f('uq_units_code'))
    )
    op.create_table('people',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deactivated_on', sa.Date(), nullable=True),
    sa.Column('session_mark', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_people_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('login', name=op.f('uq_people_login'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_unit_id'), ['unit_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('role', sa.Enum('before', 'after', 'onsite', 'progress', 'document', name=op.f('ck_evidence_role'), native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('original_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=60), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('shown_digest', sa.String(length=64), nullable=True),
    sa.Column('thumb_digest', sa.String(length=64), nullable=True),
    sa.Column('pair_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('taken_at', sa.String(length=40), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lng', sa.Double(), nullable=True),
    sa.Column('uploaded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(digest) = 64', name=op.f('ck_evidence_digest')),
    sa.CheckConstraint('size > 0', name=op.f('ck_evidence_size')),
    sa.ForeignKeyConstraint(['pair_id'], ['evidence.id'], name=op.f('fk_evidence_pair_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['people.id'], name=op.f('fk_evidence_uploaded_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_digest', ['digest'], unique=False)
        batch_op.create_index('ix_evidence_subject', ['subject', 'id'], unique=False)

    op.create_table('import_batches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('layout', sa.String(length=40), nullable=False),
    sa.Column('row_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('known_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bad_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['imported_by_id'], ['people.id'], name=op.f('fk_import_batches_imported_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_import_batches_source_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batches')),
    sa.UniqueConstraint('code', name=op.f('uq_import_batches_code'))
    )
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.create_index('uq_import_batches_file', ['source_id', 'digest'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dedupe_key', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notice', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('message_id', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('claimed_by', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_outbox_sent')),
    sa.CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'given_up', 'held')", name=op.f('ck_outbox_state')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_outbox_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_outbox_dedupe_key')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_message_id'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_outbox_state_due', ['state', 'due_at'], unique=False)

    op.create_table('role_grants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('inspector', 'clerk', 'dispatcher', 'officer', 'verifier', 'lead', 'supervisor', 'auditor', 'admin', 'custodian', name=op.f('ck_role_grants_role'), native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_role_grants_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants'))
    )
    with op.batch_alter_table('role_grants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grants_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_role_grants_role_area', ['role', 'area_code'], unique=False)

    op.create_table('cases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('state', sa.Enum('registered', 'assigned', 'disputed', 'rectifying', 'suspended', 'phased', 'submitted', 'verified', 'noticing', 'noticed', 'closed', 'merged', 'transferred', 'declined', 'voided', name=op.f('ck_cases_state'), native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('history', sa.String(length=10), nullable=False),
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_number', sa.String(length=120), nullable=True),
    sa.Column('is_key', sa.Boolean(), nullable=False),
    sa.Column('batch_label', sa.String(length=60), nullable=False),
    sa.Column('import_batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('area_code', sa.String(length=12), nullable=True),
    sa.Column('area_text', sa.String(length=200), nullable=False),
    sa.Column('jurisdiction', sa.String(length=12), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lng', sa.Double(), nullable=True),
    sa.Column('datum', sa.String(length=10), nullable=True),
    sa.Column('accuracy_metres', sa.Double(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('lead_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sponsor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_designated', sa.Boolean(), nullable=False),
    sa.Column('assigned_on', sa.Date(), nullable=True),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledge_due_on', sa.Date(), nullable=True),
    sa.Column('return_until_on', sa.Date(), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('list_due_on', sa.Date(), nullable=False),
    sa.Column('original_due_on', sa.Date(), nullable=True),
    sa.Column('is_due_provisional', sa.Boolean(), nullable=False),
    sa.Column('limit_unit', sa.String(length=20), nullable=True),
    sa.Column('paused_from_on', sa.Date(), nullable=True),
    sa.Column('return_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('extension_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pending', sa.Enum('return', 'extension', 'phase', name=op.f('ck_cases_pending'), native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('pending_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('pending_on', sa.Date(), nullable=True),
    sa.Column('phase_next_on', sa.Date(), nullable=True),
    sa.Column('work_reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finding', sa.String(length=10), nullable=True),
    sa.Column('has_no_work_basis', sa.Boolean(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('submitted_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('verification_begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('verified_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('notice_from_on', sa.Date(), nullable=True),
    sa.Column('notice_to_on', sa.Date(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('filing_no', sa.String(length=80), nullable=True),
    sa.Column('evidence_digest', sa.String(length=64), nullable=True),
    sa.Column('first_closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopen_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_look_back_failed', sa.Boolean(), nullable=False),
    sa.Column('supervision_level', sa.String(length=10), nullable=True),
    sa.Column('satisfaction', sa.String(length=20), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('master_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_cases_closed_has_time')),
    sa.CheckConstraint("(state = 'merged') = (master_id IS NOT NULL)", name=op.f('ck_cases_merged_has_master')),
    sa.CheckConstraint("history IN ('own', 'imported')", name=op.f('ck_cases_history')),
    sa.CheckConstraint("state <> 'submitted' OR submitted_by_id IS NOT NULL", name=op.f('ck_cases_submitted_has_person')),
    sa.CheckConstraint("state NOT IN ('assigned', 'disputed', 'rectifying', 'suspended', 'phased', 'submitted') OR lead_unit_id IS NOT NULL", name=op.f('ck_cases_active_has_lead_unit')),
    sa.CheckConstraint("state NOT IN ('noticing', 'noticed') OR notice_to_on IS NOT NULL", name=op.f('ck_cases_notice_has_window')),
    sa.CheckConstraint("state NOT IN ('verified', 'noticing', 'noticed', 'closed') OR history = 'imported' OR (submitted_by_id IS NOT NULL AND verified_by_id IS NOT NULL)", name=op.f('ck_cases_completed_has_persons')),
    sa.CheckConstraint('(closed_at IS NULL) = (closed_by_id IS NULL)', name=op.f('ck_cases_closed_has_person')),
    sa.CheckConstraint('(pending IS NULL) = (pending_by_id IS NULL)', name=op.f('ck_cases_pending_has_person')),
    sa.CheckConstraint('NOT (lat = 0 AND lng = 0)', name=op.f('ck_cases_not_null_island')),
    sa.CheckConstraint('closed_by_id IS NULL OR closed_by_id <> submitted_by_id', name=op.f('ck_cases_closer_is_not_submitter')),
    sa.CheckConstraint('closed_by_id IS NULL OR closed_by_id <> verified_by_id', name=op.f('ck_cases_closer_is_not_verifier')),
    sa.CheckConstraint('master_id IS NULL OR master_id <> id', name=op.f('ck_cases_not_its_own_master')),
    sa.CheckConstraint('seq >= 1 AND round >= 1', name=op.f('ck_cases_counted_from_one')),
    sa.CheckConstraint('verified_by_id IS NULL OR verified_by_id <> submitted_by_id', name=op.f('ck_cases_verifier_is_not_submitter')),
    sa.CheckConstraint('verified_unit_id IS NULL OR verified_unit_id <> lead_unit_id', name=op.f('ck_cases_verifier_is_of_another_unit')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['people.id'], name=op.f('fk_cases_closed_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['import_batch_id'], ['import_batches.id'], name=op.f('fk_cases_import_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['lead_unit_id'], ['units.id'], name=op.f('fk_cases_lead_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['master_id'], ['cases.id'], name=op.f('fk_cases_master_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pending_by_id'], ['people.id'], name=op.f('fk_cases_pending_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['registered_by_id'], ['people.id'], name=op.f('fk_cases_registered_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_cases_source_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sponsor_id'], ['people.id'], name=op.f('fk_cases_sponsor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['people.id'], name=op.f('fk_cases_submitted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submitted_unit_id'], ['units.id'], name=op.f('fk_cases_submitted_unit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['verified_by_id'], ['people.id'], name=op.f('fk_cases_verified_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['verified_unit_id'], ['units.id'], name=op.f('fk_cases_verified_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('number', name=op.f('uq_cases_number'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cases_area_code'), ['area_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_import_batch_id'), ['import_batch_id'], unique=False)
        batch_op.create_index('ix_cases_jurisdiction_list', ['jurisdiction', 'list_due_on', 'id'], unique=False)
        batch_op.create_index('ix_cases_list', ['list_due_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_master_id'), ['master_id'], unique=False)
        batch_op.create_index('ix_cases_source_list', ['source_id', 'list_due_on', 'id'], unique=False)
        batch_op.create_index('ix_cases_sponsor_list', ['sponsor_id', 'list_due_on', 'id'], unique=False)
        batch_op.create_index('ix_cases_state_list', ['state', 'list_due_on', 'id', 'jurisdiction', 'sponsor_id'], unique=False)
        batch_op.create_index('ix_cases_unit_list', ['lead_unit_id', 'list_due_on', 'id'], unique=False)
        batch_op.create_index('ix_cases_unit_state_list', ['lead_unit_id', 'state', 'list_due_on', 'id'], unique=False)
        batch_op.create_index('uq_cases_source_number', ['source_id', 'source_number'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('case_categories',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_categories_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('case_id', 'category', name=op.f('pk_case_categories'))
    )
    with op.batch_alter_table('case_categories', schema=None) as batch_op:
        batch_op.create_index('ix_case_categories_category', ['category', 'case_id'], unique=False)

    op.create_table('case_units',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('part', sa.String(length=10), nullable=False),
    sa.CheckConstraint("part IN ('lead', 'supporting')", name=op.f('ck_case_units_part')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_units_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_case_units_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('case_id', 'unit_id', name=op.f('pk_case_units'))
    )
    with op.batch_alter_table('case_units', schema=None) as batch_op:
        batch_op.create_index('ix_case_units_unit', ['unit_id', 'part', 'case_id'], unique=False)
        batch_op.create_index('uq_case_units_one_lead', ['case_id'], unique=True, sqlite_where=sa.text("part = 'lead'"), postgresql_where=sa.text("part = 'lead'"))

    op.create_table('identities',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.Column('reporter_digest', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_identities_case_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identities'))
    )
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identities_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_identities_reporter', ['reporter_digest'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.drop_index('ix_identities_reporter')
        batch_op.drop_index(batch_op.f('ix_identities_case_id'))

    op.drop_table('identities')
    with op.batch_alter_table('case_units', schema=None) as batch_op:
        batch_op.drop_index('uq_case_units_one_lead', sqlite_where=sa.text("part = 'lead'"), postgresql_where=sa.text("part = 'lead'"))
        batch_op.drop_index('ix_case_units_unit')

    op.drop_table('case_units')
    with op.batch_alter_table('case_categories', schema=None) as batch_op:
        batch_op.drop_index('ix_case_categories_category')

    op.drop_table('case_categories')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('uq_cases_source_number', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index('ix_cases_unit_state_list')
        batch_op.drop_index('ix_cases_unit_list')
        batch_op.drop_index('ix_cases_state_list')
        batch_op.drop_index('ix_cases_sponsor_list')
        batch_op.drop_index('ix_cases_source_list')
        batch_op.drop_index(batch_op.f('ix_cases_master_id'))
        batch_op.drop_index('ix_cases_list')
        batch_op.drop_index('ix_cases_jurisdiction_list')
        batch_op.drop_index(batch_op.f('ix_cases_import_batch_id'))
        batch_op.drop_index(batch_op.f('ix_cases_area_code'))

    op.execute('DELETE FROM cases WHERE master_id IS NOT NULL')  # dropping a table deletes its rows: those that name others go first
    op.drop_table('cases')
    with op.batch_alter_table('role_grants', schema=None) as batch_op:
        batch_op.drop_index('ix_role_grants_role_area')
        batch_op.drop_index(batch_op.f('ix_role_grants_person_id'))

    op.drop_table('role_grants')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_state_due')
        batch_op.drop_index(batch_op.f('ix_outbox_person_id'))

    op.drop_table('outbox')
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_index('uq_import_batches_file', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.drop_table('import_batches')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index('ix_evidence_subject')
        batch_op.drop_index('ix_evidence_digest')

    op.execute('DELETE FROM evidence WHERE pair_id IS NOT NULL')
    op.drop_table('evidence')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_unit_id'))

    op.drop_table('people')
    op.execute('UPDATE units SET parent_id = NULL, successor_id = NULL')
    op.drop_table('units')
    op.drop_table('sources')
    op.drop_table('sign_in_failures')
    op.drop_table('seals')
    op.drop_table('routing_rules')
    op.drop_table('preferences')
    op.drop_table('limits')
    op.drop_table('job_runs')
    with op.batch_alter_table('facts', schema=None) as batch_op:
        batch_op.drop_index('ix_facts_kind_at')
        batch_op.drop_index(batch_op.f('ix_facts_actor_id'))

    op.drop_table('facts')
    op.drop_table('counters')
    op.drop_table('calendar_days')
    op.drop_table('areas')
