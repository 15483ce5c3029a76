"""Links as values: a page of the product, of what it is, and what it is asked. Whoever shows one makes the address.

The addresses stand here once, for what has no router: a mail, a file, and the text of a frozen report, which must come out the
same again. Pages ask the router.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode


class Place(StrEnum):
    """The pages that law and deeds point to. `written` is an address that an old report holds and no page of today has."""

    act = "act"
    acts = "acts"
    appeals = "appeals"
    case = "case"
    circular = "circular"
    desk = "desk"
    identity_request = "identity_request"
    import_job = "import_job"
    ledger = "ledger"
    not_me = "not_me"
    people = "people"
    person = "person"
    register = "register"
    report = "report"
    report_cases = "report_cases"
    section = "section"
    setup = "setup"
    set_password = "set_password"  # noqa: S105 - the name of a page
    site = "site"
    step = "step"
    written = "written"


# The slots are filled in the order of a link's keys.
ADDRESSES: Mapping[Place, str] = {
    Place.act: "/acts/{}", Place.acts: "/acts", Place.appeals: "/reports/{}/{}/appeals", Place.case: "/cases/{}",
    Place.circular: "/reports/{}/{}/circular", Place.desk: "/",
    Place.identity_request: "/identities/requests/{}", Place.import_job: "/import/{}", Place.ledger: "/ledger",
    Place.not_me: "/account/not-me/{}",
    Place.people: "/people", Place.person: "/people/{}",
    Place.register: "/cases",
    Place.report: "/reports/{}/{}", Place.report_cases: "/reports/{}/{}/cases",
    Place.section: "/line/{}", Place.set_password: "/account/link", Place.setup: "/setup", Place.site: "/sites/{}",
    Place.step: "/cases/{}/steps/{}",
}


@dataclass(frozen=True, slots=True)
class Link:
    """One page: which, of what, and what is asked of it."""

    place: Place
    keys: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()


def to_act(number: str) -> Link:
    """The page of an act."""
    return Link(Place.act, (number,))


def to_case(number: str) -> Link:
    """The page of a case."""
    return Link(Place.case, (number,))


def to_report(name: str, period: str, area_code: str, home: str, page: Place = Place.report) -> Link:
    """The page of a report, or another page of it; the home area is not written."""
    return Link(page, (name, period), () if area_code == home else (("area", area_code),))


def address_of(link: Link) -> str:
    """The address within the product."""
    if link.place is Place.written:
        return link.keys[0]
    address = ADDRESSES[link.place].format(*(quote(key, safe="") for key in link.keys))
    return f"{address}?{urlencode(link.asked, quote_via=quote)}" if link.asked else address


def url_of(link: Link, base_url: str) -> str:
    """The whole address, for what is read elsewhere."""
    return f"{base_url}{address_of(link)}"


def read_link(address: str) -> Link:
    """The link of which a report was written with this address: `address_of` gives the same again."""
    found = re.fullmatch(re.escape(ADDRESSES[Place.case]).replace(re.escape("{}"), "([^/?#%]+)"), address)
    link = to_case(found[1]) if found else None
    return link if link is not None and address_of(link) == address else Link(Place.written, (address,))
