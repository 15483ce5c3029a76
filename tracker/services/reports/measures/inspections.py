"""Figures of inspections and draws, by the facts of the day that is asked about."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.inspection.counts import DrawProgress, InspectionDone, covered_classes, first_of_each_site
from tracker.domain.inspection.draws import DrawSteps, read_quarter
from tracker.domain.inspection.inspections import ORIGIN, InspectionSteps
from tracker.domain.reports.measures.counted import ACT, CASE, Asked, Behind, Found, Part, Reckoned, number_of, rate_of
from tracker.domain.sites.registers import CLASS_WORDS, SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.services.house.work import wiring
from tracker.storage.inspection.told import facts_of_kind
from tracker.storage.sites.holding import values_on


def count_inspections(session: Session, asked: Asked) -> Found:
    """What was inspected in the window, what was drawn for its quarters, and how much of the list was seen in its year."""
    every = list(_each_done(session, asked))
    draws = list(_each_draw(session, asked))
    done = [each for each in every if asked.first <= each.on <= asked.until]
    return {**(_of_inspections(session, asked, done, every) if every else {}), **(_of_draws(draws) if draws else {})}


def _of_inspections(session: Session, asked: Asked, done: list[InspectionDone], every: list[InspectionDone]) -> Found:
    off, on = ([each for each in done if each.is_off_site is is_off] for is_off in (True, False))
    return {
        "inspections.done": number_of(_acts_done(done)), "inspections.sites": number_of(_acts_named(first_of_each_site(done))),
        "inspections.on_site": number_of(_acts_done(on)), "offsite.visits": number_of(_acts_done(off)),
        "offsite.sites": number_of(_acts_named(first_of_each_site(off))),
        "inspections.found": number_of(CASE + case for each in done for case in each.cases),
        "inspections.problem_rate": rate_of(_acts_done([each for each in done if each.cases]), _acts_done(done)),
        "inspections.coverage": _coverage_of(session, asked, every),
    }


def _coverage_of(session: Session, asked: Asked, every: list[InspectionDone]) -> Reckoned:
    """Of the list of the last day, or of today before it."""
    until = asked.until
    classes = dict(values_on(session, SiteRegister.site_class, until, scope=SiteScope((asked.area_code,))))
    found = covered_classes([each for each in every if date(until.year, 1, 1) <= each.on <= until], classes)
    parts = tuple(Part("分类", dict(CLASS_WORDS)[name], _rate_out_of(numbers, list(classes.values()).count(name)))
                  for name, numbers in found.items())
    return _rate_out_of(tuple(number for numbers in found.values() for number in numbers), len(classes), parts)


def _rate_out_of(numbers: tuple[str, ...], of: int, parts: tuple[Part, ...] = ()) -> Reckoned:
    return Reckoned(len(numbers), tuple(Behind(ACT + number) for number in numbers), of, parts=parts)


def _of_draws(draws: list[DrawProgress]) -> Found:
    return {"draws.closed": rate_of((ACT + each.number for each in draws if each.is_closed),
                                    (ACT + each.number for each in draws)),
            "draws.completion": rate_of(_acts_named(number for each in draws for number in each.ended),
                                        _acts_named(number for each in draws for number in each.every))}


def _each_done(session: Session, asked: Asked) -> Iterator[InspectionDone]:
    clock = wiring().clock
    for number, _, told in facts_of_kind(session, InspectionSteps.record.fact, clock.end_of(asked.on), asked.area_code):
        yield InspectionDone(number, date.fromisoformat(str(told["started_at"])[:10]), str(told["site_code"]), str(told["mode"]),
                             str(told[ORIGIN]), tuple(told["cases"]))


def _each_draw(session: Session, asked: Asked) -> Iterator[DrawProgress]:
    """The draws whose quarter ends in the window."""
    until = wiring().clock.end_of(asked.on)
    closed = {number for number, _, _ in facts_of_kind(session, DrawSteps.close.fact, until, asked.area_code)}
    drawn = {number for number, _, _ in facts_of_kind(session, DrawSteps.draw.fact, until, asked.area_code)}
    of_draw: dict[str, list[str]] = {}
    for number, _, told in facts_of_kind(session, InspectionSteps.receive_drawn.fact, until, asked.area_code):
        of_draw.setdefault(str(told["draw"]), []).append(number)
    ended = {number for step in (InspectionSteps.record, InspectionSteps.fail)
             for number, _, _ in facts_of_kind(session, step.fact, until, asked.area_code)}
    for number, every in of_draw.items():
        if number in drawn and asked.first <= read_quarter(number.split("-")[1]).last <= asked.last:
            yield DrawProgress(number, number in closed, tuple(each for each in every if each in ended), tuple(every))


def _acts_done(done: Iterable[InspectionDone]) -> Iterator[str]:
    yield from (ACT + each.number for each in done)


def _acts_named(numbers: Iterable[str]) -> Iterator[str]:
    yield from (ACT + number for number in numbers)
