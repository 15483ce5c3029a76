"""A product in use before it was upgraded: rows for each revision's own tables, in statements that both engines take.

Nothing here rests on the living code, and each row is written as its revision had it, so none changes when the product grows."""

AT = "'2021-06-01 01:00:00.000000'"
LONG = "垃圾" * 9000 + "尽头"  # more parts than one of an index, and more places of a token than PostgreSQL counts
SHA = "a" * 64

CASE = """
INSERT INTO cases (id, number, state, seq, round, history, source_id, source_number, is_key, batch_label, channel, title,
 description, place, area_text, jurisdiction, received_on, registered_at, registered_by_id, is_designated, list_due_on,
 is_due_provisional, return_count, extension_count, has_no_work_basis, reopen_count, is_look_back_failed, lead_unit_id,
 submitted_by_id, verified_by_id, verified_unit_id, closed_by_id, closed_at, pending, pending_by_id)
SELECT {id}, 'XH-2021-{id:06d}', '{state}', 3, 1, 'own', id, 'SZ-{id}', FALSE, '', 'hotline', '{title}', '{description}',
 '桃花河Ｅ岸', '蛟桥街道', '360112', '2021-06-01', {at}, 1, FALSE, '2021-07-01', FALSE, 0, 0, FALSE, 0, FALSE, {people}
FROM sources WHERE key = '{source}'
"""
NOBODY = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"


def case(id_: int, source: str, title: str, description: str, state: str = "registered", people: str = NOBODY) -> str:
    """The statement that puts a case on the register of 2021."""
    return CASE.format(id=id_, source=source, title=title, description=description, state=state, people=people, at=AT)


def fact(id_: int, case_id: int, kind: str, body: str) -> str:
    """The statement that tells a fact of a case."""
    return ("INSERT INTO facts (id, stream, seq, kind, actor_id, at, body, previous, digest) "
            f"VALUES ({id_}, 'case:XH-2021-{case_id:06d}', {id_}, 'case:{kind}', 2, {AT}, '{body}', '{SHA}', '{id_:064d}')")


# revision -> what was written down before the next one came
OLD_ROWS: dict[str, tuple[str, ...]] = {
    "0001": (
        "INSERT INTO units (id, code, name, kind, area_code, valid_from) "
        "VALUES (1, 'XH-CYZ', '承办街道', 'street', '360112', '2018-01-01'), (2, 'XH-HC', '核查组', 'office', '360112', '2018-01-01')",
        *(f"INSERT INTO people (id, login, name, title, unit_id, password_hash, created_at, session_mark) "
          f"VALUES ({n}, 'p{n}', '第{n}人', '', {1 + n % 2}, 'x', {AT}, 'm')" for n in (1, 2, 3, 4)),
        f"INSERT INTO role_grants (id, person_id, role, area_code, granted_at) VALUES (1, 1, 'clerk', '360112', {AT})",
        "INSERT INTO counters (key, last) VALUES ('XH-2021', 4)",
        "INSERT INTO preferences (key, value) VALUES ('office', '区整改办')",
        "INSERT INTO sources (id, key, name, kind, channel, is_notice_required, valid_from, submit_gate, verify_gate, "
        "close_gate) VALUES (40, 'PATROL', '日常巡查问题', 'patrol', 'patrol', FALSE, '2018-01-01', 'before_after_pair', "
        "'onsite_record,onsite_photo', 'before_after_pair,onsite_record,onsite_photo')",
        case(1, "PATROL", "河边垃圾", "桃花河边长期堆放生活垃圾 PM2.5"),
        case(2, "PATROL", "露天焚烧", "夜间焚烧秸秆", "closed", f"1, 2, 3, 2, 4, {AT}, NULL, NULL"),
        case(3, "PATROL", "长案", LONG, "rectifying", "1, NULL, NULL, NULL, NULL, NULL, 'extension', 2"),
        "INSERT INTO case_units (case_id, unit_id, part) VALUES (2, 1, 'lead')",
        "INSERT INTO case_categories (case_id, category) VALUES (1, 'garbage'), (2, 'air')",
        fact(1, 1, "registered", "{}"),
        fact(2, 2, "submitted", '{"measures": "已清运并硬化", "reason": "内部"}'),
        fact(3, 2, "verified", '{"conclusion": "整改到位"}'),
        fact(4, 1, "history_imported", '{"published": {"investigation": "属实", "target": "抑尘"}}'),
        f"INSERT INTO seals (day, digest, stream_count, fact_count, sealed_at) VALUES ('2021-06-01', '{SHA}', 2, 4, {AT})",
        f"INSERT INTO evidence (id, subject, role, round, original_name, media_type, size, digest, uploaded_by_id, uploaded_at) "
        f"VALUES (1, 'case', 'after', 1, '后.jpg', 'image/jpeg', 9, '{SHA}', 2, {AT})",
        f"INSERT INTO outbox (id, dedupe_key, person_id, notice, subject, text, message_id, state, due_at, tries, sent_at) "
        f"VALUES (1, 'k1', 2, 'assigned', '交办', '请签收', 'm1', 'sent', {AT}, 1, {AT}), "
        f"(2, 'k2', 3, 'assigned', '交办', '请签收', 'm2', 'waiting', {AT}, 0, NULL)",
        f"INSERT INTO identities (id, case_id, sealed, created_at) VALUES (1, 1, 'sealed', {AT})",
    ),
    "0003": (
        case(4, "H12345", "施工扬尘", "工地裸土未覆盖"),
        "INSERT INTO import_batches (id, code, source_id, file_name, digest, layout, row_count, created_count, known_count, "
        f"bad_count, imported_at) SELECT 1, 'B1', id, 'a.xlsx', '{SHA}', '2021', 1, 1, 0, 0, {AT} FROM sources "
        "WHERE key = 'D2JX'",
    ),
    "0004": (f"INSERT INTO saved_views (id, person_id, name, query, unit_id, created_at) VALUES (1, 1, '我的', 'q=x', 1, {AT})",),
    "0006": ("UPDATE cases SET client_id = 'c-1' WHERE id = 1",),
    "0007": (
        "INSERT INTO uploads (id, client_id, person_id, original_name, media_type, size, digest, received_at) "
        f"VALUES (1, 'u-1', 1, 'a.jpg', 'image/jpeg', 9, '{SHA}', {AT})",
    ),
    "0008": ("UPDATE cases SET located_by = 'device', device_lat = 28.7, device_lng = 115.8 WHERE id = 1",),
    "0009": (
        "INSERT INTO delegations (id, principal_id, substitute_id, from_on, to_on, reason, made_by_id, made_at) "
        f"VALUES (1, 2, 4, '2021-06-01', '2021-06-10', '出差', 1, {AT})",
    ),
    "0011": (
        "INSERT INTO reports (id, name, period, area_code, title, as_of, last_fact_id, case_count, inputs, body, digest, "
        f"made_at) VALUES (1, 'weekly', '2021-W22', '360112', '周报', {AT}, 4, 2, 'i', 'b', '{SHA}', {AT})",
        "INSERT INTO cadence_records (id, cadence, period, area_code, due_at, state, claimed_by, lease_until, tries, started_at, "
        "finished_at, is_caught_up, case_count, recipient_count, outcome, error, report_id, sign_note) "
        f"VALUES (1, 'weekly', '2021-W22', '360112', {AT}, 'done', 'w', {AT}, 1, {AT}, {AT}, FALSE, 2, 1, '', '', 1, '')",
        "INSERT INTO reminders (id, case_id, round, lap, rung, on_date, due_on, made_at) "
        f"VALUES (1, 3, 1, 'due', 'due_soon', '2021-06-20', '2021-07-01', {AT})",
        f"INSERT INTO rule_values (id, key, value, basis, effective_from, made_at) VALUES (1, 'k', 'v', 'b', '2021-06-01', {AT})",
    ),
    "0012": (
        "INSERT INTO outbox (id, dedupe_key, robot, record_id, notice, subject, text, message_id, state, due_at, tries) "
        f"VALUES (3, 'k3', 'office', 1, 'weekly', '周报', '见附件', 'm3', 'waiting', {AT}, 0)",
    ),
    "0013": (
        "INSERT INTO appeals (id, report_id, unit_id, rule, clause, word, case_number, seq, fact_on, points, text, raised_by_id, "
        f"raised_at, reason) VALUES (1, 1, 1, 'late', '3', '逾期', 'XH-2021-000003', 3, '2021-06-20', '-1', '申诉', 2, {AT}, '')",
    ),
    "0014": (
        "INSERT INTO routing_rules (id, number, category, area_code, keywords, lead_unit_code, supporting_unit_codes, reason, "
        "valid_from) VALUES (1, 1, 'railway', '', '护坡,轨枕', 'XH-CYZ', '', '产权为主', '2021-06-01')",
    ),
    "0015": ("UPDATE reminders SET is_told = TRUE",),
    "0019": (
        "INSERT INTO people (id, login, name, title, unit_id, password_hash, created_at, session_mark, kind) "
        f"VALUES (5, 'shuizhan', '水质自动站', '', 1, '', {AT}, 'm', 'service')",
    ),
    "0035": (
        "INSERT INTO posted_forms (id, person_id, form_id, digest, posted_at, finished_at, led_to, said) "
        f"VALUES (1, 2, 'f1', '{SHA}', {AT}, {AT}, '/', '[]')",
    ),
}

# Tables that no older product filled: they came empty, and no later revision changed them.
LEFT_EMPTY = (
    "act_forces", "act_hands", "act_links", "acts", "case_places", "case_works", "chiefs", "clocks", "duties", "shape_sets",
    "draw_sites", "draws", "inspections", "inspector_roster", "interests", "shapes", "audit_schemes", "audits",
    "site_batches", "site_entries", "site_obligations", "penalties", "site_proposals", "site_names", "sites",
    "checkpoints", "circulars", "identity_requests", "import_files", "import_jobs", "import_layouts", "job_runs", "log_blocks",
    "mail_choices", "own_days", "public_heads", "publications", "recovery_codes", "role_proposals", "second_factors",
    "sessions", "sign_in_links",
    "sign_ins", "throttles", "words",
)
