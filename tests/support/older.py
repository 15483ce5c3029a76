"""A case as the product wrote it before words lay apart from facts: texts in the body, title and place by keyed digests."""

from sqlalchemy import Executable, delete, select, update

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.cases.intake_fields import CORRECTED_TEXTS
from tracker.domain.house.ledger import GENESIS, chained
from tracker.domain.house.words import WORDS
from tracker.services.house.work import wiring
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow
from tracker.storage.house.words import WordRow


def make_older(town: Town, number: str) -> None:
    """Write the stream of a case anew, as it was written then, and enter it into the log so."""
    previous, cipher, statements = GENESIS, wiring().cipher, list[Executable]()
    for fact in town.facts(number):
        said = {name: each for name, each in fact.payload.items() if name != WORDS}
        texts = {name: cipher.keyed_digest(str(said.pop(name))) for name in CORRECTED_TEXTS if name in said}
        said |= {"text_digests": texts} if texts else {}
        made = chained(fact.stream, fact.seq, fact.kind, fact.actor_id, fact.at, said, previous)
        previous = made.digest
        entry = db.session.execute(select(LogRow.position, LogRow.logged_at).join(FactRow, FactRow.id == LogRow.fact_id).where(
            FactRow.stream == fact.stream, FactRow.seq == fact.seq)).one()
        statements += [
            update(FactRow).where(FactRow.stream == fact.stream, FactRow.seq == fact.seq)
            .values(body=made.body, previous=made.previous, digest=made.digest),
            update(LogRow).where(LogRow.position == entry.position)
            .values(mac=cipher.entry_mac(entry.position, made.digest, entry.logged_at))]
    tamper(*statements, delete(WordRow).where(WordRow.stream == f"case:{number}"))
