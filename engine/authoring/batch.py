"""A batch: inputs through an evaluator into files, with a summary that counts everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from ..language.program import Program, Threshold
from ..records.decision import Decision, encode
from ..records.values import show
from ..runtime.evaluator import Evaluator
from ..runtime.inputs import Received
from ..runtime.instants import format_instant, from_datetime
from ..runtime.measuring import Measured
from ..runtime.zones import zone
from .quarantining import as_received, quarantine_record

DECISIONS, APPEALS = "decisions.jsonl", "appeals.jsonl"
QUARANTINE, SUMMARY, MEASURES = "quarantine.jsonl", "summary.json", "measures.jsonl"

_CLOSED_KEPT = 1_000
"""Ended appeals are written out and forgotten after so many decisions, to bound the memory."""


class Summary(msgspec.Struct):
    """What a run came to; the keys of the mappings are sorted."""

    policy: str
    version: str
    digest: str
    events: int = 0
    duplicates: int = 0
    after_until: int = 0
    quarantined: dict[str, int] = {}
    decisions: dict[str, int] = {}
    rules: dict[str, dict[str, int]] = {}
    errors: int = 0
    bands: dict[str, dict[str, int]] = {}
    points: dict[str, dict[str, int]] = {}
    actions: dict[str, int] = {}
    appeals: dict[str, int] = {}
    shops: int = 0
    until: str | None = None


@dataclass(slots=True)
class Batch:
    """One run: where it writes, and what it has counted."""

    program: Program
    evaluator: Evaluator
    out: Path
    measures: bool = False
    on_event: Callable[[int], None] | None = None
    _files: dict[str, IO[bytes]] = field(default_factory=dict)
    _quarantined: Counter[str] = field(default_factory=Counter)
    _kinds: Counter[str] = field(default_factory=Counter)
    _rules: dict[str, Counter[str]] = field(default_factory=dict)
    _appeals: Counter[str] = field(default_factory=Counter)
    _errors: int = 0
    _after: int = 0
    _last: int = 0
    _decided: int = 0

    def run(self, received: Iterable[Received], until: int | None) -> Summary:
        """Evaluate everything that was received, and write what came of it.

        Time passes to `until` at the end, or else to the last event.
        """
        self.out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            for name in (DECISIONS, APPEALS, QUARANTINE, *((MEASURES,) if self.measures else ())):
                self._files[name] = stack.enter_context((self.out / name).open("wb"))
            self._each(received, until)
            self._end(until)
        summary = self._summary(until)
        (self.out / SUMMARY).write_bytes(msgspec.json.format(encode(summary)) + b"\n")
        return summary

    def _each(self, received: Iterable[Received], until: int | None) -> None:
        evaluator = self.evaluator
        for number, one in enumerate(received, start=1):
            if self.on_event is not None:
                self.on_event(number)
            if one.event is None:
                self._refuse(one)
                continue
            now = from_datetime(one.event.occurred_at)
            if until is not None and now > until:
                self._after += 1
                continue
            self._last = max(self._last, now)
            self._write(evaluator.feed(one.event))
            if evaluator.quarantined:
                self._quarantine(one)

    def _end(self, until: int | None) -> None:
        self._write(self.evaluator.advance(self._last if until is None else until))
        self._quarantine(None)
        self._drain()
        for appeal in self.evaluator.appeals():
            self._appeals[appeal.state] += 1
            self._line(APPEALS, encode(appeal))

    def _drain(self) -> None:
        for appeal in self.evaluator.drain_appeals():
            self._appeals[appeal.state] += 1
            self._line(APPEALS, encode(appeal))

    def _line(self, name: str, line: bytes) -> None:
        self._files[name].write(line + b"\n")

    def _write(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            self._line(DECISIONS, encode(decision))
            self._kinds[decision.kind] += 1
            self._rules.setdefault(decision.kind, Counter())[decision.rule.id] += 1
            self._errors += decision.rule.result == "error"
            self._decided += 1
            if self._decided % _CLOSED_KEPT == 0:
                self._drain()

    # ---------------------------------------------------------- quarantine

    def _refuse(self, one: Received) -> None:
        rejection = one.rejection
        if rejection is None:
            return
        self._quarantined[rejection.reason] += 1
        self._line(QUARANTINE, quarantine_record(one, rejection))

    def _quarantine(self, one: Received | None) -> None:
        """Put aside what was turned away when something was fed, or time passed."""
        for found in self.evaluator.quarantined:
            self._refuse(as_received(found, one))
        self.evaluator.quarantined.clear()

    # ------------------------------------------------------------- summary

    def observe(
        self, threshold: Threshold, subject: str, now: int, measured: Measured, shop: str
    ) -> None:
        """Write down what a threshold saw of its measure at one look."""
        if threshold.measure is None:
            return
        measure = self.program.measures[threshold.measure]
        enough = measured.value is not None
        record = {
            "at": format_instant(now, zone(self.program.zone(""))),
            "shop": shop,
            "subject": subject or shop,
            "threshold": threshold.name,
            "measure": threshold.measure,
            "value": show(measured.value, measure.value.type) if enough else None,
            "numerator": _plain(measured.numerator),
            "denominator": _plain(measured.denominator),
            "sample": measured.sample,
            "error": measured.error,
        }
        self._line(MEASURES, msgspec.json.encode(record))

    def _summary(self, until: int | None) -> Summary:
        evaluator, program = self.evaluator, self.program
        bands: dict[str, Counter[str]] = {}
        for threshold, _, _, band in evaluator.bands():
            bands.setdefault(threshold, Counter())[band] += 1
        points: dict[str, Counter[str]] = {}
        starts = {ladder.name: ladder.balance.start for ladder in program.ladders}
        for ladder, _, total in evaluator.totals():
            if total == starts[ladder]:
                continue
            points.setdefault(ladder, Counter()).update({"shops": 1, "points": total})
        moment = self._last if until is None else until
        return Summary(
            policy=program.name,
            version=program.version,
            digest=program.digest,
            events=evaluator.events,
            duplicates=evaluator.duplicates,
            after_until=self._after,
            quarantined=_sorted(self._quarantined),
            decisions=_sorted(self._kinds),
            rules={kind: _sorted(rules) for kind, rules in sorted(self._rules.items())},
            errors=self._errors,
            bands={name: _sorted(counts) for name, counts in sorted(bands.items())},
            points={name: _sorted(counts) for name, counts in sorted(points.items())},
            actions=_sorted(Counter(action for action, _, _ in evaluator.in_force())),
            appeals=_sorted(self._appeals),
            shops=evaluator.shops,
            until=format_instant(moment, zone(program.zone(""))) if moment else None,
        )


def _plain(value: Any) -> int | str | None:
    return value if value is None or isinstance(value, int) else str(value)


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def read_decisions(path: Path) -> Iterator[Decision]:
    """The decisions that a run wrote.

    Raises:
        OSError: the file cannot be read.
        msgspec.MsgspecError: a line is no decision record.
    """
    decoder = msgspec.json.Decoder(Decision)
    with path.open("rb") as lines:
        for line in lines:
            yield decoder.decode(line)
