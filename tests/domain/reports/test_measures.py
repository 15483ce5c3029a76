"""The registry of figures: each says what it counts and has somebody who counts it, and is found as it is quoted."""

from decimal import Decimal

import pytest

from tracker.domain.coordination.counts import FIGURES
from tracker.domain.house.errors import Invalid
from tracker.domain.reports.measures.counted import Behind, MeasureKind, Reckoned, figure_text, number_of, rate_of
from tracker.domain.reports.measures.registry import BY_KEY, MEASURES, OWNERS, Owner, measure_asked
from tracker.services.reports.measures.readers import READERS

# §13 of the field rooms and §12.5 of the public ones, of the rooms that there are.
QUOTED = {
    "operations.count.campaign", "operations.count.midnight", "operations.vehicles", "operations.people", "operations.found",
    "operations.rectified", "interviews.held", "controls.count", "controls.good_kept", "patrols.due", "patrols.met",
    "meetings.held", "meetings.items", "programmes.drift", "complaints.handled", "cases.received", "cases.handled",
    "cases.completion",
}


def test_every_figure_has_a_key_of_its_own_a_definition_and_somebody_who_counts_it() -> None:
    assert len(BY_KEY) == len(MEASURES) and set(BY_KEY) >= QUOTED
    assert [each.key for each in MEASURES if not (each.word and each.unit and len(each.definition) > 5)] == []
    assert set(READERS) == set(OWNERS) == set(Owner) == {each.owner for each in MEASURES}
    assert {row.key for row in FIGURES} == {each.key for each in MEASURES if each.owner is Owner.acts}


@pytest.mark.parametrize(("said", "key", "params"), [
    ("operations.count(campaign)", "operations.count.campaign", {}),
    ("operations.count(kind=midnight)", "operations.count.midnight", {}),
    ("cases.received(source=D2JX)", "cases.received", {"source": "D2JX"}), (" patrols.due ", "patrols.due", {})])
def test_a_figure_is_found_as_it_is_quoted(said: str, key: str, params: dict[str, str]) -> None:
    measure, asked = measure_asked(said)
    assert (measure.key, asked) == (key, params)


@pytest.mark.parametrize(("said", "near"), [
    ("operations.planes", "operations.vehicles"), ("weather", "cases"), ("patrols.due(section=JJ-01)", "patrols.due"),
    ("cases.received(", "cases.received")])
def test_an_unknown_figure_is_refused_with_those_near_to_it(said: str, near: str) -> None:
    with pytest.raises(Invalid, match="没有数据项") as refused:
        measure_asked(said)
    assert near in refused.value.sentence


@pytest.mark.parametrize(("kind", "counted", "said"), [
    (MeasureKind.number, None, "—"), (MeasureKind.number, number_of(["act:XD-2026-0001"]), "1 次"),
    (MeasureKind.number, Reckoned(227, (), 230), "227 次（227/230，98.7%）"), (MeasureKind.rate, rate_of([], []), "—（0/0）"),
    (MeasureKind.rate, Reckoned(45, (), 48), "93.8%（45/48）"), (MeasureKind.points, Reckoned(Decimal("-7.5")), "−7.5 次"),
    (MeasureKind.score, Reckoned(None), "—")])
def test_a_figure_is_printed_with_what_it_is_a_part_of(kind: MeasureKind, counted: Reckoned | None, said: str) -> None:
    assert figure_text(kind, "次", counted) == said


def test_a_thing_in_a_record_is_named_by_its_place() -> None:
    duty = Behind("act:XJ-2026-0001/3")
    assert (duty.number, duty.place, duty.is_case) == ("XJ-2026-0001", "3", False)
