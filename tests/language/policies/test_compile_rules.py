"""Rules on events, classes and drafts: what they become, and where what is wrong with them is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from revlex.engine.language import ir
from revlex.engine.language.diagnostics import Diagnostic
from revlex.engine.language.program import (
    DraftLimits,
    Interval,
    Mode,
    Program,
    RateLimit,
    Status,
    Stratum,
)
from revlex.engine.language.syntax import Hours, Period, Unit
from revlex.engine.language.types import BOOLEAN
from revlex.engine.language.walk import subexpressions

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

HOUR = 3_600_000_000
DAY = 24 * HOUR
DRAFT = """\
policy: p
reply_drafts:
  rules:
    - {{draft: d, when: '{}', mode: {}, templates: {{en: [x]}}}}
"""
HEAD = "policy: p\nregions: [TH, VN]\ntimezone: {TH: Asia/Bangkok, else: Asia/Singapore}\n"


def fields(expr: ir.Expr) -> set[str]:
    parts = subexpressions(expr)
    return {f"{part.entity}.{part.name}" for part in parts if isinstance(part, ir.Field)}


def test_a_rule_says_what_its_entry_says(clean: Clean) -> None:
    program = clean(
        HEAD
        + """
review_rules:
  - rule: window
    event: [review.posted, review.edited, review.posted]
    status: warn
    regions: [VN]
    effective: {from: 2026-01-01, until: 2026-02-01}
    when: not review.imported
    require: review.stars >= 2
    otherwise: refuse
    because: "{matched} in {review.stars} stars"
    owner: trust team
    links: ["https://example.com"]
    priority: 7
    stop: true
"""
    )
    (rule,) = program.rules
    assert (rule.name, rule.stratum, rule.status) == ("window", Stratum.REVIEW, Status.WARN)
    assert rule.events == ("review.posted", "review.edited")
    assert rule.regions == {"VN"}
    assert (rule.owner, rule.links) == ("trust team", ("https://example.com",))
    assert (rule.priority, rule.stop) == (7, True)
    assert rule.verdicts == {"": "refuse"}
    # The dates are those of the zone of all regions that have none of their own.
    assert rule.effective == Interval(1767196800_000_000, 1769875200_000_000)
    assert rule.applies("VN", 1767196800_000_000)
    assert not rule.applies("TH", 1767196800_000_000)
    assert not rule.applies("VN", 1769875200_000_000)


def test_a_rule_fires_when_its_condition_holds_and_its_demand_does_not(clean: Clean) -> None:
    text = "policy: p\nreview_rules:\n  - rule: r\n    {}\n"
    when = clean(text.format("when: review.stars == 1\n    verdict: flag")).rules[0].condition
    require = clean(text.format("require: review.images >= 1\n    otherwise: flag")).rules[0]
    both = text.format(
        "when: review.stars == 1\n    require: review.images >= 1\n    otherwise: flag"
    )
    assert isinstance(require.condition, ir.Not)
    condition = clean(both).rules[0].condition
    assert condition == ir.And((when, require.condition), type=BOOLEAN, span=condition.span)


def test_what_when_has_shown_is_known_in_require(clean: Clean) -> None:
    program = clean("""
        policy: p
        review_rules:
          - rule: window
            when: has order.delivered_at
            require: review.posted_at within 60 calendar days of order.delivered_at
            otherwise: refuse
            because: too late
    """)
    assert fields(program.rules[0].condition) == {"order.delivered_at", "review.posted_at"}


def test_rules_of_each_kind_have_their_usual_event(clean: Clean) -> None:
    program = clean("""
        policy: p
        review_rules: [{rule: a, when: true, verdict: flag}]
        reply_rules: [{rule: b, when: true, verdict: flag}]
        report_rules: [{rule: c, when: true, verdict: flag}]
        reply_drafts: {rules: [{draft: d, mode: draft, templates: {en: [hello]}}]}
    """)
    events = {rule.stratum: rule.events for rule in program.rules}
    assert events == {
        Stratum.REVIEW: ("review.posted",),
        Stratum.REPLY: ("reply.submitted",),
        Stratum.REPORT: ("review.reported",),
    }
    assert program.drafts[0].events == ("review.posted",)


def test_rules_stand_in_the_order_of_their_priority_and_then_of_the_file(clean: Clean) -> None:
    names = ["a", "b", "c", "d"]
    priorities = [0, 5, -1, 5]
    rules = "".join(
        f"  - {{rule: {name}, when: true, verdict: flag, priority: {priority}}}\n"
        for name, priority in zip(names, priorities, strict=True)
    )
    program = clean(f"policy: p\nreview_rules:\n{rules}")
    assert [rule.name for rule in program.rules] == ["b", "d", "a", "c"]


def test_a_verdict_may_differ_by_region(clean: Clean) -> None:
    rule = "reply_rules: [{{rule: r, when: true, because: why, verdict: {}}}]"
    (some,) = clean(HEAD + rule.format("{TH: allow, else: reject}")).rules
    (each,) = clean(HEAD + rule.format("{TH: allow, VN: reject}")).rules
    assert [some.verdict(region) for region in ("TH", "VN", "SG")] == ["allow", "reject", "reject"]
    assert [each.verdict(region) for region in ("TH", "VN", "SG")] == ["allow", "reject", "allow"]


def test_a_violation_is_known_by_its_name(clean: Clean) -> None:
    program = clean("""
        policy: p
        review_rules:
          - {rule: r, when: review.incentivised, verdict: flag, violation: bought, because: paid}
        violations: {bought: {points: 4}}
        appeals: [{appeal: violation, attempts: [within 30d of notice]}]
    """)
    assert program.rules[0].violation == "bought"


def test_classes_are_given_by_the_first_line_that_holds(clean: Clean) -> None:
    program = clean("""
        policy: p
        classify:
          - {as: logistics, when: review.text contains "courier"}
          - {as: product, when: review.stars <= 2, status: disabled}
          - as: other
    """)
    assert [(line.as_class, line.status) for line in program.classify] == [
        ("logistics", Status.ENFORCE),
        ("product", Status.DISABLED),
        ("other", Status.ENFORCE),
    ]
    assert program.classify[2].condition == ir.true(program.classify[2].span)


def test_a_draft_says_what_its_entry_says(clean: Clean) -> None:
    program = clean("""
        policy: p
        reply_drafts:
          limits: {per_run: 200, per_buyer: 1 per 24h, per_shop: 50 per day, hours: 09:00 to 21:00}
          rules:
            - draft: second
              when: review.stars >= 4
              mode: post
              delay: 2h
              templates:
                vi: [Cảm ơn!]
                else: ["Thank you, {buyer.name ?? 'friend'}!", Thanks]
            - draft: first
              priority: 1
              when: review.stars == 3
              mode: approve
              templates: {en: [x]}
    """)
    first, second = program.drafts
    assert (first.name, first.mode, first.delay) == ("first", Mode.APPROVE, 0)
    assert (second.name, second.mode, second.delay) == ("second", Mode.POST, 2 * HOUR)
    assert list(second.templates) == ["else", "vi"]
    assert [one.message.text for one in second.templates["else"]] == [
        "Thank you, {buyer.name ?? 'friend'}!",
        "Thanks",
    ]
    start, slot, end = second.templates["else"][0].message.parts
    assert (start, end) == ("Thank you, ", "!")
    assert isinstance(slot, ir.Coalesce)
    limits = program.draft_limits
    assert limits == DraftLimits(
        per_run=200,
        per_buyer=RateLimit(1, DAY),
        per_shop=RateLimit(50, Period(1, Unit.CALENDAR_DAYS, span=slot.span)),
        hours=Hours(9 * 60, 21 * 60, span=slot.span),
    )


def test_the_order_of_languages_in_the_file_means_nothing(clean: Clean) -> None:
    text = "policy: p\nreply_drafts: {{rules: [{{draft: d, mode: draft, templates: {{{}}}}}]}}"
    one = clean(text.format("vi: [a], en: [b]"))
    other = clean(text.format("en: [b], vi: [a]"))
    assert one.digest == other.digest
    assert list(one.drafts[0].templates) == list(other.drafts[0].templates)


@pytest.mark.parametrize(
    "condition",
    [
        "review.stars >= 3",
        "review.stars in [3, 4]",
        "not (review.stars <= 2)",
        "review.stars == 5 or review.stars >= 3 and review.images > 1",
    ],
)
def test_a_draft_may_be_posted_where_nobody_is_unhappy(condition: str, compiled: Clean) -> None:
    assert compiled(DRAFT.format(condition, "post")).found == []


@pytest.mark.parametrize(
    "condition",
    ["review.stars >= 2", "review.first_stars >= 3", "review.stars != 1", "review.images > 1"],
)
def test_a_draft_is_not_posted_where_somebody_may_be_unhappy(
    condition: str, compiled: Clean
) -> None:
    assert compiled(DRAFT.format(condition, "post")).codes == ["E615"]
    assert compiled(DRAFT.format(condition, "approve")).codes == []
    assert compiled(DRAFT.format(condition, "draft")).codes == []


# ------------------------------------------------------------------------- places


def test_mistakes_are_shown_inside_the_scalar(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        review_rules:
          - rule: folded
            when: >-
              review.text != "" and

              review.stars >
                «5.0» and review.images == «"1"»
            verdict: flag
          - rule: quoted
            when: "review.text != \\"\\u00e9\\" and «review.starz» == 3"
            verdict: flag
          - rule: literal
            when: |
              review.stars == 3
              and «reviw.images» == 1
            verdict: flag
            because: 'it''s {«review.text2»} and {«matcht»}'
        """,
        "E501 E501 E402 E406 E402 E401",
    )


def test_each_wrong_event_and_region_is_shown_by_itself(wrong: Wrong) -> None:
    found = wrong(
        """
        policy: p
        regions: [TH, VN]
        review_rules:
          - rule: a
            event: [review.posted, «reply.submitted», «review.editd»]
            regions: [TH, «VM»]
            when: review.stars == 1
            verdict: flag
        """,
        "E604 E604 E211",
    )
    assert [one.help for one in found[1:]] == [
        "did you mean `review.edited`?",
        "the regions are `TH`, `VN`",
    ]


def test_an_entry_that_is_hidden_shows_what_hides_it(wrong: Wrong) -> None:
    (found,) = wrong(
        """
        policy: p
        classify:
          - {as: product, when: review.stars <= 2}
          - {as: service, when: review.stars >= 3}
          - {as: «safety», when: review.images > 2}
        """,
        "W725",
    )
    assert [(label.span.line, label.span.text) for label in found.labels] == [(5, "service")]


@pytest.mark.parametrize(
    ("earlier", "later", "hidden"),
    [
        ("", "", True),
        ("status: disabled", "", False),
        ("", "status: disabled", False),
        ("status: shadow", "", False),
        ("status: warn", "", True),
        ("regions: [TH]", "", False),
        ("regions: [TH, VN]", "", True),
        ("regions: [TH]", "regions: [TH]", True),
        ("regions: [TH]", "regions: [VN]", False),
        ("effective: {from: 2026-01-01}", "", False),
        ("effective: {from: 2026-01-01}", "effective: {from: 2026-02-01}", True),
        ("effective: {until: 2026-03-01}", "effective: {until: 2026-02-01}", True),
        ("effective: {until: 2026-03-01}", "effective: {until: 2026-04-01}", False),
        ("stop: false", "", False),
        ("", "priority: 1", False),
        ("", "event: review.edited", False),
        ("event: [review.edited, review.posted]", "event: review.edited", True),
    ],
)
def test_a_rule_is_hidden_where_an_earlier_one_always_stops(
    earlier: str,
    later: str,
    hidden: bool,  # noqa: FBT001 - what the case expects
    compiled: Clean,
) -> None:
    stop = "" if "stop" in earlier else "    stop: true\n"
    text = (
        f"{HEAD}review_rules:\n"
        f"  - rule: wide\n    when: review.stars <= 2\n    verdict: flag\n{stop}    {earlier}\n"
        f"  - rule: narrow\n    when: review.stars == 1\n    verdict: flag\n    {later}\n"
    )
    assert compiled(text).codes == (["W725"] if hidden else [])
