"""Which appeal a filing means, who has to be named, and how much may happen to one appeal."""

from __future__ import annotations

from typing import Any

import pytest
from revlex.engine import Decoder, Evaluator, Event, compile_sources
from revlex.engine.language.source import Source
from revlex.engine.runtime.bounds import MOST_CHANGES, MOST_CHARACTERS, MOST_EVIDENCE

POLICY = """
policy: naming
violations:
  spam: {points: 2}
appeals:
  - appeal: violation
    attempts: [within 5d of notice]
    evidence: {else: [photo]}
"""


class Shop:
    """A shop with one violation, to which more may happen."""

    def __init__(self) -> None:
        program, _ = compile_sources([Source("policy.yaml", POLICY)])
        assert program is not None
        self.evaluator, self._decoder = Evaluator(program), Decoder(program.catalog)
        self._count = 0
        self.does("violation.recorded", violation_id="v1", violation="spam")
        (opened,) = self.evaluator.appeals()
        self.opened = opened.appeal_id

    def does(self, type_: str, day: int = 1, **fields: Any) -> str | None:
        """Let an event happen; gives the field for which it was refused, if it was."""
        self._count += 1
        at = f"2025-06-{day:02}T10:00:00Z"
        given = {
            "event_id": f"e{self._count:04}",
            "shop_id": "s1",
            "occurred_at": at,
            "type": type_,
        }
        event = self._decoder.convert({**given, **fields})
        assert isinstance(event, Event)
        self.evaluator.feed(event)
        found = [one.rejection.field for one in self.evaluator.quarantined]
        self.evaluator.quarantined.clear()
        return found[0] if found else None

    def states(self) -> list[tuple[str, str]]:
        return [(one.appeal_id, one.state) for one in self.evaluator.appeals()]


def test_by_the_name_under_which_it_was_opened() -> None:
    shop = Shop()
    assert shop.does("appeal.filed", appeal_id=shop.opened, evidence=["photo"]) is None
    assert shop.states() == [(shop.opened, "under_review")]


def test_a_name_that_nothing_was_opened_under() -> None:
    shop = Shop()
    shop.does("appeal.filed", appeal_id="case-nothing", evidence=["photo"])
    assert shop.states() == [(shop.opened, "open"), ("case-nothing", "inadmissible")]


def test_what_a_filing_names_comes_before_how_it_is_called() -> None:
    shop = Shop()
    shop.does("appeal.filed", appeal_id=shop.opened, rule="no-such-rule", evidence=["photo"])
    assert shop.states()[0] == (shop.opened, "open")


def test_too_late_by_the_name_under_which_it_was_opened() -> None:
    shop = Shop()
    shop.does("appeal.filed", day=9, appeal_id=shop.opened, evidence=["photo"])
    assert shop.states() == [(shop.opened, "expired"), (shop.opened, "inadmissible")]


def test_a_stranger_does_not_take_an_appeal_away_from_the_seller() -> None:
    shop = Shop()
    shop.does("appeal.filed", appeal_id="a1", rule="spam")
    shop.does("appeal.filed", appeal_id="a1", appellant="buyer", evidence=["photo"])
    assert shop.does("appeal.filed", appeal_id="a1", evidence=["photo"]) is None
    assert shop.states() == [("a1", "under_review"), ("a1", "inadmissible")]


@pytest.mark.parametrize("nobody", ["", "  ", "\t"])
def test_nobody_decides(nobody: str) -> None:
    shop = Shop()
    shop.does("appeal.filed", appeal_id="a1", rule="spam", evidence=["photo"])
    ruled = {"appeal_id": "a1", "outcome": "upheld", "reason": "It is spam"}
    assert shop.does("appeal.decided", **ruled, decided_by=nobody) == "decided_by"
    assert shop.does("appeal.assigned", appeal_id="a1", reviewer=nobody) == "reviewer"
    asked = {"appeal_id": "a1", "wanted": ["film"]}
    assert shop.does("appeal.evidence_requested", **asked, by=nobody) == "by"
    asked = {"appeal_id": "a1", "wanted": [nobody], "by": "ann"}
    assert shop.does("appeal.evidence_requested", **asked) == "wanted"
    assert shop.states() == [("a1", "under_review")]


def test_an_appeal_does_not_change_for_ever() -> None:
    shop = Shop()
    while shop.does("appeal.filed", appeal_id="a1", rule="spam") is None:
        assert len(shop.evaluator.appeals()[0].history) < 2 * MOST_CHANGES
    full = shop.evaluator.appeals()[0]
    assert MOST_CHANGES <= len(full.history) < MOST_CHANGES + 3
    given = {"appeal_id": "a1", "rule": "spam", "evidence": ["photo"]}
    assert shop.does("appeal.filed", **given) == "appeal_id"
    assert shop.does("appeal.filed", **{**given, "appeal_id": "a2"}) == "appeal_id"
    assert shop.does("appeal.withdrawn", appeal_id="a1") is None
    assert shop.states() == [("a1", "withdrawn")]


def test_a_pending_appeal_can_always_be_decided() -> None:
    shop = Shop()
    shop.does("appeal.filed", appeal_id="a1", rule="spam", evidence=["photo"])
    while shop.does("appeal.assigned", appeal_id="a1", reviewer="ann") is None:
        assert len(shop.evaluator.appeals()[0].history) < 2 * MOST_CHANGES
    asked = {"appeal_id": "a1", "by": "ann", "wanted": ["film"]}
    assert shop.does("appeal.evidence_requested", **asked) == "appeal_id"
    ruled = {"outcome": "overturned", "decided_by": "ann", "reason": "It was bought"}
    assert shop.does("appeal.decided", appeal_id="a1", **ruled) is None
    assert shop.states() == [("a1", "overturned")]


def test_so_much_evidence_and_no_more() -> None:
    shop = Shop()
    most = [f"photo:{number}" for number in range(MOST_EVIDENCE)]
    shop.does("appeal.filed", appeal_id="a1", rule="spam", evidence=most[:-1])
    assert shop.does("appeal.evidence_added", appeal_id="a1", evidence=most[:2]) == "evidence"
    assert shop.does("appeal.evidence_added", appeal_id="a1", evidence=most[:1]) is None
    assert shop.does("appeal.evidence_added", appeal_id="a1", evidence=most[:1]) == "evidence"


def test_so_many_words_and_no_more() -> None:
    shop, half = Shop(), "x" * (MOST_CHARACTERS // 2)
    shop.does("appeal.filed", appeal_id="a1", rule="spam", evidence=["photo"])
    assert shop.does("appeal.assigned", appeal_id="a1", reviewer="ann", note=half) is None
    added = {"appeal_id": "a1", "evidence": [half[:50_000], half[:49_990]]}
    assert shop.does("appeal.evidence_added", **added, note="y" * 6) == "appeal_id"
    assert shop.does("appeal.evidence_added", **added, note="y" * 5) is None
    asked = {"appeal_id": "a1", "by": "ann", "wanted": ["f"]}
    assert shop.does("appeal.evidence_requested", **asked) == "appeal_id"
    ruled = {"outcome": "upheld", "decided_by": "ann", "reason": half}
    assert shop.does("appeal.decided", appeal_id="a1", **ruled) is None
