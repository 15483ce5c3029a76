"""The registry, the inspections and the penalties of the bulletin of 2021 (南昌市“五型”办简报第30期), at its own scale or a part of
it, each by its real steps.

    python -m tests.support.bulletin_registry FOLDER     makes all of it there, in some minutes, and prints its figures as
                                                         `flask measures show` does
"""

import csv
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from tests.support.acts import USUAL, do, filled, opened
from tests.support.bulletin import opened_at
from tests.support.makers import Town
from tracker.domain.house.actor import OPERATOR, Role
from tracker.domain.sites.registers import SiteRegister
from tracker.services.acts import steps
from tracker.services.house.master import rows
from tracker.services.house.work import reading, wiring
from tracker.services.people import accounts
from tracker.services.sites import audits, entering, entries, obligations, positive
from tracker.services.tables.registers.importing import RegisterFileOrder, import_register
from tracker.storage.sites.owed import SiteObligation

CLASSES, LETTERS, PERMITS, REGISTRATIONS = {"A": 169, "B": 579, "C": 1892}, 526, 724, 9262
LISTED = (*range(1, 6), *range(170, 210), *range(2241, 2641))  # 5 + 40 + 400
VISITS, OTHERS, LATE_REPORTS = 2029, 112, 3
OPENED, DECIDED, HOME_DECIDED, FINE, CARDS = 124, 123, 40, "12800", 2
AUDITED, SCHEMES = 3, (35, 5)
FIRST, CUT = date(2021, 1, 1), date(2021, 8, 31)
WINDOW = ("--from", FIRST.isoformat(), "--to", CUT.isoformat())
# The bulletin's words → the figure here, with the area where it is not the whole city.
FIGURES: tuple[tuple[str, str], ...] = (
    ("sites.listed", ""), ("sites.class.A", ""), ("sites.class.B", ""), ("sites.class.C", ""), ("positive.sites", ""),
    ("offsite.visits", ""), ("offsite.sites", ""), ("commitments.sites", ""), ("permits.sites", ""), ("registrations.sites", ""),
    ("reports.rate", ""), ("reports.on_time", ""), ("audits.assessed", ""), ("schemes.low", ""), ("schemes.high", ""),
    ("penalties.opened", ""), ("penalties.decided", ""), ("yellow_cards.sites", ""), ("penalties.decided", "360103"),
    ("penalties.fine", "360103"))


class BulletinRegistry:
    """Walks the steps; `nth` is which part of the bulletin's numbers there is, 1 for all."""

    def __init__(self, town: Town, folder: Path, nth: int = 1) -> None:
        self.town, self.folder, self.nth = town, folder, nth
        self.letters = [letter for letter, count in CLASSES.items() for _ in range(self.part(count))]

    def part(self, whole: int) -> int:
        """How many there are of so many."""
        return max(1, round(whole / self.nth))

    def walk(self) -> None:
        """All of it."""
        self._stand_at(date(2021, 1, 4))
        for login, role in (("railman", Role.enforcer), ("neighbour", Role.enforcer), ("supervisor", Role.principal)):
            accounts.grant(None, login=login, role=role, area_code="3601")
        self._enter_sites()
        self._enter_papers()
        self._hand_in_reports()
        self._list_sites()
        self._audit_three()
        self._visit_sites()
        self._punish_parties()
        self._stand_at(date(2021, 9, 1))

    def code(self, place: int) -> str:
        """The site at a place of the list, from 1."""
        return f"S-{place:06d}"

    def _stand_at(self, on: date, hour: int = 9) -> None:
        self.town.clock.move_to(datetime(on.year, on.month, on.day, hour, tzinfo=wiring().zone))  # type: ignore[arg-type]

    def _enter_sites(self) -> None:
        clerk, dispatcher, lead = (self.town.actor(login) for login in ("clerk", "dispatcher", "lead"))
        for place, letter in enumerate(self.letters, start=1):
            rows.save_row(clerk, "sites", None, {"name": f"第{place}号厂", "kind": "company", "area_code": "360103",
                                                 "unit": "XH-CYZ"})
            entries.propose_class(dispatcher, self.code(place), letter, ("pollution",), "年度分类", valid_from=FIRST)
            entries.decide_class(lead, self.code(place), is_accepted=True)

    def _enter_papers(self) -> None:
        """Letters, of which one site has two; permits; registrations from a file."""
        clerk = self.town.actor("clerk")
        for place in (1, *range(1, self.part(LETTERS) + 1)):
            entering.enter(clerk, self.code(place), SiteRegister.commitment, {
                "valid_from": "2021-01-04", "document_no": f"诺{place}-{len(self.letters)}"})
        for place in range(1, self.part(PERMITS) + 1):
            entering.enter(clerk, self.code(place), SiteRegister.permit, {
                "number": f"许{place:05d}", "value": "simple", "valid_from": "2020-01-01", "reports": ["year"]})
        path = self.folder / "登记.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("名称", "登记编号", "有效期起", "有效期止"), *(
                (f"登记第{n}户", f"登{n:05d}", "2020-06-01", "2025-05-31") for n in range(1, self.part(REGISTRATIONS) + 1))])
        import_register(OPERATOR, path, RegisterFileOrder(SiteRegister.registration))

    def _hand_in_reports(self) -> None:
        """The yearly reports of 2020: all in time but three, which came on the 20th."""
        obligations.make_obligations(date(2021, 1, 4))
        of_2020 = select(SiteObligation.id).where(SiteObligation.period == "2020")
        owed = reading().scalars(of_2020.order_by(SiteObligation.id)).all()
        for on, numbers in ((date(2021, 1, 14), owed[LATE_REPORTS:]), (date(2021, 1, 20), owed[:LATE_REPORTS])):
            self._stand_at(on)
            for number in numbers:
                obligations.satisfy(self.town.actor("clerk"), number, on)

    def _listed(self) -> list[int]:
        return list(LISTED) if self.nth == 1 else list(range(1, self.part(len(LISTED)) + 1))

    def _list_sites(self) -> None:
        clerk, lead, ticked = self.town.actor("clerk"), self.town.actor("lead"), [code for code, _ in positive.conditions()]
        for place in self._listed():
            positive.propose(clerk, self.code(place), ticked, "近两年无违法")
            positive.admit(lead, self.code(place), {"number": f"清{place}", "valid_from": "2021-01-20",
                                                    "document_no": "洪环〔2021〕1号"})

    def _audit_three(self) -> None:
        clerk = self.town.actor("clerk")
        self._stand_at(date(2021, 6, 1))
        for place in range(1, AUDITED + 1):
            audit = audits.record_audit(clerk, self.code(place), {
                "year": "2020", "listed_on": "2020-05-01", "started_on": "2020-06-01", "reported_on": "2021-03-01",
                "assessed_on": "2021-05-10", "is_mandatory": True, "is_new": True})
            for kind, whole in zip(("low", "high"), SCHEMES, strict=True):
                for n in range(whole * place // AUDITED - whole * (place - 1) // AUDITED):
                    audits.add_scheme(clerk, audit, {"kind": kind, "name": f"方案{n + 1}", "invested": "20000"})

    def _visit_sites(self) -> None:
        """Off-site inspections round and round over the listed sites and some others."""
        rows.save_row(self.town.actor("dispatcher"), "inspectors", None, {
            "person": "inspector", "certificate_no": "赣A0001", "valid_from": "2021-01-01"})
        others = [place for place in range(1, len(self.letters) + 1) if place not in self._listed()][:self.part(OTHERS)]
        places = [*self._listed(), *others]
        for visit in range(self.part(VISITS)):
            if visit % 50 == 0:
                self._stand_at(date(2021, 6, 2 + visit // 50 % 28) if visit < 1400 else date(2021, 7, 1 + visit // 50 % 28))
            number = opened(self.town, "inspection", site=self.code(places[visit % len(places)]), mode="off_site", method="video",
                            origin="positive_list", inspectors="inspector")
            do(self.town, number, "inspection", "record")

    def _punish_parties(self) -> None:
        """So many files opened, one of which is not decided; some by the district, the others by the city."""
        self._stand_at(date(2021, 8, 2))
        home = max(self.part(HOME_DECIDED), CARDS)
        punished = [self._punish_one(place, is_home=place <= home, is_decided=place <= self.part(DECIDED))
                    for place in range(1, self.part(OPENED) + 1)]
        for place in range(1, CARDS + 1):
            opened(self.town, "card", site=self.code(place), colour="yellow", ground=None, target=punished[place - 1])

    def _punish_one(self, place: int, *, is_home: bool, is_decided: bool) -> str:
        first, second, head = ("enforcer", "enforcer2", "principal") if is_home else ("railman", "neighbour", "supervisor")
        fined = {"fine": FINE, "amount_basis": "裁量基准第1项"}
        given = {"site": self.code(place), "violation": "Q99"}
        number = opened(self.town, "penalty", **given) if is_home else _opened_by(self.town, first, given)
        course: Iterable[tuple[str, str, dict[str, object]]] = (
            ("file", head, {"investigator": first, "partner": second}), ("conclude", first, fined), ("notify", first, fined),
            ("plead", first, {}), ("decide", head, fined))
        for step, by, more in course:
            if is_decided or step != "decide":
                do(self.town, number, "penalty", step, by=by, **more)
        return number


def _opened_by(town: Town, login: str, given: dict[str, object]) -> str:
    return steps.begin(town.actor(login), "penalty", filled(town, {**USUAL["penalty"]["open"][1], **given})).number


def printed(key: str, area: str) -> str:
    """What the command prints of a figure."""
    from flask import current_app

    done = current_app.test_cli_runner().invoke(args=["measures", "show", key, *WINDOW, *(("--area", area) if area else ())])
    assert done.exit_code == 0, done.output
    return "；".join(str(done.output).splitlines()[1:3])


if __name__ == "__main__":
    made = Path(sys.argv[1])
    made.mkdir(parents=True)
    with opened_at(made) as town:
        BulletinRegistry(town, made).walk()
        for key, area in FIGURES:
            print(key, area, printed(key, area), sep="\t")  # noqa: T201 - what it is run for
