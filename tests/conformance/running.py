"""Runs a case of the conformance suite through what an embedder has: compiler and evaluator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from revlex.engine import (
    Decision,
    Decoder,
    Evaluator,
    Event,
    Program,
    Report,
    Source,
    compile_sources,
)

from .notation import Case, Happening, Passing, Script, Standing, Wanted, instant, read_script

_LABEL = re.compile(r'"@([a-z0-9]+)"')

ENDS_SHOWN = frozenset({"applied", "extended", "kept", "scheduled", "resumed"})
"""The changes of an action after which its end is compared."""


@lru_cache(maxsize=64)
def compiled(policy: tuple[tuple[str, str], ...]) -> tuple[Program | None, Report]:
    """The program of a policy, and what there is to say about it."""
    packs: dict[str, list[Source]] = {}
    for name, text in policy:
        pack, _, file = name.rpartition("/")
        packs.setdefault(pack, []).append(Source(file, text))
    return compile_sources(packs.pop(""), packs)


@lru_cache(maxsize=64)
def _tools(
    policy: tuple[tuple[str, str], ...], region: str | None
) -> tuple[Evaluator, bytes, Decoder]:
    """An evaluator of a policy, the snapshot in which it knows nothing, and what reads events."""
    program, _ = compiled(policy)
    assert program is not None
    evaluator = Evaluator(program, region=region)
    return evaluator, evaluator.snapshot(), Decoder(program.catalog)


# ------------------------------------------------------------------------------- facts


def _measure(decision: Decision, name: str) -> Any:
    return getattr(decision.evidence.measure, name, None)


def _counted(decision: Decision) -> list[str]:
    counted: Mapping[str, Sequence[str]] = _measure(decision, "counted") or {}
    return sorted({key for keys in counted.values() for key in keys})


def _explanation(decision: Decision) -> str:
    return msgspec.json.encode(decision.evidence.explanation).decode()


def _action(decision: Decision, name: str) -> Any:
    return getattr(next(iter(decision.outcome.actions), None), name, None)


def _points(decision: Decision, name: str) -> Any:
    return getattr(next(iter(decision.outcome.points), None), name, None)


def _draft(decision: Decision, name: str) -> Any:
    return getattr(decision.outcome.draft, name, None)


def _redress(decision: Decision, name: str) -> Any:
    return getattr(decision.redress, name, None)


Fact = Callable[[Decision], Any]

FACTS: Mapping[str, Fact] = {
    "of": lambda d: d.subject.id,
    "subject_kind": lambda d: d.subject.kind,
    "mode": lambda d: "shadow" if d.mode == "shadow" else "live",
    "version": lambda d: d.policy.version,
    "event": lambda d: d.event_id,
    "by": lambda d: d.caused_by_appeal,
    "severity": lambda d: d.outcome.severity,
    "before": lambda d: d.outcome.band_before,
    "value": lambda d: _measure(d, "value"),
    "numerator": lambda d: _measure(d, "numerator"),
    "denominator": lambda d: _measure(d, "denominator"),
    "sample": lambda d: _measure(d, "sample"),
    "bound": lambda d: _measure(d, "threshold"),
    "margin": lambda d: _measure(d, "margin"),
    "from_included": lambda d: _measure(d, "window_from_included"),
    "excluded": lambda d: sum((_measure(d, "excluded") or {}).values()),
    "counted": _counted,
    "total": lambda d: _points(d, "after"),
    "stated": lambda d: _points(d, "stated"),
    "adjusted": lambda d: d.outcome.adjusted,
    "step": lambda d: d.outcome.step,
    "permanent": lambda d: _action(d, "permanent"),
    "overlap": lambda d: _action(d, "overlap"),
    "parameters": lambda d: sorted(map("=".join, (_action(d, "parameters") or {}).items())),
    "text": lambda d: _draft(d, "text"),
    "language": lambda d: _draft(d, "language"),
    "process": lambda d: _redress(d, "process"),
    "attempts": lambda d: _redress(d, "attempts_left"),
}
"""What a line may say of a decision besides its words; it is the same."""

TIMES: Mapping[str, Fact] = {
    "from": lambda d: _measure(d, "window_from"),
    "to": lambda d: _measure(d, "window_to"),
    "until": lambda d: _action(d, "until"),
    "expires": lambda d: _points(d, "expires_at"),
    "post_at": lambda d: _draft(d, "post_at"),
    "deadline": lambda d: _redress(d, "deadline"),
}
"""Times that a line may say."""

PARTS: Mapping[str, Fact] = {
    "because": lambda d: d.rule.because,
    "held": lambda d: _draft(d, "held_back_by") or _action(d, "held_back_by"),
    "explains": _explanation,
    "error": lambda d: d.rule.error,
}
"""What a line may say a part of."""


# ------------------------------------------------------------------------------- words


def _of_shop(decision: Decision) -> list[str]:
    return [] if decision.subject.kind == "shop" else [decision.subject.id]


def _target(decision: Decision) -> list[str]:
    target = _action(decision, "target")
    return [] if target in {None, decision.subject.shop} else [target]


WORDS: Mapping[str, Callable[[Decision], list[Any]]] = {
    "verdict": lambda d: [d.rule.id, d.outcome.verdict, d.subject.id],
    "draft": lambda d: [d.rule.id, _draft(d, "mode"), d.subject.id],
    "threshold": lambda d: [d.rule.id, d.outcome.band, *_of_shop(d)],
    "violation": lambda d: [d.outcome.violation, _points(d, "delta")],
    "points": lambda d: [d.rule.id, _points(d, "delta"), _points(d, "after")],
    "notice": lambda d: [d.rule.id, _points(d, "after")],
    "step": lambda d: [d.rule.id, d.outcome.step],
    "action": lambda d: [_action(d, "action"), _action(d, "change"), *_target(d)],
    "remedy": lambda d: [d.rule.id],
    "appeal": lambda d: [d.outcome.appeal_id, d.outcome.appeal_state],
}
"""What a decision of each kind is called, from what matters most on."""

RECORDED = "recorded"
"""The notice that somebody recorded a violation; compared only where a case names this kind."""

_RESULTS = {"insufficient": "insufficient", "error": "error", "not fired": "held"}


@dataclass(frozen=True, slots=True)
class Came:
    """A decision that came, in the words of the notation."""

    at: int
    words: tuple[str, ...]
    decision: Decision

    def __str__(self) -> str:
        """As a line of a script would have it."""
        until = _action(self.decision, "until")
        more = [f"until={until}"] if until else []
        more += ["mode=shadow"] if self.decision.mode == "shadow" else []
        return " ".join([self.decision.time.event_time, "->", *self.words, *more])

    def is_wanted(self, wanted: Wanted) -> bool:
        """Whether it is what a line of a script asks for."""
        return (
            self.at == wanted.at
            and self.words[: len(wanted.words)] == wanted.words
            and self._has({"mode": "live", **self._end(wanted), **wanted.facts})
        )

    def _end(self, wanted: Wanted) -> Mapping[str, Any]:
        """That there is no end, where a line speaks of an action and names none."""
        compared = self.words[0] == "action" and _action(self.decision, "change") in ENDS_SHOWN
        return {"until": None} if compared and "held" not in wanted.words else {}

    def _has(self, facts: Mapping[str, Any]) -> bool:
        return all(_same(name, value, self.decision) for name, value in facts.items())


def _same(name: str, value: Any, decision: Decision) -> bool:
    if name in PARTS:
        return str(value) in str(PARTS[name](decision))
    if name in TIMES:
        found = TIMES[name](decision)
        return found is value if None in {found, value} else instant(found) == instant(value)
    found = FACTS[name](decision)
    if isinstance(value, list):
        return bool(found == value)
    return _plain(found) == _plain(value)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Naming:
    """Puts decisions into the words of the notation."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def name(self, decision: Decision) -> Came:
        """A decision in words; one that reverses another has the kind of that one."""
        self._kinds[decision.decision_id] = decision.kind
        words = list(map(_plain, self._words(decision)))
        if decision.kind == "notice" and decision.rule.section == "violations":
            words[0] = RECORDED
        if decision.rule.result != "fired" and decision.kind != "reversal":
            words[2:3] = [_RESULTS[decision.rule.result]]
        return Came(instant(decision.time.event_time), tuple(words), decision)

    def _words(self, decision: Decision) -> list[Any]:
        if decision.kind != "reversal":
            return [decision.kind, *WORDS[decision.kind](decision)]
        reversed_ = self._kinds.get(decision.reverses or "", "unknown")
        return ["reversal", reversed_, decision.rule.id]


# ----------------------------------------------------------------------------- running


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case, where it was not what it says, and how many events it had."""

    came: tuple[Came, ...]
    wrong: tuple[str, ...]
    events: int = 0


def run(case: Case, *, restore: bool = False) -> Outcome:
    """Run a case that has a script; with `restore`, from a snapshot at each line."""
    program, report = compiled(case.policy)
    if program is None:
        codes = [f"{one.code} {one.message}, line {one.span.line}" for one in report]
        return Outcome((), ("the policy does not compile", *codes))
    return _Run(case, restore=restore).run()


class _Run:
    """One run of a case."""

    def __init__(self, case: Case, *, restore: bool) -> None:
        self._case = case
        self._script: Script = read_script(case)
        self._restore = restore
        self._evaluator, nothing, self._decoder = _tools(case.policy, case.region)
        self._evaluator.restore(nothing)
        self._naming = Naming()
        self._came: list[Came] = []
        self._refused: list[tuple[str, str]] = []
        self._wrong: list[str] = []

    def run(self) -> Outcome:
        for line in self._script.lines:
            if isinstance(line, Happening):
                self._happen(line)
            else:
                self._look(line)
            if self._restore and (not isinstance(line, Happening) or line.last):
                self._begin_again()
        self._take(self._evaluator.advance(self._script.end))
        self._collect()
        return Outcome(tuple(self._came), (*self._wrong, *self._differences(), *self._refusals()))

    def _take(self, decisions: Sequence[Decision]) -> None:
        self._came += map(self._naming.name, decisions)

    def _begin_again(self) -> None:
        """Go on from a snapshot."""
        self._collect()
        self._evaluator.restore(self._evaluator.snapshot())

    def _happen(self, line: Happening) -> None:
        found = self._decoder.decode(_LABEL.sub(self._labelled, line.json).encode())
        if not isinstance(found, Event):
            self._refused.append((line.event_id, found.reason))
            return
        before = self._evaluator.duplicates
        self._take(self._evaluator.feed(found))
        if self._evaluator.duplicates > before:
            self._refused.append((line.event_id, "duplicate"))

    def _labelled(self, label: re.Match[str]) -> str:
        """The id of the decision that a line of the script has labelled."""
        wanted = next((one for one in self._script.wanted if one.label == label[1]), None)
        ids = [c.decision.decision_id for c in self._came if wanted and c.is_wanted(wanted)]
        return f'"{(ids or ["none"])[0]}"'

    def _look(self, line: Passing | Standing) -> None:
        self._take(self._evaluator.advance(line.at))
        if isinstance(line, Standing):
            found = STATES[line.words[0]](self._evaluator, line)
            if found != list(line.words[2:] if line.words[0] != "actions" else line.words[1:]):
                self._wrong.append(f"{line.text}   (it is {' '.join(found)})")

    def _collect(self) -> None:
        """Take over what has been quarantined."""
        for one in self._evaluator.quarantined:
            self._refused.append((one.event.event_id, one.rejection.reason))
        self._evaluator.quarantined.clear()

    def _differences(self) -> Iterator[str]:
        kinds = self._case.kinds
        seen = [one for one in self._came if one.words[0] in (kinds or WORDS | {"reversal": None})]
        wanted = self._script.wanted
        if len(seen) == len(wanted) and all(map(Came.is_wanted, seen, wanted)):
            return
        for index in range(max(len(seen), len(wanted))):
            one = seen[index] if index < len(seen) else None
            line = wanted[index] if index < len(wanted) else None
            if one and line and one.is_wanted(line):
                yield f"  {one}"
                continue
            yield f"- {line.text if line else 'nothing'}"
            yield f"+ {one or 'nothing'}"

    def _refusals(self) -> Iterator[str]:
        wanted, found = sorted(self._script.refused), sorted(self._refused)
        if wanted != found:
            yield f"refused must be {wanted}, and is {found}"


def _total(evaluator: Evaluator, line: Standing) -> list[str]:
    totals = {ladder: total for ladder, _, total in evaluator.totals()}
    return [str(totals.get(line.words[1], 0))]


def _band(evaluator: Evaluator, line: Standing) -> list[str]:
    subject = line.facts.get("of", "")
    found = [
        band
        for threshold, _, of, band in evaluator.bands()
        if (threshold, of) == (line.words[1], subject)
    ]
    return found or ["none"]


def _actions(evaluator: Evaluator, line: Standing) -> list[str]:
    del line
    running = sorted(
        action if target in {"", shop} else f"{action}:{target}"
        for action, shop, target in evaluator.in_force()
    )
    return running or ["none"]


def _appeal(evaluator: Evaluator, line: Standing) -> list[str]:
    name = line.words[1]
    return [one.state for one in evaluator.appeals() if name in {one.appeal_id, one.rule}]


STATES: Mapping[str, Callable[[Evaluator, Standing], list[str]]] = {
    "points": _total,
    "band": _band,
    "actions": _actions,
    "appeal": _appeal,
}
"""What a line of state may ask for."""
