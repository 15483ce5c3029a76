"""The chain: nothing in a stream can be changed, removed, inserted or re-ordered unnoticed; the fold is the row."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.cases.facts import CaseState, Request
from tracker.domain.cases.folding import fold
from tracker.domain.house.ledger import GENESIS, Fact, canonical, chained, first_bad, instant_text, seal_of

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KINDS = ("case:registered", "case:assigned", "case:acknowledged", "case:submitted", "case:verified", "case:closed")


def stream(kinds: tuple[str, ...] = KINDS, name: str = "case:XH-2026-000001") -> list[Fact]:
    facts: list[Fact] = []
    for seq, kind in enumerate(kinds, start=1):
        previous = facts[-1].digest if facts else GENESIS
        payload = {"set": {"round": seq, "due_on": date(2026, 3, seq)}, "reason": "理由"}
        facts.append(chained(name, seq, kind, 7, AT + timedelta(hours=seq), payload, previous))
    return facts


def test_a_whole_stream_holds() -> None:
    assert first_bad(stream()) is None
    assert first_bad([]) is None


CHANGES = {
    "stream": "case:XH-2026-000002", "seq": 9, "kind": "case:voided", "actor_id": 8, "at": AT, "body": '{"set":{}}',
    "previous": "f" * 64, "digest": "e" * 64,
}  # fmt: skip


@pytest.mark.parametrize("part", CHANGES)
@pytest.mark.parametrize("at", range(6))
def test_a_change_to_any_part_of_any_fact_is_found_there_or_at_the_next(part: str, at: int) -> None:
    facts = stream()
    facts[at] = replace(facts[at], **{part: CHANGES[part]})  # type: ignore[arg-type]
    bad = first_bad(facts)
    assert bad is not None
    assert bad[0] is facts[at]


@pytest.mark.parametrize("at", range(5))
def test_a_fact_taken_out_is_found(at: int) -> None:
    facts = stream()
    del facts[at]
    bad = first_bad(facts)
    assert bad is not None and bad[0] is facts[at]
    assert "缺失" in bad[1]


@pytest.mark.parametrize("at", range(1, 5))
def test_two_facts_in_the_wrong_order_are_found(at: int) -> None:
    facts = stream()
    facts[at], facts[at + 1] = facts[at + 1], facts[at]
    assert first_bad(facts) is not None


def test_a_forged_fact_with_a_right_hash_of_its_own_breaks_the_next() -> None:
    facts = stream()
    facts[2] = chained(facts[2].stream, 3, "case:acknowledged", 99, facts[2].at, {"set": {}}, facts[1].digest)
    bad = first_bad(facts)
    assert bad is not None and bad[0] is facts[3]
    assert "不衔接" in bad[1]


@given(st.data())
def test_one_flipped_character_anywhere_in_a_body_is_found(data: st.DataObject) -> None:
    facts = stream()
    at = data.draw(st.integers(0, 5))
    place = data.draw(st.integers(0, len(facts[at].body) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != facts[at].body[place]))
    facts[at] = replace(facts[at], body=facts[at].body[:place] + other + facts[at].body[place + 1:])
    assert first_bad(facts) is not None


def test_lengths_keep_neighbouring_parts_apart() -> None:
    one = chained("case:1", 1, "2a", 3, AT, {}, GENESIS)
    two = chained("case:", 11, "2a", 3, AT, {}, GENESIS)
    assert one.digest != two.digest


# --- canonical text -----------------------------------------------------------------------------------------------------


def test_canonical_text_is_sorted_bare_and_in_chinese() -> None:
    payload = {"b": (1, 2), "a": {"丙": None, "乙": True}, "on": date(2026, 3, 2), "state": CaseState.closed, "at": AT}
    text = '{"a":{"丙":null,"乙":true},"at":"2026-03-02T01:00:00.000000+00:00","b":[1,2],"on":"2026-03-02","state":"closed"}'
    assert canonical(payload) == text


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=12)  # fmt: skip


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_the_same_payload_has_the_same_text_whatever_the_order_of_its_keys(payload: dict[str, object]) -> None:
    turned = dict(reversed(list(payload.items())))
    assert canonical(payload) == canonical(turned)
    assert chained("s", 1, "k", 0, AT, payload, GENESIS).payload == payload


def test_no_number_that_json_cannot_hold_gets_in() -> None:
    with pytest.raises(ValueError):
        canonical({"x": float("nan")})


def test_an_instant_has_one_text_in_every_zone_and_none_without_a_zone() -> None:
    assert instant_text(AT.astimezone(timezone(timedelta(hours=8)))) == instant_text(AT) == "2026-03-02T01:00:00.000000+00:00"
    with pytest.raises(ValueError, match="naive"):
        instant_text(AT.replace(tzinfo=None))


# --- fold ---------------------------------------------------------------------------------------------------------------


def test_the_fold_applies_every_set_in_order_with_state_and_seq() -> None:
    assert fold(stream()) == {"round": 6, "due_on": "2026-03-06", "seq": 6, "state": "closed"}


def test_a_note_moves_no_state() -> None:
    folded = fold(stream(("case:registered", "case:commented")))
    assert folded["state"] == "registered"


@pytest.mark.parametrize("kinds", [
    ("case:registered", "case:closed"), ("case:registered", "case:assigned", "case:verified"), ("case:registered", "case:registered"),
    ("case:registered", "case:declined", "case:assigned"),
])  # fmt: skip
def test_a_fold_refuses_a_step_from_the_wrong_state_and_names_the_fact(kinds: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"case:XH-2026-000001#{len(kinds)} {kinds[-1]}: 不能从状态"):
        fold(stream(kinds))


def test_a_stream_begins_with_the_registration() -> None:
    with pytest.raises(ValueError, match="#1 case:closed"):
        fold(stream(("case:closed",)))


def test_an_unknown_fact_cannot_be_folded() -> None:
    with pytest.raises(ValueError, match="case:sung"):
        fold(stream(("case:registered", "case:sung")))


def test_an_imported_history_lands_at_verified_and_a_withdrawn_import_at_voided() -> None:
    assert fold(stream(("case:registered", "case:history_imported")))["state"] == "verified"
    assert fold(stream(("case:registered", "case:history_imported", "case:import_withdrawn")))["state"] == "voided"
    assert fold(stream(("case:registered", "case:history_noted")))["state"] == "registered"


def test_enum_values_are_kept_by_value() -> None:
    assert canonical({"pending": Request.return_}) == '{"pending":"return"}'


# --- seal ---------------------------------------------------------------------------------------------------------------


def test_a_seal_changes_with_every_head_and_with_their_number() -> None:
    heads = [("case:1", 3, "a" * 64), ("case:2", 1, "b" * 64)]
    seals = {seal_of(heads), seal_of(heads[:1]), seal_of([heads[0], ("case:2", 2, "b" * 64)]), seal_of([heads[0], ("case:2", 1, "c" * 64)]),
             seal_of([])}
    assert len(seals) == 5
    assert seal_of(heads) == seal_of(list(heads))
