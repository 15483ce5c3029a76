"""What several deeds of enforcement ask: the row of a penalty, days, amounts and people as they were given."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tracker.domain.enforcement.penalties import FINE
from tracker.domain.enforcement.rights import Amounts, of_party
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.money import read_money
from tracker.services.acts.effects import ActDoing, person_named, take_hand
from tracker.services.people import access
from tracker.services.rules import values
from tracker.storage.enforcement.penalties import Penalty
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.people.accounts import Person

OWES_HEARING, NOTIFIED_KINDS, GROUNDS, IS_GRAVE = "owes_hearing", "notified_kinds", "grounds", "is_grave"


def penalty_of(doing: ActDoing) -> Penalty:
    """The legal columns of the act at hand."""
    row = doing.work.session.get(Penalty, doing.act.id)
    assert row is not None
    return row


def day_given(doing: ActDoing, name: str, earliest: date | None = None, what: str = "") -> date:
    """A day that has come, and is not before an earlier one, which `what` names. Raises `Invalid`."""
    on = doing.day(name)
    assert on is not None
    word = next(given.word for given in doing.step.given if given.name == name)
    if on > doing.today:
        raise Invalid(Say("“{word}”{on}还没有到。", word=Say(word), on=on), field=name)
    if earliest is not None and on < earliest:
        raise Invalid(Say("“{word}”{on}早于{what}（{earliest}）。", word=Say(word), on=on, what=Say(what), earliest=earliest),
                      field=name)
    return on


def amounts_given(doing: ActDoing) -> Amounts:
    """The kinds of penalty, with what is fined and confiscated. Raises `Incomplete` or `Invalid`."""
    raw = doing.given.get("kinds")
    kinds = tuple(raw) if isinstance(raw, list | tuple) else ()
    fine, confiscated = _money_given(doing, "fine"), _money_given(doing, "confiscated")
    if (FINE in kinds) is not bool(fine):
        raise Invalid("处罚种类选“罚款”的须填罚款金额，没有选的不填。", field="fine")
    asks_more = any(given.name == "confiscated" for given in doing.step.given)
    if asks_more and ("confiscation" in kinds) is not (confiscated is not None):
        raise Invalid("处罚种类选“没收”的须填没收金额（没收物品无法估价的填 0），没有选的不填。", field="confiscated")
    if fine and not doing.text("amount_basis").strip():
        raise Incomplete("有罚款的须写明罚款依据。", field="amount_basis", code="amount_has_basis")
    return Amounts(kinds, fine, confiscated)


def told_of(amounts: Amounts) -> dict[str, object]:
    """What a fact says of them, in fen."""
    said = {"fine_fen": amounts.fine, "confiscated_fen": amounts.confiscated}
    return {name: value for name, value in said.items() if value is not None}


def _money_given(doing: ActDoing, name: str) -> int | None:
    word = next((given.word for given in doing.step.given if given.name == name), "")
    return read_money(doing.text(name), word, name) if doing.text(name) else None


def threshold_for(doing: ActDoing, rule: str, on: date) -> int:
    """What a rule sets for the party on a day, in fen."""
    found = values.value(rule, on)
    assert isinstance(found, Mapping)
    return of_party(found, is_person=doing.act.person_party is not None)


def law_rows(rule: str, on: date) -> list[Mapping[str, Any]]:
    """The rows of a rule that is a list, as they hold on a day."""
    found = values.value(rule, on)
    assert isinstance(found, list)
    return found


def give_hand(doing: ActDoing, field: str, part: str, permission: Permission) -> Person:
    """Somebody whom a step names plays a part. Raises `Invalid` for who may not, or plays another."""
    person = person_named(doing.work, doing.text(field), field)
    stands = access.actor_for(person.id)
    word = doing.flow.parts[part]
    if not stands.has_in(permission, doing.act.area_code):
        raise Invalid(Say("“{name}”在本区域没有“{word}”的职责。", name=person.name, word=Say(word)), field=field)
    others = {held for one, held in doing.facts.hands if one == person.id} - {part}
    own = doing.step.hand if person.id in doing.actor.persons else part
    if others or own != part:
        raise Invalid(Say("“{name}”在本案中已有另一职责，前后须由不同的人办理。", name=person.name), field=field, code="same_person")
    take_hand(doing.work, doing.act, stands, part)
    return person


def evidence_count(doing: ActDoing) -> int:
    """How many files hang on the act, those of this step too."""
    return doing.work.session.scalar(select(func.count()).select_from(EvidenceRow)
                                     .where(EvidenceRow.subject == doing.act.stream)) or 0
