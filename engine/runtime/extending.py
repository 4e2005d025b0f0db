"""What an action on the shop falls on too: linked accounts and products, as they are known then."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..language.catalog import SHOP
from ..language.program import Action
from ..records.decision import ActionChange, Decision, Evidence, Outcome, Subject
from .caps import parameters_of
from .desk import Desk
from .errors import EvaluationError
from .grants import Target
from .writing import Moment, Wording

MOST_TARGETS = 1_000
"""An action on the shop extends to at most so many other things at once."""

_PRODUCT = "product"
Fall = tuple[Target, tuple[Wording, Subject]]


class Extending:
    """Finds what the actions on one shop extend to."""

    def __init__(self, desk: Desk) -> None:
        """Work at a desk."""
        self._desk = desk

    def beside(self, action: Action, main: Decision, moment: Moment) -> Iterator[Fall]:
        """What an action falls on beside the shop, with the words for it, in a settled order.

        What cannot be told of, and that there is more than the most, is recorded as held back.
        """
        if not action.extends_to:
            return
        with self._desk.measuring.meanwhile():
            found = list(islice(self._targets(action, main, moment), MOST_TARGETS + 1))
        if len(found) > MOST_TARGETS:
            reason = f"it extends to more than {MOST_TARGETS:,} others"
            self._held_back(action, Target(SHOP, main.subject.shop), main, reason, moment)
        for target in found[:MOST_TARGETS]:
            yield target, self._words(action, target, main)

    def _targets(self, action: Action, main: Decision, moment: Moment) -> Iterator[Target]:
        seen = {Target("account", main.subject.shop, extended=True)}
        for extension in action.extends_to:
            keys = self._accounts()
            if extension.kind == _PRODUCT:
                keys = self._products(action, id(extension.where), main, moment)
            for key in keys:
                target = Target(extension.kind, key, extended=True)
                if target not in seen:
                    seen.add(target)
                    yield target

    def _accounts(self) -> Iterator[str]:
        yield from self._desk.shop().linked_account_ids

    def _products(
        self, action: Action, where: int, main: Decision, moment: Moment
    ) -> Iterator[str]:
        """The products that are known, or those of them for which a condition holds."""
        holds, measuring = self._desk.prepared.extensions.get(where), self._desk.measuring
        for key, product in sorted(self._desk.facts.entities[_PRODUCT].items()):
            if holds is None:
                yield key
                continue
            measuring.at(moment.now, key)
            try:
                if holds(*self._desk.scope(_PRODUCT, product), moment.now, measuring):
                    yield key
            except EvaluationError as error:
                reason = f"its condition could not be decided: {error.reason}"
                self._held_back(action, Target(_PRODUCT, key), main, reason, moment)

    def _subject(self, target: Target) -> Subject:
        kind = target.kind
        entity = self._desk.facts.entities.get(kind, {}).get(target.key)
        return self._desk.writer.subject(kind, target.key, entity)

    def _words(self, action: Action, target: Target, main: Decision) -> tuple[Wording, Subject]:
        wording = Wording(
            kind="action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(),
            evidence=Evidence(causes=[main.decision_id]),
            because=main.rule.because,
            extra=f"extended/{main.decision_id}",
        )
        return wording, self._subject(target)

    def _held_back(
        self, action: Action, target: Target, main: Decision, reason: str, moment: Moment
    ) -> None:
        writer = self._desk.writer
        change = ActionChange(
            action=action.name,
            change="kept",
            scope=target.kind,
            target=target.key,
            start=writer.time(moment.now) or "",
            held_back_by=reason,
            parameters=parameters_of(action, None),
        )
        wording = Wording(
            kind="action",
            section="actions",
            item=action,
            span=action.span,
            outcome=Outcome(actions=[change]),
            evidence=Evidence(causes=[main.decision_id]),
            result="not fired",
            because=main.rule.because,
            extra=f"not extended/{main.decision_id}",
        )
        writer.write(wording, self._subject(target), moment)
