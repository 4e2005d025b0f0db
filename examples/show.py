"""Explain a few decisions of a run, as `revlex explain` does, with a sentence before each.

Usage: python examples/show.py out/demo
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from revlex.engine.authoring.batch import DECISIONS, read_decisions
from revlex.engine.authoring.lookup import find_decision
from revlex.engine.records.decision import Decision

RULE = "─" * 100


def told(decisions: Iterable[Decision]) -> Iterator[tuple[str, str]]:
    """What to show: a sentence, and the id of the decision that it introduces."""
    by_id = {decision.decision_id: decision for decision in decisions}
    yield "A reply was rejected for what it offers. This is how the rule came to it:", _bribe(by_id)
    crossing, violation = _crossing(by_id)
    yield "Too many unhappy buyers brought a shop a violation. This is what was counted:", crossing
    yield "The violation itself, with its points and how it can be appealed:", violation
    yield "Another violation was appealed, and the appeal was won. What it reversed:", _won(by_id)


def _bribe(decisions: dict[str, Decision]) -> str:
    """The first reply that was rejected."""
    return next(key for key, one in decisions.items() if one.outcome.verdict == "reject")


def _crossing(decisions: dict[str, Decision]) -> tuple[str, str]:
    """The first crossing of a threshold that brought a violation, and that violation."""
    return next(
        (cause, key)
        for key, one in decisions.items()
        if one.kind == "violation"
        for cause in one.evidence.causes
        if decisions[cause].kind == "threshold"
    )


def _won(decisions: dict[str, Decision]) -> str:
    """The first reversal of a whole violation, points and all, by an appeal."""
    return next(
        key
        for key, one in decisions.items()
        if one.caused_by_appeal and one.outcome.points and one.outcome.points[0].after == 0
    )


def main() -> None:
    """Print them."""
    out = Path(sys.argv[1])
    for sentence, decision in told(read_decisions(out / DECISIONS)):
        print(f"\n{RULE}\n{sentence}\n\n$ revlex explain {out} {decision[:10]}")
        print(find_decision(str(out), decision).as_text(), end="")
    print(f"{RULE}\nEvery decision is a line of {out / DECISIONS}; every appeal, of appeals.jsonl.")


if __name__ == "__main__":
    main()
