"""Group robots: what is posted, what the address must look like, and that the library is loaded only when one is used."""

import json
import subprocess
import sys

import pytest
import responses

from tracker.gateways.mail.robots import is_address, post, shortened
from tracker.gateways.mail.sending import MailFault

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
DINGTALK = "https://oapi.dingtalk.com/robot/send"


@responses.activate
def test_wecom_gets_the_text_under_its_key() -> None:
    answer = responses.post(WECOM, json={"errcode": 0, "errmsg": "ok"})
    post("wecombot://abc-123", "月通报\n超期：7")
    (call,) = answer.calls
    assert "key=abc-123" in call.request.url
    sent = json.loads(call.request.body)
    assert (sent["msgtype"], sent["text"]["content"]) == ("text", "月通报\n超期：7")


@responses.activate
def test_dingtalk_gets_the_text_under_its_token() -> None:
    answer = responses.post(DINGTALK, json={"errcode": 0, "errmsg": "ok"})
    post("dingtalk://abc123", "周调度\n超期：7")
    (call,) = answer.calls
    assert "access_token=abc123" in call.request.url
    assert "周调度" in json.loads(call.request.body)["text"]["content"]


@responses.activate
@pytest.mark.parametrize("status", [500, 429])
def test_a_robot_that_does_not_answer_is_tried_again(status: int) -> None:
    responses.post(WECOM, status=status)
    with pytest.raises(MailFault) as fault:
        post("wecombot://abc", "x")
    assert not fault.value.is_final
    assert "abc" not in fault.value.reason


@pytest.mark.parametrize("url", ["", "https://example.net/x", "wecombot://", "file:///etc/passwd", "mailto://a:b@example.net"])
def test_nothing_else_is_an_address(url: str) -> None:
    assert not is_address(url)
    with pytest.raises(MailFault) as fault:
        post(url, "x")
    assert fault.value.is_final


def test_a_long_text_is_one_message() -> None:
    assert len(shortened("通" * 3000).encode()) <= 2000
    assert shortened("短") == "短"


def test_the_library_is_not_loaded_before_it_is_used() -> None:
    said = subprocess.run([sys.executable, "-c", "import sys, tracker.services.mail.outbox; print('apprise' in sys.modules)"],
                          capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
