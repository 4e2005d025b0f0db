"""Parser and printer undo each other, places are exact, and nothing makes the parser raise."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from revlex.engine.language import parser, syntax
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.parsing.depth import children
from revlex.engine.language.parsing.values import MICROS
from revlex.engine.language.parsing.words import RESERVED
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Node

NOWHERE = embed("").at(0, 0)

# --------------------------------------------------------------- random trees


def node(kind: type[Node], *values: Any) -> Node:
    return kind(*values, span=NOWHERE)


WORD = st.from_regex(r"[a-z_][a-z0-9_]{0,4}", fullmatch=True)
NAMES = st.builds(
    lambda first, rest: node(syntax.Name, (first, *rest)),
    WORD.filter(lambda word: word not in RESERVED),
    st.lists(WORD, max_size=2),
)
SMALL = st.integers(0, 999)
DIGITS = st.integers(0, 10**16)
LENGTHS = st.one_of(
    st.builds(
        lambda count, unit: node(syntax.Duration, count * MICROS[unit]),
        SMALL,
        st.sampled_from(sorted(MICROS)),
    ),
    st.builds(lambda n, unit: node(syntax.Period, n, unit), SMALL, st.sampled_from(syntax.Unit)),
)
LEAVES = st.one_of(
    NAMES,
    NAMES.map(lambda name: node(syntax.Has, name)),
    LENGTHS,
    st.integers(0, 2**63 - 1).map(lambda value: node(syntax.Integer, value)),
    DIGITS.map(lambda value: node(syntax.Number, Decimal(value) / 100 + Decimal("0.001"))),
    DIGITS.map(lambda value: node(syntax.Percent, Fraction(value, 10_000))),
    st.text(max_size=8).map(lambda value: node(syntax.Text, value)),
    st.booleans().map(lambda value: node(syntax.Boolean, value)),
)


def chains(kind: type[Node], parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.lists(parts, min_size=2, max_size=4).map(lambda them: node(kind, tuple(them)))


def comparisons(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(st.sampled_from(syntax.Comparator), parts)
    return st.builds(
        lambda first, rest: node(
            syntax.Comparison,
            (first, *(part for _, part in rest)),
            tuple(comparator for comparator, _ in rest),
        ),
        parts,
        st.lists(pairs, min_size=1, max_size=2),
    )


def sums(
    parts: st.SearchStrategy[Node], operators: list[syntax.ArithmeticOperator]
) -> st.SearchStrategy[Node]:
    pairs = st.tuples(st.sampled_from(operators), parts)
    return st.builds(
        lambda first, rest: node(
            syntax.Arithmetic,
            (first, *(part for _, part in rest)),
            tuple(operator for operator, _ in rest),
        ),
        parts,
        st.lists(pairs, min_size=1, max_size=3),
    )


MAYBE_NAME = st.none() | NAMES


def aggregates(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def made(operator: syntax.AggregateOperator, value: Node, *rest: Any) -> Node:
        counts = operator is syntax.AggregateOperator.COUNT
        return node(syntax.Aggregate, operator, None if counts else value, *rest)

    operators = st.sampled_from(syntax.AggregateOperator)
    return st.builds(made, operators, parts, NAMES, st.none() | parts, MAYBE_NAME, MAYBE_NAME)


def branches(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(parts, max_size=3).map(tuple)
    plus, minus, times, by = syntax.ArithmeticOperator
    return st.one_of(
        *(chains(kind, parts) for kind in (syntax.And, syntax.Or, syntax.Coalesce)),
        sums(parts, [plus, minus]),
        sums(parts, [times, by]),
        comparisons(parts),
        aggregates(parts),
        parts.map(lambda part: node(syntax.Not, part)),
        parts.map(lambda part: node(syntax.Negative, part)),
        st.builds(lambda *them: node(syntax.In, *them), parts, parts),
        st.builds(lambda *them: node(syntax.If, *them), parts, parts, parts),
        st.builds(lambda *them: node(syntax.Within, *them), parts, LENGTHS, parts),
        st.builds(
            lambda *them: node(syntax.TextTest, *them),
            st.sampled_from(syntax.TextOperator),
            parts,
            parts,
        ),
        some.map(lambda items: node(syntax.ListLiteral, items)),
        st.builds(lambda *them: node(syntax.Call, *them), CALLABLE, some),
        st.builds(lambda *them: node(syntax.Lookup, *them), NAMES, some.filter(bool)),
    )


AGGREGATING = {"count", "sum", "average", "least", "greatest", "share"}
CALLABLE = NAMES.filter(lambda name: name.text not in AGGREGATING)  # type: ignore[attr-defined]
TREES = st.recursive(LEAVES, branches, max_leaves=20)

# -------------------------------------------------------------------- printer

IF, OR, AND, NOT, RELATION, COALESCE, SUM, PRODUCT, SIGNED, VALUE = range(10)
"""How tightly an expression holds together, as the grammar has it."""


@singledispatch
def level(tree: Node) -> int:
    del tree
    return VALUE


for kind, tightness in {
    syntax.If: IF,
    syntax.Or: OR,
    syntax.And: AND,
    syntax.Not: NOT,
    syntax.Comparison: RELATION,
    syntax.In: RELATION,
    syntax.TextTest: RELATION,
    syntax.Within: RELATION,
    syntax.Coalesce: COALESCE,
    syntax.Negative: SIGNED,
}.items():
    level.register(kind, lambda _, found=tightness: found)


@level.register
def _(tree: syntax.Arithmetic) -> int:
    return SUM if tree.operators[0].value in "+-" else PRODUCT


def within(tree: Node, least: int) -> list[str]:
    """The tokens of a tree, in brackets unless it holds together that tightly."""
    return tokens(tree) if level(tree) >= least else ["(", *tokens(tree), ")"]


def joined(parts: tuple[Node, ...], least: int, operators: list[list[str]]) -> list[str]:
    found = within(parts[0], least)
    for operator, part in zip(operators, parts[1:], strict=True):
        found += [*operator, *within(part, least)]
    return found


def listed(parts: tuple[Node, ...]) -> list[str]:
    return joined(parts, IF, [[","]] * (len(parts) - 1)) if parts else []


@singledispatch
def tokens(tree: Node) -> list[str]:
    raise NotImplementedError(type(tree).__name__)


@tokens.register
def _(tree: syntax.Integer) -> list[str]:
    return [str(tree.value)]


@tokens.register
def _(tree: syntax.Number) -> list[str]:
    return [f"{tree.value:f}"]


@tokens.register
def _(tree: syntax.Percent) -> list[str]:
    return [f"{Decimal((tree.value * 10_000).numerator) / 100:f}%"]


@tokens.register
def _(tree: syntax.Text) -> list[str]:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\u000d"}
    return ['"' + "".join(escapes.get(char, char) for char in tree.value) + '"']


@tokens.register
def _(tree: syntax.Boolean) -> list[str]:
    return ["true" if tree.value else "false"]


@tokens.register
def _(tree: syntax.Duration) -> list[str]:
    unit = max((u for u in MICROS if tree.micros % MICROS[u] == 0), key=lambda u: MICROS[u])
    return [f"{tree.micros // MICROS[unit]}{unit}"]


@tokens.register
def _(tree: syntax.Period) -> list[str]:
    return [str(tree.count), *tree.unit.value.split()]


@tokens.register
def _(tree: syntax.Name) -> list[str]:
    return [tree.text]


@tokens.register
def _(tree: syntax.ListLiteral) -> list[str]:
    return ["[", *listed(tree.items), "]"]


@tokens.register
def _(tree: syntax.Lookup) -> list[str]:
    return [tree.table.text, "[", *listed(tree.keys), "]"]


@tokens.register
def _(tree: syntax.Call) -> list[str]:
    return [tree.function.text, "(", *listed(tree.arguments), ")"]


@tokens.register
def _(tree: syntax.If) -> list[str]:
    return [
        *("if", *tokens(tree.condition)),
        *("then", *tokens(tree.then)),
        *("else", *tokens(tree.otherwise)),
    ]


@tokens.register
def _(tree: syntax.Or) -> list[str]:
    return joined(tree.operands, AND, [["or"]] * (len(tree.operands) - 1))


@tokens.register
def _(tree: syntax.And) -> list[str]:
    return joined(tree.operands, NOT, [["and"]] * (len(tree.operands) - 1))


@tokens.register
def _(tree: syntax.Not) -> list[str]:
    return ["not", *within(tree.operand, RELATION)]


@tokens.register
def _(tree: syntax.Comparison) -> list[str]:
    return joined(tree.operands, COALESCE, [[each.value] for each in tree.comparators])


@tokens.register
def _(tree: syntax.In) -> list[str]:
    return joined((tree.item, tree.container), COALESCE, [["in"]])


@tokens.register
def _(tree: syntax.TextTest) -> list[str]:
    return joined((tree.left, tree.right), COALESCE, [tree.operator.value.split()])


@tokens.register
def _(tree: syntax.Within) -> list[str]:
    operator = ["within", *tokens(tree.period), "of"]
    return joined((tree.value, tree.anchor), COALESCE, [operator])


@tokens.register
def _(tree: syntax.Coalesce) -> list[str]:
    return joined(tree.operands, SUM, [["??"]] * (len(tree.operands) - 1))


@tokens.register
def _(tree: syntax.Arithmetic) -> list[str]:
    return joined(tree.operands, level(tree) + 1, [[each.value] for each in tree.operators])


@tokens.register
def _(tree: syntax.Negative) -> list[str]:
    return ["-", *within(tree.operand, VALUE)]


@tokens.register
def _(tree: syntax.Has) -> list[str]:
    return ["has", tree.operand.text]


@tokens.register
def _(tree: syntax.Aggregate) -> list[str]:
    word, *distinct = tree.operator.value.split()
    value = [*tokens(tree.value), "of"] if tree.value else []
    where = ["where", *tokens(tree.where)] if tree.where else []
    dated = ["dated", tree.dated.text] if tree.dated else []
    owner = ["for", tree.owner.text] if tree.owner else []
    return [word, "(", *distinct, *value, tree.entity.text, *owner, *where, *dated, ")"]


# ----------------------------------------------------------------- properties


@st.composite
def written_trees(draw: st.DrawFn) -> tuple[Node, str]:
    """A tree, and a text of it with any blanks between its words."""
    tree = draw(TREES)
    words = tokens(tree)
    blanks = draw(
        st.lists(
            st.sampled_from([" ", " ", "  ", "\n", "\t", "\r\n  "]),
            min_size=len(words),
            max_size=len(words),
        )
    )
    return tree, "".join(f"{word}{blank}" for word, blank in zip(words, blanks, strict=True))


def parse(text: str, start: str = "expression") -> Node:
    report = Report()
    tree = parser.PARSERS[start](embed(text), report)
    assert tree is not None, [diagnostic.message for diagnostic in report]
    return tree


@given(written_trees())
def test_what_is_printed_is_parsed_again(written: tuple[Node, str]) -> None:
    tree, text = written
    assert parse(text) == tree


@given(written_trees())
@settings(max_examples=50)
def test_the_text_under_a_node_is_that_node(written: tuple[Node, str]) -> None:
    waiting = [parse(written[1])]
    for node in waiting:
        assert parse(node.span.text) == node
        waiting.extend(children(node))


@given(written_trees())
@settings(max_examples=50)
def test_a_tree_in_brackets_is_the_same_tree(written: tuple[Node, str]) -> None:
    tree, text = written
    assert parse(f"({text})") == tree
    assert parse(f"[{text}, {text}]") == node(syntax.ListLiteral, (tree, tree))
    assert parse(f"{{{{{{{text}}}}}}}", "template") == node(
        syntax.Template,
        (node(syntax.TemplateText, "{"), tree, node(syntax.TemplateText, "}")),
    )


# -------------------------------------------------------------------- garbage

STARTS = st.sampled_from(sorted(parser.PARSERS))
PIECES = [
    *sorted(RESERVED),
    *("count", "sum", "distinct", "any", "all", "starts", "with", "a", "review.stars", "is"),
    *("from", "below", "up", "to", "on", "change", "daily", "at", "per", "day", "for", "checks"),
    *("(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", "??", "==", "<", "=", "!", "%", "."),
    *("1", "2.5", "3%", "30d", "30 calendar days", "09:00", "30 days", "1.5d", "'x'", '"', "'"),
    *("AND", "Review", "\u201c", "\u00a0", "\\", "\n", "\x00", "\u2028", "\U0001f600"),
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
GARBAGE = st.one_of(st.text(max_size=30), SOUP, st.lists(st.sampled_from(PIECES)).map("".join))


def judge(text: str, start: str) -> None:
    """Whatever the text: a tree or a reason, with a place inside the text."""
    embedded = embed(text)
    report = Report()
    tree = parser.PARSERS[start](embedded, report)
    assert (tree is None) == bool(len(report))
    for diagnostic in report:
        assert diagnostic.code.startswith("E3")
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(embedded.text)


@given(STARTS, GARBAGE)
@settings(max_examples=400)
@example("expression", "\ufeff")
@example("expression", "\ud800")
@example("template", "{'\\")
@example("rate", "\u0663 per day")
@example("expression", "\u0663d within \u0661\u0662 calendar days")
def test_garbage_gives_a_reason(start: str, text: str) -> None:
    judge(text, start)


@given(written_trees(), st.data())
@settings(max_examples=200)
def test_a_slip_gives_a_tree_or_a_reason(written: tuple[Node, str], data: st.DataObject) -> None:
    text = written[1]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 3, len(text))))
    judge(text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[end:], "expression")
