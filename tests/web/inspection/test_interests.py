"""An inspector declares by page from whom they keep away; the draw and the plan heed it."""

import pytest
from flask import Flask

from tests.support.acts import ready_for_draw
from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.house.errors import Conflict, NotAllowed
from tracker.services.house.work import reading
from tracker.services.inspection import interests
from tracker.services.upkeep.integrity import verify
from tracker.storage.inspection.roster import barred_on

pytestmark = pytest.mark.one_engine
AT = "/inspections/interests"


def test_who_is_on_the_roster_declares_and_nobody_else(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        ready_for_draw(town)
    inspector = visitor(app, "inspector")
    assert "我的回避申报" in text_of(inspector.get("/acts?kind=inspection"))
    check_page(inspector.get(AT))
    refused = send(inspector, AT, {"site": "没有这家", "ground": "kin"})
    assert refused.status_code == 422 and "没有找到监管对象“没有这家”" in text_of(refused) and "没有这家" in refused.text
    assert send(inspector, AT, {"site": "桃花第2厂", "ground": "kin"}).status_code == 302
    assert "近亲属在该单位" in text_of(inspector.get(AT)) and "S-000002" in text_of(inspector.get(AT))
    assert "不在检查人员名录中" in text_of(visitor(app, "clerk").get(AT))
    with in_town(app) as town:
        assert len(barred_on(reading(), town.clock.today())) == 1
        with pytest.raises(Conflict, match="已申报"):
            interests.declare(town.actor("inspector"), "S-000002", "holding")
        with pytest.raises(NotAllowed):
            interests.declare(town.actor("clerk"), "S-000002", "kin")
        assert [str(each) for each in verify().troubles] == []
