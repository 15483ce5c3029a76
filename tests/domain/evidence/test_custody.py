"""Evidence gates: what is missing is named, and anything taken away makes the gate shut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.evidence.evidence import (
    Dossier,
    EvidenceRole,
    Exhibit,
    Requirement,
    evidence_set_digest,
    missing,
    saved_name,
    unmatched_photos,
)
from tracker.domain.evidence.sources import PATROL_GATES, PETITION_GATES, SOURCES, gate_from, gate_text

E, R = EvidenceRole, Requirement
BEFORE = Exhibit(1, E.before, "a" * 64, 1, is_photo=True)
AFTER = Exhibit(2, E.after, "b" * 64, 2, is_photo=True, pair_id=1)
ONSITE = Exhibit(3, E.onsite, "c" * 64, 2, is_photo=True)
PAPER = Exhibit(4, E.document, "d" * 64, 1, is_photo=False)
WHOLE = Dossier((BEFORE, AFTER, ONSITE, PAPER), round=2, has_onsite_record=True)


def without(exhibit: Exhibit) -> Dossier:
    return Dossier(tuple(e for e in WHOLE.exhibits if e is not exhibit), 2, has_onsite_record=True)


def test_a_whole_dossier_lacks_nothing() -> None:
    assert missing(tuple(Requirement), WHOLE) == ()


@pytest.mark.parametrize(("taken", "gaps"), [
    (BEFORE, {R.before_after_pair}), (AFTER, {R.after_photo, R.before_after_pair}), (ONSITE, {R.onsite_photo}),
    (PAPER, {R.closing_document}),
])  # fmt: skip
def test_taking_any_one_item_away_is_noticed_by_name(taken: Exhibit, gaps: set[Requirement]) -> None:
    assert set(missing(tuple(Requirement), without(taken))) == gaps


def test_photos_of_an_earlier_round_prove_nothing_about_this_one() -> None:
    later = Dossier(WHOLE.exhibits, round=3, has_onsite_record=True)
    assert set(missing(tuple(Requirement), later)) == {R.after_photo, R.before_after_pair, R.onsite_photo}


def test_an_after_photo_without_its_before_photo_is_no_pair() -> None:
    lonely = Exhibit(2, E.after, "b" * 64, 2, is_photo=True, pair_id=None)
    assert missing((R.after_photo, R.before_after_pair), Dossier((BEFORE, lonely), 2)) == (R.before_after_pair,)


def test_photos_are_counted_against_each_other_only_where_the_gate_asks_for_after_photos() -> None:
    second = Exhibit(5, E.before, "e" * 64, 1, is_photo=True)
    shown = Dossier((BEFORE, second, AFTER), round=2)
    assert unmatched_photos((R.after_photo,), shown) == (2, 1)
    assert unmatched_photos((R.onsite_photo,), shown) == (0, 0)
    assert unmatched_photos((R.after_photo,), Dossier((BEFORE, AFTER), round=2)) == (0, 0)
    assert unmatched_photos((R.after_photo,), Dossier((BEFORE, second), 2, has_no_work_basis=True)) == (0, 0)


def test_a_document_is_no_photo() -> None:
    scanned = Exhibit(2, E.after, "b" * 64, 2, is_photo=False, pair_id=1)
    assert missing((R.after_photo,), Dossier((BEFORE, scanned), 2)) == (R.after_photo,)


def test_no_work_needed_stands_for_the_after_photo_and_never_for_the_visit() -> None:
    basis = Dossier((), 1, has_no_work_basis=True)
    assert missing(PATROL_GATES[0], basis) == ()
    assert set(missing(PATROL_GATES[2], basis)) == {R.onsite_record, R.onsite_photo}


def test_a_case_imported_as_handled_needs_its_closing_document_instead() -> None:
    assert missing(PETITION_GATES[2], Dossier((), 1, is_history=True)) == (R.closing_document,)
    assert missing(PETITION_GATES[2], Dossier((PAPER,), 1, is_history=True)) == ()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_every_source_asks_at_closing_for_all_that_it_asked_before(source: object) -> None:
    submit, verify, close = source.gates  # type: ignore[attr-defined]
    assert set(submit) | set(verify) <= set(close)
    assert gate_from(gate_text(close)) == close
    assert R.onsite_record in close


def test_an_empty_gate_is_open() -> None:
    assert gate_from("") == ()
    assert missing((), Dossier((), 1)) == ()


@given(st.permutations(WHOLE.exhibits))
def test_the_set_s_digest_does_not_depend_on_the_order(exhibits: list[Exhibit]) -> None:
    assert evidence_set_digest(exhibits) == evidence_set_digest(WHOLE.exhibits)


@pytest.mark.parametrize("taken", WHOLE.exhibits, ids=lambda e: e.role.value)
def test_the_set_s_digest_changes_with_every_item_its_role_and_its_bytes(taken: Exhibit) -> None:
    rest = [e for e in WHOLE.exhibits if e is not taken]
    other_bytes = Exhibit(taken.id, taken.role, "e" * 64, taken.round, taken.is_photo)
    other_role = Exhibit(taken.id, E.progress, taken.digest, taken.round, taken.is_photo)
    digests = {evidence_set_digest(e) for e in (WHOLE.exhibits, rest, [*rest, other_bytes], [*rest, other_role])}
    assert len(digests) == 4


@pytest.mark.parametrize(("name", "media_type", "saved"), [
    ("现场.jpg", "image/jpeg", "现场.jpg"), ("IMG_1.JPEG", "image/jpeg", "IMG_1.JPEG"), ("page.html", "image/jpeg", "page.html.jpg"),
    ("gpj.exe", "application/pdf", "gpj.exe.pdf"), ("\u202efdp.exe", "application/pdf", "fdp.exe.pdf"),
    ("a\r\nb.pdf", "application/pdf", "ab.pdf"),
    ("", "application/pdf", "file.pdf"), ("照" * 300 + ".png", "image/png", "照" * 196 + ".png"),
])
def test_a_file_is_handed_out_under_a_name_that_says_what_it_is(name: str, media_type: str, saved: str) -> None:
    assert saved_name(name, media_type) == saved
