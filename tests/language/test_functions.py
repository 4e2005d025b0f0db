"""The tables of operators and functions, and the patterns of `matches`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from operator import attrgetter

import pytest
from revlex.engine.language import functions, ir
from revlex.engine.language.functions import (
    AGGREGATES,
    BY_ID,
    COUNT,
    ENUMERATION,
    OVERLOADS,
    STATE_READERS,
    AggregateRow,
    Overload,
)
from revlex.engine.language.patterns import PatternError, compile_pattern
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import AggregateOperator, Comparator
from revlex.engine.language.types import (
    BOOLEAN,
    DECIMAL,
    INSTANT,
    INTEGER,
    PERCENT,
    TEXT,
    Enumeration,
)

ROWS = [*OVERLOADS, *STATE_READERS]
SPAN = embed("").span


@pytest.mark.parametrize("row", ROWS, ids=attrgetter("id"))
def test_a_row_has_an_id_and_one_line_for_the_reference(row: Overload) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row.id)
    assert re.fullmatch(r"[^.\n]+", row.doc)
    assert row.parameters


def test_ids_and_signatures_are_unique() -> None:
    assert max(Counter(row.id for row in ROWS).values()) == 1
    assert max(Counter((row.name, row.parameters) for row in ROWS).values()) == 1
    assert set(BY_ID) == {row.id for row in OVERLOADS}


def test_comparisons_are_between_values_of_one_type() -> None:
    assert all(len(set(row.parameters)) == 1 for row in functions.COMPARISONS)
    assert {row.name for row in functions.COMPARISONS} == {sign.value for sign in Comparator}


def test_there_is_no_conversion() -> None:
    assert functions.find("==", (INTEGER, DECIMAL)) is None
    assert functions.find("+", (INTEGER, DECIMAL)) is None
    assert functions.find("<", (TEXT, TEXT)) is None
    assert functions.find("+", (INSTANT, INSTANT)) is None


def test_enumerations_share_their_rows() -> None:
    of = Enumeration("class", ("product", "service"))
    assert functions.family(of) == ENUMERATION
    found = functions.find("==", (of, of))
    assert found is not None
    assert found.id == "eq_enumeration"


def test_divisions() -> None:
    ratio = BY_ID[functions.ratio_overload()]
    assert (ratio.parameters, ratio.result) == ((COUNT, COUNT), PERCENT)
    one = ir.Constant(value=1, type=INTEGER, span=SPAN)
    for row in OVERLOADS:
        call = ir.Call(row.id, (one,) * len(row.parameters), type=row.result, span=SPAN)
        assert functions.is_division(call) == (row.name == "/")


def test_functions_have_names_of_their_own() -> None:
    names = functions.function_names()
    assert {"length", "words", "bytes", "has_url", "points", "in_force"} <= names
    assert not names & {row.name for row in (*functions.COMPARISONS, *functions.ARITHMETIC)}
    assert [row.id for row in functions.rows("length")] == ["length_text", "length_list"]


@pytest.mark.parametrize("operator", AggregateOperator)
def test_every_aggregate_has_a_row(operator: AggregateOperator) -> None:
    rows = [row for row in AGGREGATES if row.operator is operator]
    assert rows
    for row in rows:
        assert functions.aggregate(operator, row.of) == row


def test_aggregates_are_chosen_by_what_they_are_made_of() -> None:
    count = functions.aggregate(AggregateOperator.COUNT, None)
    assert count == AggregateRow(AggregateOperator.COUNT, None, INTEGER, "how many there are")
    assert functions.aggregate(AggregateOperator.SUM, TEXT) is None
    share = functions.aggregate(AggregateOperator.SHARE, BOOLEAN)
    assert share is not None
    assert share.result == PERCENT


# ------------------------------------------------------------------------------ patterns


def test_a_pattern_searches() -> None:
    assert compile_pattern(r"\bcall\b").search("please call me")
    assert not compile_pattern(r"^call").search("please call me")


def test_a_pattern_takes_linear_time() -> None:
    assert not compile_pattern("(a+)+$").search("a" * 20_000 + "b")


@pytest.mark.parametrize(
    ("pattern", "reason", "place"),
    [
        ("(a", "a `(` is never closed", (0, 2)),
        ("a)", "this `)` closes nothing", (0, 2)),
        ("a[b", "a `[` is never closed", (1, 3)),
        ("é\\", "a backslash stands at the end", (1, 2)),
        ("*a", "there is nothing before this that could be repeated", (0, 1)),
        ("a**", "this repeats a repetition", (1, 3)),
        ("a{1001}", "so many repetitions are not possible", (1, 7)),
        ("[z-a]", "these characters are no range or class", (1, 4)),
        (r"\1", "this escape means nothing here", (0, 2)),
        ("(?=a)", "there is no such group", (0, 3)),
        ("(?P<a-b>x)", "this group has no proper name", (0, 8)),
        ("a\ud800", "this is half a character", (1, 2)),
        ("(?=a)(?=b)", "there is no such group", None),
    ],
)
def test_a_pattern_is_refused_in_plain_words(
    pattern: str, reason: str, place: tuple[int, int] | None
) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert (caught.value.reason, caught.value.place) == (reason, place)
    assert caught.value.fix
    assert not caught.value.too_large


@pytest.mark.parametrize("pattern", ["x" * 1_001, r"(?:\pL{1,100}){1,3}"])
def test_a_pattern_can_take_too_much(pattern: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert caught.value.too_large


def test_checking_loads_neither_the_grammar_nor_patterns() -> None:
    program = (
        "import sys, revlex.engine.language.checking, revlex.engine.language.ranges; "
        "print(*sys.modules.keys() & {'re2', 'lark', 'polars', 'jsonschema'})"
    )
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout.strip() == ""
