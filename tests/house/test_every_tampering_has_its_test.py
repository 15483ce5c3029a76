"""Every row of `ledger.md` §14 has a test that does the tampering and hears the sentence: this table says which."""

import ast

from tests.support.project_files import ROOT

UPKEEP, PEOPLE = "tests/services/upkeep", "tests/services/people"
LAW, FOLDS, HEADS, PROVING = (f"{UPKEEP}/test_{each}.py" for each in ("law", "row_folds", "heads", "proving"))
TAMPERINGS, COMPARING, INTEGRITY = (f"{UPKEEP}/test_{each}.py" for each in ("tamperings", "comparing", "integrity"))
NUMBERS, TIME = f"{UPKEEP}/test_numbers.py", "tests/services/house/test_ledger_time.py"
FOLDED, CHANGED = "a_row_that_is_not_what_the_ledger_says_is_named", "what_is_changed_behind_the_products_back_is_named"
# By row: the file, the test, and a word of what is said, as it stands in that file.
ROWS: dict[int, tuple[tuple[str, str, str], ...]] = {
    1: ((TAMPERINGS, "row_1_the_database_refuses_to_change_facts_and_log", "append-only"),),
    2: ((TAMPERINGS, "row_2_an_edited_body_is_named", "内容与哈希不符"), (INTEGRITY, CHANGED, "内容与哈希不符")),
    3: ((TAMPERINGS, "row_3_a_chain_rehashed_has_no_entry_codes_any_more", "没有有效的登记码"),
        (TAMPERINGS, "row_3_with_the_web_s_keys_too_it_still_differs_from_the_head", "签名头不符")),
    4: ((COMPARING, "a_rewritten_past_differs_from_a_mail_though_everything_was_signed_anew", "2026-11-03 的日报"),),
    5: ((HEADS, "a_cut_end_stops_the_signing_within_the_minute_and_is_told", "已停止签名"),),
    6: ((TAMPERINGS, "row_6_a_case_erased_on_its_first_day_leaves_its_number", "没有登记记录"),),
    7: ((TAMPERINGS, "row_7_with_the_counter_lowered_it_is_the_head_that_differs", "签名头不符"),),
    8: ((TAMPERINGS, "row_8_two_cases_swapped_with_their_chains_differ_from_the_head", "签名头不符"),
        (HEADS, "two_positions_swapped_differ_from_the_head", "签名头不符")),
    9: ((TAMPERINGS, "row_9_a_deleted_seal_is_missed", "的封签"),),
    10: ((HEADS, "a_comment_written_past_the_product_has_no_entry_code", "没有有效的登记码"),),
    11: ((f"{PEOPLE}/test_own_week.py", "what_was_done_in_somebody_s_name_without_a_sign_in_is_told_to_them", ""),
         (LAW, "a_step_in_no_session_or_in_somebody_elses_is_named", "没有登录记录")),
    12: ((LAW, "a_closing_without_evidence_is_named", "证据不齐"),),
    13: ((LAW, "a_closing_by_the_verifier_and_a_verification_by_a_rectifying_unit_are_named", "同一人"),),
    14: ((LAW, "a_step_by_who_had_the_role_no_more_or_not_yet_is_named", "当时没有权限"),),
    15: ((LAW, "a_closing_while_the_notice_ran_is_named", "公示未满"),),
    16: ((LAW, "a_fact_of_another_time_or_by_nobody_is_named", "时间在将来"), (LAW, "a_fact_of_another_time_or_by_nobody_is_named",
                                                                               "无此人")),
    17: ((INTEGRITY, CHANGED, "案件的 due_on 与账本推算的不同"), (INTEGRITY, CHANGED, "案件的 state 与账本推算的不同")),
    18: ((FOLDS, FOLDED, "shown_digest"), (FOLDS, FOLDED, "pair_id")),
    19: ((INTEGRITY, "a_changed_or_lost_evidence_file_is_named_with_its_fact", ""),
         ("tests/services/evidence/test_soundness.py",
          "an_original_that_is_not_what_came_in_is_shown_to_nobody_and_noted_once_a_day", "")),
    20: ((FOLDS, FOLDED, "role_grants 640 没有账本记录"), (FOLDS, FOLDED, "role_grants 2 不见了")),
    21: ((FOLDS, FOLDED, "people 1 被改动：password_hash"),),
    22: ((FOLDS, FOLDED, "people 640 没有账本记录"), (FOLDS, FOLDED, "delegations 640 没有账本记录")),
    23: ((FOLDS, FOLDED, "limits 1 被改动：amount"), (FOLDS, FOLDED, "sources 1 被改动：close_gate")),
    24: ((FOLDS, FOLDED, "identities 1 不见了"), (FOLDS, FOLDED, "identities 1 被改动：case_id")),
    25: ((LAW, "an_edition_of_the_law_that_is_lowered_is_named", "版本只增不减"),),
    26: ((NUMBERS, "a_counter_that_was_set_back_is_named", "编号到"),),
    27: ((TAMPERINGS, "row_27_a_dropped_and_an_emptied_guard_are_named", "缺触发器 facts_no_UPDATE"),),
    28: ((TAMPERINGS, "rows_28_and_29_yesterday_s_file_put_back", "比签名头少 3 条"),),
    29: ((COMPARING, "a_checkpoint_beyond_the_log_says_that_it_was_put_back", "账本被回退"),),
    30: ((PROVING, "every_change_in_it_is_named", "封签时本案有 8 条，卷宗只有 7 条"),),
    31: ((PROVING, "every_change_in_it_is_named", "的文字被改动"), (PROVING, "another_photo_or_another_note_is_named", "")),
    32: ((COMPARING, "two_readers_who_were_told_two_histories_see_it_from_both_notes_together", "同一长度两个根"),),
    33: ((TIME, "a_clock_three_hours_behind_enters_nothing_and_says_so", "暂停登记"),
         (TIME, "after_a_jump_ahead_an_operator_begins_a_new_stretch", "clock_set_back")),
    34: ((f"{PEOPLE}/test_password_links.py",
          "an_administrator_who_resets_a_lead_learns_no_password_and_the_lead_and_the_auditors_hear_of_it", ""),),
    35: ((PROVING, "a_dossier_agrees_with_its_checkpoint_its_key_and_the_mail", ""),),  # by a program that is not ours
}


def test_every_row_has_its_tests_and_each_says_what_the_table_promises() -> None:
    assert list(ROWS) == list(range(1, 36))
    missing = []
    for row, tests in ROWS.items():
        for file, name, said in tests:
            text = (ROOT / file).read_text()
            functions = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
            if f"test_{name}" not in functions or said not in text:
                missing.append((row, name, said))
    assert missing == []
