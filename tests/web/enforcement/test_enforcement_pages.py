"""Pages of penalties, cards and referrals: the rights of the party before the button, limits of others apart, nothing to those
who may not know."""

import pytest
from flask import Flask

from tests.support.acts import act_in, do, opened
from tests.support.visitors import check_page, found_town, in_town, visitor
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def text_of(app: Flask, login: str, address: str) -> str:
    return " ".join(str(check_page(visitor(app, login).get(address)).text_content()).split())


def test_a_penalty_shows_its_amounts_rights_limits_and_papers(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "penalty", "notified")
    said = text_of(town_app, "principal", f"/acts/{number}")
    for part in ("桃花纺织", "施工扬尘未采取防治措施", "罚款 60,000.00 元", "当事人有权要求听证", "须审核通过才能决定", "2026年5月31日", "要求听证", "文件 1", "第六十三条"):
        assert part in said, part
    assert "Q115" not in said  # the code that was typed: the history says it in words too


def test_what_is_owed_stands_before_the_button(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "penalty", "filed")
    assert "不低于 50,000.00 元" in text_of(town_app, "enforcer", f"/acts/{number}/steps/conclude")
    with in_town(town_app) as town:
        for step in ("conclude", "notify", "plead", "review"):
            do(town, number, "penalty", step)
    said = text_of(town_app, "principal", f"/acts/{number}/steps/decide")
    assert "法制审核：通过" in said and "告知的罚款是 60,000.00 元，决定的不得更重。" in said


def test_the_form_of_a_clue_offers_what_may_be_punished_and_that_of_filing_who_may_investigate(town_app: Flask) -> None:
    page = check_page(visitor(town_app, "enforcer").get("/acts/new/penalty"))
    assert "施工扬尘未采取防治措施" in page.xpath("string(//select[@name='violation'])")
    with in_town(town_app) as town:
        number = opened(town, "penalty")
    page = check_page(visitor(town_app, "principal").get(f"/acts/{number}/steps/file"))
    assert page.xpath("//select[@name='partner']/option/@value") == ["", "enforcer", "enforcer2"]


def test_the_limits_of_the_police_are_grey_and_never_late(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "referral", "received")
        town.clock.move_to(town.clock.now().replace(day=20))
    page = check_page(visitor(town_app, "enforcer").get(f"/acts/{number}"))
    (theirs,) = page.xpath("//li[contains(@class,'muted')][contains(.,'公安机关决定是否立案')]")
    assert "公安机关时限" in theirs.text_content() and "超期" not in theirs.text_content()
    assert "没有到期" in page.text_content() or "超期" not in page.xpath("string(//div[contains(@class,'align-items-center')])")


def test_the_name_of_a_person_is_shown_on_request_to_who_may_take_a_step_and_to_nobody_else(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = opened(town, "penalty", site=None, person_party="万小明", violation="Q118B")
    assert "万小明" not in visitor(town_app, "enforcer").get(f"/acts/{number}").text
    assert "查看姓名" in visitor(town_app, "enforcer").get(f"/acts/{number}").text
    assert "查看姓名" not in visitor(town_app, "auditor").get(f"/acts/{number}").text


def test_a_card_stands_with_its_site_with_what_it_does(town_app: Flask) -> None:
    with in_town(town_app) as town:
        penalty = act_in(town, "penalty", "served")
        number = opened(town, "card", site="S-000001", colour="yellow", ground=None, target=penalty)
    assert "重点检查对象" in text_of(town_app, "officer", f"/acts/{number}")
    said = text_of(town_app, "clerk", "/sites/S-000001")
    assert "黄牌" in said and number in said and "信用评价降一级" in said


def test_who_reads_no_cases_sees_the_title_of_what_a_penalty_is_tied_to_and_no_way_to_its_page(town_app: Flask) -> None:
    with in_town(town_app) as town:
        case = town.case_in(CaseState.rectifying)
        opened(town, "interview", target=case)
        number = opened(town, "penalty", target=case, origin=None)
    page = check_page(visitor(town_app, "enforcer").get(f"/acts/{number}"))
    assert case in page.text_content() and not page.xpath(f"//a[contains(@href,'/cases/{case}')]")
    assert page.xpath("//li[contains(.,'处罚事由')]")[0].text_content().count("无权查看") == 0
    assert visitor(town_app, "enforcer").get(f"/cases/{case}").status_code in (403, 404)


def test_what_was_decided_is_drafted_for_the_public_from_its_page(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "penalty", "served")
    page = check_page(visitor(town_app, "enforcer").get(f"/acts/{number}"))
    assert page.xpath("//form[@action='/publications/new']//input[@name='subject']/@value") == [f"act:{number}"]
    page = check_page(visitor(town_app, "lead").get(f"/acts/{number}"))
    assert page.xpath("//div[@class='actions']/a[contains(.,'公开决定')]/@href") == ["/publications"]


def test_a_desk_of_each_of_enforcement_opens_with_what_waits(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = act_in(town, "penalty", "clue")
    assert number in text_of(town_app, "principal", "/")
    for login in ("enforcer", "legal"):
        text_of(town_app, login, "/")


def test_a_list_of_penalties_says_their_amounts_and_lists_only_what_its_reader_sees(town_app: Flask) -> None:
    with in_town(town_app) as town:
        told, paid = act_in(town, "penalty", "notified"), act_in(town, "penalty", "decided")
    said = text_of(town_app, "enforcer", "/acts?kind=penalty")
    assert "已告知罚款 60,000.00 元" in said and "罚款 60,000.00 元，已缴 0.00 元" in said
    said = text_of(town_app, "clerk", "/acts?kind=penalty")
    assert told not in said and "已告知" not in said and paid in said
