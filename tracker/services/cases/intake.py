"""Intake: cases enter the register, one by one or by the hundred, and as history that others made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, islice

from sqlalchemy import insert, select

from tracker.domain.cases.categories.questions import written
from tracker.domain.cases.categories.rows import Categories
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import OtherFacts, Steps
from tracker.domain.cases.intake_fields import DESCRIPTION, INTAKE_TEXTS, TITLE, WORDED
from tracker.domain.cases.search_texts import case_texts, told_in
from tracker.domain.cases.wording import CHANNELS
from tracker.domain.house.actor import REGISTERS_BY_ACT, Actor, Permission
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.fields import is_visible
from tracker.domain.house.identifiers import format_case_number, parse_case_number, source_number
from tracker.domain.house.ledger import GENESIS, Fact, chained
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.domain.territory import positions
from tracker.services.cases import identities, source_numbers
from tracker.services.cases.belonging.positions import NOT_SAID, Sighting, require_sighting, sighted
from tracker.services.cases.effects import require_pace
from tracker.services.cases.outside import photo_rule
from tracker.services.cases.steps import Outcome, registered_before
from tracker.services.evidence import evidence
from tracker.services.house import permits, words
from tracker.services.house.numbers import next_number, reserve_number
from tracker.services.house.work import Work, deed
from tracker.services.rules import places, rules
from tracker.services.rules.categories import categories
from tracker.storage.cases import search
from tracker.storage.cases.belonging.parts import add_places
from tracker.storage.cases.cases import FAR, Case, CaseCategory
from tracker.storage.cases.rows import entered
from tracker.storage.territory.territory import Source

PORTION, ANSWER_FIELD = 500, "q_{}"


@dataclass(frozen=True)
class RegisterOrder:
    """What is asked for: source, what, where. Everything else is optional."""

    source: str
    title: str
    description: str
    categories: tuple[str, ...] = ()
    place: str = ""
    area_code: str | None = None
    area_text: str = ""
    jurisdiction: str = ""  # of an imported case without an area of ours; nobody else may say so
    source_number: str | None = None
    is_key: bool = False
    batch_label: str = ""
    channel: str = ""
    received_on: date | None = None
    lat: float | None = None
    lng: float | None = None
    datum: str | None = None
    accuracy_metres: float | None = None
    located_by: str | None = None
    device_lat: float | None = None  # the phone's own fix, kept beside a pin that was moved by hand
    device_lng: float | None = None
    device_datum: str | None = None
    device_accuracy_metres: float | None = None
    answers: Mapping[str, object] = field(default_factory=dict)  # of the questions that the types ask, by name
    client_id: str | None = None  # made by whoever asks, so that asking twice registers once
    is_handled_elsewhere: bool = False  # history that others made: nobody is asked of it what is asked at registration
    number: str = ""  # only for a case that comes back from our own register: the number it had, known to be free
    no_photo: str = ""  # why an issue found on the way has no photo
    found_at: datetime | None = None  # when it was found, where that was earlier
    act: str = ""  # the stream of the act that found it: whoever may take that step registers by it
    sighting: Sighting = NOT_SAID  # along a railway


@dataclass(frozen=True)
class ImportedHistory:
    """What a published table says of the handling: never a step that our people took."""

    outcome: str = ""  # in the words of the table
    is_completed: bool = False  # whether that is 已办结
    finding: str = ""
    investigation: str = ""
    measures: str = ""
    accountability: str = ""
    target: str = ""
    extra: tuple[tuple[str, str], ...] = ()  # other columns of the table, by name

    def said(self) -> dict[str, object]:
        """What is not empty, with phones and identity numbers masked: facts cannot be erased."""
        texts: dict[str, object] = {name: mask_text(value) for name, value in vars(self).items()
                                    if isinstance(value, str) and value}
        return texts | ({"extra": {name: mask_text(value) for name, value in self.extra}} if self.extra else {})


@deed
def register(work: Work, actor: Actor, order: RegisterOrder, *, uploads: Sequence[evidence.Upload] = (),
             reporter: identities.Reporter | None = None, is_from_reporter: bool = False) -> Outcome:
    """Put one case on the register, its reporter in the restricted record; `is_from_reporter` says where the uploads came from.
    Raises `Conflict` when its source number is known.

    The same `client_id` of the same person again changes nothing and returns the case it made: a second click, a retry.
    """
    if not order.act:
        permits.require(actor, Permission.case_register)
    if (made := registered_before(work, actor, order.client_id)) is not None:
        return made
    source = rules.source(order.source)  # first: the version of the rules comes along with it
    require_pace(work, actor)
    mask = identities.masks_of(work, [[reporter] if reporter else []])[0]
    order = identities.order_masked(order, mask)
    _check_place(work, actor, order)
    photo_rule.require_photo(source.kind, len(uploads), order.no_photo, work.clock.today())
    if source.needs_confirmation:
        require_sighting(order.sighting, order, order.channel)
    source_numbers.require_source(source, work.clock.today())
    source_numbers.require_free(work.session, source, order.source_number, work.clock.today())
    case, told = _entered_case(work, actor, source, order)
    if reporter is not None:
        identities.keep(work, case.id, actor, **vars(reporter), is_masked=True)
    work.masks[case.id] = mask.apply  # whoever writes of it in this work need not look who reported it
    if (tell := work.wiring.tell) is not None:
        tell(work, told, case)
    if uploads:
        said = evidence.keep(work, case, actor, "register", uploads, is_from_reporter=is_from_reporter,
                             has_reporter=reporter not in (None, identities.Reporter()), masking=mask.apply)
        work.move(case, Steps.add_evidence.fact, actor, case.state, {}, {"evidence": said})
    return Outcome(case.number, case.seq, case.state, "register", case.due_on, jurisdiction=case.jurisdiction,
                   doubt=source_numbers.doubt_of(source, order.source_number, work.clock.today()))


def _entered_case(work: Work, actor: Actor, source: Source, order: RegisterOrder) -> tuple[Case, Fact]:
    """One case on the register, and the fact that tells of it."""
    (entry,) = _case_entries(work, actor, source, [order], [None], None)
    case = entered(work.session, entry.row)
    _add_related_rows(work, [case.id], [entry])
    return case, entry.facts[-1]


def register_many(work: Work, actor: Actor, source: Source, orders: Iterable[RegisterOrder], *, batch_id: int | None = None,
                  histories: Sequence[ImportedHistory | None] = ()) -> list[int]:
    """Put many cases on the register in bulk statements; returns their ids in order. The caller has checked source numbers."""
    waiting, ids, offset = iter(orders), [], 0
    while portion := list(islice(waiting, PORTION)):
        said = list(histories[offset:offset + len(portion)]) or [None] * len(portion)
        ids += _register_portion(work, actor, source, portion, said, batch_id)
        offset += len(portion)
    return ids


@dataclass(frozen=True)
class _Entry:
    """One case as it will stand on the register: its row, its types, its first facts."""

    row: dict[str, object]
    categories: tuple[str, ...]
    place: Mapping[str, object]
    facts: list[Fact]
    said: list[words.Committed]

    def texts(self) -> list[str]:
        """What the case is found by."""
        return case_texts(str(self.row["number"]), self.row, (said for f in self.facts for said in told_in(f.kind, f.payload)))


def _register_portion(work: Work, actor: Actor, source: Source, orders: list[RegisterOrder],
                      histories: Sequence[ImportedHistory | None], batch_id: int | None) -> list[int]:
    entries = _case_entries(work, actor, source, orders, histories, batch_id)
    rows = [entry.row for entry in entries]
    work.session.execute(insert(Case), rows)
    found = work.session.execute(select(Case.number, Case.id).where(Case.number.in_([row["number"] for row in rows])))
    by_number = {row.number: row.id for row in found}
    ids = [by_number[str(row["number"])] for row in rows]
    _add_related_rows(work, ids, entries)
    return ids


def _case_entries(work: Work, actor: Actor, source: Source, orders: list[RegisterOrder],
                  histories: Sequence[ImportedHistory | None], batch_id: int | None) -> list[_Entry]:
    today, now, entries, types = work.clock.today(), work.clock.now(), [], categories()
    for number, order, history in zip(_case_numbers(work, actor, orders, today.year), orders, histories, strict=True):
        row, chosen = _case_row(work, actor, source, order, number, types, today, now, batch_id)
        place, point = sighted(order.sighting, order, str(row["channel"]), today, is_checked=source.needs_confirmation)
        row |= point
        chain = _first_facts(actor, row, chosen, place, types, history, now,
                             photo_rule.told(source.kind, order.no_photo, order.found_at, order.act))
        row["seq"] = len(chain)
        entries.append(_Entry(row, chosen, place, *map(list, zip(*chain, strict=True))))
    return entries


def _add_related_rows(work: Work, ids: Sequence[int], entries: Sequence[_Entry]) -> None:
    """What stands beside the rows: types, facts, and the words to find them by."""
    pairs = [{"case_id": i, "category": c} for i, entry in zip(ids, entries, strict=True) for c in entry.categories]
    if pairs:
        work.session.execute(insert(CaseCategory.__table__), pairs)  # type: ignore[arg-type]
    add_places(work.session, {i: entry.place for i, entry in zip(ids, entries, strict=True) if entry.place})
    work.append(fact for entry in entries for fact in entry.facts)
    words.keep(work.session, (pair for entry in entries for pair in zip(entry.facts, entry.said, strict=True)))
    search.add(work.session, {i: entry.texts() for i, entry in zip(ids, entries, strict=True)})


def _case_numbers(work: Work, actor: Actor, orders: list[RegisterOrder], year: int) -> list[str]:
    """A number for each: the one it had, else the next of the year. Numbers that came along are never given out again."""
    had = [parse_case_number(order.number) for order in orders if order.number]
    for each in {number.year for number in had}:
        reserve_number(work, actor, f"case:{each}", max(number.serial for number in had if number.year == each))
    amount = len(orders) - len(had)
    following = count(next_number(work, f"case:{year}", amount) - amount + 1) if amount else count()
    return [order.number or format_case_number(year, next(following)) for order in orders]


def _case_row(work: Work, actor: Actor, source: Source, order: RegisterOrder, number: str, types: Categories,
              today: date, now: datetime, batch_id: int | None) -> tuple[dict[str, object], tuple[str, ...]]:
    chosen = tuple(sorted(set(order.categories)))
    _check_order(order, today)
    types.require_open(chosen, order.received_on or today, today)
    answers = types.read_answers(order.answers, chosen, ANSWER_FIELD)
    if not order.is_handled_elsewhere:
        types.require_answers(answers, chosen, today, ANSWER_FIELD)
    key = source_number(order.source_number) if order.source_number else None
    row: dict[str, object] = {
        "number": number, "client_id": order.client_id, "state": CaseState.registered, "round": 1, "history": "own",
        "source_id": source.id, "source_number": key.key if key else None,
        "is_key": order.is_key or bool(key and key.is_key_case), "batch_label": order.batch_label, "import_batch_id": batch_id,
        "channel": order.channel or source.channel, "title": order.title, "description": order.description, "place": order.place,
        "area_code": (area_code := places.handled_code(order.area_code, today)), "area_text": order.area_text,
        "jurisdiction": area_code or order.jurisdiction or work.wiring.home_area, "lat": order.lat, "lng": order.lng,
        "datum": order.datum, "accuracy_metres": order.accuracy_metres, "received_on": order.received_on or today,
        "registered_at": now,
        **{name: getattr(order, name) for name in DETAILS},
        "answers": written(answers),
        "registered_by_id": actor.id if actor.id > 0 else None, "list_due_on": FAR, "verified_at": None, "finding": None,
    }
    return row, chosen


# Columns that the first fact states; texts that may hold personal data only by their commitments.
STATED = (
    "round", "history", "source_id", "source_number", "is_key", "batch_label", "import_batch_id", "channel", "area_code",
    "area_text", "jurisdiction", "lat", "lng", "datum", "accuracy_metres", "received_on", "registered_at", "registered_by_id")
# Columns that cases registered earlier do not have: stated where they hold something, empty where nothing is stated.
DETAILS = ("located_by", "device_lat", "device_lng", "device_datum", "device_accuracy_metres")


def _first_facts(actor: Actor, row: dict[str, object], chosen: tuple[str, ...], place: Mapping[str, object], types: Categories,
                 history: ImportedHistory | None, now: datetime, beside: Mapping[str, str]) -> list[tuple[Fact, words.Committed]]:
    """The facts with which a case begins, and their words; the row gets its texts as they may stay."""
    stream, kind = f"case:{row['number']}", OtherFacts.registered.fact
    said_of = {name: row[name] for name in DETAILS if row[name] is not None} | ({"place_beside": dict(place)} if place else {})
    payload: dict[str, object] = {"set": {name: row[name] for name in STATED} | {"categories": chosen} | said_of} | dict(beside)
    if row["answers"]:
        payload["answers"] = types.told_plainly(str(row["answers"]))
    said = words.committed(kind, payload, {word: str(row[name] or "") for word, name in WORDED.items()})
    row |= {name: said.texts.get(word, row[name]) for word, name in WORDED.items()}
    facts = [said.beside(chained(stream, 1, kind, actor.id, now, {**said.body, **actor.on_record}, GENESIS))]
    if history is not None and history.said():
        kind, changes = OtherFacts.history_noted.fact, {"finding": history.finding or None}
        if history.is_completed:
            kind, changes = OtherFacts.history_imported.fact, changes | {"history": "imported"}
            row |= {"state": CaseState.verified}
        row |= changes
        said = words.committed(kind, {"set": changes, "published": history.said()})
        facts.append(said.beside(chained(stream, 2, kind, actor.id, now, {**said.body, **actor.on_record}, facts[0][0].digest)))
    return facts


def _check_place(work: Work, actor: Actor, order: RegisterOrder) -> None:
    """The area is ours, the actor registers cases there (where a functional zone runs it, in the zone), no point is swapped."""
    positions.check(order.lat, order.lng, box=positions.box_of(work.wiring.home_area))
    places.require_exact(order.area_code)
    handled = places.handled_code(order.area_code, work.clock.today()) or work.wiring.home_area
    if not any(actor.has_in(each, handled) for each in (REGISTERS_BY_ACT if order.act else (Permission.case_register,))):
        raise NotAllowed("您不能登记这个区域的案件。", code="out_of_reach", field="area_code")


def _check_order(order: RegisterOrder, today: date) -> None:
    for asked in INTAKE_TEXTS:
        text = getattr(order, asked.name) or ""
        if len(text) > asked.longest:
            raise Invalid(Say("{asked_word}最多 {longest} 字，现为 {count} 字。", asked_word=Say(asked.word), longest=asked.longest,
                              count=len(text)), field=asked.name)
        if "\x00" in text:
            raise Invalid(Say("{asked_word}含有不可见的控制字符，请删去后重填。", asked_word=Say(asked.word)), field=asked.name)
    if unseen := next((asked for asked in (TITLE, DESCRIPTION) if not is_visible(getattr(order, asked.name))), None):
        raise Invalid(Say("{asked_word}不能为空。", asked_word=Say(unseen.word)), field=unseen.name)
    if order.channel and order.channel not in CHANNELS:
        raise Invalid(Say("没有渠道“{channel}”。", channel=order.channel), field="channel")
    if order.received_on and order.received_on > today:
        raise Invalid(Say("受理日期 {received_on} 晚于今天。", received_on=order.received_on), field="received_on")
    positions.check_located(order)
