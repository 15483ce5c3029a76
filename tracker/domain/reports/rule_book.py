"""The whole rule book, from the lines that each room declares: every key found, every text read."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.domain.cases.works.standards import WORK_RULES
from tracker.domain.coordination.control_rules import CONTROL_RULES
from tracker.domain.coordination.rules import COORDINATION_RULES
from tracker.domain.enforcement.rule_rows import ENFORCEMENT_RULES
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.inspection.rules import INSPECTION_RULES
from tracker.domain.mail.rules import MAIL_RULES
from tracker.domain.reports.rule_lines import REPORT_RULES
from tracker.domain.rules.book import ACCOUNT_RULES, CASE_RULES, LONGEST_TEXT, SUPERVISION_RULES, Rule
from tracker.domain.rules.shapes import Misfit
from tracker.domain.sites.rules import SITE_RULES
from tracker.domain.territory.shapes.fence_rules import FENCE_RULES

RULE_BOOK: tuple[Rule, ...] = (*CASE_RULES, *WORK_RULES, *COORDINATION_RULES, *CONTROL_RULES, *MAIL_RULES, *REPORT_RULES,
                               *SUPERVISION_RULES, *FENCE_RULES,
                               *SITE_RULES, *INSPECTION_RULES, *ENFORCEMENT_RULES, *ACCOUNT_RULES)
_BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULE_BOOK}


def rule_named(key: str) -> Rule:
    """The line with this key. Raises `NotFound` naming those there are."""
    found = _BY_KEY.get(key)
    if found is None:
        raise NotFound(Say("规则手册里没有“{key}”；已有：{known}。", key=key, known=Listed(_BY_KEY)))
    return found


def read(key: str, text: str) -> object:
    """The value that the text means. Raises `Invalid` with one sentence that names the key."""
    rule = rule_named(key)
    try:
        if len(text) > LONGEST_TEXT:
            raise Misfit(Say("最多 {longest_text} 字", longest_text=LONGEST_TEXT))
        return rule.shape(text)
    except Misfit as misfit:
        raise Invalid(Say("“{rule_word}”（{rule_key}）不能这样写：{misfit}。", rule_word=Say(rule.word), rule_key=rule.key,
                          misfit=misfit), field="value") from None
