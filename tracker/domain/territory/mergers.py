"""What an area took over from others: what can be added to its own earlier figures, and what cannot be told apart any more."""

from datetime import date

from tracker.domain.rules.area_codes import covers
from tracker.domain.territory.territory import Gazetteer


def mergers(gazetteer: Gazetteer, area_code: str, since: date, on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the areas that ended since that day, those that went wholly into this one, by code, and those of which it got a part, by
    name. What lies within one of them is not named again."""
    whole, torn = list[str](), list[str]()
    for area in gazetteer.areas:
        if area.valid_to is None or not since <= area.valid_to < on or covers(area_code, area.code):
            continue
        if any(covers(code, area.code) for code in whole):
            continue
        heirs = gazetteer.successors(area.code, on)
        inside = [heir for heir in heirs if covers(area_code, heir.code)]
        if inside and len(inside) == len(heirs):
            whole.append(area.code)
        elif inside:
            torn.append(area.name)
    return tuple(whole), tuple(dict.fromkeys(torn))
