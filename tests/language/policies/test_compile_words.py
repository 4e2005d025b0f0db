"""Lists, tables and definitions: what they become, and which of their entries say nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from revlex.engine.language import ir
from revlex.engine.language.diagnostics import Diagnostic
from revlex.engine.language.program import Program
from revlex.engine.language.types import BOOLEAN, DECIMAL, DURATION, INTEGER, PERCENT, TEXT, Type
from revlex.engine.language.walk import subexpressions

Clean = Callable[..., Program]
Wrong = Callable[[str, str], list[Diagnostic]]

DAY = 86_400_000_000


def rule(condition: str) -> str:
    return f"review_rules:\n  - rule: r\n    verdict: flag\n    when: {condition}\n"


def parts(program: Program, kind: type[ir.Expr]) -> list[Any]:
    return [part for part in subexpressions(program.rules[0].condition) if isinstance(part, kind)]


def test_the_words_of_all_languages_are_one_list(clean: Clean) -> None:
    lists = "lists:\n  a: {en: [voucher, card], vi: [quà tặng]}\n  b: [courier]\n"
    condition = "review.text contains any of a or review.text contains any of b"
    program = clean("policy: p\n" + lists + rule(condition))
    assert [test.words for test in parts(program, ir.WordTest)] == [
        ("voucher", "card", "quà tặng"),
        ("courier",),
    ]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("gift, gift card", ["W726"]),
        ("gift card, gift", ["W726"]),
        ("gift card, GIFT", ["W726"]),
        ("gift, gifts", []),
        ("gift, regift", []),
        ("big gift card, gift card", ["W726"]),
        ("gift card, card gift", []),
        ("card, gift card, big gift card", ["W726", "W726"]),
        ("gift, gift", ["W726"]),
        ("gift, Gift, ' gift '", ["W726", "W726"]),
        ("ﬁne, fine", ["W726"]),
        ("quà, quà tặng", ["W726"]),
        ("'!!!', '😡', '★★★★★', '5%'", []),
        (r'"\u200b"', ["W727"]),
        (r'voucher, "\u00ad\u200d"', ["W727"]),
    ],
)
def test_entries_that_add_nothing(
    words: str, codes: list[str], compiled: Callable[..., Any]
) -> None:
    text = f"policy: p\nlists: {{l: [{words}]}}\n{rule('review.text contains any of l')}"
    assert compiled(text).codes == codes


def test_an_entry_that_adds_nothing_shows_the_one_that_does(wrong: Wrong) -> None:
    twice, covered = wrong(
        f"""
policy: p
lists:
  l: {{en: [gift, «Gift»], de: [«gift box»]}}
{rule("review.text contains any of l")}""",
        "W726 W726",
    )
    assert twice.message == "`Gift` stands in the list already"
    assert covered.message.startswith("`gift box` adds nothing")
    assert {label.span.text for one in (twice, covered) for label in one.labels} == {"gift"}


@pytest.mark.parametrize(
    "condition",
    ["product.category in l", "product.category in l and review.text contains any of l"],
)
def test_a_list_of_whole_values_may_have_longer_ones(condition: str, clean: Clean) -> None:
    clean(f"policy: p\nlists: {{l: [shoes, sport shoes]}}\n{rule(condition)}")
    clean(f"policy: p\nlists: {{l: [shoes, sport shoes]}}\ndefine: {{d: {condition}}}\n{rule('d')}")


@pytest.mark.parametrize(
    ("cells", "of", "values"),
    [
        ("books: 0.5%, else: 1%", PERCENT, (Fraction(1, 200), Fraction(1, 100))),
        ("books: 5, else: 6", INTEGER, (5, 6)),
        ("books: 0.5, else: 1.5", DECIMAL, (Fraction(1, 2), Fraction(3, 2))),
        ("books: true, else: false", BOOLEAN, (True, False)),
        ("books: '\"gold\"', else: '\"\"'", TEXT, ("gold", "")),
        ("books: 2d, else: 1d", DURATION, (2 * DAY, DAY)),
    ],
)
def test_tables(cells: str, of: Type, values: tuple[ir.Value, ir.Value], clean: Clean) -> None:
    program = clean(
        f"policy: p\ntables: {{t: {{by: product.category, {cells}}}}}\n"
        + rule('t[product.category] == t["books"]')
    )
    lookup, again = parts(program, ir.Lookup)
    assert (lookup.type, lookup.rows, lookup.default) == (of, {"books": values[0]}, values[1])
    assert again.key == ir.Constant("books", type=TEXT, span=again.key.span)


def test_a_table_by_the_words_of_a_closed_list(clean: Clean, wrong: Wrong) -> None:
    text = """
policy: p
tables: {{t: {{by: review.class, product: 1, {}: 2, else: 3}}}}
{}"""
    program = clean(text.format("service", rule("t[review.class] > 1")))
    assert parts(program, ir.Lookup)[0].rows == {"product": 1, "service": 2}
    wrong(text.format("«servise»", rule("t[review.class] > 1")), "E404")
    wrong(text.format("service", rule("t[«product.category»] > 1")), "E503")


@pytest.mark.parametrize(
    "by", ["product", "product.categry", "prodct.category", "review.stars", "5", "product.a.b"]
)
def test_a_table_is_read_by_a_field_with_words(by: str, compiled: Callable[..., Any]) -> None:
    text = f"policy: p\ntables: {{t: {{by: {by}, else: 3}}}}\n{rule('t[product.category] > 1')}"
    assert compiled(text).codes == ["E646"]


def test_a_broken_table_is_not_reported_where_it_is_used(wrong: Wrong) -> None:
    wrong(
        f"""
policy: p
lists: {{«l-l»: [card], m: «card»}}
tables:
  a: {{by: product.category, books: «1 + 1», else: 2}}
  «b»: {{by: product.category, books: 1}}
  c: «[1, 2]»
define: {{d: "review.stars «<=»", «review»: review.stars == 1}}
{rule("a[product.category] > 1 or b[product.category] > 1 or d or c[product.category] > 2")}
""".replace("c: «[1, 2]»", "c: «[»1, 2]"),
        "E634 E201 E628 E630 E201 E325 E631",
    )


def test_names_that_mean_something_already(wrong: Wrong) -> None:
    wrong(
        """
        policy: p
        lists: {«now»: [a], same: [b], «has»: [c]}
        tables: {«same»: {by: product.category, else: 1}}
        define: {«same»: review.stars == 1, «if»: review.stars == 2}
        measures: {«order»: {per: shop, value: count(review), over: 30d}}
        actions: {«in»: {scope: shop}}
        """,
        "E631 E631 E631 E631 E631 E631 E631",
    )


def test_every_name_is_to_be_used(wrong: Wrong, clean: Clean) -> None:
    names = """
        policy: p
        lists: {{{0}l{1}: [a]}}
        tables: {{{0}t{1}: {{by: product.category, else: 1}}}}
        define: {{{0}d{1}: review.stars == 1, {0}e{1}: d}}
        measures: {{{0}m{1}: {{per: shop, value: count(review), over: 30d}}}}
        actions: {{{0}act{1}: {{scope: shop}}}}
        """
    wrong(names.format("«", "»"), "W723 W723 W723 W723 W723 W723")
    uses = """
        review_rules:
          - rule: r
            verdict: flag
            when: review.text contains any of l or t[product.category] > 1 or e or in_force("act")
        thresholds:
          - {threshold: x, measure: m, check: daily, bands: {any: from 0}}
        """
    clean(names.format("", "") + uses)


def test_a_mistake_may_hide_a_use(compiled: Callable[..., Any]) -> None:
    text = f"policy: p\nlists: {{l: [a]}}\n{rule('review.text contains any of l and')}"
    assert compiled(text).codes == ["E325"]
