"""Files through the door: one by one for scripts, kept by every form that comes back, never lost to a refusal."""

import io
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.makers import PAPER, jpeg
from tests.support.visitors import check_page, found_town, in_town, lapsed_visitor, send, text_of, token_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.house.base import db

pytestmark = pytest.mark.one_engine
SAME = {"Sec-Fetch-Site": "same-origin"}
GIVEN: dict[str, Any] = {
    "title": "桃花河边堆放垃圾", "description": "长期堆放", "categories": ["garbage"], "place": "桃花南路88号",
    "area_code": "360103002", "source": "PATROL", "channel": "patrol", "no_photo": "device",
}


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def picture(serial: int = 1, name: str = "现场.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(jpeg(serial)), name


def upload(client: Any, client_id: str = "a1", file: Any = None, *, token: str = "") -> Any:
    headers = {"X-CSRFToken": token or client.get("/drafts/session").json["token"]}
    return client.post("/uploads", data={"client_id": client_id, "file": file or picture()}, headers=headers)


def kept_of(page: Any) -> list[str]:
    return [str(value) for value in page.xpath("//main//input[@name='kept']/@value")]


def shown_of(app: Flask) -> list[tuple[str, str]]:
    with in_town(app):
        return [(e.original_name, e.role.value) for e in db.session.query(EvidenceRow).order_by(EvidenceRow.id)]


def case_in(app: Flask, state: CaseState, source: str = "D3JX") -> str:
    with in_town(app) as town:
        return town.case_in(state, source)


def test_a_receipt_names_the_file_its_size_and_the_time_of_the_server(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    first, again = upload(client), upload(client)
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert (first.json["id"], first.json["name"], first.json["size"]) == ("a1", "现场.jpg", len(jpeg(1)))
    assert first.json["received_at"] == "2026-03-02T01:00:00+00:00"
    small = client.get(first.json["thumb"])
    assert (small.status_code, small.mimetype) == (200, "image/jpeg")
    assert visitor(town_app, "clerk").get(first.json["thumb"]).status_code == 404


@pytest.mark.parametrize(("content", "status"), [(b"", 422), (b"only text", 415), (b"\xff\xd8\xff broken", 422)])
def test_what_cannot_be_taken_is_told_in_a_sentence_that_names_the_file(town_app: Flask, content: bytes, status: int) -> None:
    answer = upload(visitor(town_app, "inspector"), file=(io.BytesIO(content), "照片.jpg"))
    assert answer.status_code == status
    assert "照片.jpg" in answer.json["sentence"]
    assert answer.json["sentence"].endswith("。")


def test_a_form_that_takes_files_says_the_limit_of_the_settings(town_app: Flask) -> None:
    from tracker.services.house.work import wiring

    with town_app.app_context():
        wiring().upload_max_bytes = 7 * 1024 * 1024
    said = visitor(town_app, "inspector").get("/cases/new").get_data(as_text=True)
    assert "每个文件不超过 7 MB。" in said
    assert "20 MB" not in said


def test_a_file_beyond_the_limit_is_413(town_app: Flask) -> None:
    from tracker.services.house.work import wiring

    client = visitor(town_app, "inspector")
    token = client.get("/drafts/session").json["token"]
    with town_app.app_context():
        wiring().upload_max_bytes = 100
    assert upload(client, token=token).status_code == 413
    town_app.config["MAX_CONTENT_LENGTH"] = 200
    answer = upload(client, token=token)
    assert answer.status_code == 413
    assert "太大" in answer.json["sentence"]


def test_other_bytes_under_the_same_id_are_a_conflict(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    upload(client)
    assert upload(client, file=picture(2)).status_code == 409


def test_a_stranger_gets_401_in_json_and_no_other_page(town_app: Flask) -> None:
    stranger = town_app.test_client()
    for answer in (stranger.post("/uploads", data={"client_id": "a1", "file": picture()}), stranger.get("/uploads/a1/thumb"),
                   stranger.post("/uploads/a1/drop"), stranger.get("/drafts/session", headers={"Accept": "application/json"})):
        assert answer.status_code == 401
        assert answer.json["sentence"]


def test_without_a_token_nothing_is_taken(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    answer = client.post("/uploads", data={"client_id": "a1", "file": picture()})
    assert (answer.status_code, answer.json["code"]) == (400, "stale_token")
    assert upload(client).status_code == 201


def test_an_own_file_can_be_dropped(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    upload(client)
    token = {"X-CSRFToken": client.get("/drafts/session").json["token"]}
    assert [client.post("/uploads/a1/drop", headers=token).json for _ in range(2)] == [{"was_there": True}, {"was_there": False}]


def test_a_new_case_that_is_sent_back_keeps_its_photos(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    answer = send(client, "/cases/new", {**GIVEN, "description": "", "file_1": picture(1), "file_2": picture(2, "远处.jpg")})
    assert answer.status_code == 422
    page = check_page(answer)
    kept = kept_of(page)
    assert len(kept) == 2
    assert "已收到 2 个文件，不用重新选择" in text_of(answer)
    answer = send_page(client, "/cases/new", page, {**GIVEN, "kept": kept, "dropped": [kept[1]]})
    assert answer.status_code == 302, text_of(answer)
    assert shown_of(town_app) == [("现场.jpg", "before")]


def send_page(client: Any, path: str, page: Any, data: dict[str, Any]) -> Any:
    """Send the form of a page that was shown, with what it holds."""
    hidden = {i.get("name"): i.get("value") for i in page.xpath("//main//form[@method='post']//input[@type='hidden']")
              if i.get("value")}
    return client.post(path, data={**hidden, **data}, content_type="multipart/form-data")


def test_more_than_three_photos_need_no_script(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    page, kept = html.fromstring(client.get("/cases/new").data), list[str]()
    for round_ in range(3):
        given = {**GIVEN, "kept": kept, "more": "1", **{f"file_{n}": picture(10 * round_ + n) for n in (1, 2, 3)}}
        answer = send_page(client, "/cases/new", page, given)
        assert answer.status_code == 200
        page = check_page(answer)
        kept = kept_of(page)
        assert page.xpath("//input[@name='title']/@value") == [GIVEN["title"]]
        assert not page.xpath("//div[@id='summary']")
        assert len(page.xpath("//input[@type='file'][not(ancestor::template)]")) == 3
    assert len(kept) == 9
    answer = send_page(client, "/cases/new", page, {**GIVEN, "kept": kept, "file_1": picture(99)})
    assert answer.status_code == 302
    assert len(shown_of(town_app)) == 10


def test_a_refused_step_keeps_its_files_with_what_they_show(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.rectifying)
    client, path = visitor(town_app, "officer"), f"/cases/{number}/steps/submit"
    files = {"file_1": picture(1), "file_1_role": "progress", "file_2": (io.BytesIO(PAPER), "报告.pdf"), "file_2_role": "document",
             "file_3": (io.BytesIO(b"text"), "坏.jpg")}
    answer = send(client, path, {"measures": "已清运", **files})
    assert answer.status_code == 422
    page = check_page(answer)
    kept = kept_of(page)
    assert "坏.jpg" in text_of(answer)
    assert page.xpath("//select[starts-with(@name, 'kept_role_')]/option[@selected]/@value") == ["progress", "document"]
    roles = {f"kept_role_{each}": role for each, role in zip(kept, ("after", "document"), strict=True)}
    assert send_page(client, path, page, {"finding": "true", "measures": "已清运", "kept": kept, **roles}).status_code == 302
    assert shown_of(town_app) == [("现场.jpg", "after"), ("报告.pdf", "document")]


def test_a_conflict_keeps_the_files(town_app: Flask) -> None:
    number = case_in(town_app, CaseState.rectifying)
    client, path = visitor(town_app, "officer"), f"/cases/{number}/steps/submit"
    old = html.fromstring(client.get(path).data)
    with in_town(town_app) as town:
        town.do(number, "comment", text="请先看河道")
    answer = send_page(client, path, old, {"finding": "true", "measures": "已清运", "file_1": picture(1), "file_1_role": "after"})
    assert answer.status_code == 409
    page = check_page(answer)
    kept = kept_of(page)
    given = {"finding": "true", "measures": "已清运", "kept": kept, f"kept_role_{kept[0]}": "after"}
    assert send_page(client, path, page, given).status_code == 302
    assert shown_of(town_app) == [("现场.jpg", "after")]


def test_a_stale_token_of_somebody_signed_in_keeps_text_and_files(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    answer = client.post("/cases/new", data={**GIVEN, "file_1": picture(1)}, headers=SAME, content_type="multipart/form-data")
    assert answer.status_code == 400
    page = check_page(answer)
    assert "不用重新选择" in text_of(answer)
    typed = [(i.get("name"), i.get("value")) for i in page.xpath("//main//form[@method='post']//input[@type='hidden']")]
    data: dict[str, list[str]] = {}
    for name, value in typed:
        data.setdefault(name, []).append(value)
    assert client.post("/cases/new", data=data).status_code == 302
    assert shown_of(town_app) == [("现场.jpg", "before")]


def test_after_a_session_is_over_one_is_told_honestly_that_files_need_choosing_again(town_app: Flask) -> None:
    client = lapsed_visitor(town_app, "inspector")
    given = {**GIVEN, "kept": "a1", "file_1": picture(1)}
    answer = client.post("/cases/new", data=given, headers=SAME, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "登录后请返回重新选择" in text_of(answer)
    assert kept_of(check_page(answer)) == ["a1"]
    with in_town(town_app):
        assert db.session.query(UploadRow).count() == 0


def test_a_form_from_elsewhere_leaves_no_files_here(town_app: Flask) -> None:
    client = visitor(town_app, "inspector")
    client.post("/cases/new", data={"file_1": picture(1)}, headers={"Sec-Fetch-Site": "cross-site"},
                content_type="multipart/form-data")
    with in_town(town_app):
        assert db.session.query(UploadRow).count() == 0


def test_files_of_others_are_not_found(town_app: Flask) -> None:
    upload(visitor(town_app, "clerk"))
    client = visitor(town_app, "inspector")
    answer = client.post("/cases/new", data={**GIVEN, "kept": "a1", "csrf_token": token_of(client.get("/cases/new"))})
    assert answer.status_code == 404
    assert kept_of(check_page(answer)) == []
    assert check_page(answer).xpath("//input[@name='title']/@value") == [GIVEN["title"]]
