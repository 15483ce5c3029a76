"""What the rule book says of mails on days off."""

from tracker.domain.mail.kinds import CHOICES, Kinds
from tracker.domain.rules import shapes
from tracker.domain.rules.book import LOCAL, Rule

_KIND = shapes.one_of(*(kind.code for kind in CHOICES), names={kind.code: kind.word for kind in CHOICES})
URGENT = [kind.code for kind in (Kinds.security, Kinds.ledger, Kinds.hourly)]

MAIL_RULES: tuple[Rule, ...] = (
    Rule("days_off_mail", "休息日发的邮件", "json", URGENT, shapes.a_list(_KIND), "勾选几类", "休息日和免打扰时段只发这几类，其余到下一个工作日早上一并发出", LOCAL),
)
