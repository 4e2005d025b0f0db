"""Running a pack's cases: each in a new evaluator, with a clock that its events move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..language.diagnostics import Report, did_you_mean
from ..language.document import Mapping as MappingNode
from ..language.document import Node, Scalar, Sequence
from ..language.messages import cases as messages
from ..language.parser import parse_length
from ..language.program import Program
from ..language.source import Embedded, Span
from ..language.syntax import Duration
from ..records.decision import Decision
from ..runtime.evaluator import Evaluator
from ..runtime.event_types import Event
from ..runtime.events import Decoder
from ..runtime.instants import InvalidInstant, format_instant, parse_instant
from ..runtime.notices import NoticeWriter
from ..runtime.zones import zone
from .cases import MOST_REPEATS, CaseEntry, plain, read_cases
from .patterns import NAMES, NOTICE, Whole, facts, known_ends, known_words, matches
from .unapplied import Unapplied, unapplied

MINUTE = 60_000_000
_NUMBER = re.compile(r"\{n\}")
_TIMING = frozenset({"at", "repeat", "every"})
"""Keys of an event's line that say when it happens and how often."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that a case expected and that did not come, or the reverse."""

    message: str
    span: Span


@dataclass(slots=True)
class CaseResult:
    """How one case came out, and which rules spoke in it."""

    name: str
    failures: list[Failure] = field(default_factory=list)
    rules: set[tuple[str, str]] = field(default_factory=set)

    @property
    def passed(self) -> bool:
        """Whether everything came as expected."""
        return not self.failures


def run_cases(program: Program, path: Path, report: Report) -> list[CaseResult]:
    """Run every case of a file; cases that make no sense go into the report."""
    cases = read_cases(path, report)
    return [result for case in cases if (result := _run(program, case, report)) is not None]


def _run(program: Program, case: CaseEntry, report: Report) -> CaseResult | None:
    region = _region(program, case, report)
    evaluator = Evaluator(program, region=region, mode="test")
    read = _Events(program, case, report)
    events = list(read.read())
    until = _instant(case.until, report) if case.until else None
    words = known_words(program)
    expected = [_pattern(node, words, report) for node in case.expect or ()]
    never = [_pattern(node, words, report) for node in case.never or ()]
    _end_names(case, program, report)
    if report.has_errors:
        return None
    decisions = evaluator.feed_all(events)
    last = max((parse_instant(e.occurred_at.isoformat()) for e in events), default=0)
    decisions += evaluator.advance(last if until is None else until)
    result = CaseResult(case.name.text)
    result.rules = {(d.rule.section, d.rule.id) for d in decisions}
    whole = Whole({one.decision_id: one.kind for one in decisions}, _told(evaluator))
    _compare(result, (decisions, whole), expected, case)
    _forbid(result, (decisions, whole), never, case)
    _Ending(evaluator, result).compare(case)
    _tell_unapplied(result, evaluator, read.places, case)
    return result


def _region(program: Program, case: CaseEntry, report: Report) -> str:
    """The region of a case's shop; one that the policy does not have is reported."""
    if case.region is None:
        return (program.regions or ("",))[0]
    if program.regions and case.region.text not in program.regions:
        report.add(messages.no_such_region(case.region.text, program.regions, case.region.span))
    return case.region.text


# --------------------------------------------------------------------- events


class _Events:
    """The events of a case, with times and ids filled in."""

    def __init__(self, program: Program, case: CaseEntry, report: Report) -> None:
        self._decoder = Decoder(program.catalog)
        self._case = case
        self._report = report
        self._now = 0
        self._count = 0
        self.places: dict[str, Span] = {}
        """Where the event of an id stands; the last one, if several have it."""

    def read(self) -> Iterator[Event]:
        """Each event in turn; what is none is reported."""
        for node in self._case.events:
            if not isinstance(node, MappingNode):
                self._report.add(messages.bad_event("it is no mapping", node.span))
                continue
            yield from self._line(node)

    def _line(self, node: MappingNode) -> Iterator[Event]:
        times, step, start = self._times(node), self._step(node), self._start(node)
        if times is None or step is None or start is None:
            return
        data = {
            entry.name: plain(entry.value) for entry in node.entries if entry.name not in _TIMING
        }
        for number in range(1, times + 1):
            self._now = start + (number - 1) * step
            event = self._event(data, number, node)
            if event is None:
                return
            yield event

    def _start(self, node: MappingNode) -> int | None:
        value = node.get("at")
        if value is None:
            return self._now + MINUTE
        if isinstance(value, Scalar):
            return _instant(value.text, self._report)
        self._refuse("`at` has to be a time", value)
        return None

    def _times(self, node: MappingNode) -> int | None:
        """How many events a line stands for."""
        value = node.get("repeat")
        times = 1 if value is None else plain(value)
        if type(times) is not int or times < 1:
            self._refuse("`repeat` has to be a whole number from 1 on", value or node)
            return None
        if times > MOST_REPEATS:
            self._report.add(messages.too_many(MOST_REPEATS, node.span))
            return None
        return times

    def _step(self, node: MappingNode) -> int | None:
        """The time between the events of a line."""
        value = node.get("every")
        if value is None:
            return MINUTE
        length = parse_length(value.text, Report()) if isinstance(value, Scalar) else None
        if isinstance(length, Duration) and length.micros:
            return length.micros
        self._refuse("`every` has to be a duration, such as `1h`", value)
        return None

    def _refuse(self, message: str, node: Node) -> None:
        self._report.add(messages.bad_event(message, node.span))

    def _event(self, data: Mapping[str, object], number: int, node: Node) -> Event | None:
        self._count += 1
        filled = {name: _numbered(value, number) for name, value in data.items()}
        base = {
            "event_id": f"{self._count}-{data.get('type')}",
            "shop_id": self._case.shop.text if self._case.shop else "s1",
            "occurred_at": format_instant(self._now, zone("UTC")),
        }
        found = self._decoder.convert({**base, **filled})
        if isinstance(found, Event):
            self.places[found.event_id] = node.span
            return found
        where = found.field or ""
        span = next((e.span for e in _entries(node) if e.name == where), node.span)
        self._report.add(messages.bad_event(found.message.rstrip("."), span))
        return None


def _entries(node: Node) -> tuple[Any, ...]:
    return node.entries if isinstance(node, MappingNode) else ()


def _numbered(value: object, number: int) -> object:
    if isinstance(value, str):
        return _NUMBER.sub(str(number), value)
    if isinstance(value, list):
        return [_numbered(one, number) for one in value]
    return value


def _instant(text: Embedded, report: Report) -> int | None:
    try:
        return parse_instant(text.text)
    except InvalidInstant:
        report.add(messages.bad_time(text.text, text.span))
        return None


# --------------------------------------------------------------- expectations


def _pattern(node: Node, words: Mapping[str, frozenset[str]], report: Report) -> dict[str, Any]:
    """What a pattern states; a name or a word that no decision can have is reported."""
    if not isinstance(node, MappingNode):
        report.add(messages.bad_pattern("a list", node.span, "write a mapping"))
        return {}
    for entry in node.entries:
        value = plain(entry.value)
        if entry.name not in NAMES:
            _no_such(entry.name, NAMES, entry.key.span, report)
        elif entry.name in words and isinstance(value, str) and value not in words[entry.name]:
            _no_such(value, words[entry.name], entry.value.span, report)
    return {entry.name: plain(entry.value) for entry in node.entries}


def _no_such(name: str, known: frozenset[str], span: Span, report: Report) -> None:
    report.add(messages.bad_pattern(name, span, _instead(name, known)))


def _instead(name: str, known: frozenset[str]) -> str:
    if not known:
        return "leave it out"
    return did_you_mean(name, known) or f"write one of {', '.join(sorted(known))}"


def _end_names(case: CaseEntry, program: Program, report: Report) -> None:
    """Report what stands under `end` and the policy does not have."""
    if case.end is None:
        return
    known = known_ends(program)
    for part in known:
        for name, span in _named(getattr(case.end, part)):
            if name not in known[part]:
                report.add(messages.bad_ending(name, span, _instead(name, known[part])))


def _named(node: Node | None) -> Iterator[tuple[str, Span]]:
    """The keys of a mapping or the entries of a list, with their places."""
    if isinstance(node, MappingNode):
        yield from ((entry.name, entry.key.span) for entry in node.entries)
    elif isinstance(node, Sequence):
        yield from ((one.text.text, one.span) for one in node.items if isinstance(one, Scalar))


def _told(evaluator: Evaluator) -> Callable[[Decision], str]:
    """What the sellers of a case are told of each decision."""
    writer = NoticeWriter(evaluator.program)

    def told(decision: Decision) -> str:
        if not writer.tells(decision):
            return ""
        notice = writer.write(decision, evaluator.language_of(decision.subject.shop))
        return f"{notice.subject}\n{notice.body}"

    return told


def _compare(
    result: CaseResult,
    came: tuple[list[Decision], Whole],
    expected: list[dict[str, Any]],
    case: CaseEntry,
) -> None:
    """Find each expected decision after the one before it."""
    (decisions, whole), position = came, 0
    for pattern, node in zip(expected, case.expect or (), strict=True):
        found = next(
            (i for i in range(position, len(decisions)) if matches(pattern, decisions[i], whole)),
            None,
        )
        if found is None:
            nearest = _nearest(pattern, decisions[position:], whole)
            result.failures.append(Failure(f"this did not come; {nearest}", node.span))
            return
        position = found + 1


def _nearest(pattern: Mapping[str, Any], decisions: list[Decision], whole: Whole) -> str:
    """The decision that has most of what a pattern states, for the message."""
    shown = [(facts(decision), decision) for decision in decisions]
    if not shown:
        return "no further decision came"
    best, nearest = max(
        shown, key=lambda one: sum(one[0].get(name) == v for name, v in pattern.items())
    )
    if NOTICE in pattern:
        best[NOTICE] = whole.told(nearest) or "none"
    stated = {name: value for name, value in best.items() if name in pattern}
    return f"the nearest was {_shown(stated or {'kind': best['kind']})}"


def _forbid(
    result: CaseResult,
    came: tuple[list[Decision], Whole],
    never: list[dict[str, Any]],
    case: CaseEntry,
) -> None:
    decisions, whole = came
    for pattern, node in zip(never, case.never or (), strict=True):
        for decision in decisions:
            if matches(pattern, decision, whole):
                at = decision.time.event_time
                message = f"this must not come, and came at {at} ({decision.rule.id})"
                result.failures.append(Failure(message, node.span))
                break


def _tell_unapplied(
    result: CaseResult, evaluator: Evaluator, places: Mapping[str, Span], case: CaseEntry
) -> None:
    """Name the events that were not applied, where the case fails or would pass because of them."""
    found = [
        Unapplied(one.rejection.reason, places[one.event.event_id]) for one in evaluator.quarantined
    ]
    said = case.end is not None and case.end.quarantined is not None
    expects = case.expect is not None or case.never is not None
    if found and (result.failures or (expects and not said)):
        result.failures.append(Failure(unapplied(found), found[0].span))


class _Ending:
    """What holds at the end of a case, against what must hold."""

    def __init__(self, evaluator: Evaluator, result: CaseResult) -> None:
        self._evaluator = evaluator
        self._result = result

    def compare(self, case: CaseEntry) -> None:
        """Compare each part that the case states."""
        if case.end is None:
            return
        found = {
            "points": self._points,
            "bands": self._bands,
            "actions": self._actions,
            "appeals": self._appeals,
            "quarantined": self._quarantined,
        }
        for name, read in found.items():
            node = getattr(case.end, name)
            if node is not None:
                self._check(name, plain(node), read(plain(node)), node.span)

    def _check(self, name: str, wanted: object, found: object, span: Span) -> None:
        if wanted != found:
            message = f"at the end {name} must be {_shown(wanted)}, and is {_shown(found)}"
            self._result.failures.append(Failure(message, span))

    def _points(self, wanted: object) -> object:
        totals = {ladder: total for ladder, _, total in self._evaluator.totals()}
        names = list(wanted) if isinstance(wanted, dict) else list(totals)
        return {name: totals.get(name, 0) for name in names}

    def _bands(self, wanted: object) -> object:
        found: dict[str, Any] = {}
        for threshold, _, subject, band in self._evaluator.bands():
            if subject:
                found.setdefault(threshold, {})[subject] = band
            else:
                found[threshold] = band
        names = list(wanted) if isinstance(wanted, dict) else list(found)
        return {name: found.get(name) for name in names}

    def _actions(self, wanted: object) -> object:
        del wanted
        return sorted(action for action, _, _ in self._evaluator.in_force())

    def _appeals(self, wanted: object) -> object:
        states = {appeal.appeal_id: appeal.state for appeal in self._evaluator.appeals()}
        names = list(wanted) if isinstance(wanted, dict) else list(states)
        return {name: states.get(name) for name in names}

    def _quarantined(self, wanted: object) -> object:
        del wanted
        return [found.rejection.reason for found in self._evaluator.quarantined]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return "none" if value is None else str(value)
