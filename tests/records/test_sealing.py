"""Texts can be taken out of a decision and its hash stays; whatever else changes, it does not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.records.decision import (
    Decision,
    DraftText,
    Evidence,
    Integrity,
    Outcome,
    PolicyRef,
    RuleRef,
    Subject,
    Times,
    encode,
)
from revlex.engine.records.explanation import Explanation, Found, Place
from revlex.engine.records.sealing import (
    hash_of,
    is_withheld,
    replace_texts,
    seal,
    texts_of,
    withhold,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MARKER = f"[withheld {'0' * 64}]"
TEXTS = WORDS | st.sampled_from([MARKER, f"[{MARKER}", "[withheld ", "[withheld x]", ""])
PLACE = Place("policy.yaml", 1, 1)
KEYS = st.sampled_from([b"", b"a key of the deployment"])


def node(children: tuple[Explanation, ...], **fields: Any) -> Explanation:
    return Explanation(
        text="review.text", place=PLACE, operator="field", **fields, children=children
    )


def parts(children: st.SearchStrategy[tuple[Explanation, ...]]) -> st.SearchStrategy[Explanation]:
    return st.one_of(
        st.builds(node, children, type=st.just("text"), value=st.none() | TEXTS),
        st.builds(node, children, type=st.just("list of text"), value=st.lists(TEXTS, max_size=3)),
        st.builds(node, children, type=st.just("percent"), value=st.sampled_from(["1%", "2%"])),
        st.builds(node, children, type=st.just("boolean"), error=st.none() | TEXTS),
        st.builds(
            node,
            children,
            type=st.just("boolean"),
            value=st.booleans(),
            found=st.lists(
                st.builds(Found, WORDS, st.none() | TEXTS, st.integers(0, 9)), max_size=2
            ).map(tuple),
        ),
    )


EXPLANATIONS = st.recursive(
    parts(st.just(())), lambda inner: parts(st.lists(inner, max_size=3).map(tuple)), max_leaves=6
)


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """A decision that was not sealed yet."""
    draft = st.builds(DraftText, mode=st.just("draft"), text=st.none() | TEXTS)
    optional = st.none() | TEXTS
    return Decision(
        decision_id=draw(st.sampled_from(["a", "b"])),
        kind="verdict",
        mode="live",
        sequence=draw(st.integers(1, 3)),
        time=Times(event_time="t", decided_at="t"),
        subject=Subject(kind="review", id="r1", shop="s1", buyer="b1"),
        policy=PolicyRef(name="p", version="1", digest="d", engine="e"),
        rule=RuleRef(
            id="r",
            section="s",
            status="enforce",
            file="f",
            line=1,
            because=draw(optional),
            error=draw(optional),
        ),
        outcome=Outcome(verdict="hold", draft=draw(st.none() | draft)),
        evidence=Evidence(explanation=draw(st.none() | EXPLANATIONS)),
        integrity=Integrity("", ""),
    )


@given(decisions(), KEYS, st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12)))
def test_any_texts_may_go(decision: Decision, key: bytes, first: set[int], then: set[int]) -> None:
    whole = seal(decision, "previous", key)
    some = withhold(whole, key, first.__contains__)
    more = withhold(some, key, then.__contains__)
    none = withhold(more, key)
    for one in (whole, some, more, none):
        assert hash_of(one, key) == whole.integrity.hash
    gone = [place for place, text in enumerate(texts_of(more)) if is_withheld(text)]
    assert gone == [place for place in range(len(texts_of(whole))) if place in first | then]
    assert all(map(is_withheld, texts_of(none)))
    assert withhold(whole, key) == none


@given(decisions(), KEYS)
def test_words_of_people_are_no_markers(decision: Decision, key: bytes) -> None:
    """What somebody wrote in a marker's form is told apart, and can be withheld itself."""
    whole = seal(decision, "previous", key)
    assert not any(map(is_withheld, texts_of(whole)))
    for before, after in zip(texts_of(decision), texts_of(whole), strict=True):
        assert after in (before, f"[{before}")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything in a JSON value that holds nothing else."""
    if isinstance(value, dict):
        return [leaf for key in value for leaf in leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [leaf for key, one in enumerate(value) for leaf in leaves(one, (*path, key))]
    return [path]


def changed(decision: Decision, path: tuple[Any, ...], to: Any) -> Decision | None:
    """A decision with another value somewhere, if it is a decision still and another one."""
    record = msgspec.json.decode(encode(decision))
    within = record
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = to
    try:
        other = msgspec.convert(record, Decision)
    except msgspec.ValidationError:
        return None
    return other if encode(other) != encode(decision) else None


@given(decisions(), KEYS, st.data())
def test_every_other_change_shows(decision: Decision, key: bytes, data: st.DataObject) -> None:
    whole = seal(decision, "previous", key)
    drawn = st.sets(st.integers(0, 12))
    shown = withhold(whole, key, data.draw(drawn).__contains__)
    paths = [path for path in leaves(msgspec.json.decode(encode(shown))) if path[-1] != "hash"]
    path = data.draw(st.sampled_from(paths))
    value = st.sampled_from([7, True, "another", MARKER, "live", "shadow"])
    other = changed(shown, path, data.draw(value))
    if other is not None:
        assert hash_of(other, key) != whole.integrity.hash


@given(decisions())
def test_the_key_counts(decision: Decision) -> None:
    one, other = seal(decision, "", b"one"), seal(decision, "", b"other")
    same = not texts_of(decision)
    assert (one.integrity == other.integrity) == same


def test_texts_are_bound_to_their_places() -> None:
    """The same word leaves another digest in each place, and in each decision."""
    rule = RuleRef("r", "s", "enforce", "f", 1, because="voucher", error="voucher")
    found: set[str] = set()
    for name in ("a", "b"):
        bare = Decision(
            decision_id=name,
            kind="verdict",
            mode="live",
            sequence=1,
            time=Times("t", "t"),
            subject=Subject("review", "r1", "s1"),
            policy=PolicyRef("p", "1", "d", "e"),
            rule=rule,
            outcome=Outcome(),
            integrity=Integrity("", ""),
        )
        found |= set(texts_of(withhold(seal(bare, "", b"key"), b"key")))
    assert len(found) == 4


@pytest.mark.parametrize("text", ["voucher", "[voucher]", "", "[withheld]"])
def test_common_texts_stay_as_they_are(text: str) -> None:
    bare = Decision(
        decision_id="a",
        kind="verdict",
        mode="live",
        sequence=1,
        time=Times("t", "t"),
        subject=Subject("review", "r1", "s1"),
        policy=PolicyRef("p", "1", "d", "e"),
        rule=RuleRef("r", "s", "enforce", "f", 1, because=text),
        outcome=Outcome(),
        integrity=Integrity("", ""),
    )
    assert texts_of(seal(bare, "", b"")) == [text]
    assert replace_texts(bare, lambda same: same) == bare
