"""Every step of every kind of act, tried by every role: page and command open it to just those to whom the law does, and whatever
is typed into it is answered in a sentence."""

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support.acts import USUAL, act_in, do
from tests.support.visitors import found_town, in_town, visitor
from tracker.domain.acts.facts import Start
from tracker.domain.acts.step_rows import ActFlow, ActStep
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.fields import FieldKind
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access

pytestmark = pytest.mark.one_engine
KINDS = pytest.mark.parametrize("kind", ACT_FLOWS)
EVERYBODY = ("inspector", "clerk", "dispatcher", "officer", "railman", "verifier", "lead", "supervisor", "auditor", "admin",
             "custodian", "other_dispatcher", "enforcer", "legal", "principal")
CLOSED = {403, 404}  # who reads no acts at all is told so, whatever the number
SCRIPT = "<script>alert('16')</script>"
HOSTILE = ("", SCRIPT, "x" * 5000, "\x00", "=1+1", "-1", "9999-99-99", "１２．５", "'; DROP TABLE acts; --")
TYPED = (FieldKind.text, FieldKind.long_text, FieldKind.number, FieldKind.date, FieldKind.instant)


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def places_of(flow: ActFlow) -> dict[str, list[ActStep]]:
    """The steps by the state in which they are tried: the first from which they start."""
    found: dict[str, list[ActStep]] = {}
    for step in flow.steps:
        if not step.opens and step.froms[0] is not Start.unopened:
            found.setdefault(step.froms[0].value, []).append(step)
    return found


def token_of(client: Any) -> str:
    return str(html.fromstring(client.get("/account").data).xpath("//input[@name='csrf_token']/@value")[0])


def allowed_by_law(app: Flask, number: str, step: ActStep, login: str) -> bool | None:
    """What the one predicate says; None of an act that this person does not see."""
    with in_town(app) as town:
        try:
            page = access.page_for(town.actor(login), number)
        except NotFound:
            return None
        return access.flow_of(page.head.kind).lifecycle.refusal(step, town.actor(login), access.facts_of_page(page)) is None


def facts_of(app: Flask, number: str) -> int:
    with in_town(app) as town:
        return int(access.page_for(town.actor("lead"), number).head.seq)


def next_act(app: Flask, kind: str, state: str, last: str = "") -> str:
    """An act in a state; of what a year has but one, the last is cancelled first."""
    with in_town(app) as town:
        with suppress(Refusal):
            if last and "cancel" in USUAL[kind]:
                do(town, last, kind, "cancel")
        return act_in(town, kind, state)


@KINDS
def test_page_and_command_open_a_step_to_just_those_to_whom_the_law_does(town_app: Flask, kind: str) -> None:
    run, clients = town_app.test_cli_runner().invoke, {login: visitor(town_app, login) for login in EVERYBODY}
    tokens = {login: token_of(client) for login, client in clients.items()}
    number = ""
    for state, tried in places_of(ACT_FLOWS[kind]).items():
        number = next_act(town_app, kind, state, number)
        before = facts_of(town_app, number)
        for step in tried:
            for login, client in clients.items():
                address, told = f"/acts/{number}/steps/{step.name}", (kind, state, step.name, login)
                allowed = allowed_by_law(town_app, number, step, login)
                assert client.get(address).status_code in ({200} if allowed else {403} if allowed is False else CLOSED), told
                if allowed:
                    continue
                sent = client.post(address, data={"csrf_token": tokens[login], "text": "硬闯"})
                assert sent.status_code in (CLOSED if allowed is None else {403, 409, 422}), (told, sent.status_code)
                typed = run(args=["act", "step", number, step.name, "--as", login])
                assert typed.exit_code == 1 and typed.stderr.strip(), (told, typed.output)
        assert facts_of(town_app, number) == before


@KINDS
def test_whatever_is_typed_into_a_step_is_answered_in_a_sentence(town_app: Flask, kind: str) -> None:
    number = ""
    for state, tried in places_of(ACT_FLOWS[kind]).items():
        number = next_act(town_app, kind, state, number)
        for step in tried:
            login = USUAL[kind][step.name][0]
            typed = [given.name for given in step.given if given.kind in TYPED]
            if login == "clock" or not typed:
                continue
            client = visitor(town_app, login)
            token = token_of(client)
            for hostile in HOSTILE:
                said = client.post(f"/acts/{number}/steps/{step.name}",
                                   data={"csrf_token": token, **dict.fromkeys(typed, hostile)}, follow_redirects=True)
                assert said.status_code in (200, 400, 403, 409, 422), (step.name, hostile[:20], said.status_code)
                assert SCRIPT.encode() not in said.data, step.name
