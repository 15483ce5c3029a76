"""Who reported is typed into every free text of every step, in every spelling, and is then sought wherever a case is told."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.support.acts import do, opened
from tests.support.district import STREET_AREA
from tests.support.makers import FIRST, Town, paper, photo
from tests.support.mornings import morning_of
from tests.support.secrets import found_in, without
from tests.support.tables import save_csv
from tests.support.visitors import visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.fields import FieldKind
from tracker.domain.rules.periods import period_named
from tracker.services.acts import duties, exporting
from tracker.services.cases import identities, intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house.work import Work, wiring
from tracker.services.reports import reports
from tracker.services.tables.importing import import_file
from tracker.storage.acts.register import ActFilters
from tracker.storage.cases.cases import Case
from tracker.storage.cases.search import found
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import Base, db

pytestmark = [pytest.mark.one_engine, pytest.mark.slow, pytest.mark.timeout(300)]
NAME, PHONE, ID = "欧阳·金丝雀", "13912345678", "110105194912310021"
CANARY = Reporter(NAME, f"{PHONE} 微信 jinsique_88 jinsi.que@qq.com", "桃花路九号", f"身份证{ID}")
TYPED = (f"欧 阳金丝雀（{PHONE}、１３９-1234 5678、139.1234.5678、+86139\u200b12345678、一三九一二三四五六七八）"
         f"{ID[:6]} {ID[6:]}，jinsique_88，JINSI.QUE@qq.com。")
SECRETS = ("金丝雀", PHONE, "1234 5678", "1234.5678", "一三九一二三四", ID, ID[6:], "jinsique", "jinsi.que", "JINSI.QUE")
NAMES_OF_THINGS = {"filing_no", "mileage", "value"}


def lives(town: Town) -> Iterator[str]:
    """A case for every step, the reporter known beforehand and typed into all that the step asks in words."""
    for name, law in CASE_FLOW.steps.items():
        number = town.started(name, "PATROL", CaseState(law.froms[-1]) if name in ("call_back", "add_evidence") else None)
        keep_canary(number)
        free = {f.name: TYPED[:f.longest] if f.longest > len(TYPED) else NAME for f in law.given
                if f.kind in (FieldKind.long_text, FieldKind.text) and f.name not in NAMES_OF_THINGS and not f.alternative}
        if name in FIRST:
            town.do(number, FIRST[name])
        if name in ("end_notice", "presume"):
            town.walk(number, name)
        elif name == "correct_field":
            for field in ("title", "description", "place"):
                town.do(number, name, field=field, value=f"{TYPED}{field}", reason=TYPED)
        else:
            files = [photo(f"{NAME}{PHONE}.jpg")] if any(f.kind is FieldKind.files for f in law.given) else []
            town.do(number, name, uploads=files, **free)
        yield number


def keep_canary(number: str) -> None:
    with Work(wiring()) as work:
        case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
        identities.keep(work, case_id, name=CANARY.name, phone=CANARY.phone, address=CANARY.address, text=CANARY.text)


def interviewed(town: Town) -> str:
    """An interview of the canary as a person, named in all that its steps and its duty ask in words."""
    said = {"text": TYPED, "place": NAME, "reason": TYPED}
    number = opened(town, "interview", person_party=NAME, role="person", text=f"{NAME}{TYPED}", place=f"{NAME}店内")
    do(town, number, "interview", "miss", reason=said["reason"])
    town.clock.advance(timedelta(hours=1))
    do(town, number, "interview", "hold", came=NAME, text=TYPED, demands=f"{NAME}书面报送")
    do(town, number, "interview", "note", text=TYPED)
    officer = town.actor("officer")
    duties.take(officer, number, 1, "answer", {"text": TYPED}, uploads=[photo(f"{NAME}.jpg")])
    duties.take(town.actor("verifier"), number, 1, "send_back", {"reason": TYPED})
    duties.take(town.actor("dispatcher"), number, 1, "extend", {"due_on": "2026-05-20", "reason": TYPED})
    return number


def test_a_person_who_is_asked_to_an_interview_is_in_no_outlet(
        town: Town, app: Flask, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    number = interviewed(town)
    morning = morning_of(town, date(2026, 5, 21))
    told: dict[str, bytes] = {f"mail {login}": said.encode() for login, said in morning.texts.items()}
    for mapper in Base.registry.mappers:
        rows = db.session.execute(select(mapper.class_.__table__)).all()
        told[f"table {mapper.class_.__tablename__}"] = "\n".join(str(tuple(row)) for row in rows).encode()
    exporting.export_acts(town.actor("lead"), tmp_path / "acts.csv", ActFilters())
    told["export"] = (tmp_path / "acts.csv").read_bytes()
    told["report"] = reports.build("weekly", period_named("2026-W21"), "360103").document.text().encode()
    db.session.remove()
    reader = visitor(app, "verifier")
    for path in ("/acts", f"/acts/{number}", f"/acts/{number}?on=2026-05-21", f"/acts/{number}/notice.docx", "/cases?q=金丝雀",
                 "/acts?q=金丝雀", "/"):
        answer = reader.get(path, buffered=True)
        assert answer.status_code == 200, path
        told[path] = without(answer.data, "金丝雀") if "?q=" in path else answer.data
    told["log"] = caplog.text.encode()
    assert {where: said for where, content in told.items() if (said := found_in(content, ("金丝雀",)))} == {}
    assert all(number not in told[path].decode() for path in ("/cases?q=金丝雀", "/acts?q=金丝雀"))


def taken_in(town: Town, folder: Any) -> list[str]:
    """By the form and by a table."""
    order = RegisterOrder("H12345", TYPED, TYPED, ("railway",), TYPED, STREET_AREA, batch_label=NAME,
                          answers={"railway_line": NAME})
    number = intake.register(town.actor("clerk"), order, reporter=CANARY, uploads=[paper(f"{NAME}.pdf")]).number
    table = save_csv(folder / "in.csv", [["受理编号", "交办问题基本情况", "调查核实情况", "整改措施", "举报人", "联系电话", "备注"],
                                         ["A1", TYPED, TYPED, TYPED, NAME, f"{CANARY.phone} {ID}", TYPED]])
    import_file(OPERATOR, table)
    table.unlink()
    return [number, db.session.scalars(select(Case.number).where(Case.source_number == "A1")).one()]


def test_the_reporter_of_a_case_is_in_no_outlet_whatever_is_typed_into_whichever_step(
        town: Town, app: Flask, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    numbers = [*lives(town), *taken_in(town, tmp_path)]
    told: dict[str, bytes] = {}
    for mapper in Base.registry.mappers:
        rows = db.session.execute(select(mapper.class_.__table__)).all()
        told[f"table {mapper.class_.__tablename__}"] = "\n".join(str(tuple(row)) for row in rows).encode()
    told["index"] = str(db.session.execute(text("SELECT * FROM case_index")).all()).encode()
    assert [q for q in ("金丝雀", PHONE, "jinsique") if db.session.scalars(select(Case.number).where(found(q))).all()] == []
    db.session.remove()
    reader = visitor(app, "dispatcher")
    paths = ["/cases/export.csv", "/cases/export.xlsx", "/cases", "/my"]
    for path in [*paths, *(f"/cases/{number}{part}" for number in numbers for part in ("", "/print", "/dossier.docx"))]:
        answer = reader.get(path)
        assert answer.status_code == 200, path
        told[path] = answer.data
        answer.close()
    told["log"] = caplog.text.encode()
    assert {where: said for where, content in told.items() if (said := found_in(content, SECRETS))} == {}
    assert {row.original_name for row in db.session.scalars(select(EvidenceRow))} >= {"某某****5678.jpg"}
    assert CaseState.registered in {row.state for row in db.session.scalars(select(Case))}
