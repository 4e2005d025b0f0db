"""Who judges a shop while its events are evaluated once more: the policies that did, in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...language.problems import Problem
from ...runtime.evaluator import Evaluator
from ...runtime.events import Decoder
from ..checkpoint import TakenOver
from .fed import Unsound
from .programs import Programs

Equip = Callable[[Evaluator], None]


@dataclass(slots=True)
class Bench:
    """The evaluators of an audit, by policy and region; each works on one shop at a time."""

    programs: Programs
    key: bytes
    _evaluators: dict[tuple[str, str], Evaluator] = field(default_factory=dict)

    def evaluator(self, shop: str, policy: str, region: str) -> Evaluator:
        """An evaluator that knows no shops; `region` is that of shops whose events name none.

        Raises:
            Unsound: The policy that judges the shop is not in the ledger.
        """
        found = self._evaluators.get((policy, region))
        if found is None:
            program = self.programs.get(policy)
            if program is None:
                raise Unsound(shop, "the policy that judged it is not in the ledger")
            found = Evaluator(program, region=region, key=self.key)
            self._evaluators[policy, region] = found
        found.make_room(0)
        found.quarantined.clear()
        return found


class Sitting:
    """The evaluator that judges a shop, and then the one that takes over."""

    def __init__(
        self, bench: Bench, shop: str, region: str, policy: str, equip: Equip | None = None
    ) -> None:
        """Begin with the policy that judged the shop first.

        `equip` is called with each evaluator before it judges.
        """
        self._bench = bench
        self._shop = shop
        self._region = region
        self._policy = policy
        self._equip = equip
        self.evaluator = self._seat(policy)
        self.decoder = Decoder(self.evaluator.program.catalog)

    def _seat(self, policy: str) -> Evaluator:
        found = self._bench.evaluator(self._shop, policy, self._region)
        if self._equip is not None:
            self._equip(found)
        return found

    def take_over(self, change: TakenOver) -> None:
        """Let another policy go on.

        Raises:
            Unsound: It is not in the ledger, did not follow on this one, or could not.
        """
        if change.before != self._policy:
            raise Unsound(self._shop, "a policy took over from one that did not judge it then")
        saved = self.evaluator.save(self._shop)
        self._policy = change.policy
        self.evaluator = self._seat(change.policy)
        self.decoder = Decoder(self.evaluator.program.catalog)
        try:
            self.evaluator.take_over(saved)
        except Problem as problem:
            raise Unsound(self._shop, problem.message) from problem
