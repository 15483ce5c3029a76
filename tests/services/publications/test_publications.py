"""What the public reads: drafted by one, reviewed by another, withdrawn with a reason and then erased."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.support.acts import act_in, do, inspect_all
from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Incomplete, NotAllowed, NotFound, Refusal
from tracker.domain.publications.flow import PublicationState as S
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.publications import publishing
from tracker.services.publications.publishing import Wording
from tracker.services.publications.rows import row_for
from tracker.services.sites import entries
from tracker.services.upkeep.integrity import verify
from tracker.storage.house.base import db
from tracker.storage.publications.publications import Publication, published_of

ROSTER, TODAY = "classes:360103/2026", date(2026, 3, 2)


@pytest.fixture
def classed(town: Town) -> Town:
    """A town with one site of class A."""
    rows.save_row(town.actor("clerk"), "sites", None, {"name": "桃花纺织有限公司", "kind": "company", "area_code": "360103"})
    entries.propose_class(town.actor("dispatcher"), "S-000001", "A", ("pollution",), "去年两次超标", valid_from=TODAY)
    entries.decide_class(town.actor("lead"), "S-000001", True)
    return town


def drafted(town: Town, login: str = "clerk") -> int:
    return publishing.draft(town.actor(login), "class_roster", ROSTER)


def row(number: int) -> Publication:
    reading().expire_all()
    return reading().get_one(Publication, number)


def worded(text_: str = "本名录每年更新。", **given: object) -> Wording:
    return Wording(**{"title": "分类名录", "texts": {"text": text_}, "from_on": TODAY, **given})


def test_a_draft_says_what_the_record_says_and_is_drafted_once(classed: Town) -> None:
    number = drafted(classed)
    assert drafted(classed, "dispatcher") == number
    assert row(number).title == "西湖区2026年度生态环境监管对象分类名录"
    assert row(number).body["table"]["rows"] == [["桃花纺织有限公司", "A 类（重点）", ""]]


def test_who_drafted_or_worded_it_does_not_review_it_and_another_does(classed: Town) -> None:
    number = drafted(classed)
    publishing.edit(classed.actor("dispatcher"), number, worded(), 1)
    with pytest.raises(NotAllowed, match="不能复核自己起草或修改过的"):
        publishing.publish(classed.actor("dispatcher"), number, 2)
    publishing.publish(classed.actor("dispatcher2"), number, 2)
    assert (row(number).state, len(row(number).digest)) == (S.published, 64)
    assert published_of(reading(), ROSTER) is not None
    assert [str(each) for each in verify().troubles] == []


def test_the_database_itself_refuses_a_reviewer_who_drafted_and_a_row_that_goes_away(classed: Town) -> None:
    number = drafted(classed)
    for statement in ("UPDATE publications SET state = 'published', digest = 'x', published_at = drafted_at, "
                      "reviewed_by_id = drafted_by_id", "DELETE FROM publications"):
        with pytest.raises(DatabaseError):
            db.session.execute(text(statement))
        db.session.rollback()
    assert row(number).state is S.draft


def test_what_is_not_green_is_named_and_goes_out_only_with_a_reason(classed: Town) -> None:
    number = drafted(classed)
    publishing.edit(classed.actor("clerk"), number, worded("咨询请打13800138000，车牌赣A12345。"), 1)
    with pytest.raises(Incomplete, match=r"有手机号码.*有车牌号码") as refused:
        publishing.publish(classed.actor("lead"), number, 2)
    assert refused.value.field == "overruled"
    publishing.publish(classed.actor("lead"), number, 2, "是公布的咨询电话和公务车")
    assert row(number).state is S.published


def test_the_next_version_replaces_the_one_before_and_both_keep_their_digests(classed: Town) -> None:
    first = drafted(classed)
    publishing.publish(classed.actor("lead"), first, 1)
    second = drafted(classed)
    publishing.publish(classed.actor("lead"), second, 1)
    assert (row(first).state, row(second).state, row(second).version) == (S.superseded, S.published, 2)
    assert row(first).body["table"]["rows"]  # what replaced something stays readable


def test_a_withdrawn_text_is_erased_and_its_reason_and_digest_stay(classed: Town) -> None:
    number = drafted(classed)
    publishing.publish(classed.actor("lead"), number, 1)
    digest = row(number).digest
    with pytest.raises(Incomplete, match="理由"):
        publishing.withdraw(classed.actor("lead"), number, 2, " ")
    publishing.withdraw(classed.actor("lead"), number, 2, "名录有误，更正后重新公布")
    found = row(number)
    assert (found.state, found.digest, found.closed_ground) == (S.withdrawn, digest, "名录有误，更正后重新公布")
    assert found.body == {"texts": {}, "table": {}} and "桃花" not in found.title
    assert "桃花纺织" not in " ".join(reading().scalars(text("SELECT body FROM facts WHERE stream LIKE 'publication:%'")))
    assert [str(each) for each in verify().troubles] == []


def test_after_its_last_day_it_leaves_the_door_once(classed: Town) -> None:
    number = drafted(classed)
    publishing.edit(classed.actor("clerk"), number, worded(to_on=date(2026, 3, 31)), 1)
    publishing.publish(classed.actor("lead"), number, 2)
    assert [publishing.expire(day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 1))] == [0, 1, 0]
    assert (row(number).state, row(number).closed_ground) == (S.withdrawn, "公开期满")


def test_two_who_change_it_at_once_lose_nothing_silently(classed: Town) -> None:
    number = drafted(classed)
    publishing.edit(classed.actor("dispatcher"), number, worded(), 1)
    with pytest.raises(Conflict, match="别人刚改过"):
        publishing.publish(classed.actor("lead"), number, 1)


@pytest.mark.one_engine
@pytest.mark.parametrize(("given", "field"), [
    ({"title": " "}, "title"), ({"title": "长" * 121}, "title"), ({"texts": {"text": "长" * 2001}}, "text"),
    ({"texts": {"other": "x"}}, "texts"), ({"to_on": date(2026, 3, 1)}, "to_on"),
])
def test_bad_wording_is_refused_by_field_and_changes_nothing(classed: Town, given: dict[str, object], field: str) -> None:
    number = drafted(classed)
    with pytest.raises(Refusal) as refused:
        publishing.edit(classed.actor("clerk"), number, worded(**given), 1)
    assert (refused.value.field, row(number).seq) == (field, 1)


@pytest.mark.one_engine
def test_only_who_drafts_or_reviews_in_the_area_sees_it_and_others_find_nothing(classed: Town) -> None:
    number = drafted(classed)
    for login in ("clerk", "dispatcher", "lead", "enforcer"):
        assert row_for(classed.actor(login), number).id == number
    for login in ("officer", "verifier", "auditor", "custodian", "legal", "other_dispatcher", "other_lead"):
        with pytest.raises(NotFound):
            row_for(classed.actor(login), number)
    with pytest.raises(NotFound):
        publishing.draft(classed.actor("other_dispatcher"), "class_roster", ROSTER)
    for subject in ("classes:360103/2019", "classes:999999/2026", "act:X"):
        with pytest.raises(NotFound):
            publishing.draft(classed.actor("dispatcher"), "class_roster", subject)


@pytest.mark.one_engine
def test_a_substitute_does_not_review_for_who_drafted(classed: Town) -> None:
    number = drafted(classed, "dispatcher")
    with pytest.raises(NotAllowed, match="不能复核自己"):
        publishing.publish(classed.actor("lead>dispatcher"), number, 1)


@pytest.mark.one_engine
def test_a_draft_may_be_sent_back_and_discarded(classed: Town) -> None:
    number = drafted(classed)
    publishing.send_back(classed.actor("lead"), number, 1, "写明更新时间")
    publishing.discard(classed.actor("clerk"), number, 2, "改为下月公布")
    assert (row(number).state, row(number).body["texts"]) == (S.discarded, {})


@pytest.mark.one_engine
def test_a_closed_draw_tells_the_public_its_numbers_and_the_attempt_that_was_abandoned_with_its_reason(town: Town) -> None:
    first = act_in(town, "draw", "committed")
    do(town, first, "draw", "abandon")
    number = act_in(town, "draw", "drawn", quarter="2026Q1")
    with pytest.raises(NotFound):
        publishing.draft(town.actor("clerk"), "draw", f"act:{number}")
    inspect_all(town, number)
    do(town, number, "draw", "close")
    made = publishing.draft(town.actor("clerk"), "draw", f"act:{number}")
    said = row(made).body
    assert said["texts"]["attempts"] == "第2次封存；第1次于2026年3月2日作废，原因：名录日期填错，重新编制名录"
    assert all(len(said["texts"][name]) == 64 for name in ("roster_digest", "commitment", "secret", "seed", "result_digest"))
    assert [line[3] for line in said["table"]["rows"]] == ["已检查"]
    with pytest.raises(NotAllowed, match="经手过这件事的人"):
        publishing.publish(town.actor("lead"), made, 1)  # who witnessed it
    publishing.publish(town.actor("dispatcher2"), made, 1)
    assert row(made).state == S.published
    assert [str(each) for each in verify().troubles] == []
