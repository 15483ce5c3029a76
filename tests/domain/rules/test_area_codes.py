"""Division codes: official and local, one law of containment, and local codes that no later official one can meet."""

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.rules import shapes
from tracker.domain.rules.area_codes import (
    AreaLevel,
    bare_code,
    beyond,
    codes_above,
    covers,
    is_code,
    is_local,
    level_of,
    next_local,
    typed_code,
)


@pytest.mark.parametrize(("code", "level"), [
    ("36", AreaLevel.province), ("3601", AreaLevel.city), ("360103", AreaLevel.county), ("3601K1", AreaLevel.county),
    ("360103002", AreaLevel.township), ("3601K1192", AreaLevel.township), ("360103Z01", AreaLevel.township),
    ("360103002001", AreaLevel.cell), ("360103002G01", AreaLevel.cell), ("3601K1Z01G0A", AreaLevel.cell),
    ("360100000000", AreaLevel.city), ("441900", AreaLevel.city),
])
def test_the_length_says_the_level_and_letters_stand_only_where_a_level_begins(code: str, level: AreaLevel) -> None:
    assert level_of(code) is level


@pytest.mark.parametrize("code", ["", "3", "360", "36010", "3601K0", "3601k1", "360103Z10", "36010K", "K10103", "360103ZZ",
                                  "3601031002", "360103002G010", "３６０１０３", "3601K1 "])
def test_what_follows_no_grammar_is_no_code(code: str) -> None:
    assert not is_code(code)
    if code:
        with pytest.raises(Invalid, match="不是区划代码"):
            level_of(code)


def test_what_was_typed_is_read_in_its_one_form() -> None:
    assert typed_code(" ３６０１０３ ") == "360103"
    assert typed_code("3601k1") == "3601K1"
    assert typed_code("441900") == "4419"
    assert typed_code("460400000000") == "4604"


def test_the_prefix_is_the_only_containment() -> None:
    assert covers("3601", "3601K1192")
    assert covers("3601K1", "3601K1192")
    assert covers("3601K1", "3601K1")
    assert covers("360103002", "360103002G01")
    assert covers("50", "500101")
    assert covers("441900", "441900003")
    assert not covers("360121", "3601K1192")
    assert not covers("3601K1", "3601K2192")
    assert not covers("3601K1192", "3601K1")


def test_what_contains_a_code_is_named_from_the_widest_down() -> None:
    assert codes_above("360103002G01") == ("36", "3601", "360103", "360103002")
    assert codes_above("441900003") == ("44", "4419")
    assert codes_above("36") == ()


def test_a_local_code_is_told_from_one_of_the_state() -> None:
    assert is_local("3601K1192")
    assert not is_local("360121192")


def test_the_next_local_code_is_one_that_nobody_has_had() -> None:
    assert next_local("3601", "K", frozenset()) == "3601K1"
    assert next_local("3601", "K", frozenset({"3601K1", "3601K2"})) == "3601K3"
    assert next_local("360103", "Z", frozenset({"360103Z01"})) == "360103Z02"
    assert next_local("360103002", "G", frozenset({f"360103002G0{n}" for n in range(1, 10)})) == "360103002G0A"
    with pytest.raises(Invalid, match="已经用完"):
        next_local("3601", "K", frozenset(f"3601K{tail}" for tail in "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    with pytest.raises(Invalid, match="只能在市"):
        next_local("36", "K", frozenset())


def test_every_local_code_that_is_proposed_keeps_the_grammar_and_loses_no_digit() -> None:
    for parent, letter in (("3601", "K"), ("360103", "Z"), ("360103002", "G"), ("3601K1", "T")):
        had: set[str] = set()
        for _ in range(35):
            code = next_local(parent, letter, frozenset(had))
            assert is_code(code)
            assert bare_code(code) == code
            assert covers(parent, code)
            had.add(code)


def test_a_rule_may_name_local_areas() -> None:
    assert shapes.area(" 3601K1 ") == "3601K1"
    with pytest.raises(shapes.Misfit):
        shapes.area("3601K0")


@pytest.mark.parametrize(("code", "end"), [("360103", "360104"), ("3601K9", "3601KA"), ("360109", "36010A"), ("3601KZ", "3601L"),
                                           ("36ZZ", "37"), ("", "Z")])
def test_the_range_of_a_code_ends_before_the_next_one(code: str, end: str) -> None:
    assert beyond(code) == end
    assert all(code <= each < end for each in (code, f"{code}0", f"{code}ZZZ", f"{code}99") if each[:1].isdigit())
