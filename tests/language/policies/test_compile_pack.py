"""Packs: one policy in several files, its head, and the digest of its content."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from revlex.engine.language.compiler import DEFAULT_RETENTION, compile_policy, compile_sources
from revlex.engine.language.diagnostics import Diagnostic
from revlex.engine.language.program import CalendarSpec, Interval, Program
from revlex.engine.language.shelves import pack_files
from revlex.engine.language.source import Source

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

DAY = 86_400_000_000
RULE = "  - {{rule: {}, when: true, verdict: flag}}\n"
RULES = Path(__file__).parents[3] / "rules"
PACKS = sorted({path.parent for path in RULES.rglob("policy.yaml")})


# ---------------------------------------------------------------------- the head


def test_a_policy_of_one_line(clean: Clean) -> None:
    program = clean("policy: small")
    assert (program.name, program.title, program.version) == ("small", "small", "1")
    assert (program.regions, program.zones) == ((), {"": "UTC"})
    assert (program.calendars, program.effective) == ({"": CalendarSpec()}, Interval())
    assert (program.announced, program.lateness, program.retention) == (None, 0, DEFAULT_RETENTION)
    assert program.rules == program.thresholds == program.ladders == ()


def test_calendars_by_region(clean: Clean) -> None:
    program = clean("""
        policy: p
        regions: [TH, SA, VN]
        calendars:
          TH: {holidays: [2026-01-01]}
          SA: {weekend: [friday, saturday]}
          else: {weekend: []}
    """)
    found = [program.calendar(region) for region in ("TH", "SA", "VN", "elsewhere")]
    assert found == [
        CalendarSpec(holidays=frozenset({739617})),
        CalendarSpec(frozenset({4, 5})),
        CalendarSpec(frozenset()),
        CalendarSpec(frozenset()),
    ]


def test_a_calendar_beside_those_of_regions(clean: Clean) -> None:
    program = clean("""
        policy: p
        regions: [TH, VN]
        calendar: {weekend: [sunday]}
        calendars: {TH: {weekend: [friday]}}
    """)
    assert program.calendar("TH") == CalendarSpec(frozenset({4}))
    assert program.calendar("VN") == CalendarSpec(frozenset({6}))


def test_the_head(clean: Clean) -> None:
    program = clean("""
        policy: p
        title: A title
        version: "1.10"
        regions: [TH, VN]
        timezone: {VN: Asia/Ho_Chi_Minh, else: Asia/Bangkok}
        calendar: {weekend: [friday, saturday], holidays: [2026-01-01, 2026-04-13]}
        effective: {announced: 2025-12-01, from: 2026-01-01, until: 2027-01-01}
        in_flight: keep
        lateness: 10m
        retention: 90d
    """)
    assert (program.name, program.title, program.version) == ("p", "A title", "1.10")
    assert program.regions == ("TH", "VN")
    assert program.zones == {"": "Asia/Bangkok", "VN": "Asia/Ho_Chi_Minh"}
    off = CalendarSpec(frozenset({4, 5}), frozenset({739617, 739719}))
    assert program.calendars == {"": off}
    assert program.effective == Interval(1767200400_000_000, 1798736400_000_000)
    assert program.announced == 1764522000_000_000
    assert (program.lateness, program.retention) == (600_000_000, 90 * DAY)


def test_the_zone_of_other_regions(clean: Clean) -> None:
    head = "policy: p\nregions: [TH, SG]\ntimezone: {}\n"
    zones = "{SG: Asia/Singapore, TH: Asia/Bangkok}"
    assert clean(head.format("Asia/Tokyo")).zones == {"": "Asia/Tokyo"}
    assert clean(head.format(zones)).zone("XX") == "Asia/Bangkok"
    assert clean(head.format("{else: Asia/Tokyo}")).zone("TH") == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("zone", "help_"),
    [
        ("Asia/Bangok", "did you mean `Asia/Bangkok`?"),
        ("asia/bangkok", "did you mean `Asia/Bangkok`?"),
        ("Bangkok", "did you mean `Asia/Bangkok`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("GMT+7", "write an IANA name such as `Asia/Bangkok`"),
        ("../UTC", "write an IANA name such as `Asia/Bangkok`"),
        ("localtime", "write an IANA name such as `Asia/Bangkok`"),
    ],
)
def test_a_zone_that_there_is_not(zone: str, help_: str, wrong: Wrong) -> None:
    (found,) = wrong(f"policy: p\ntimezone: «{zone}»\n", "E213")
    assert found.help == help_


def test_regions_and_zones_go_together(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        regions: [TH, VN, «TH», SG]
        timezone: {«TH»: Asia/Bangkok, VN: Asia/Ho_Chi_Minh}
        """,
        "E209 E636",
    )
    wrong("policy: p\nregions: [TH]\ntimezone: {TH: Asia/Bangkok, «VN»: Asia/Bangkok}\n", "E211")


@pytest.mark.parametrize(
    "date",
    ["2026-02-30", "2026-1-1", "20260101", "2026-W01-1", "1899-12-31", "2200-01-01", "0001-01-01"],
)
def test_dates(date: str, wrong: Wrong) -> None:
    wrong(f"policy: p\neffective: {{from: «{date}»}}\n", "E212")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "America/Sao_Paulo"])
@pytest.mark.parametrize("date", ["1900-01-01", "2199-12-31", "2018-11-04"])
def test_every_date_that_is_taken_is_an_instant(zone: str, date: str, clean: Clean) -> None:
    program = clean(f"policy: p\ntimezone: {zone}\neffective: {{from: {date}}}\n")
    assert program.effective.start is not None


# -------------------------------------------------------------------- many files


def test_sections_of_many_files_are_one_policy(clean: Clean) -> None:
    program = clean(
        "policy: p\nreview_rules:\n" + RULE.format("a"),
        "review_rules:\n" + RULE.format("b") + "define: {negative: review.stars <= 2}\n",
        "reply_rules:\n  - {rule: c, when: negative, verdict: flag}\n",
    )
    assert [rule.name for rule in program.rules] == ["a", "b", "c"]


def test_places_name_the_file(compiled: Callable[..., Any]) -> None:
    outcome = compiled(
        "policy: p\nreview_rules:\n" + RULE.format("a"),
        "reply_rules:\n" + RULE.format("a") + "review_rules:\n" + RULE.format("a"),
        "lists: {l: [a]}\npolicy: q\ntitle: one\n",
        "lists: {l: [b]}\ntitle: two\nregions: [TH]\nreply_drafts: {rules: []}\n",
        "regions: [VN]\nreply_drafts: {rules: []}\npolicy: r\n",
    )
    places = [(one.code, one.span.source.name, one.span.line) for one in outcome.found]
    assert places == [
        ("E209", "1.yaml", 4),
        ("E210", "2.yaml", 2),
        ("E209", "3.yaml", 1),
        ("E209", "3.yaml", 2),
        ("E209", "4.yaml", 1),
        ("E209", "4.yaml", 2),
    ]
    first = [label.span.source.name for one in outcome.found for label in one.labels]
    assert first == ["0.yaml", "2.yaml", "2.yaml", "3.yaml", "3.yaml"]


def test_a_pack_without_a_head_is_checked_all_the_same(compiled: Callable[..., Any]) -> None:
    outcome = compiled("title: x\n", "review_rules: [{rule: r, when: review.starz, verdict: flag}]")
    assert [(one.code, one.span.source.name) for one in outcome.found] == [
        ("E210", "0.yaml"),
        ("E402", "1.yaml"),
    ]


def test_what_nothing_can_be_said_about_is_not_guessed_at(compiled: Callable[..., Any]) -> None:
    uses = """
review_rules:
  - {rule: r, when: l in m and in_force("x"), verdict: flag, violation: v}
"""
    for section in ("lists", "tables", "define", "measures", "violations", "actions"):
        assert compiled(f"policy: p\n{section}: [v]\n{uses}").codes == ["E201"], section
    for nothing in ("lists: {a: [b\n", "", "- a list\n", "just a text\n"):
        codes = compiled("policy: p\n", nothing, uses).codes
        assert codes
        assert all(code.startswith(("E1", "E201")) for code in codes), codes


def test_an_entry_with_a_mistake_is_not_reported_where_it_is_used(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        review_rules:
          - rule: r
            when: in_force("act") or points("ladder") > 3
            verdict: flag
            violation: v
            because: why
        violations: {v: «fake»}
        actions: {act: {scope: «galaxy»}}
        measures: {m: {«per: shop», value: count(review)}, k: {per: shop, value: m + 1, over: 30d}}
        thresholds:
          - threshold: t
            measure: m
            check: daily
            require: k > 1
            bands: {few: «[»], many: from 5}
            leave: {few: from 3}
            on_enter: {few: {violation: v, do: [act]}}
            because: why
        escalations:
          - {«ladder: ladder», per: shop}
        """,
        "E201 E207 E203 E201 E203",
    )


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    texts = {
        "policy.yaml": "policy: p\n",
        "b.yml": "review_rules:\n" + RULE.format("b"),
        "a.yaml": "review_rules:\n" + RULE.format("a"),
        "cases.yaml": "cases: nonsense",
        "mapping.yaml": "mapping: nonsense",
        "SOURCES.md": "# not YAML",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [path.name for path in pack_files(tmp_path)] == ["a.yaml", "b.yml", "policy.yaml"]
    program, report = compile_policy(tmp_path)
    assert list(report) == []
    assert program is not None
    assert [rule.name for rule in program.rules] == ["a", "b"]
    assert [rule.span.source.name for rule in program.rules] == [
        str(tmp_path / "a.yaml"),
        str(tmp_path / "b.yml"),
    ]
    alone, _ = compile_policy(str(tmp_path / "policy.yaml"))
    assert alone is not None
    assert alone.rules == ()


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_packs_that_ship_have_nothing_wrong(pack: Path) -> None:
    program, report = compile_policy(pack)
    assert [(one.code, one.span.line, one.message) for one in report] == []
    assert program is not None


# --------------------------------------------------------------------- the digest


def digest(*texts: str) -> str:
    program, report = compile_sources([Source(f"{i}.yaml", t) for i, t in enumerate(texts)])
    assert program is not None, list(report)
    return program.digest


def test_layout_comments_and_quotes_change_nothing(everything: str) -> None:
    laid_out = "\n".join(
        f"{line}   # a comment" if line and not line.rstrip().endswith((">", "|")) else line
        for line in everything.splitlines()
    )
    assert digest(laid_out + "\n\n") == digest(everything)
    assert digest(everything.replace("\n", "\r\n")) == digest(everything)
    assert digest("policy: 'p'\ntitle: \"a \\u0062\"") == digest("title: a b\npolicy: p")
    assert digest("policy: p\nregions:\n  - TH\n") == digest("policy: p\nregions: [TH]\n")


def test_neither_the_order_of_keys_nor_the_division_into_files_changes_anything() -> None:
    head, one = "policy: p\n", "define: {a: review.stars == 1, b: a}\n"
    other = "review_rules: [{rule: r, when: b, verdict: flag}]\n"
    turned = (
        "review_rules: [{verdict: flag, when: b, rule: r}]\ndefine: {b: a, a: review.stars == 1}\n"
    )
    files = [head, one, other]
    assert {digest(head + one + other), digest(turned + head), digest(*files)} == {
        digest(*files[::-1])
    }
    split = [head, "define: {b: a}\n", "define: {a: review.stars == 1}\n", other]
    assert digest(*split) == digest(*files)


def test_the_order_of_rules_is_content() -> None:
    files = [
        "policy: p\n",
        "review_rules:\n" + RULE.format("a"),
        "review_rules:\n" + RULE.format("b"),
    ]
    assert digest(*files) != digest(files[0], files[2], files[1])


def changed(value: Any, randomness: random.Random) -> Any:
    """A policy's content with one thing in it changed."""
    if isinstance(value, dict) and value:
        key = randomness.choice(sorted(value))
        return {**value, key: changed(value[key], randomness)}
    if isinstance(value, list) and value:
        at = randomness.randrange(len(value))
        return [*value[:at], changed(value[at], randomness), *value[at + 1 :]]
    return f"{value}x" if isinstance(value, str) else "changed"


@pytest.mark.parametrize("seed", range(60))
def test_every_content_changes_the_digest(seed: int, everything: str) -> None:
    from revlex.engine.language.compiler import content_digest  # noqa: PLC0415
    from revlex.engine.language.diagnostics import Report  # noqa: PLC0415
    from revlex.engine.language.pack import Pack, read_sources  # noqa: PLC0415

    pack = read_sources([Source("p", everything)], Report())
    assert pack is not None
    other = changed(pack.content, random.Random(seed))  # noqa: S311 - cases, not secrets
    assert json.dumps(other) != json.dumps(pack.content)
    assert content_digest(Pack(pack.policy, pack.ladders, other)) != content_digest(pack)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("title: a b", "title: a  b x"),
        ("version: '1'", "version: '01'"),
        ("regions: [TH, VN]", "regions: [VN, TH]"),
        ("retention: 30d", "retention: 720h"),
    ],
)
def test_contents_that_differ(one: str, other: str) -> None:
    assert digest(f"policy: p\n{one}\n") != digest(f"policy: p\n{other}\n")
