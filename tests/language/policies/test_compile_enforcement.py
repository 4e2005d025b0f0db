"""Violations, actions, ladders and appeals: what they become, and what cannot happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from revlex.engine.language.diagnostics import Diagnostic
from revlex.engine.language.program import (
    ONCE,
    PERMANENT,
    Attempt,
    Lapse,
    Overlap,
    Program,
    Proposal,
    Repeat,
    Success,
    WhilePending,
)
from revlex.engine.language.syntax import Period, Unit

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

DAY = 86_400_000_000
APPEAL = "appeals: [{appeal: violation, attempts: [within 30d of notice]}]\n"
LADDER = """\
escalations:
  - ladder: penalties
    per: shop
    because: "{points} of {at}"
    steps: [{at: 12, do: [close_shop for 7d]}]
"""


def days(count: int, program: Program) -> Period:
    return Period(count, Unit.CALENDAR_DAYS, span=program.appeals[0].span)


def test_violations(clean: Clean) -> None:
    program = clean(
        f"""
policy: p
violations:
  plain: {{}}
  fixed: {{points: 4, severity: critical, because: mind this}}
  ranged:
    points: 1 to 12
    pick: 6
    repeat: {{within: 180d, times: 2}}
    do: [warn, close_shop for 3d]
actions: {{warn: {{scope: shop}}, close_shop: {{scope: shop}}}}
{APPEAL}"""
    )
    plain, fixed, ranged = program.violations.values()
    assert (plain.points, plain.lowest, plain.highest, plain.severity) == (0, 0, 0, "minor")
    assert (fixed.points, fixed.lowest, fixed.highest, fixed.severity) == (4, 4, 4, "critical")
    assert fixed.because is not None
    assert (ranged.points, ranged.lowest, ranged.highest) == (6, 1, 12)
    assert ranged.repeat == Repeat(180 * DAY, 2)
    assert ranged.actions == (Proposal("warn", ONCE), Proposal("close_shop", 3 * DAY))


def test_actions(clean: Clean) -> None:
    program = clean(
        f"""
policy: p
violations: {{v: {{points: 1, do: [cap permanently, hide for 1d]}}}}
actions:
  cap: {{scope: fund, overlap: longest, cap: 100 per day, note: at most 100 orders a day}}
  hide: {{scope: review}}
{APPEAL}"""
    )
    cap, hide = program.actions.values()
    assert (cap.scope, cap.overlap) == ("fund", Overlap.LONGEST)
    assert cap.parameters == {"cap": "100 per day", "note": "at most 100 orders a day"}
    assert (hide.scope, hide.overlap, hide.parameters) == ("review", Overlap.EXTEND, {})
    assert program.violations["v"].actions[0] == Proposal("cap", PERMANENT)


def test_ladders(clean: Clean) -> None:
    program = clean(
        f"""
policy: p
violations: {{a: {{points: 4}}, b: {{points: 2}}}}
actions: {{close_shop: {{scope: shop, overlap: restart}}}}
escalations:
  - ladder: penalties
    per: shop
    count: up
    of: [a]
    expire: 90 calendar days
    terminal: 48
    warn_before: 5
    because: "{{points}} points"
    steps:
      - {{at: 12, do: [close_shop for 28d]}}
      - {{at: 48, do: [close_shop permanently], because: "{{at}} is the end"}}
{APPEAL}"""
    )
    (ladder,) = program.ladders
    assert (ladder.name, ladder.per, ladder.terminal, ladder.warn_before) == (
        "penalties",
        "shop",
        48,
        5,
    )
    assert ladder.expire == days(90, program)
    assert ladder.violations == {"a"}
    assert [(step.at, step.actions) for step in ladder.steps] == [
        (12, (Proposal("close_shop", 28 * DAY),)),
        (48, (Proposal("close_shop", PERMANENT),)),
    ]
    reasons = [step.because.text for step in ladder.steps if step.because]
    assert reasons == ["{points} points", "{at} is the end"]


def test_appeals(clean: Clean) -> None:
    program = clean("""
        policy: p
        violations: {v: {points: 4}}
        review_rules: [{rule: r, when: true, verdict: refuse, because: why}]
        appeals:
          - appeal: first
            against: [violation, verdict, violation]
            attempts:
              - within 30 calendar days of notice
              - within 15d of rejection
              - within 7d of notice
            evidence: {bug: [screenshot, time], else: []}
            while_pending: delay 48h
            decide_within: 5 business days
            if_lapsed: overturn
            if_overturned: [lift actions]
            recompute: retroactive
    """)
    (process,) = program.appeals
    assert process.against == ("violation", "verdict")
    assert process.attempts == (
        Attempt(days(30, program), "notice"),
        Attempt(15 * DAY, "rejection"),
        Attempt(7 * DAY, "notice"),
    )
    assert process.evidence == {"bug": ("screenshot", "time"), "else": ()}
    assert (process.while_pending, process.delay) == (WhilePending.DELAY, 2 * DAY)
    assert process.decide_within == Period(5, Unit.BUSINESS_DAYS, span=process.span)
    assert (process.if_lapsed, process.if_overturned) == (Lapse.OVERTURN, (Success.LIFT_ACTIONS,))
    assert process.retroactive


def test_an_appeal_that_says_little(clean: Clean) -> None:
    program = clean(f"policy: p\nviolations: {{v: {{points: 4}}}}\n{APPEAL}")
    (process,) = program.appeals
    assert (process.against, process.while_pending, process.delay, process.decide_within) == (
        ("violation",),
        WhilePending.KEEP,
        None,
        None,
    )
    assert (process.if_lapsed, process.if_overturned) == (Lapse.ESCALATE, tuple(Success))
    assert not process.retroactive


# ------------------------------------------------------------- what cannot happen


@pytest.mark.parametrize(
    ("violations", "of", "codes"),
    [
        ("{a: {points: 4}, b: {}}", "", []),
        ("{a: {points: 4}, b: {}}", "of: [a]", []),
        ("{a: {points: 4}, b: {}}", "of: [b]", ["E642"]),
        ("{a: {points: 4}, b: {}}", "of: [b, a]", []),
        ("{a: {points: 0 to 4, pick: 0}}", "", []),
        ("{a: {points: 0}}", "", ["E642"]),
        ("{}", "", ["E642"]),
        ("{a: {points: [4]}}", "", ["E201"]),
        ("{a: {points: 1 to 4}}", "of: [a]", ["E621"]),
        ("{a: {points: 4}}", "of: [c]", ["E606"]),
    ],
)
def test_a_ladder_needs_points(
    violations: str, of: str, codes: list[str], compiled: Callable[..., Any]
) -> None:
    ladder = LADDER.replace("    per: shop\n", f"    per: shop\n    {of}\n")
    actions = "actions: {close_shop: {scope: shop}}\n"
    text = f"policy: p\nviolations: {violations}\n{actions}{ladder}"
    assert compiled(text).errors == codes


@pytest.mark.parametrize(
    ("cause", "scopes"),
    [
        ("", {"shop", "fund", "product", "review"}),
        ("review_rules", {"shop", "fund", "product", "review"}),
        ("report_rules", {"shop", "fund", "product", "review"}),
        ("reply_rules", {"shop", "fund", "product", "review", "reply"}),
    ],
)
def test_what_the_actions_of_a_violation_can_fall_on(
    cause: str, scopes: set[str], compiled: Callable[..., Any]
) -> None:
    rule = "[{rule: r, when: true, verdict: flag, violation: v, because: why}]"
    rules = f"{cause}: {rule}\n" if cause else ""
    for scope in ("shop", "fund", "product", "review", "reply"):
        text = (
            f"policy: p\n{rules}violations: {{v: {{points: 1, do: [act]}}}}\n"
            f"actions: {{act: {{scope: {scope}}}}}\n{APPEAL}"
        )
        assert compiled(text).codes == ([] if scope in scopes else ["E641"]), scope


def test_the_steps_of_a_ladder_know_only_the_shop(wrong: Wrong) -> None:
    found = wrong(
        f"""
policy: p
violations: {{v: {{points: 4}}}}
actions: {{close_shop: {{scope: shop, overlap: keep}}, freeze: {{scope: product}}}}
{LADDER.replace("[close_shop for 7d]", "[«freeze» for 7d]")}
""",
        "E641",
    )
    assert found[0].help == "ask for an action that falls on a fund or a shop"


def test_an_action_asked_for_twice_needs_a_rule_for_overlaps(compiled: Callable[..., Any]) -> None:
    text = f"""
policy: p
violations: {{v: {{points: 4, do: [close_shop for 1d]}}}}
actions: {{close_shop: {{scope: shop}}}}
{LADDER}{APPEAL}"""
    assert compiled(text).codes == ["E612"]
    assert compiled(text.replace("{scope: shop}", "{scope: shop, overlap: keep}")).codes == []
    assert compiled(text.replace("{scope: shop}", "{scope: shop, overlap: kept}")).codes == ["E207"]


def test_what_never_lasts_has_no_overlaps(compiled: Callable[..., Any]) -> None:
    text = f"""
policy: p
violations: {{v: {{points: 4, do: [tell]}}, w: {{points: 4, do: [tell]}}}}
actions: {{tell: {{scope: shop}}}}
escalations:
  - {{ladder: l, per: shop, because: too many, steps: [{{at: 9, do: [tell]}}]}}
{APPEAL}"""
    assert compiled(text).codes == []
    assert compiled(text.replace("w: {points: 4, do: [tell]", "w: {do: [tell for 1d]")).codes == [
        "E612"
    ]


KINDS = {
    "violation": "violations: {v: {points: 4}}\n",
    "verdict": "review_rules: [{rule: r, when: true, verdict: refuse, because: why}]\n",
    "threshold": """
measures: {m: {per: shop, value: count(review), over: 30d}}
thresholds:
  - threshold: t
    measure: m
    check: daily
    bands: {few: below 5, many: from 5}
    on_enter: {many: {violation: v}}
    because: why
violations: {v: {points: 4}}
""",
    "action": """
violations: {v: {points: 4, do: [close_shop for 1d]}}
actions: {close_shop: {scope: shop}}
""",
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_appeal_needs_something_to_appeal(kind: str, compiled: Callable[..., Any]) -> None:
    appeal = f"appeals:\n  - {{appeal: {kind}, attempts: [within 30d of notice]}}\n"
    assert "E644" not in compiled(f"policy: p\n{KINDS[kind]}{appeal}").codes
    shadow = KINDS[kind].replace("points: 4", "points: 4, status: shadow")
    shadow = shadow.replace("rule: r", "rule: r, status: warn").replace(
        "threshold: t\n", "threshold: t\n    status: shadow\n"
    )
    if kind != "action":
        assert compiled(f"policy: p\n{shadow}{appeal}").errors == ["E644"]
    assert compiled(f"policy: p\n{appeal}").errors == ["E644"]


def test_an_appeal_that_another_takes(wrong: Wrong, clean: Clean) -> None:
    text = """
        policy: p
        regions: [TH, VN]
        timezone: Asia/Bangkok
        violations: {{v: {{points: 4}}}}
        appeals:
          - {{appeal: violation, {} attempts: [within 30d of notice]}}
          - {{appeal: «second», against: [violation], {} attempts: [within 15d of notice]}}
        """
    wrong(text.format("", ""), "W725")
    wrong(text.format("", "regions: [TH],"), "W725")
    clean(text.replace("«", "").replace("»", "").format("regions: [TH],", ""))


def test_the_first_thing_without_an_appeal_is_shown(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        regions: [TH, VN]
        timezone: Asia/Bangkok
        violations:
          harmless: {status: shadow}
          in-one-region: {points: 4, regions: [TH]}
          «everywhere»: {points: 4}
          elsewhere: {points: 4, regions: [VN]}
        appeals:
          - {appeal: violation, regions: [TH], attempts: [within 30d of notice]}
        """,
        "W722",
    )


def test_actions_of_a_threshold_need_an_appeal_too(compiled: Callable[..., Any]) -> None:
    text = KINDS["threshold"].replace("{violation: v}", "{do: [close_shop for 1d]}") + APPEAL
    actions = "actions: {close_shop: {scope: shop}}\n"
    assert compiled(f"policy: p\n{text}{actions}").codes == ["W722"]
    wider = text.replace("appeal: violation", "appeal: all, against: [violation, threshold]")
    assert compiled(f"policy: p\n{wider}{actions}").codes == []


def test_one_reason_serves_all_steps(compiled: Callable[..., Any]) -> None:
    head = "policy: p\nviolations: {v: {points: 4}}\nactions: {close_shop: {scope: shop}}\n"
    bare = LADDER.replace('    because: "{points} of {at}"\n', "")
    assert compiled(head + LADDER + APPEAL).codes == []
    outcome = compiled(head + bare + APPEAL)
    assert [(one.code, one.span.text) for one in outcome.found] == [("W721", "penalties")]
    own = bare.replace("for 7d]}", "for 7d], because: why}")
    assert compiled(head + own + APPEAL).codes == []


def test_what_an_entry_is_made_of_is_shown(compiled: Callable[..., Any]) -> None:
    outcome = compiled("policy: p\nviolations: {late: 4}\n")
    assert outcome.codes == ["E201"]
    assert outcome.found[0].help == (
        "write keys with values, such as `points: …`, or a list of such"
    )
