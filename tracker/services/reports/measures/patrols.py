"""Figures of the patrols of both sides of the railway, and how far programmes are behind."""

from collections.abc import Sequence
from itertools import chain

from sqlalchemy.orm import Session

from tracker.domain.reports.measures.attribution import BY_SECTION
from tracker.domain.reports.measures.counted import ACT, Asked, Behind, Found, Part, Reckoned, number_of, rate_of
from tracker.services.coordination import schedules
from tracker.services.coordination.patrols import counts
from tracker.services.coordination.patrols.counts import SectionCount

BY_PROGRAMME = "按规划"


def count_patrols(session: Session, asked: Asked) -> Found:
    """Of all sections, and of each."""
    found = counts.counted(session, asked.first, asked.last, asked.area_code, asked.on)
    if not found.has_records:
        return {}
    parts = [(f"{each.code} {each.name}", _figures_of([each])) for each in found.sections]
    return {key: Reckoned(whole.value, whole.behind, whole.out_of, whole.behind_of, tuple(
        Part(BY_SECTION, name, mine[key]) for name, mine in parts))
        for key, whole in _figures_of(found.sections).items()}


def _figures_of(sections: Sequence[SectionCount]) -> dict[str, Reckoned]:
    due, met, on_time, single, counting, covered = (
        list(chain.from_iterable(each.behind[name] for each in sections))
        for name in ("due", "met", "on_time", "single", "counting", "covered"))
    metres, length = round(sum(each.covered for each in sections)), round(sum(each.length for each in sections))
    return {"patrols.due": number_of(due), "patrols.met": number_of(met), "patrols.on_time": rate_of(on_time, counting),
            "patrols.single": number_of(single), "patrols.coverage": Reckoned(metres, tuple(map(Behind, covered)), length)}


def count_programmes(session: Session, asked: Asked) -> Found:
    """The drift of the programme where there is one, of each where there are several."""
    found = [(number, whole.drift) for number, then in schedules.adopted_on(session, asked.until, asked.area_code)
             if (whole := then.schedule.whole) is not None]
    parts = tuple(Part(BY_PROGRAMME, number, Reckoned(drift, (Behind(ACT + number),))) for number, drift in found)
    behind = tuple(Behind(ACT + number) for number, _ in found)
    return {"programmes.drift": Reckoned(found[0][1] if len(found) == 1 else None, behind, parts=parts)} if found else {}
