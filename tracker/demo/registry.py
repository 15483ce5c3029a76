"""The registry of the demo: a tenth of the bulletin's supervised sites in its classes, with letters, permits in every light,
registrations and a positive list. All of it is invented, and all of it was entered by real steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from stdnum.cn import uscc

from tracker.demo.stories import DEFAULT_CASES
from tracker.demo.walk import Year
from tracker.domain.house.actor import Role
from tracker.domain.sites.registers import SiteRegister
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.sites import entering, entries, obligations, positive
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site

ONE_DAY = timedelta(days=1)
# A tenth of 169, 579, 1,892; of 526 letters in force, 724 permits, 445 listed sites: of the first of each class.
CLASSES: tuple[tuple[str, int], ...] = (("A", 17), ("B", 58), ("C", 189))
LETTERS, PERMITS, LISTED = 53, 72, 44
STREETS: tuple[tuple[str, str], ...] = (
    ("南浦", "XH-NP"), ("朝阳洲", "XH-CYZ"), ("广润门", "XH-GRM"), ("十字街", "XH-SJT"), ("丁公路", "XH-DGL"), ("南站", "XH-NZ"),
    ("桃源", "XH-TY"), ("朝农", "XH-CN"), ("桃花", "XH-TH"), ("九洲", "XH-JZ"))
# what it does, kind, trade
TRADES: tuple[tuple[str, str, str], ...] = (
    ("印务", "company", "C2319"), ("汽修喷涂", "company", "O8111"), ("家具", "company", "C2110"), ("洗染", "company", "O8020"),
    ("混凝土", "company", "C3021"), ("食品", "company", "C1499"), ("医院", "public_facility", "Q8411"),
    ("加油站", "station", "F5265"), ("餐饮", "catering", "H6210"), ("冷链", "company", "G5930"), ("机加工", "company", "C3484"))
BRANDS: tuple[str, ...] = ("恒新", "兴达", "锦华", "佳宁", "鼎和", "瑞丰", "德润", "永昌")
# How long before the demo's last day a permit of five years ends: of every ten permits one of each; the rest is green.
ENDS_IN: tuple[int, ...] = (120, 40, -20)  # yellow, red for want of a renewal, expired
YEARS, LEFT_OUT = 5, 9


@dataclass(frozen=True)
class InventedSite:
    """One site of the demo."""

    name: str
    kind: str
    trade: str
    unit: str
    credit_code: str
    site_class: str


def invented_sites(cases: int) -> tuple[InventedSite, ...]:
    """The sites beside so many cases, those of class A first."""
    wanted = [letter for letter, count in CLASSES for _ in range(scaled(count, cases))]
    return tuple(_invented_site(place, letter) for place, letter in enumerate(wanted))


def scaled(count: int, cases: int) -> int:
    """So many in a demo of so many cases, at least one, and no more than beside the usual number."""
    return max(1, round(count * min(cases, DEFAULT_CASES) / DEFAULT_CASES))


def registry_plots(year: Year, cases: int) -> list[Iterator[datetime]]:
    """The registry, entered in the first days of the year, and the reports that its permits ask for."""
    return [_sites_plot(year, cases), _reports_plot(year)]


def _invented_site(place: int, letter: str) -> InventedSite:
    street, unit = STREETS[place % len(STREETS)]
    word, kind, trade = TRADES[place // len(STREETS) % len(TRADES)]
    brand = BRANDS[(place + place // (len(STREETS) * len(TRADES))) % len(BRANDS)]
    body = f"91360103MA{35000 + place:07d}"
    return InventedSite(f"{street}{brand}{word}（虚构）", kind, trade, unit,
                        body + uscc.calc_check_digit(body), letter)


def _sites_plot(year: Year, cases: int) -> Iterator[datetime]:
    clerk, dispatcher = year.cast.holding(Role.clerk)[0], year.cast.holding(Role.dispatcher)[0]
    lead, invented = year.cast.holding(Role.lead)[0], invented_sites(cases)
    yield year.in_office(year.first + 3 * ONE_DAY, 14)  # behind the sites of the control orders, on whatever weekday
    for site in invented:
        rows.save_row(clerk, "sites", None, {
            "name": site.name, "kind": site.kind, "area_code": "360103", "unit": site.unit, "trade_code": site.trade,
            "credit_code": site.credit_code})
    codes = _codes_of(invented)
    yield year.in_office(year.clock.today() + ONE_DAY, 9)
    for code, site in zip(codes, invented, strict=True):
        entries.propose_class(dispatcher, code, site.site_class, ("pollution", "trade"), "按排污量、行业和上年信访情况",
                              valid_from=year.clock.today())
    yield year.in_office(year.clock.today() + ONE_DAY, 15)
    for code in codes:
        entries.decide_class(lead, code, is_accepted=True)
    yield year.in_office(year.clock.today() + ONE_DAY, 9)
    _enter_papers(year, codes, invented, cases)
    yield year.in_office(year.clock.today() + ONE_DAY, 10)
    for code in _listed_codes(codes, cases):
        positive.propose(clerk, code, [condition for condition, _ in positive.conditions()], "近两年无违法，在线监测正常")
    yield year.in_office(year.clock.today() + ONE_DAY, 16)
    for place, code in enumerate(_listed_codes(codes, cases), start=1):
        positive.admit(lead, code, {
            "number": f"{year.clock.today().year}-{place:03d}", "valid_from": year.clock.today(),
            "document_no": f"西环清〔{year.clock.today().year}〕1号"})


def _enter_papers(year: Year, codes: Sequence[str], invented: Sequence[InventedSite], cases: int) -> None:
    """Letters, permits and registrations."""
    clerk = year.cast.holding(Role.clerk)[0]
    for code in codes[:scaled(LETTERS, cases)]:
        entering.enter(clerk, code, SiteRegister.commitment, {"valid_from": year.clock.today(), "signer": "法定代表人"})
    permits = scaled(PERMITS, cases)
    for place, (code, site) in enumerate(zip(codes[:permits], invented[:permits], strict=True)):
        first = permit_begins(year.until, place)
        entering.enter(clerk, code, SiteRegister.permit, {
            "number": f"{site.credit_code}001P", "value": "key" if site.site_class == "A" else "simple", "valid_from": first,
            "valid_to": years_later(first) - ONE_DAY, "reports": ["year", "quarter"] if site.site_class == "A" else ["year"]})
    for code, site in zip(codes[permits:2 * permits], invented[permits:2 * permits], strict=True):
        first = permit_begins(year.until, 5) + timedelta(days=int(code[2:]))
        entering.enter(clerk, code, SiteRegister.registration, {"number": f"{site.credit_code}001W", "valid_from": first,
                                                                "valid_to": years_later(first) - ONE_DAY})


def permit_begins(until: date, place: int) -> date:
    """The first day of a permit of five years, so that those that end soon, late and already stand beside the others."""
    slot = place % 10
    if slot < len(ENDS_IN):
        last = until + timedelta(days=ENDS_IN[slot] + place // 10)
        return date(last.year - YEARS, last.month, min(last.day, 28)) + ONE_DAY
    return until - timedelta(days=500 + 9 * place)


def years_later(first: date) -> date:
    """The same day five years on."""
    return date(first.year + YEARS, first.month, min(first.day, 28))


def _reports_plot(year: Year) -> Iterator[datetime]:
    """Every four weeks what permits ask for is listed, and most of it comes in; every ninth report is left out."""
    clerk, on = year.cast.holding(Role.clerk)[0], year.first + 12 * ONE_DAY
    while on < year.until:
        yield year.in_office(on, 11)
        today = year.clock.today()
        obligations.make_obligations(today)
        query = select(SiteObligation.id, SiteObligation.due_on, SiteObligation.opens_on).where(
            SiteObligation.satisfied_at.is_(None), SiteObligation.opens_on <= today)
        for number, due_on, opens_on in reading().execute(query.order_by(SiteObligation.id)).all():
            if number % LEFT_OUT:
                obligations.satisfy(clerk, number, max(opens_on, min(due_on, today)), "平台已报送")
        on += timedelta(days=28)


def _listed_codes(codes: Sequence[str], cases: int) -> Sequence[str]:
    """The sites of the positive list: none of the heaviest class."""
    return codes[scaled(CLASSES[0][1], cases):][:scaled(LISTED, cases)]


def _codes_of(invented: Sequence[InventedSite]) -> list[str]:
    by_credit = {row.credit_code: row.code for row in reading().execute(select(Site.credit_code, Site.code))}
    return [by_credit[site.credit_code] for site in invented]
