"""The first thing of a shop that does not hold: its entries, its events, its state, its appeals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ...runtime.evaluator import Evaluator
from ...runtime.model import ShopState
from ..reading import KeptShop, LedgerReader
from .again import Again
from .anchored import Start, start_of
from .balances import Balances
from .chains import follow_chain
from .erasures import Accounted
from .filed import Versions, standing_appeals
from .findings import Finding
from .redress import Redress
from .sitting import Bench, Equip, Sitting
from .states import contradiction, difference, read_state
from .tallies import Tally


@dataclass(frozen=True, slots=True)
class OfShop:
    """Looks at one shop that is kept.

    Attributes:
        reader: The ledger.
        again: Evaluates events.
        bench: The evaluators that do.
        kept: The shop.
        aside: Those of its events that are in the quarantine.
        evaluate: Whether its events are evaluated once more.
        erasures: The numbers of the erasures.
    """

    reader: LedgerReader
    again: Again
    bench: Bench
    kept: KeptShop
    aside: Tally
    evaluate: bool
    erasures: Collection[int]

    def first(self) -> Finding | None:
        """The first thing that does not hold."""
        shop, last = self.kept.shop, self._sitting(self.kept.policy)
        balances = Balances(last.evaluator.program)
        accounted = Accounted(self.reader, shop)
        standing = standing_appeals(self.reader, shop)
        if isinstance(standing, Finding):
            end = follow_chain(self.reader, shop, [accounted.hear, balances.hear])
            return end if isinstance(end, Finding) else standing
        redress = Redress(standing)
        end = follow_chain(self.reader, shop, [accounted.hear, balances.hear, redress.hear])
        if isinstance(end, Finding):
            return end
        state = read_state(last.evaluator, self.reader.state(shop) or b"")
        if state is None:
            return self._says("its state is damaged, or of another policy")
        start = start_of(self.reader, shop, self._judge_at, self.erasures)
        if isinstance(start, Finding):
            return start
        versions, policy = Versions(), self.reader.policy_at(self.kept, start.events)
        sitting = self._sitting(policy, lambda evaluator: evaluator.follow(versions.follow))
        return (
            self._decisions(sitting, state, start)
            or redress.missing(shop)
            or self._says(contradiction(state, self.kept, end, balances))
            or self._rest(sitting.evaluator, state, versions, start)
        )

    def _sitting(self, policy: str, equip: Equip | None = None) -> Sitting:
        return Sitting(self.bench, self.kept.shop, self.kept.region, policy, equip)

    def _judge_at(self, number: int) -> Evaluator:
        """The evaluator that judged the shop when an event of that number was fed."""
        return self._sitting(self.reader.policy_at(self.kept, number)).evaluator

    def _says(self, what: str | None) -> Finding | None:
        return None if what is None else Finding(self.kept.shop, None, None, what)

    def _decisions(self, sitting: Sitting, state: ShopState, start: Start) -> Finding | None:
        """The first decision that does not follow from the events."""
        if not self.evaluate:
            return None
        turned_away = Tally()
        newest = max(state.facts.clock, state.newest)
        found = self.again.first_difference(sitting, self.kept, start, newest, turned_away)
        turned_away = turned_away.joined(start.aside)
        if found is None and turned_away != self.aside:
            there, wanted = self.aside.count, turned_away.count
            what = f"{wanted:,} of its events were not applied, and the quarantine has {there:,}"
            if there == wanted:
                what = "the quarantine says otherwise why its events were not applied"
            return self._says(what)
        return found

    def _rest(
        self, evaluator: Evaluator, state: ShopState, versions: Versions, start: Start
    ) -> Finding | None:
        """What else does not follow from the events, evaluated once more."""
        if not self.evaluate:
            return None
        found = versions.first_difference(self.reader, self.kept.shop, start)
        return found or self._says(difference(evaluator, self.kept.shop, state))


def first_of_unknown(reader: LedgerReader, shop: str, what: str) -> Finding:
    """The first finding of a shop whose policy or state is missing, as `what` says."""
    end = follow_chain(reader, shop)
    return end if isinstance(end, Finding) else Finding(shop, None, None, what)
