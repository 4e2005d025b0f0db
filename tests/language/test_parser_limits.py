"""How large an expression may be, and what the parser costs before it is needed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from revlex.engine.language import parser, syntax
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.parsing.depth import children
from revlex.engine.language.parsing.limits import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_NESTING,
    MOST_WORDS,
)
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Node


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


@pytest.mark.parametrize(
    ("operator", "kind"),
    [
        ("and", syntax.And),
        ("or", syntax.Or),
        ("??", syntax.Coalesce),
        ("+", syntax.Arithmetic),
        ("/", syntax.Arithmetic),
        ("<", syntax.Comparison),
    ],
)
def test_a_chain_of_20000_terms_is_one_node(operator: str, kind: type[Node]) -> None:
    tree = parse(f" {operator} ".join(["a"] * 20_000))
    assert isinstance(tree, kind)
    assert len(tree.operands) == 20_000  # type: ignore[attr-defined]
    assert {type(part) for part in children(tree)} == {syntax.Name}


def test_20000_comparisons_are_within_the_limit() -> None:
    assert len(parse(" or ".join(["review.stars <= 2"] * 20_000)).operands) == 20_000


def test_a_long_list_and_a_long_call() -> None:
    items = ", ".join(["a"] * 20_000)
    assert len(parse(f"[{items}]").items) == 20_000
    assert len(parse(f"f({items})").arguments) == 20_000


def test_the_limit_of_characters() -> None:
    assert parse("a".ljust(MOST_CHARACTERS)) == parse("a")
    assert codes("a".ljust(MOST_CHARACTERS + 1)) == ["E321"]
    assert codes("a" * (MOST_CHARACTERS + 1), "template") == ["E321"]


def test_the_limit_of_words() -> None:
    assert codes("+".join(["a"] * (MOST_WORDS // 2 + 1))) == ["E321"]
    assert codes("{a}" * (MOST_WORDS // 3 + 1), "template") == ["E321"]
    assert parse(f"'{'a ' * (MOST_WORDS // 2)}'")


@pytest.mark.parametrize(("opening", "closing"), ["()", ("f(", ")"), "[]", ("x[", "]")])
def test_the_limit_of_nesting(opening: str, closing: str) -> None:
    def nested(depth: int) -> str:
        return opening * depth + "a" + closing * depth

    assert parse(nested(MOST_NESTING))
    assert codes(nested(MOST_NESTING + 1)) == ["E321"]
    assert codes(nested(10_000)) == ["E321"]
    assert codes(opening * 10_000) == ["E321"]


def test_the_bracket_too_many_is_the_place() -> None:
    report = Report()
    parser.parse_expression(embed("a and " + "(" * 100 + "b" + ")" * 100), report)
    assert [(d.span.start, d.span.text) for d in report] == [(6 + MOST_NESTING, "(")]


def test_moments_after_moments_are_nested() -> None:
    assert parse("first monday after " * 20 + "now")
    assert codes("first monday after " * 200 + "now") == ["E321"]


def test_brackets_in_texts_are_not_nested() -> None:
    assert parse(f"a contains '{'(' * 200}'")
    assert parse(" or ".join(["f(a, [b])"] * 200))


def test_brackets_that_do_not_match_are_no_matter_of_nesting() -> None:
    assert codes("(]" * 60) == ["E324"]
    assert codes("(]" * 100) == ["E321"]


def test_the_limit_of_ifs() -> None:
    def choices(count: int) -> str:
        return "if a then b else " * count + "c"

    assert parse(choices(MOST_NESTING))
    assert codes(choices(MOST_NESTING + 1)) == ["E321"]
    assert parse("[" + ", ".join([choices(2)] * 100) + "]")


def test_the_limit_of_depth_holds_for_nodes_between_brackets() -> None:
    def nested(count: int) -> str:
        return "not (a ?? b + c * -(" * count + "a" + "))" * count

    deepest = next(count for count in range(1, 40) if codes(nested(count)))
    assert codes(nested(deepest)) == ["E321"]
    assert 5 * (deepest - 1) <= MOST_DEPTH < 5 * deepest
    assert parse(nested(deepest - 1)) == parse(nested(deepest - 1))


def test_lark_is_loaded_when_the_first_text_is_parsed() -> None:
    script = """
import sys
from revlex.engine.language import parser
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.source import embed
assert "lark" not in sys.modules
assert parser.parse_expression(embed(""), Report()) is None
assert "lark" not in sys.modules
assert parser.parse_expression(embed("a"), Report())
assert "lark" in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603 - our own script
