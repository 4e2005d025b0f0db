"""The sealed form of decisions: what their hashes cover, with people's words only as digests.

Some fields of a record repeat what people wrote: a review, a reply, the reason of a reviewer. In
the sealed form each of these texts is a marker, `[withheld DIGEST]`, whose digest is made with a
key of the deployment from the decision's id, the place in the record and the text. The sealed form
of a marker is the marker. So a text may be taken out of a record that is kept, with its marker in
its place, and the hash of the record and the chain behind it hold as before.

Which fields these are follows from the shape of a record and is said here alone:

- the reason of the rule (`rule.because`) and why it failed (`rule.error`);
- the text of a draft (`outcome.draft.text`);
- in the explanation the values of type text, or lists of text, the words as they were found
  (`found.text`), and why a part failed (`error`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from operator import is_
from typing import Final

from msgspec.structs import replace

from .decision import Decision, Integrity, Outcome, RuleRef, encode
from .explanation import Explanation, Found
from .values import TEXT, Shown

Change = Callable[[str], str]
"""What becomes of a text; called once for each, in the order of the record."""

Choice = Callable[[int], bool]
"""Whether the text at a place is meant; places are counted from 0 in the order of the record."""

_OF_TEXT: Final = frozenset({TEXT, f"list of {TEXT}"})
_MARKER: Final = re.compile(r"\[withheld [0-9a-f]{64}\]")
_LOOKS: Final = re.compile(r"\[+withheld ")


def seal(decision: Decision, previous: str, key: bytes) -> Decision:
    """A decision that was just made, with its place in the chain and its hash.

    A text of somebody that looks like a marker gets one more `[` before it, so that it is none.

    Args:
        decision: Everything but `integrity`.
        previous: The hash of the decision before it.
        key: The key of the deployment; empty if there is none.
    """
    open_ = replace(decision, integrity=Integrity(previous, ""))
    withholding = _Withholding(decision.decision_id, key)
    form = replace_texts(open_, withholding)
    if withholding.doubtful:
        open_ = replace_texts(open_, _told_apart)
        form = replace_texts(open_, _Withholding(decision.decision_id, key))
    return replace(open_, integrity=Integrity(previous, _hash(form)))


def hash_of(decision: Decision, key: bytes) -> str:
    """The hash that a decision has to have, whichever of its texts are withheld."""
    bare = replace(decision, integrity=Integrity(decision.integrity.previous, ""))
    return _hash(withhold(bare, key))


def withhold(decision: Decision, key: bytes, which: Choice | None = None) -> Decision:
    """A sealed decision without its texts, or some of them, and with the same hash."""
    return replace_texts(decision, _Withholding(decision.decision_id, key, which))


def texts_of(decision: Decision) -> list[str]:
    """The texts of a decision that may be withheld, or the markers in their places."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    replace_texts(decision, note)
    return found


def is_withheld(text: str) -> bool:
    """Whether a text is a marker that stands for one that was taken out."""
    return text.startswith("[") and _MARKER.fullmatch(text) is not None


def marker(key: bytes, *parts: str) -> str:
    """What stands in the place of a text; `parts` are where it stood, and at the end the text."""
    said = "\0".join(parts).encode()
    return f"[withheld {hmac.digest(key, said, hashlib.sha256).hex()}]"


def _hash(form: Decision) -> str:
    return hashlib.sha256(encode(form)).hexdigest()


def _told_apart(text: str) -> str:
    return f"[{text}" if _LOOKS.match(text) else text


class _Withholding:
    """Puts markers in the places of texts, and notes whether one of these looked like a marker."""

    __slots__ = ("_identity", "_key", "_place", "_which", "doubtful")

    def __init__(self, identity: str, key: bytes, which: Choice | None = None) -> None:
        self._identity = identity
        self._key = key
        self._which = which
        self._place = -1
        self.doubtful = False

    def __call__(self, text: str) -> str:
        self._place += 1
        if text.startswith("[") and _LOOKS.match(text):
            self.doubtful = True
            if is_withheld(text):
                return text
        if self._which is not None and not self._which(self._place):
            return text
        return marker(self._key, self._identity, str(self._place), text)


# --------------------------------------------------------------- where texts stand


def replace_texts(decision: Decision, change: Change) -> Decision:
    """A decision with other texts in all the places that may hold people's words."""
    rule, outcome, evidence = decision.rule, decision.outcome, decision.evidence
    new_rule = _rule(rule, change)
    new_outcome = _outcome(outcome, change)
    new_evidence = evidence
    if evidence.explanation is not None:
        tree = _tree(evidence.explanation, change)
        if tree is not evidence.explanation:
            new_evidence = replace(evidence, explanation=tree)
    if new_rule is rule and new_outcome is outcome and new_evidence is evidence:
        return decision
    return replace(decision, rule=new_rule, outcome=new_outcome, evidence=new_evidence)


def _rule(rule: RuleRef, change: Change) -> RuleRef:
    if rule.because is None and rule.error is None:
        return rule
    return replace(rule, because=_text(rule.because, change), error=_text(rule.error, change))


def _outcome(outcome: Outcome, change: Change) -> Outcome:
    draft = outcome.draft
    if draft is None or draft.text is None:
        return outcome
    return replace(outcome, draft=replace(draft, text=change(draft.text)))


def _tree(node: Explanation, change: Change) -> Explanation:
    """An explanation with other texts; a part in which nothing changes stays the same object."""
    value = node.value
    if value is not None and node.type in _OF_TEXT:
        value = _value(value, change)
    error = node.error if node.error is None else change(node.error)
    found = tuple([_found(one, change) for one in node.found]) if node.found else ()
    children = node.children
    if children:
        children = tuple([_tree(child, change) for child in children])
        if all(map(is_, children, node.children)):
            children = node.children
    if value is node.value and error is None and not found and children is node.children:
        return node
    return replace(node, value=value, error=error, found=found, children=children)


def _value(value: Shown, change: Change) -> Shown:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [change(item) if isinstance(item, str) else item for item in value]
    return value


def _found(found: Found, change: Change) -> Found:
    return found if found.text is None else replace(found, text=change(found.text))


def _text(text: str | None, change: Change) -> str | None:
    return None if text is None else change(text)
