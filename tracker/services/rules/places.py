"""The one law of every door that takes an area: a code that the loaded areas do not hold is refused."""

from datetime import date

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.area_codes import typed_code
from tracker.domain.territory.territory import Area
from tracker.services.rules import reference, rules


def known_area(code: str, on: date | None, *, field: str = "area_code") -> Area:
    """The area with this code that exists on a day, or existed ever. Raises `Invalid` saying what the code is, and what would
    help."""
    bare, gazetteer = typed_code(code), rules.gazetteer()
    found = gazetteer.area(bare, on)
    if found is not None:
        return found
    former = gazetteer.area(bare)
    if former is None or on is None:
        raise Invalid(_why_unknown(bare or code), field=field)
    if former.valid_from is not None and former.valid_from > on:
        raise Invalid(Say("{code} {name}自 {valid_from} 起才有。", code=former.code, name=former.name, valid_from=former.valid_from),
                      field=field)
    after = [f"{each.code} {each.name}" for each in gazetteer.successors(bare, on)]
    raise Invalid(Say("{code} {name}已于 {valid_to} 撤销，现为{after}。", code=former.code, name=former.name, valid_to=former.valid_to,
                      after=Listed(after)) if after
                  else Say("{code} {name}已于 {valid_to} 撤销。", code=former.code, name=former.name, valid_to=former.valid_to),
                  field=field)


def reach_of(code: str, on: date | None, *, field: str = "area_code") -> str:
    """An area as a role or a unit has it: a known one, or "" for everywhere."""
    return known_area(code, on, field=field).code if code.strip() else ""


def require_exact(code: str | None) -> None:
    """Raise `Invalid` unless this is the code of an area, now or formerly, in its one form, or none at all."""
    known = known_area(code, None).code if code else code
    if known != code:
        raise Invalid(Say("区划代码应写成“{area_code}”。", area_code=known), field="area_code")


def handled_code(code: str | None, on: date) -> str | None:
    """The code by which a case there is handled: that of the functional zone where one runs the place."""
    return rules.gazetteer().run_by(code, on) if code else None


def _why_unknown(bare: str) -> Say:
    title = reference.country().title(bare)
    if not title:
        return Say("没有区划代码“{code}”。", code=bare)
    return Say("{code} {title}不在本系统的区划内；先执行 flask areas add {city}。", code=bare, title=title, city=bare[:4])
