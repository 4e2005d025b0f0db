"""What sellers are told: in which words, in which language, and that it never fails."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.announced import KINDS, VARIABLES
from revlex.engine.language.compiler import compile_policy, compile_sources
from revlex.engine.language.program import Program
from revlex.engine.language.source import Source
from revlex.engine.language.types import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    TEXT,
    Enumeration,
    Optional,
    Type,
)
from revlex.engine.records.decision import Decision
from revlex.engine.records.notice import Notice
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.event_types import Event
from revlex.engine.runtime.events import Decoder
from revlex.engine.runtime.notices import NoticeWriter, is_owed, render_notice
from revlex.engine.runtime.notices.owed import can_be_announced
from revlex.engine.runtime.notices.rendering import built_in_notices
from revlex.engine.runtime.notices.values import announced_kind, values_of

DEMO = Path(__file__).parents[2] / "examples" / "demo"

POLICY = """
policy: announced
title: The rules
regions: [TH, VN, BR]
timezone: {TH: Asia/Bangkok, VN: Asia/Ho_Chi_Minh, BR: America/Sao_Paulo}
reply_rules:
  - rule: swearing
    when: length(reply.text) > 3
    verdict: reject
    violation: abuse
    because: "the reply says {reply.text}"
violations:
  abuse: {points: 4, do: [hide_reply permanently]}
  spam: {points: 1}
actions:
  close_shop: {scope: shop, overlap: longest}
  hide_reply: {scope: reply, note: nobody sees the reply}
escalations:
  - ladder: points
    per: shop
    warn_before: 2
    because: "{points} points"
    steps: [{at: 4, do: [close_shop for 7d]}, {at: 9, do: [close_shop permanently]}]
appeals:
  - appeal: violation
    attempts: [within 30 calendar days of notice]
    evidence: {mix-up: [screenshot], else: [statement, photo]}
notices:
NOTICES
"""
NOTICES = """
  languages: {TH: th, else: en}
  words:
    abuse: {en: an abusive reply, th: คำตอบหยาบคาย}
    screenshot: {en: a screenshot, th: ภาพหน้าจอ}
    hide_reply: {th: ซ่อนคำตอบ, else: hiding the reply}
    reply: {else: the reply}
  entries:
    - notice: any-violation
      for: violation
      subject: {en: "{violation}", th: "{violation}"}
      text:
        en: |


          {{Dear shop}} {shop}, {points} points.
          The order {order} is unknown.

          {because}


          {points_expire}

          Until {appeal_until}, {evidence_wanted}.
        th: |
          {shop} {at}
          {evidence_wanted}
    - notice: abuse-in-vietnam
      for: violation
      of: [abuse]
      regions: [VN]
      subject: {vi: Vi phạm, else: Abuse}
      text: {vi: "{at}", else: "{at}"}
    - notice: hidden
      for: action
      of: [hide_reply]
      when: change == applied and scope == reply
      subject: {else: "{action}: {scope} {target}"}
      text:
        else:
          - {when: permanent, text: "for good, since {from}"}
          - {when: not permanent, text: "until {until}"}
          - "{note}"
    - notice: impossible
      for: step
      subject: {else: "{step / (points_after - points_after)}"}
      text: {else: "{step}"}
    - notice: unlikely
      for: warning
      when: step / (points_after - points_after) > 1.0
      subject: {else: "{step}"}
      text: {else: "{step}"}
"""


def program_of(notices: str = NOTICES) -> Program:
    program, report = compile_sources(
        [Source("policy.yaml", POLICY.replace("NOTICES", notices.strip("\n")))]
    )
    assert program is not None, list(report)
    return program


def decided(program: Program, region: str = "TH", text: str = "you fool") -> list[Decision]:
    """What a rude reply brings."""
    evaluator, decoder = Evaluator(program, region=region), Decoder(program.catalog)
    events: list[dict[str, Any]] = [
        {"type": "review.posted", "review_id": "r1", "stars": 1},
        {"type": "reply.submitted", "reply_id": "p1", "review_id": "r1", "text": text},
    ]
    found = []
    for number, event in enumerate(events):
        envelope = {
            "shop_id": "s1",
            "event_id": f"e{number}",
            "occurred_at": "2025-07-03T02:00:00Z",
        }
        made = decoder.convert({**envelope, **event})
        assert isinstance(made, Event), made
        found += evaluator.feed(made)
    return found


def told(region: str = "TH", language: str | None = None, **which: Any) -> Notice:
    """The notice of the one decision that is meant."""
    program = program_of()
    return render_notice(program, one(decided(program, region), **which), language)


def one(decisions: list[Decision], kind: str, rule: str | None = None) -> Decision:
    return next(d for d in decisions if d.kind == kind and rule in {None, d.rule.id})


# ----------------------------------------------------------------------------- words


def test_a_notice_is_filled_in_and_what_is_missing_left_out() -> None:
    notice = told("BR", kind="violation")
    assert notice.subject == "an abusive reply"
    assert notice.body == (
        "{Dear shop} s1, 4 points.\n"
        "\n"
        "the reply says you fool\n"
        "\n"
        "Until 1 August 2025, 24:00 (America/Sao_Paulo), "
        "mix-up: a screenshot; any other reason: statement, photo."
    )
    assert (notice.language, notice.template) == ("en", "any-violation")
    assert notice.deadline == "2025-08-01T23:59:59.999999-03:00"
    assert notice.evidence_wanted == {"mix-up": ["screenshot"], "else": ["statement", "photo"]}


def test_the_words_of_the_language_stand_in_it() -> None:
    notice = told("TH", kind="violation")
    assert notice.subject == "คำตอบหยาบคาย"
    assert notice.body == (
        "s1 3 กรกฎาคม ค.ศ. 2025 เวลา 09:00 น. (Asia/Bangkok)\n"
        "mix-up: ภาพหน้าจอ; เหตุผลอื่น: statement, photo"
    )


def test_one_for_a_name_goes_before_one_for_all_and_lines_have_conditions() -> None:
    assert told("VN", kind="violation").template == "abuse-in-vietnam"
    notice = told(kind="action", rule="hide_reply")
    assert notice.subject == "ซ่อนคำตอบ: the reply p1"
    assert notice.body == "for good, since 2025-07-03 09:00 (Asia/Bangkok)\nnobody sees the reply"
    assert notice.language is None


@pytest.mark.parametrize(
    ("region", "language", "said"),
    [
        ("TH", None, "th"),
        ("TH", "en", "en"),
        ("TH", "en-GB", "en"),
        ("TH", "EN_gb", "en"),
        ("TH", "xx", "th"),
        ("BR", "xx", "en"),
        ("BR", "TH", "th"),
        ("VN", None, None),
        ("VN", "vi-VN", "vi"),
    ],
)
def test_the_language_is_the_shops_or_its_regions_or_that_of_all_others(
    region: str, language: str | None, said: str | None
) -> None:
    assert told(region, language, kind="violation").language == said


def test_shops_say_what_they_read() -> None:
    program = program_of()
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    assert evaluator.language_of("s1") is None
    for number, event in enumerate(
        (
            {"type": "shop.opened", "language": "vi"},
            {"type": "shop.language_changed", "language": "en"},
        )
    ):
        made = decoder.convert(
            {
                "shop_id": "s1",
                "event_id": f"e{number}",
                "occurred_at": "2025-07-03T02:00:00Z",
                **event,
            }
        )
        assert isinstance(made, Event)
        evaluator.feed(made)
    assert evaluator.language_of("s1") == "en"
    again = Evaluator(program)
    again.fetch = {"s1": evaluator.save("s1")}.get
    assert again.language_of("s1") == "en"


# ------------------------------------------------------------------------- never failing


def test_where_a_slot_cannot_be_computed_the_built_in_words_stand() -> None:
    notice = told(kind="step")
    assert notice.template is None
    assert notice.subject == "Your shop has reached 4 points"
    assert "The next step" not in notice.body


def test_a_condition_that_cannot_be_computed_does_not_hold() -> None:
    program = program_of()
    decisions = decided(program)
    warning = msgspec.structs.replace(one(decisions, "step"), kind="notice")
    assert announced_kind(warning) == "warning"
    assert render_notice(program, warning).template is None


def test_without_notices_there_is_plain_english() -> None:
    program, _ = compile_sources([Source("p.yaml", POLICY.partition("notices:")[0])])
    assert program is not None
    violation = one(decided(program), "violation")
    notice = render_notice(program, violation, "th")
    assert (notice.language, notice.template) == ("en", None)
    assert notice.subject == "A violation: abuse"
    assert (
        notice.body
        == f"""\
We found a violation of The rules in your shop s1: abuse, minor.
Reason: the reply says you fool
When: 3 July 2025, 09:00 (Asia/Bangkok)
Review: r1
Reply: p1

Points on points: 0 before, 4 now.

You can appeal until 2 August 2025, 24:00 (Asia/Bangkok).
What to hand in: mix-up: screenshot; any other reason: statement, photo.
Decision: {violation.decision_id}"""
    )


def test_values_stay_on_their_line_and_in_their_direction() -> None:
    program = program_of()
    hostile = "a\nFrom: the marketplace\u202e\u2066\x1b[2J\x00\x85\u2028b"
    notice = render_notice(program, one(decided(program, "BR", hostile), "violation"))
    assert "the reply says a From: the marketplace [2J   b\n" in notice.body
    assert notice.body.isprintable() is False  # for its own line ends
    assert notice.body.replace("\n", "").isprintable()


def test_words_of_a_policy_stay_on_their_line() -> None:
    odd = """
  entries:
    - notice: odd
      for: violation
      subject: {else: "a\\a\\nb\\e[2J"}
      text: {else: "c\\t\\x85d\\n\\r\\ne\\u200f"}
    - {notice: rest, for: [action, step], subject: {else: x}, text: {else: x}}
"""
    program = program_of(odd)
    notice = render_notice(program, one(decided(program), "violation"))
    assert (notice.subject, notice.body) == ("a b [2J", "c  d\n\ne\u200f")


def test_long_values_are_cut() -> None:
    program = program_of()
    notice = render_notice(program, one(decided(program, "BR", "x" * 99_000), "violation"))
    line = notice.body.split("\n")[2]
    assert len(line) == 2_000
    assert line.endswith("x…")


def test_the_built_in_notices_are_of_every_kind_and_always_fit() -> None:
    built_in = built_in_notices()
    always = [one for one in built_in.notices.templates if one.condition is None and not one.of]
    assert {kind for one in always for kind in one.kinds} == set(KINDS)


# -------------------------------------------------------------------------- all decisions


@pytest.fixture(scope="module")
def demo() -> tuple[Program, list[Decision]]:
    program, _ = compile_policy(DEMO / "policy.yaml")
    assert program is not None
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    found: list[Decision] = []
    for line in (DEMO / "events.jsonl").read_bytes().splitlines():
        event = decoder.decode(line)
        if isinstance(event, Event):
            found += evaluator.feed(event)
    return program, found


def fits(value: object, of: Type) -> bool:
    if isinstance(of, Optional):
        return value is None or fits(value, of.item)
    if isinstance(of, Enumeration):
        return value in of.members
    return type(value) is {TEXT: str, INTEGER: int, INSTANT: int, BOOLEAN: bool}[of]


def test_what_a_decision_holds_is_of_the_types_that_were_checked(
    demo: tuple[Program, list[Decision]],
) -> None:
    program, decisions = demo
    seen = set()
    for decision in decisions:
        kind = announced_kind(decision)
        if kind is None or not can_be_announced(decision):
            continue
        values = {**values_of(program, decision), "evidence_wanted": None}
        seen.add(kind)
        assert values.keys() == {one.name for one in VARIABLES[kind]}
        wrong = [v for v in VARIABLES[kind] if not fits(values[v.name], v.type)]
        assert not wrong, (decision.kind, values)
    assert seen == set(KINDS) - {"remedy"}


def test_every_decision_can_be_told(demo: tuple[Program, list[Decision]]) -> None:
    program, decisions = demo
    writer, once_more = NoticeWriter(program), NoticeWriter(program)
    for decision in decisions:
        notice = writer.write(decision, "th")
        assert notice == once_more.write(decision, "th")
        assert notice.subject
        assert notice.body
        assert "\n" not in notice.subject


def test_a_notice_for_one_region_silences_no_other() -> None:
    only = """
  entries:
    - notice: only-vietnam
      for: violation
      regions: [VN]
      when: has points and points > 100
      subject: {else: x}
      text: {else: x}
    - {notice: rest, for: [violation, action, step], of: [spam, hide_reply, points], SAYS}
""".replace("SAYS", "subject: {else: x}, text: {else: x}")
    program = program_of(only)
    told = {
        region: NoticeWriter(program).tells(one(decided(program, region), "violation"))
        for region in ("TH", "VN")
    }
    assert told == {"TH": True, "VN": False}


def test_what_is_only_tried_out_is_told_to_nobody(demo: tuple[Program, list[Decision]]) -> None:
    _, decisions = demo
    owed = [decision for decision in decisions if is_owed(decision)]
    assert {d.mode for d in owed} == {"live"}
    assert {d.kind for d in owed} >= {"violation", "action", "step", "notice", "appeal", "reversal"}
    assert not [d for d in owed if d.rule.result in {"error", "insufficient"}]
    assert not [d for d in owed if d.kind in {"points", "draft"}]


def without_outcome(decision: Decision, _text: str) -> Decision:
    return msgspec.structs.replace(decision, outcome=type(decision.outcome)())


def without_more(decision: Decision, _text: str) -> Decision:
    return msgspec.structs.replace(decision, redress=None, evidence=type(decision.evidence)())


def with_words(decision: Decision, text: str) -> Decision:
    replace = msgspec.structs.replace
    rule = replace(decision.rule, id=text, because=text)
    return replace(decision, rule=rule, reverses=text, subject=replace(decision.subject, id=text))


@given(
    number=st.integers(0, 10_000),
    odd=st.sampled_from([without_outcome, without_more, with_words]),
    text=st.text(max_size=20),
    language=st.one_of(st.none(), st.text(max_size=5)),
)
def test_no_record_is_too_odd_to_be_told(
    number: int,
    odd: Callable[[Decision, str], Decision],
    text: str,
    language: str | None,
    demo: tuple[Program, list[Decision]],
) -> None:
    program, decisions = demo
    decision = odd(decisions[number % len(decisions)], text)
    notice = render_notice(program, decision, language)
    assert msgspec.json.decode(msgspec.json.encode(notice), type=Notice) == notice
    assert not any(unicodedata.category(char) == "Cc" for char in notice.body if char != "\n")
    assert not any(unicodedata.category(char) == "Cc" for char in notice.subject)
