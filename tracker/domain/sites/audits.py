"""Audits of cleaner production: their days follow one another, and each may propose schemes. Pure."""

from collections.abc import Mapping
from datetime import date

from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.obligations import months_on

SCHEME_KINDS: Choices = (("low", "无低费"), ("high", "中高费"))
STAGES: Choices = (("listed_on", "列入名单"), ("started_on", "启动审核"), ("reported_on", "提交报告"), ("assessed_on", "通过评估"),
                   ("accepted_on", "通过验收"))
WORDS = dict(STAGES)
# Of each day the one that it may not lie before.
AFTER: Mapping[str, str] = {"started_on": "listed_on", "reported_on": "started_on", "assessed_on": "started_on",
                            "accepted_on": "assessed_on"}
START_MONTHS, DONE_MONTHS = 2, 12  # from the listing


def read_days(raw: Mapping[str, object], today: date) -> dict[str, date | None]:
    """The days of an audit. Raises `Incomplete` without a listing, `Invalid` where one lies before another that it follows, or
    after today."""
    days: dict[str, date | None] = {}
    for name, word in STAGES:
        found = read(Given(name, word, FieldKind.date, is_required=False), raw.get(name))
        days[name] = found if isinstance(found, date) else None
    if days["listed_on"] is None:
        raise Incomplete(Say("请填写“{given_word}”。", given_word=Say(WORDS["listed_on"])), field="listed_on")
    for name, on in days.items():
        if on is None:
            continue
        if on > today:
            raise Invalid(Say("“{word}”不能晚于今天（{today}）。", word=Say(WORDS[name]), today=today), field=name)
        before = days[AFTER[name]] if name in AFTER else on
        if before is None:
            raise Incomplete(Say("有“{word}”的，先填“{before}”。", word=Say(WORDS[name]), before=Say(WORDS[AFTER[name]])),
                             field=AFTER[name])
        if on < before:
            raise Invalid(Say("“{word}”{on} 早于“{before}”{earlier}。", word=Say(WORDS[name]), on=on,
                              before=Say(WORDS[AFTER[name]]), earlier=before), field=name)
    return days


def late_with(listed_on: date, started_on: date | None, reported_on: date | None, today: date) -> Say | None:
    """What an audit is late with: it begins within two months of the listing and is done within a year."""
    if started_on is None and today > months_on(listed_on, START_MONTHS):
        return Say("列入名单满 {months} 个月未启动", months=START_MONTHS)
    if reported_on is None and today > months_on(listed_on, DONE_MONTHS):
        return Say("列入名单满 {months} 个月未完成", months=DONE_MONTHS)
    return None
