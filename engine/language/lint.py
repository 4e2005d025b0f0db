"""What only shows when all sections are known, and what is probably not what was meant."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from .authored import PolicyFile
from .diagnostics import Report
from .messages import lint as messages
from .messages import policy as policy_messages
from .program import AppealProcess, Item, Program, Proposal, Status
from .sections.context import Context
from .sections.rules import ADVERSE
from .sections.trees import exact_lists
from .sections.words import words_of
from .shapes import fitting
from .source import Embedded
from .syntax import Ending

_REFERRED = {
    "lists": "list",
    "tables": "table",
    "define": "definition",
    "measures": "measure",
    "actions": "action",
}
"""Sections whose entries do nothing by themselves. A violation may be recorded by an event."""

_LONGEST_ENTRY = 12
"""Entries of more words are not compared with the others."""


def lint(program: Program, policy: PolicyFile, context: Context) -> None:
    """Add to the report what concerns the whole policy."""
    _overlaps(program, policy, context.report)
    _words(policy, context)
    _fileable(program, policy, context.report)
    if not context.report.has_errors:  # a mistake may hide a use
        _unused(policy, context)
        _appealable(program, context.report)


def _unused(policy: PolicyFile, context: Context) -> None:
    for section, kind in _REFERRED.items():
        for named in getattr(policy, section) or ():
            if (kind, named.key.text) not in context.used:
                context.report.add(messages.unused(kind, named.key.text, named.key.span))


# ------------------------------------------------------------------------ actions


def proposals(program: Program) -> Iterator[Proposal]:
    """Every place where a policy asks for an action."""
    for threshold in program.thresholds:
        for effects in threshold.on_enter.values():
            yield from effects.actions
    for violation in program.violations.every():
        yield from violation.actions
        if violation.repeat is not None:
            yield from violation.repeat.actions
    for ladder in program.ladders:
        for step in ladder.steps:
            yield from step.actions


def _overlaps(program: Program, policy: PolicyFile, report: Report) -> None:
    asked = list(proposals(program))
    places = Counter(proposal.action for proposal in asked)
    lasting = {proposal.action for proposal in asked if proposal.length is not Ending.ONCE}
    for named in fitting(policy.actions):
        count = places[named.key.text]
        if count > 1 and named.key.text in lasting and named.value.lacks("overlap"):
            place = named.key.span
            report.add(policy_messages.overlap_undefined(named.key.text, count, place))


# ------------------------------------------------------------------------ appeals


def _appealed(program: Program) -> dict[str, list[Item]]:
    """What can be appealed, by its kind."""
    adverse = [rule for rule in program.rules if not ADVERSE.isdisjoint(rule.verdicts.values())]
    found: dict[str, list[Item]] = {
        "violation": list(program.violations.every()),
        "threshold": [one for one in program.thresholds if one.on_enter],
        "verdict": list(adverse),
        "action": list(program.actions.every()),
    }
    return {
        kind: [item for item in items if item.status is Status.ENFORCE]
        for kind, items in found.items()
    }


def _fileable(program: Program, policy: PolicyFile, report: Report) -> None:
    """Report appeals against what never happens, and those that an earlier one takes."""
    appealed = _appealed(program)
    lost = len(program.appeals) < len(policy.appeals or ())
    whole = not report.has_errors
    before: list[AppealProcess] = []
    for process in program.appeals:
        for kind in process.against:
            if whole and not appealed[kind]:
                report.add(policy_messages.nothing_to_appeal(kind, process.span))
        taker = next((one for one in before if _takes_all(one, process)), None)
        if taker is not None and not lost:
            report.add(messages.unreachable(process.span, taker.span))
        before.append(process)


def _takes_all(earlier: AppealProcess, later: AppealProcess) -> bool:
    return set(later.against) <= set(earlier.against) and _covers(earlier, later)


def _covers(process: Item, item: Item) -> bool:
    """Whether a process is there wherever and whenever an item speaks."""
    everywhere = not process.regions or (bool(item.regions) and item.regions <= process.regions)
    return everywhere and process.effective.contains(item.effective)


def _appealable(program: Program, report: Report) -> None:
    """Report the first thing of each kind that works against the shop and has no appeal."""
    appealed = _appealed(program)
    acting = [
        threshold
        for threshold in program.thresholds
        if any(effects.actions for effects in threshold.on_enter.values())
    ]
    _first_without(program, appealed["violation"], {"violation"}, report)
    _first_without(program, acting, {"threshold", "action"}, report)


def _first_without(
    program: Program, items: Iterable[Item], kinds: set[str], report: Report
) -> None:
    processes = [one for one in program.appeals if kinds.intersection(one.against)]
    for item in items:
        if not any(_covers(process, item) for process in processes):
            report.add(messages.no_appeal(min(kinds), item.span))
            return


# -------------------------------------------------------------------------- words


def _words(policy: PolicyFile, context: Context) -> None:
    """Report entries of lists that add nothing, in lists of words to look for in texts."""
    bodies = [body for body in context.environment.definitions.values() if body is not None]
    exact = context.exact.union(*map(exact_lists, bodies))
    for named in fitting(policy.lists):
        if named.key.text not in exact:
            words = list(words_of(named))
            _impossible(words, context.report)
            _covered(words, context.report)


def _impossible(words: Iterable[Embedded], report: Report) -> None:
    for word in words:
        if not _seen(word.text).strip():
            report.add(messages.impossible_word(word.text, word.span))


def _seen(text: str) -> str:
    """A text as it is compared, nearly: without capitals and without what nobody sees."""
    folded = unicodedata.normalize("NFKC", text.casefold())
    return "".join(char if char.isprintable() else " " * char.isspace() for char in folded)


def _covered(words: Iterable[Embedded], report: Report) -> None:
    """Report entries that contain another entry as whole words: the shorter one finds them all."""
    places: dict[tuple[str, ...], Embedded] = {}
    split = [(word, tuple(_seen(word.text).split())) for word in words]
    for word, pieces in split:
        places.setdefault(pieces, word)
    for word, pieces in split:
        known = (places.get(run) for run in _runs(pieces))
        cover = next((other for other in known if other is not None and other is not word), None)
        if cover is not None:
            by = None if places[pieces] is cover else cover.text
            report.add(messages.covered_word(word.text, by, word.span, cover.span))


def _runs(pieces: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The runs of words in an entry, shorter ones first."""
    most = len(pieces) if len(pieces) <= _LONGEST_ENTRY else 0
    for size in range(1, most + 1):
        yield from (pieces[at : at + size] for at in range(most - size + 1))
