"""The rows of an imported register, written in portions: new sites, entries, ends of others; facts of the batch tell them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.folds import ROWS, ROWS_A_FACT
from tracker.domain.house.ledger import Fact, chained
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import ONE_DAY, EntryGiven
from tracker.domain.sites.fact_kinds import SiteBatchFacts
from tracker.domain.sites.names import normalised_name
from tracker.domain.sites.registers import SiteStatus
from tracker.services.house.numbers import next_number
from tracker.services.house.work import Work
from tracker.services.sites.entering import close_entry, entry_row
from tracker.services.tables.registers.finding import NewSite
from tracker.services.tables.registers.planning import ABSENT, RowPlan, was_dropped
from tracker.storage.house import ledger
from tracker.storage.sites.sites import Site, SiteBatch, SiteEntry
from tracker.storage.tables.fresh_ids import fresh_ids


class BatchWriter:
    """Writes the rows of one batch, and tells of them in its stream."""

    def __init__(self, work: Work, actor: Actor, batch: SiteBatch) -> None:
        self.work, self.actor, self.batch = work, actor, batch
        self.stream = f"import:{batch.code}"
        self._seq, self._previous = ledger.head(work.session, self.stream)
        self._entry_ids: Iterator[int] = iter(())
        self._site_ids: Iterator[int] = iter(())
        self._site_number = 0

    def expect(self, plans: Sequence[RowPlan]) -> None:
        """Draw the ids and numbers of everything that will be written."""
        sites = len({id(each.site) for each in plans if isinstance(each.site, NewSite)})
        self._entry_ids = iter(fresh_ids(self.work.session, SiteEntry, len(plans)))
        if sites:
            self._site_ids = iter(fresh_ids(self.work.session, Site, sites))
            self._site_number = next_number(self.work, "site", sites) - sites

    def enter(self, plans: Sequence[RowPlan]) -> list[str]:
        """The entries of these rows, with the sites that are new; returns what is told of odd numbers."""
        self._add_sites([each.site for each in plans if isinstance(each.site, NewSite)])
        rows = []
        for each in plans:
            row = entry_row(self.work, self.actor, each.site.id, self._given_after(each), batch_id=self.batch.id)
            row.id = next(self._entry_ids)
            rows.append(row)
        self.work.session.add_all(rows)
        self.tell()
        return [Say("{place}“{number}”的校验位或格式不符，已照原样登记", place=plan.row.place, number=row.number)
                for plan, row in zip(plans, rows, strict=True) if row.is_number_odd]

    def _given_after(self, plan: RowPlan) -> EntryGiven:
        """What is entered, with the entry that it changes ended; one that a list dropped goes on from the day after."""
        given, before = plan.row.given, plan.before
        if before is None:
            return given
        if was_dropped(before) and before.ended_on is not None:
            return replace(given, valid_from=max(given.valid_from, before.ended_on + ONE_DAY))
        begins = max(given.valid_from, before.valid_from)  # of one that begins no later nothing is left
        close_entry(self.work, self.actor, before, begins - ONE_DAY, "changed")
        return given

    def end(self, ids: Sequence[int], on: date) -> None:
        """The end of entries that a whole list no longer names."""
        for row in self.work.session.scalars(select(SiteEntry).where(SiteEntry.id.in_(ids))):
            close_entry(self.work, self.actor, row, on, ABSENT)
        self.tell()

    def tell(self) -> None:
        """Facts of the batch that tell every row that was written since the last ones."""
        waiting = iter(self.work.rows.take(self.work.session).items())
        facts = []
        while some := dict(islice(waiting, ROWS_A_FACT)):
            facts.append(self._next_fact({"lines": len(some), ROWS: some, **self.actor.on_record}))
        self.work.append(facts)

    def _next_fact(self, payload: Mapping[str, object]) -> Fact:
        fact = chained(self.stream, self._seq + 1, SiteBatchFacts.rows_written, self.actor.id, self.work.clock.now(), payload,
                       self._previous)
        self._seq, self._previous = fact.seq, fact.digest
        return fact

    def _add_sites(self, told: Sequence[NewSite]) -> None:
        fresh = list({id(each): each for each in told if not each.id}.values())
        if not fresh:
            return
        for each in fresh:
            each.id = next(self._site_ids)
        self.work.session.add_all(list(_site_rows(fresh, self._site_number + 1)))
        self._site_number += len(fresh)
        self.work.session.flush()


def _site_rows(fresh: Sequence[NewSite], first: int) -> Iterator[Site]:
    for number, each in enumerate(fresh, start=first):
        told = each.row.site
        yield Site(id=each.id, code=f"S-{number:06d}", name=told.name, normalised=normalised_name(told.name),
                   kind=told.kind or "company", credit_code=each.credit_code, plant_no=told.plant_no or 1,
                   trade_code=told.trade_code, area_code=each.area_code, address=told.address, unit_id=None,
                   status=SiteStatus.active, site_class="", seq=1)
