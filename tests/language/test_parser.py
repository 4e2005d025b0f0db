"""What expressions, phrases and templates mean, as trees; where they stand; their limits."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from revlex.engine.language import parser, syntax
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.parsing.depth import children
from revlex.engine.language.parsing.words import AGGREGATES, RESERVED
from revlex.engine.language.source import Embedded, Source, Span, embed
from revlex.engine.language.syntax import (
    AggregateOperator,
    ArithmeticOperator,
    CalendarUnit,
    Comparator,
    Ending,
    Node,
    ScheduleKind,
    TextOperator,
    Unit,
)

NOWHERE = embed("").at(0, 0)
HOUR = 3_600_000_000
DAY = 24 * HOUR


def parse(text: str, start: str = "expression") -> Any:
    report = Report()
    tree = parser.PARSERS[start](embed(text), report)
    assert not list(report)
    return tree


def codes(text: str, start: str = "expression") -> list[str]:
    report = Report()
    tree = parser.PARSERS[start](embed(text), report)
    assert (tree is None) == bool(len(report))
    return [diagnostic.code for diagnostic in report]


def node(kind: type[Node], *values: Any) -> Node:
    return kind(*values, span=NOWHERE)


def name(text: str) -> Node:
    return node(syntax.Name, tuple(text.split(".")))


def whole(value: int) -> Node:
    return node(syntax.Integer, value)


A, B, C, D = map(name, "abcd")

# ---------------------------------------------------------------------- trees

VALUES = {
    "12": whole(12),
    "0": whole(0),
    "9223372036854775807": whole(2**63 - 1),
    "4.5": node(syntax.Number, Decimal("4.5")),
    "0.5%": node(syntax.Percent, Fraction(1, 200)),
    "15%": node(syntax.Percent, Fraction(3, 20)),
    "true": syntax.Boolean(value=True, span=NOWHERE),
    "false": syntax.Boolean(value=False, span=NOWHERE),
    "45s": node(syntax.Duration, 45_000_000),
    "90m": node(syntax.Duration, 90 * 60_000_000),
    "24h": node(syntax.Duration, DAY),
    "30d": node(syntax.Duration, 30 * DAY),
    "2w": node(syntax.Duration, 14 * DAY),
    "30 calendar days": node(syntax.Period, 30, Unit.CALENDAR_DAYS),
    "1 calendar day": node(syntax.Period, 1, Unit.CALENDAR_DAYS),
    "8  calendar\n weeks": node(syntax.Period, 8, Unit.CALENDAR_WEEKS),
    "1 calendar month": node(syntax.Period, 1, Unit.CALENDAR_MONTHS),
    "5 business days": node(syntax.Period, 5, Unit.BUSINESS_DAYS),
    "negative": name("negative"),
    "review.stars": node(syntax.Name, ("review", "stars")),
    "_x9.where.of": node(syntax.Name, ("_x9", "where", "of")),
    '"thank you"': node(syntax.Text, "thank you"),
    "'thank you'": node(syntax.Text, "thank you"),
    '""': node(syntax.Text, ""),
    '"it\'s"': node(syntax.Text, "it's"),
    r'"a\"b\'c\\d\ne\tf\u00e9"': node(syntax.Text, "a\"b'c\\d\ne\tfé"),
    r"'\\u00e9'": node(syntax.Text, r"\u00e9"),
    "[]": node(syntax.ListLiteral, ()),
    "[a]": node(syntax.ListLiteral, (A,)),
    "[a, 'b', 3]": node(syntax.ListLiteral, (A, node(syntax.Text, "b"), whole(3))),
}
OPERATORS = {
    "not a": node(syntax.Not, A),
    "a and b and c": node(syntax.And, (A, B, C)),
    "a or b or c": node(syntax.Or, (A, B, C)),
    "a ?? b ?? c": node(syntax.Coalesce, (A, B, C)),
    "a == b": node(syntax.Comparison, (A, B), (Comparator.EQ,)),
    "a != b": node(syntax.Comparison, (A, B), (Comparator.NE,)),
    "a >= b": node(syntax.Comparison, (A, B), (Comparator.GE,)),
    "a > b": node(syntax.Comparison, (A, B), (Comparator.GT,)),
    "a < b <= c": node(syntax.Comparison, (A, B, C), (Comparator.LT, Comparator.LE)),
    "a + b - c": node(
        syntax.Arithmetic, (A, B, C), (ArithmeticOperator.ADD, ArithmeticOperator.SUBTRACT)
    ),
    "a * b / c": node(
        syntax.Arithmetic, (A, B, C), (ArithmeticOperator.MULTIPLY, ArithmeticOperator.DIVIDE)
    ),
    "-a": node(syntax.Negative, A),
    "-5": node(syntax.Negative, whole(5)),
    "a in b": node(syntax.In, A, B),
    "a in [b, c]": node(syntax.In, A, node(syntax.ListLiteral, (B, C))),
    "has a.b": node(syntax.Has, name("a.b")),
    "a contains b": node(syntax.TextTest, TextOperator.CONTAINS, A, B),
    "a contains any of b": node(syntax.TextTest, TextOperator.CONTAINS_ANY, A, B),
    "a contains  all\tof b": node(syntax.TextTest, TextOperator.CONTAINS_ALL, A, B),
    "a starts with b": node(syntax.TextTest, TextOperator.STARTS, A, B),
    "a ends with b": node(syntax.TextTest, TextOperator.ENDS, A, B),
    "a matches b": node(syntax.TextTest, TextOperator.MATCHES, A, B),
    "a contains anything": node(syntax.TextTest, TextOperator.CONTAINS, A, name("anything")),
    "a within 24h of b": node(syntax.Within, A, node(syntax.Duration, DAY), B),
    "a within 60 calendar days of b": node(
        syntax.Within, A, node(syntax.Period, 60, Unit.CALENDAR_DAYS), B
    ),
    "if a then b else c": node(syntax.If, A, B, C),
    "if a then b else if c then d else a": node(syntax.If, A, B, node(syntax.If, C, D, A)),
    "a[b]": node(syntax.Lookup, A, (B,)),
    "a.x [b, c]": node(syntax.Lookup, name("a.x"), (B, C)),
    "a()": node(syntax.Call, A, ()),
    "a(b, c or d)": node(syntax.Call, A, (B, node(syntax.Or, (C, D)))),
}
AGGREGATE_TREES = {
    "count(a)": (AggregateOperator.COUNT, None, A, None, None),
    "count(a where b)": (AggregateOperator.COUNT, None, A, B, None),
    "count(a dated b.c)": (AggregateOperator.COUNT, None, A, None, name("b.c")),
    "count (a where b or c dated d)": (
        AggregateOperator.COUNT,
        None,
        A,
        node(syntax.Or, (B, C)),
        D,
    ),
    "count(distinct a of b)": (AggregateOperator.COUNT_DISTINCT, A, B, None, None),
    "count(distinct a of b where c dated d)": (AggregateOperator.COUNT_DISTINCT, A, B, C, D),
    "sum(a of b)": (AggregateOperator.SUM, A, B, None, None),
    "average(a of b where c dated d)": (AggregateOperator.AVERAGE, A, B, C, D),
    "least(a of b dated d)": (AggregateOperator.LEAST, A, B, None, D),
    "greatest(a of b where c)": (AggregateOperator.GREATEST, A, B, C, None),
    "count(a for b)": (AggregateOperator.COUNT, None, A, None, None, B),
    "count(distinct a of b for c where d)": (AggregateOperator.COUNT_DISTINCT, A, B, D, None, C),
    "first(a of b for c)": (AggregateOperator.FIRST, A, B, None, None, C),
    "latest(a of b for c where d dated a)": (AggregateOperator.LATEST, A, B, D, A, C),
    "share(not a of b)": (AggregateOperator.SHARE, node(syntax.Not, A), B, None, None),
}


@pytest.mark.parametrize(("text", "tree"), [*VALUES.items(), *OPERATORS.items()])
def test_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(("text", "parts"), AGGREGATE_TREES.items())
def test_tree_of_an_aggregate(text: str, parts: tuple[Any, ...]) -> None:
    assert parse(text) == node(syntax.Aggregate, *parts)


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("if a or b then c or d else a or b", "if (a or b) then (c or d) else (a or b)"),
        ("if a then b else if c then d else a", "if a then b else (if c then d else a)"),
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("not a and b", "(not a) and b"),
        ("a and not b or c", "(a and (not b)) or c"),
        ("not a == b", "not (a == b)"),
        ("not a in b", "not (a in b)"),
        ("not a contains b", "not (a contains b)"),
        ("not a within 1d of b", "not (a within 1d of b)"),
        ("a == b ?? c", "a == (b ?? c)"),
        ("a ?? b in c ?? d", "(a ?? b) in (c ?? d)"),
        ("a contains b ?? c", "a contains (b ?? c)"),
        ("a within 1d of b ?? c", "a within 1d of (b ?? c)"),
        ("a ?? b + c", "a ?? (b + c)"),
        ("a + b ?? c", "(a + b) ?? c"),
        ("a + b * c", "a + (b * c)"),
        ("a * b - c", "(a * b) - c"),
        ("-a * b", "(-a) * b"),
        ("a - -b", "a - (-b)"),
        ("a * -b", "a * (-b)"),
        ("-a[b]", "-(a[b])"),
        ("-a(b)", "-(a(b))"),
        ("has a and b", "(has a) and b"),
        ("has a == b", "(has a) == b"),
        ("count(a where b or c)", "count(a where (b or c))"),
        ("share(a or b of c)", "share((a or b) of c)"),
    ],
)
def test_precedence(text: str, grouped: str) -> None:
    assert parse(text) == parse(grouped)


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a and b and c", "(a and b) and c"),
        ("a or b or c", "a or (b or c)"),
        ("a - b - c", "a - (b - c)"),
        ("a / b / c", "(a / b) / c"),
        ("a ?? b ?? c", "a ?? (b ?? c)"),
        ("a < b < c", "(a < b) < c"),
    ],
)
def test_brackets_inside_a_chain_stay(text: str, grouped: str) -> None:
    assert parse(text) != parse(grouped)


def test_every_blank_counts_the_same() -> None:
    assert parse(" a\tand\r\n  not\n b ") == parse("a and not b")
    assert parse("a<=b+c*-d[a,b]") == parse("a <= b + c * - d [ a , b ]")


# ---------------------------------------------------------------------- names


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_word_of_the_language_is_no_name(word: str) -> None:
    assert not isinstance(parse(word) if word in {"true", "false"} else None, syntax.Name)
    assert word in {"true", "false"} or codes(word)
    assert codes(f"{word}.x") == ["E327"]


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_name_may_begin_or_end_like_a_word_of_the_language(word: str) -> None:
    for text in (f"{word}s", f"{word}_", f"{word}2", f"x{word}", f"x.{word}", f"x.{word}.y"):
        assert parse(text) == name(text)


def test_the_grammar_reserves_the_same_words() -> None:
    grammar = (files("revlex.grammar") / "expr.lark").read_text(encoding="utf-8")
    match = re.search(r"NOT_RESERVED: /\(\?!\(\?:([a-z|]+)\)", grammar)
    assert match
    assert set(match[1].split("|")) == RESERVED == parser.KEYWORDS


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *AGGREGATES,
            *(
                "distinct",
                "any",
                "all",
                "with",
                "starts",
                "ends",
                "calendar",
                "business",
                "days",
                "d",
            ),
            *("daily", "weekly", "below", "from", "up", "to", "per", "at", "on", "day", "checks"),
            *("monday", "permanently", "until", "once", "for", "is", "null", "none"),
        }
    ),
)
def test_other_words_are_names(word: str) -> None:
    assert parse(word) == name(word)
    assert parse(f"[{word}, {word} ?? {word}]") == parse("[a, a ?? a]".replace("a", word))


# -------------------------------------------------------------------- phrases


def band(lower: Node | None, upper: Node | None, *, low: bool, high: bool) -> Node:
    return node(syntax.Band, lower, low, upper, high)


HALF, ONE = node(syntax.Percent, Fraction(1, 200)), node(syntax.Percent, Fraction(1, 100))


def duration(micros: int) -> Node:
    return node(syntax.Duration, micros)


def period(count: int, unit: Unit) -> Node:
    return node(syntax.Period, count, unit)


def schedule(kind: ScheduleKind, day: int = 0, minute: int = 0) -> Node:
    return node(syntax.Schedule, kind, day, minute)


def action(text: str, length: Node | Ending, event: str | None = None) -> Node:
    ends = None if event is None else node(syntax.Name, tuple(event.split(".")))
    return node(syntax.ActionPhrase, text, length, ends)


BANDS = {
    "below 0.5%": band(None, HALF, low=False, high=False),
    "up to 0.5%": band(None, HALF, low=False, high=True),
    "from 0.5% below 1%": band(HALF, ONE, low=True, high=False),
    "from 0.5% up  to 1%": band(HALF, ONE, low=True, high=True),
    "above 0.5% up to 1%": band(HALF, ONE, low=False, high=True),
    "above 0.5% below 1%": band(HALF, ONE, low=False, high=False),
    "from 1%": band(ONE, None, low=True, high=False),
    "above 1%": band(ONE, None, low=False, high=False),
    "from 1% or when a and b": syntax.Band(
        ONE, lower_included=True, when=parse("a and b"), span=NOWHERE
    ),
    "when a or b": syntax.Band(when=parse("a or b"), span=NOWHERE),
    "otherwise": syntax.Band(span=NOWHERE),
    "from a[b] below 2 * a[b]": band(parse("a[b]"), parse("2 * a[b]"), low=True, high=False),
}
SCHEDULES = {
    "on change": schedule(ScheduleKind.ON_CHANGE),
    "daily": schedule(ScheduleKind.DAILY),
    "daily at 06:30": schedule(ScheduleKind.DAILY, minute=390),
    "weekly": schedule(ScheduleKind.WEEKLY),
    "weekly on monday": schedule(ScheduleKind.WEEKLY),
    "weekly on sunday at 23:59": schedule(ScheduleKind.WEEKLY, 6, 1439),
    "monthly": schedule(ScheduleKind.MONTHLY, 1),
    "monthly on day 20 at 06:00": schedule(ScheduleKind.MONTHLY, 20, 360),
    "quarterly at 00:00": schedule(ScheduleKind.QUARTERLY),
}
DEADLINES = {
    "within 30 calendar days of notice": node(
        syntax.Deadline, period(30, Unit.CALENDAR_DAYS), "notice"
    ),
    "within 24h of rejection": node(syntax.Deadline, duration(DAY), "rejection"),
}
ACTIONS = {
    "hold until complaint.closed": action("hold", Ending.EVENT, "complaint.closed"),
    "hold for 5d  or until a.b": action("hold", parse("5d"), "a.b"),
    "send_notice": action("send_notice", Ending.ONCE),
    "close_shop for 28d": action("close_shop", duration(28 * DAY)),
    "close_shop for 2 calendar weeks": action("close_shop", period(2, Unit.CALENDAR_WEEKS)),
    "close_shop permanently": action("close_shop", Ending.PERMANENT),
    "cap until  recovered": action("cap", Ending.RECOVERED),
}
RATES = {
    "1 per 24h": node(syntax.Rate, 1, duration(DAY)),
    "100 per day": node(syntax.Rate, 100, period(1, Unit.CALENDAR_DAYS)),
    "2 per month": node(syntax.Rate, 2, period(1, Unit.CALENDAR_MONTHS)),
    "3 per 2 calendar weeks": node(syntax.Rate, 3, period(2, Unit.CALENDAR_WEEKS)),
}
NOW, BEFORE = False, True
"""Which piece of the calendar: the one of now, or the one before."""


def counting(word: str, *numbers: int | None) -> syntax.Node:
    return node(syntax.Counting, word == "down", *numbers)


PHRASES = {
    "band": BANDS,
    "schedule": SCHEDULES,
    "deadline": DEADLINES,
    "action_phrase": ACTIONS,
    "point_range": {
        "4": node(syntax.PointRange, 4, 4),
        "1 to 12": node(syntax.PointRange, 1, 12),
    },
    "balance": {
        "up": counting("up", None, None, None),
        "up from 5": counting("up", 5, None, None),
        "up within 0 to 100": counting("up", None, 0, 100),
        "down from 200": counting("down", 200, None, None),
        "down from 200 within 0 to 1000": counting("down", 200, 0, 1000),
    },
    "rate": RATES,
    "hours": {
        "09:00 to 21:00": node(syntax.Hours, 540, 1260),
        "22:00 to 06:30": node(syntax.Hours, 1320, 390),
    },
    "hold": {
        "2 checks": node(syntax.Hold, 2, None),
        "1 check": node(syntax.Hold, 1, None),
        "48h": node(syntax.Hold, None, duration(2 * DAY)),
    },
    "window": {
        "30d": duration(30 * DAY),
        "1 calendar month": period(1, Unit.CALENDAR_MONTHS),
        "this calendar week": node(syntax.Aligned, CalendarUnit.WEEK, NOW),
        "last  calendar\nyear": node(syntax.Aligned, CalendarUnit.YEAR, BEFORE),
        "1d if a else this calendar day": node(
            syntax.WindowByVolume, duration(DAY), A, node(syntax.Aligned, CalendarUnit.DAY, NOW)
        ),
        "1d if if a then b else c else 2d if (b) else 3d": node(
            syntax.WindowByVolume,
            duration(DAY),
            node(syntax.If, A, B, C),
            node(syntax.WindowByVolume, duration(2 * DAY), B, duration(3 * DAY)),
        ),
    },
    "length": {
        "180d": duration(180 * DAY),
        "30 calendar days": period(30, Unit.CALENDAR_DAYS),
    },
}


@pytest.mark.parametrize(
    ("start", "text", "tree"),
    [(start, *row) for start, rows in PHRASES.items() for row in rows.items()],
)
def test_phrase(start: str, text: str, tree: Node) -> None:
    found = parse(text, start)
    assert found == tree
    assert found.span.text == text


# ------------------------------------------------------------------ templates


def test_a_template_has_texts_and_slots_in_turn() -> None:
    tree = parse("Thank you, {buyer.name ?? 'friend'}!", "template")
    assert tree.parts == (
        node(syntax.TemplateText, "Thank you, "),
        parse("buyer.name ?? 'friend'"),
        node(syntax.TemplateText, "!"),
    )
    assert [part.span.text for part in tree.parts] == ["Thank you, ", "buyer.name ?? 'friend'", "!"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("thanks", [node(syntax.TemplateText, "thanks")]),
        ("{a}{b}", [A, B]),
        ("{ a }", [A]),
        ("{{a}}", [node(syntax.TemplateText, "{a}")]),
        ("{{{a}}}", [node(syntax.TemplateText, "{"), A, node(syntax.TemplateText, "}")]),
        ("{'}' ?? \"{\"}", [parse("'}' ?? \"{\"")]),
        (r"{'\'}'}", [node(syntax.Text, "'}")]),
        ("two\nlines {a}", [node(syntax.TemplateText, "two\nlines "), A]),
    ],
)
def test_braces_in_a_template(text: str, parts: list[Node]) -> None:
    assert parse(text, "template").parts == tuple(parts)


# --------------------------------------------------------------------- places


def test_a_node_stands_where_its_author_wrote_it() -> None:
    text = "not (a or b) and f(c) >= -2 * (3 + x[k])"
    tree = parse(text)
    places = {part.span.text for part in every(tree)}
    assert places == {
        text,
        "not (a or b)",
        "a or b",
        "f(c) >= -2 * (3 + x[k])",
        "-2 * (3 + x[k])",
        "3 + x[k]",
        *("-2", "2", "3", "x[k]", "f(c)", "a", "b", "c", "f", "x", "k"),
    }


def every(tree: Node) -> list[Node]:
    found = [tree]
    for part in found:
        found.extend(children(part))
    return found


def test_places_go_through_the_map_of_the_scalar() -> None:
    """As in `"\\u0061 \\u0062"` of a file: each character takes six there."""
    source = Source("policy.yaml", "x" * 100)
    text = "has a and b"
    starts = range(10, 10 + 6 * len(text), 6)
    embedded = Embedded(text, Span(source, 9, 90), starts, [start + 6 for start in starts])
    tree = parser.parse_expression(embedded, Report())
    assert isinstance(tree, syntax.And)
    last = tree.operands[1].span
    assert (tree.span.start, tree.span.end) == (10, 76)
    assert (last.start, last.end) == (70, 76)


def test_parsing_in_many_threads_at_once_keeps_places_apart() -> None:
    texts = [f"{'a' * size} + {'b' * size}" for size in range(1, 60)] * 5
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(parse, texts))
    assert [tree.operands[1].span.text for tree in trees] == [text.split()[2] for text in texts]
