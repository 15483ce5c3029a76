"""Whose a place at the railway is: the fence decides first, ownership prevails, the responsibility list names the unit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.domain.house.say import Say
from tracker.domain.territory.routing import Routed
from tracker.domain.territory.shapes.fence_rules import Row, row_for
from tracker.domain.territory.shapes.layers import Edition, MapShape, OwnerKind
from tracker.domain.territory.shapes.measures import Fence, Measures

RAIL, LOCAL = "rail", "local"
SIDE_OF: Mapping[str, str] = {RAIL: "inside", LOCAL: "outside"}  # of a party, as the responsibility list asks it
OTHER: Mapping[str, str] = {RAIL: LOCAL, LOCAL: RAIL}
Ask = Callable[[str | None], Routed | None]  # the responsibility list, for a side or for none


@dataclass(frozen=True)
class Attribution:
    """Whose a place is. `party` is rail or local, "" where that is open; `routed` is what the responsibility list said, where it
    was asked for the lead. Units are codes. `why` is said by `telling`."""

    rule: str
    confidence: str
    party: str
    lead: str | None
    supporting: tuple[str, ...]
    informed: tuple[str, ...]
    candidates: tuple[str, ...]
    routed: Routed | None
    measures: Measures
    row: Row
    reported: str = ""  # what the reporter saw of the fence
    why: tuple[Say, ...] = field(default=(), compare=False)

    def told(self) -> dict[str, object]:
        """What a fact keeps of it: codes, the messages with their values, the versions it rests on."""
        found = self.measures
        shapes = (found.line, found.fence_shape, found.section, *found.owners)
        return {
            "rule": self.rule, "confidence": self.confidence, "party": self.party, "lead": self.lead,
            "supporting": list(self.supporting), "informed": list(self.informed), "candidates": list(self.candidates),
            "why": list(self.why), "fence": found.fence.value, "fence_metres": _to_tenths(found.fence_metres),
            "error": _to_tenths(found.error), "mileage": found.mileage, "side": found.side,
            "line_metres": _to_tenths(found.line_metres), "corridor": found.corridor, "is_built_up": found.is_built_up,
            "reported": self.reported,
            "shapes": {shape.code: _edition_text(shape.edition) for shape in shapes if shape is not None}}


def attribute(found: Measures, rows: Sequence[Row], ask: Ask, reported: str = "") -> Attribution:
    """The first row that fits, with the units it comes to. `reported` is the form's answer on which side of the fence it is;
    where no fence is drawn and nobody is recorded it says who is asked first."""
    row = row_for(rows, found)
    owner = found.owners[0] if len(found.owners) == 1 or (found.owner_class != "several" and found.owners) else None
    party = _party_of(row, owner)
    routed = ask(SIDE_OF.get(party)) if row["leads"] == "list" or (owner is not None and _is_third(owner, row)) else None
    local = routed if party == LOCAL and routed is not None else None if found.is_beyond else ask(SIDE_OF[LOCAL])
    units = {RAIL: _rail_unit(found, ask), LOCAL: local.lead if local is not None else None}
    lead = _lead_of(row, owner, routed, units)
    candidates: tuple[str, ...] = ()
    if row["others"] == "candidates":
        party = _reported_party(found, reported)
        candidates = _candidates_of(found, units, party)
    supporting, informed = _others_of(row, party, found, units)
    if routed is not None and lead == routed.lead:
        supporting = (*supporting, *routed.supporting)
    supporting, informed = _codes_without((lead,), supporting), _codes_without((lead, *supporting), informed)
    return Attribution(row["rule"], row["confidence"] if lead or candidates else "open", party, lead, supporting, informed,
                       candidates, routed, found, row, reported)


def _party_of(row: Row, owner: MapShape | None) -> str:
    if row["party"] == "owner":
        return RAIL if owner is not None and owner.owner_kind == OwnerKind.railway else LOCAL
    return "" if row["party"] == "nobody" else str(row["party"])


def _is_third(owner: MapShape, row: Row) -> bool:
    """A firm owns it: the territory answers, by the list."""
    return row["leads"] == "owner" and owner.owner_kind == OwnerKind.third


def _rail_unit(found: Measures, ask: Ask) -> str | None:
    """The railway unit of the section; where none is recorded, whom the list has inside the fence."""
    if found.is_beyond:
        return None
    if found.section is not None and found.section.unit_code:
        return found.section.unit_code
    routed = ask(SIDE_OF[RAIL])
    return routed.lead if routed is not None and routed.rule.side is not None else None


def _lead_of(row: Row, owner: MapShape | None, routed: Routed | None, units: Mapping[str, str | None]) -> str | None:
    if row["leads"] == "list":
        return routed.lead if routed is not None else None
    if row["leads"] == "section":
        return units[RAIL]
    if row["leads"] == "owner" and owner is not None:
        if owner.owner_kind == OwnerKind.third:
            return routed.lead if routed is not None else None
        return owner.unit_code or units[RAIL if owner.owner_kind == OwnerKind.railway else LOCAL]
    return None


def _reported_party(found: Measures, reported: str) -> str:
    """Where no fence is drawn, what the reporter saw says who is asked first."""
    return next((party for party, side in SIDE_OF.items() if side == reported), "") if found.fence is Fence.unknown else ""


def _candidates_of(found: Measures, units: Mapping[str, str | None], party: str) -> tuple[str, ...]:
    owners = [shape.unit_code for shape in found.owners if shape.unit_code]
    sides = [units[each] for each in ((party, OTHER[party]) if party else (RAIL, LOCAL))]
    return _codes_without((), owners if len(owners) > 1 else [*owners, *sides])


def _others_of(row: Row, party: str, found: Measures, units: Mapping[str, str | None]
               ) -> tuple[tuple[str | None, ...], tuple[str | None, ...]]:
    """Who supports, and who is informed."""
    other = (units[OTHER[party]],) if party else ()
    if row["others"] == "supporting" or (row["others"] == "inside_supporting" and found.fence is Fence.inside):
        return other, ()
    return (), other if row["others"] == "informed" else ()


def _codes_without(left_out: Iterable[str | None], codes: Iterable[str | None]) -> tuple[str, ...]:
    known = set(left_out)
    return tuple(code for code in dict.fromkeys(codes) if code and code not in known)


def _to_tenths(metres: float | None) -> float | None:
    return None if metres is None else round(metres, 1)


def _edition_text(edition: Edition | None) -> str:
    return f"{edition.year}/{edition.number}" if edition is not None else ""
