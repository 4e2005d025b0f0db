"""Every mistake has its name, its place and its fix; several sure ones are told at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from revlex.engine.language import parser
from revlex.engine.language.codes import CodePage, pages
from revlex.engine.language.diagnostics import Diagnostic, Report
from revlex.engine.language.messages import moments, phrases, syntax
from revlex.engine.language.source import embed

PAGES = [page for page in pages().values() if page.code.startswith("E3")]


def errors(text: str, start: str = "expression") -> list[Diagnostic]:
    report = Report()
    tree = parser.PARSERS[start](embed(text), report)
    assert (tree is None) == bool(len(report))
    return list(report)


# ---------------------------------------------------------------------- pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_page(page: CodePage) -> None:
    start = page.start or "expression"
    assert [found.code for found in errors(page.bad, start)] == [page.code]
    assert errors(page.good, start) == []


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    wording = "".join(
        Path(module.__file__).read_text(encoding="utf-8") for module in (moments, phrases, syntax)
    )
    assert set(re.findall(r'"(E3\d\d)"', wording)) == {page.code for page in PAGES}


# ------------------------------------------------------- place, name and fix

SIGNS = [
    ("a = 2", "E301", "=", "write `==`"),
    ("a && b", "E302", "&&", "write `and`"),
    ("a & b", "E302", "&", "write `and`"),
    ("a || b", "E302", "||", "write `or`"),
    ("a | b", "E302", "|", "write `or`"),
    ("!a", "E302", "!", "write `not`"),
    ("a <> b", "E303", "<>", "write `!=`"),
    ("a !== b", "E303", "!==", "write `!=`"),
    ("a === b", "E303", "===", "write `==`"),
    ("a =< b", "E303", "=<", "write `<=`"),
    ("a => b", "E303", "=>", "write `>=`"),
    ("a \u2264 b", "E303", "\u2264", "write `<=`"),
    ("a \u2265 b", "E303", "\u2265", "write `>=`"),
    ("a \u2260 b", "E303", "\u2260", "write `!=`"),
    ("a ** b", "E304", "**", "multiply with `*`"),
    ("a // b", "E304", "//", "divide with `/`"),
    ("a % b", "E304", "%", "there is no remainder; a percentage is written `15%`"),
    ("a \u2212 b", "E304", "\u2212", "subtract with `-`"),
    ("a > 15 %", "E305", "15 %", "write `15%`"),
    ("a > 0.5\t% and b", "E305", "0.5\t%", "write `0.5%`"),
    ("a contains \u201crefund\u201d", "E306", "\u201crefund\u201d", 'use straight quotes: `"`'),
    ("it\u2019s", "E306", "\u2019", 'use straight quotes: `"`'),
    ("a @ b", "E310", "@", "delete it"),
    ("a # note", "E310", "#", "an expression has no comments"),
    ("a in {b}", "E310", "{", "a list is written `[a, b]`"),
    ("a .b", "E310", ".", "a dot stands only inside a name or a number"),
    ("a \uff1c b", "E310", "\uff1c", "write `<`"),
    ("a\u00a0and b", "E310", "\u00a0", "type a blank in its place"),
    ("a and\u200b b", "E310", "\u200b", "type a blank in its place"),
    ("`a`", "E310", "`", 'put quotes around a text: `"`'),
]
WORDS = [
    ("a AND b", "E307", "AND", "write `and`"),
    ("a Or b", "E307", "Or", "write `or`"),
    ("NOT a", "E307", "NOT", "write `not`"),
    ("a == TRUE", "E307", "TRUE", "write `true`"),
    ("Review.Stars > 2", "E308", "Review.Stars", "write `review.stars`"),
    ("reviewStars > 2", "E308", "reviewStars", "write `review_stars`"),
    ("review. > 2", "E309", "review.", None),
    ("review..stars > 2", "E309", "review..stars", None),
    ("a.5 > 2", "E309", "a.5", None),
    ("gr\u00f6\u00dfe > 2", "E309", "gr\u00f6\u00dfe", None),
    ("where > 3", "E327", "where", "choose another name"),
    ("in == 3", "E327", "in", "choose another name"),
    ("a and of", "E327", "of", "choose another name"),
    ("if.x > 3", "E327", "if.x", "choose another name"),
    ("a is b", "E328", "is", "write `==`"),
    ("a is not b", "E328", "is not", "write `!=`"),
    ("a.b is null", "E328", "is", "write `not has a.b`"),
    ("a.b is not null", "E328", "is not", "write `has a.b`"),
    ("f(a) is null", "E328", "is", "write `==`"),
    ("a between 1 and 5", "E328", "between", "write `low <= x <= high`"),
    ("a like 'b'", "E328", "like", 'write `contains "..."`'),
    ("avg(a of b)", "E328", "avg", "write `average`"),
]
NUMBERS_AND_TEXTS = [
    ('a contains "b', "E311", '"', 'close the text with `"` on its line'),
    ("a contains 'b\nand c", "E311", "'", "close the text with `'` on its line"),
    ('a contains "b" and c contains "d', "E311", '"', None),
    (r'a matches "\d+"', "E312", r"\d", None),
    (r'a == "\u12"', "E312", r"\u", None),
    (r'a == "\ud83d"', "E312", r"\ud83d", "write the character itself"),
    (".5 < a", "E313", ".5", "write `0.5`"),
    ("5. < a", "E313", "5.", "write `5`"),
    ("1_000_000", "E313", "1_000_000", "write `1000000`"),
    ("007", "E313", "007", "write `7`"),
    ("00.5%", "E313", "00.5%", "write `0.5%`"),
    ("05 calendar days", "E313", "05 calendar days", "write `5 calendar days`"),
    ("000", "E313", "000", "write `0`"),
    ("1e5", "E313", "1e5", None),
    ("1.2.3", "E313", "1.2.3", None),
    ("9223372036854775808", "E314", "9223372036854775808", None),
    ("9" * 5_000, "E314", "9" * 5_000, None),
    ("0.1234567890123456789", "E314", "0.1234567890123456789", "it may be at most 18 digits long"),
    ("106751992d", "E314", "106751992d", "it may be at most `106751991d`"),
    ("9" * 30 + " calendar days", "E314", "9" * 30 + " calendar days", None),
    ("30 days", "E315", "30 days", "write `30d` or `30 calendar days`"),
    ("30 d", "E315", "30 d", "write `30d` or `30 calendar days`"),
    ("30days", "E315", "30days", "write `30d` or `30 calendar days`"),
    ("1 week", "E315", "1 week", "write `1w` or `1 calendar week`"),
    ("3 months", "E315", "3 months", "write `3 calendar months`"),
    ("2 years", "E315", "2 years", "write `24 calendar months`"),
    ("48 hours", "E315", "48 hours", "write `48h`"),
    ("5 working days", "E315", "5 working days", "write `5 business days`"),
    ("5 calendar hours", "E315", "5 calendar hours", "write `5 calendar days`"),
    ("1.5d", "E316", "1.5d", None),
    ("1.5 days", "E316", "1.5 days", None),
    ("1.5 calendar days", "E316", "1.5 calendar days", None),
    ("1h30m", "E317", "1h30m", "write `90m`"),
    ("30x", "E318", "30x", None),
]
BRACKETS = [
    ("", "E320", "", "write one, such as `review.stars <= 2`"),
    (" \n ", "E320", " \n ", None),
    ("(a and b", "E322", "(", "add `)` where it ends"),
    ("a and [b, c", "E322", "[", "add `]` where it ends"),
    ("a and b)", "E323", ")", "delete it"),
    ("[a, b)", "E324", ")", "write `]`"),
    ("f(a]", "E324", "]", "write `)`"),
]
ORDER = [
    ("a <=", "E325", "<=", "write a value after it, or delete it"),
    ("and b", "E325", "and", "write a value before it, or delete it"),
    ("a and or b", "E325", "and", "write a value after it, or delete it"),
    ("(a + ) * b", "E325", "+", None),
    ("()", "E325", "()", "write a value between them"),
    ("[a, ]", "E325", ",", None),
    ("f(, a)", "E325", ",", "write a value before it, or delete it"),
    ("if then b else c", "E325", "if", None),
    ("if a then else c", "E325", "then", None),
    ("count(a where)", "E325", "where", None),
    ("sum(a + of b)", "E325", "+", None),
    ("a b", "E326", "b", None),
    ('"a" "b"', "E326", '"b"', None),
    ("f(a)(b)", "E326", "(", None),
    ("count(a where b c)", "E326", "c", None),
    ("a not in b", "E329", "not", "write `not (x in y)`"),
    ("a not starts with b", "E329", "not", "write `not (x starts with y)`"),
    ("a == not b", "E330", "not", "write `== (not x)`"),
    ("- not b", "E330", "not", "write `- (not x)`"),
    ("not not a", "E331", "not not", "leave out both"),
    ("--a", "E331", "--", "leave out both"),
    ("if a then b", "E332", "if", None),
    ("if a else b", "E332", "if", None),
    ("[if a then b, c]", "E332", "if", None),
    ("if a then if b then c else d", "E332", "if", None),
    ("a then b", "E333", "then", None),
    ("a else b", "E333", "else", None),
    ("if a then b else c then d", "E333", "then", None),
    ("(if a then b else c) else d", "E333", "else", None),
    ("a if b else c", "E334", "if", "write `if condition then value else value`"),
    ("a == b contains c", "E335", "contains", None),
    ("a contains b == c", "E335", "==", None),
    ("a < b in c", "E335", "in", None),
    ("a in b in c", "E336", "in", None),
    ("a contains b contains c", "E336", "contains", None),
    ("a within 1d of b within 2d of c", "E336", "within", None),
    ("a contains any b", "E337", "contains any", "write `contains any of`"),
    ("contains all b", "E337", "contains all", "write `contains all of`"),
    ("a starts 'b'", "E337", "starts", "write `starts with`"),
    ("a within 1d b", "E337", "within 1d", "write `within 1d of`"),
    ("a within 1d", "E337", "within 1d", "write `within 1d of`"),
    ("has (a)", "E338", "(", None),
    ("has length(a)", "E338", "(", None),
    ("has 'a'", "E338", "'a'", None),
    ("a and has", "E338", "has", None),
    ("a within b of c", "E339", "b", None),
    ("a within", "E339", "within", None),
    ("sum(a)", "E340", ")", None),
    ("count()", "E340", ")", None),
    ("count(*)", "E340", "*", None),
    ("count(a of b)", "E340", "of", None),
    ("count(a.b > 3)", "E340", ">", None),
    ("count(distinct a)", "E340", ")", None),
    ("count(a dated b where c)", "E340", "where", None),
    ("share(a of)", "E340", ")", None),
    ("first(a for b)", "E340", "for", None),
    ("count(a for)", "E340", ")", None),
    ("count(a for b for c)", "E340", "for", None),
    ("count(a where b for c)", "E340", "for", None),
    ("last(a of b for c)", "E328", "last", "write `latest`"),
    ("a where b", "E341", "where", None),
    ("count(a) dated b", "E341", "dated", None),
    ("a, b", "E342", ",", None),
    ("1,000 < a", "E342", ",", None),
    ("a == 09:00", "E343", "09:00", "here may stand a value"),
    ("f(a of b)", "E343", "of", None),
]


@pytest.mark.parametrize(
    ("text", "code", "place", "fix"), [*SIGNS, *WORDS, *NUMBERS_AND_TEXTS, *BRACKETS, *ORDER]
)
def test_mistake(text: str, code: str, place: str, fix: str | None) -> None:
    found = errors(text)
    assert [(each.code, each.span.text) for each in found][:1] == [(code, place)]
    assert fix is None or found[0].help == fix


@pytest.mark.parametrize(
    ("start", "text", "code", "place"),
    [
        ("band", "", "E320", ""),
        ("band", "from 0.5% to 1%", "E360", "to"),
        ("band", "from 0.5% below", "E360", ""),
        ("band", "from 1% below 2% below 3%", "E360", "below"),
        ("band", "below 0.5 %", "E305", "0.5 %"),
        ("band", "from 1% when a", "E360", "when"),
        ("band", "from 1% or a", "E360", "a"),
        ("band", "otherwise when a", "E360", "when"),
        ("band", "when a = 2", "E301", "="),
        ("band", "when a b", "E326", "b"),
        ("band", "from 1% or when a then b", "E333", "then"),
        ("band", "from (1%", "E322", "("),
        ("schedule", "dayly", "E361", "dayly"),
        ("schedule", "weekly on Monday", "E308", "Monday"),
        ("schedule", "weekly on someday", "E361", "someday"),
        ("schedule", "monthly on 20", "E361", "20"),
        ("schedule", "daily at 25:00", "E370", "25:00"),
        ("schedule", "daily at 12:60", "E370", "12:60"),
        ("schedule", "monthly on day 0", "E371", "0"),
        ("deadline", "within 30 days of notice", "E315", "30 days"),
        ("deadline", "within 30 calendar days", "E362", ""),
        ("action_phrase", "close_shop for 28 days", "E315", "28 days"),
        ("action_phrase", "close-shop", "E363", "-"),
        ("action_phrase", "send_notice once", "E363", "once"),
        ("action_phrase", "close_shop until", "E363", ""),
        ("cap", "70% per day", "E379", "per"),
        ("cap", "70% of orders", "E379", ""),
        ("cap", "70% of orders per hour", "E379", "hour"),
        ("extension", "linked", "E378", "linked"),
        ("extension", "linked accounts where a", "E378", "where"),
        ("extension", "products when a", "E378", "when"),
        ("extension", "products where", "E325", "where"),
        ("extension", "products where a b", "E326", "b"),
        ("action_phrase", "close_shop until 5d", "E363", "5d"),
        ("action_phrase", "close_shop for 5d or", "E363", ""),
        ("action_phrase", "close_shop permanently or until a.b", "E363", "or"),
        ("point_range", "four", "E364", "four"),
        ("point_range", "1..12", "E313", "1..12"),
        ("point_range", "12 to 1", "E373", "12 to 1"),
        ("balance", "sideways", "E381", "sideways"),
        ("balance", "down", "E381", ""),
        ("balance", "down to 0", "E381", "to"),
        ("balance", "up from 5 to 10", "E381", "to"),
        ("balance", "down from 200 within 0", "E381", ""),
        ("balance", "up within 9 to 8", "E373", "up within 9 to 8"),
        ("rate", "1 per hour", "E365", "hour"),
        ("rate", "1/day", "E365", "/"),
        ("hours", "09:00-21:00", "E366", "-"),
        ("hours", "09:00 to 24:00", "E370", "24:00"),
        ("hours", "09:00 to 09:00", "E372", "09:00 to 09:00"),
        ("hold", "2", "E367", ""),
        ("length", "30", "E368", "30"),
        ("length", "this calendar month", "E368", "this"),
        ("window", "30 days", "E315", "30 days"),
        ("window", "this month", "E374", "this"),
        ("window", "last calendar months", "E374", "last"),
        ("window", "last calendar fortnight", "E374", "last"),
        ("window", "a month", "E374", "a"),
        ("window", "30d if count(a) > 3", "E332", "if"),
        ("window", "30d if count(a) > 3 or 60d", "E332", "if"),
        ("window", "30d if count(a) = 3 else 60d", "E301", "="),
        ("window", "30d if a b else 60d", "E326", "b"),
        ("window", "30d if else 60d", "E325", "if"),
        ("window", "30d if a then 60d else 90d", "E343", "then"),
        ("window", "30d if a else 60d else 90d", "E374", "else"),
        ("window", "30d if a else", "E374", ""),
        ("window", "30d else 60d", "E374", "else"),
        ("length", "30 days", "E315", "30 days"),
        ("length", "1.5d", "E316", "1.5d"),
        ("template", "", "E320", ""),
        ("template", "Hi {name", "E350", "{"),
        ("template", "Hi {{{name", "E350", "{"),
        ("template", "{buyer's name}", "E350", "{"),
        ("template", "{a{b}}", "E350", "{"),
        ("template", "Hi name}", "E351", "}"),
        ("template", "{a}}", "E351", "}"),
        ("template", "Hi { }", "E352", "{ }"),
        ("template", "Hi {a = b}", "E301", "="),
    ],
)
def test_mistake_in_a_phrase(start: str, text: str, code: str, place: str) -> None:
    assert [(each.code, each.span.text) for each in errors(text, start)] == [(code, place)]


# ---------------------------------------------------- several, and none twice


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = b && !c", ["E301", "E302", "E302"]),
        ("a = 5 % and (b", ["E301", "E305", "E322"]),
        ("a < 30 days AND b > 1.5d", ["E315", "E307", "E316"]),
        (r"'\x' == 007 + 99999999999999999999", ["E312", "E313", "E314"]),
        (r"'\x' == and", ["E312", "E325"]),
        ('a = "b and (c', ["E301", "E311"]),
        ("(a [b", ["E322"]),
        ("(a])) [", ["E324"]),
        ("a b c d", ["E326"]),
    ],
)
def test_sure_mistakes_are_told_at_once(text: str, found: list[str]) -> None:
    assert [each.code for each in errors(text)] == found


def test_every_slot_of_a_template_is_checked() -> None:
    found = errors("{a =} {b c} {} {d", "template")
    assert [(each.code, each.span.text) for each in found] == [
        ("E301", "="),
        ("E326", "c"),
        ("E352", "{}"),
        ("E350", "{"),
    ]


# ----------------------------------------------------------------- the wording


def test_a_missing_operator_shows_both_values() -> None:
    [found] = errors("count(a where b) [c]")
    assert found.message == "there is no operator between `count(a where b)` and `[`"
    assert [label.span.text for label in found.labels] == ["count(a where b)"]


def test_a_mismatched_bracket_shows_the_opening_one() -> None:
    [found] = errors("f([a)")
    assert [label.span.start for label in found.labels] == [2]


def test_anything_else_names_what_may_stand_there() -> None:
    [found] = errors("f(a dated b)")
    assert found.code == "E341"
    [found] = errors("f(a of b)")
    assert found.message == "`of` cannot stand here"
    assert found.help == "here may stand `,` or `)`"


def test_long_and_unseen_words_of_the_author_are_tamed() -> None:
    [long] = errors("x" * 200 + "\u00e9")
    assert "x" * 39 + "\u2026`" in long.message
    [unseen] = errors("a\u202eb")
    assert unseen.message == "the invisible character U+202E right-to-left override stands here"


def test_the_end_of_the_text_is_a_place() -> None:
    [found] = errors("within 30d  ", "deadline")
    assert (found.span.start, found.span.end) == (10, 10)
    assert found.message == "something is missing in a deadline"
