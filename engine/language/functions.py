"""Operators, functions and aggregates as rows of tables: what they take and what they give.

The checker looks rows up, the backends implement their ids, and the reference in the documents is
printed from them. A row is chosen by the exact types of the operands; nothing is converted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .ir import Call
from .syntax import AggregateOperator, Comparator
from .types import (
    BOOLEAN,
    DECIMAL,
    DURATION,
    INSTANT,
    INTEGER,
    PERCENT,
    TEXT,
    Enumeration,
    ListOf,
    Simple,
    Type,
)

ENUMERATION = Simple("word of a closed list")
"""Stands in the tables for every enumeration; that two are the same one, the checker sees to."""

COUNT = Simple("count")
"""Stands in the tables for whole numbers that were counted, whose ratio is a percent."""

TEXTS = ListOf(TEXT)

MOST_VALUES = 8
"""The most values that `least_of` and `greatest_of` take."""

SEVERAL = frozenset({"least_of", "greatest_of"})
"""Functions of two values or more, all of one type."""


@dataclass(frozen=True, slots=True)
class Overload:
    """One meaning of an operator or function.

    `id` is what backends implement; `doc` is one line for the reference.
    """

    id: str
    name: str
    parameters: tuple[Type, ...]
    result: Type
    doc: str


@dataclass(frozen=True, slots=True)
class AggregateRow:
    """One meaning of an aggregate: what it is made of (`None`: of nothing but the entities).

    `result` is the type itself where that is one of the values.
    """

    operator: AggregateOperator
    of: Type | None
    result: Type
    doc: str


_ORDERED: tuple[tuple[str, Type], ...] = (
    ("integer", INTEGER),
    ("decimal", DECIMAL),
    ("percent", PERCENT),
    ("instant", INSTANT),
    ("duration", DURATION),
)
_EQUAL_OR_NOT: tuple[tuple[str, Type], ...] = (
    ("text", TEXT),
    ("enumeration", ENUMERATION),
    ("boolean", BOOLEAN),
)
_COMPARATORS = {
    Comparator.EQ: ("eq", "whether both are the same; texts letter for letter"),
    Comparator.NE: ("ne", "whether both differ"),
    Comparator.LT: ("lt", "whether the left is less, shorter or earlier"),
    Comparator.LE: ("le", "whether the left is less, shorter or earlier, or the same"),
    Comparator.GT: ("gt", "whether the left is more, longer or later"),
    Comparator.GE: ("ge", "whether the left is more, longer or later, or the same"),
}


def _comparison(comparator: Comparator, word: str, of: Type) -> Overload:
    stem, doc = _COMPARATORS[comparator]
    return Overload(f"{stem}_{word}", comparator.value, (of, of), BOOLEAN, doc)


COMPARISONS = (
    *(_comparison(comparator, *row) for comparator in Comparator for row in _ORDERED),
    *(
        _comparison(comparator, *row)
        for comparator in (Comparator.EQ, Comparator.NE)
        for row in _EQUAL_OR_NOT
    ),
)
"""Comparisons, each between two values of one type."""

ARITHMETIC = (
    Overload("add_integer", "+", (INTEGER, INTEGER), INTEGER, "the sum"),
    Overload("add_decimal", "+", (DECIMAL, DECIMAL), DECIMAL, "the sum"),
    Overload("add_percent", "+", (PERCENT, PERCENT), PERCENT, "the sum: 1% + 2% is 3%"),
    Overload("add_duration", "+", (DURATION, DURATION), DURATION, "both lengths together"),
    Overload("add_instant_duration", "+", (INSTANT, DURATION), INSTANT, "so much later"),
    Overload("subtract_integer", "-", (INTEGER, INTEGER), INTEGER, "the difference"),
    Overload("subtract_decimal", "-", (DECIMAL, DECIMAL), DECIMAL, "the difference"),
    Overload("subtract_percent", "-", (PERCENT, PERCENT), PERCENT, "the difference: 3% - 1% is 2%"),
    Overload("subtract_duration", "-", (DURATION, DURATION), DURATION, "what is left of the first"),
    Overload("subtract_instant", "-", (INSTANT, INSTANT), DURATION, "from the second to the first"),
    Overload("subtract_instant_duration", "-", (INSTANT, DURATION), INSTANT, "so much earlier"),
    Overload("multiply_integer", "*", (INTEGER, INTEGER), INTEGER, "the product"),
    Overload("multiply_decimal", "*", (DECIMAL, DECIMAL), DECIMAL, "the product"),
    Overload("multiply_decimal_integer", "*", (DECIMAL, INTEGER), DECIMAL, "so many times as much"),
    Overload("multiply_integer_decimal", "*", (INTEGER, DECIMAL), DECIMAL, "so many times as much"),
    Overload("multiply_percent", "*", (PERCENT, PERCENT), PERCENT, "that share of a percentage"),
    Overload(
        "multiply_percent_integer", "*", (PERCENT, INTEGER), PERCENT, "the rate so many times"
    ),
    Overload(
        "multiply_integer_percent", "*", (INTEGER, PERCENT), PERCENT, "the rate so many times"
    ),
    Overload(
        "multiply_percent_decimal", "*", (PERCENT, DECIMAL), DECIMAL, "that share of a number"
    ),
    Overload(
        "multiply_decimal_percent", "*", (DECIMAL, PERCENT), DECIMAL, "that share of a number"
    ),
    Overload(
        "multiply_duration_integer", "*", (DURATION, INTEGER), DURATION, "so many times as long"
    ),
    Overload(
        "multiply_integer_duration", "*", (INTEGER, DURATION), DURATION, "so many times as long"
    ),
    Overload("divide_count", "/", (COUNT, COUNT), PERCENT, "a ratio of counts or measures"),
    Overload("divide_integer", "/", (INTEGER, INTEGER), DECIMAL, "the exact quotient"),
    Overload("divide_decimal", "/", (DECIMAL, DECIMAL), DECIMAL, "the exact quotient"),
    Overload("divide_decimal_integer", "/", (DECIMAL, INTEGER), DECIMAL, "the exact quotient"),
    Overload("divide_percent", "/", (PERCENT, PERCENT), DECIMAL, "how many times the second fits"),
    Overload("divide_percent_integer", "/", (PERCENT, INTEGER), PERCENT, "that part of the rate"),
    Overload("divide_duration", "/", (DURATION, DURATION), DECIMAL, "how many times it fits"),
    Overload("negate_integer", "-", (INTEGER,), INTEGER, "with the other sign"),
    Overload("negate_decimal", "-", (DECIMAL,), DECIMAL, "with the other sign"),
    Overload("negate_percent", "-", (PERCENT,), PERCENT, "with the other sign"),
    Overload("negate_duration", "-", (DURATION,), DURATION, "with the other sign"),
)
"""Sums, differences, products, quotients and signs."""

FUNCTIONS = (
    Overload("length_text", "length", (TEXT,), INTEGER, "how many characters the text has"),
    Overload("length_list", "length", (TEXTS,), INTEGER, "how many entries the list has"),
    Overload("words_text", "words", (TEXT,), INTEGER, "how many words the text has"),
    Overload("bytes_text", "bytes", (TEXT,), INTEGER, "how many bytes the text has in UTF-8"),
    Overload("has_url_text", "has_url", (TEXT,), BOOLEAN, "whether a web address is in the text"),
    Overload(
        "has_email_text", "has_email", (TEXT,), BOOLEAN, "whether an e-mail address is in the text"
    ),
    Overload(
        "has_phone_text", "has_phone", (TEXT,), BOOLEAN, "whether a phone number is in the text"
    ),
    Overload(
        "has_handle_text",
        "has_handle",
        (TEXT,),
        BOOLEAN,
        "whether a name on another platform, such as @shop, is in the text",
    ),
    Overload(
        "has_markup_text", "has_markup", (TEXT,), BOOLEAN, "whether HTML or the like is in the text"
    ),
    Overload(
        "plain_text",
        "plain",
        (TEXT,),
        TEXT,
        "the text without HTML and without the targets of links",
    ),
    *(
        Overload(f"{name}_{word}", name, (of, of), of, f"the {which} of 2 to {MOST_VALUES} values")
        for name, which in (("least_of", "smallest"), ("greatest_of", "largest"))
        for word, of in (("integer", INTEGER), ("decimal", DECIMAL), ("percent", PERCENT))
    ),
)
"""What is written as a call. A row of `SEVERAL` stands for more than two values of its type too."""

SEARCHES = (
    Overload(
        "starts_with_text",
        "starts with",
        (TEXT, TEXT),
        BOOLEAN,
        "whether the text begins so, capital or small letters alike",
    ),
    Overload(
        "ends_with_text",
        "ends with",
        (TEXT, TEXT),
        BOOLEAN,
        "whether the text ends so, capital or small letters alike",
    ),
    Overload("in_list_text", "in", (TEXT, TEXTS), BOOLEAN, "whether the text is an entry"),
)
"""Tests of texts and lists that are neither calls nor searches for words."""

OVERLOADS = (*COMPARISONS, *ARITHMETIC, *FUNCTIONS, *SEARCHES)
"""Every row that a checked expression may name by its id."""

STATE_READERS = (
    Overload(
        "points", "points", (TEXT,), INTEGER, "the total of the ladder so named, before the event"
    ),
    Overload(
        "in_force",
        "in_force",
        (TEXT,),
        BOOLEAN,
        "whether the action so named runs, before the event",
    ),
    Overload(
        "since",
        "since",
        (TEXT,),
        INSTANT,
        "since when the action so named runs; missing while it does not",
    ),
)
"""Calls with a node of their own in checked expressions; the name has to be a constant."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is written as a call but takes more than values; each has a handler of its own.

    `written`, `takes`, `gives` and `doc` are for the reference.
    """

    name: str
    written: str
    takes: str
    gives: str
    doc: str


PICK = "pick"

FORMS = (
    Form(
        "was",
        "was(a)",
        "a field of what the event is about",
        "what the field holds",
        "what it was before the event",
    ),
    Form(
        "declared",
        "declared(a, …)",
        "a point in time, and kinds of periods",
        str(BOOLEAN),
        "whether it lies in a period declared for the shop, of any kind or of those that are named",
    ),
    Form(
        "how_many",
        "how_many(a, b, …)",
        "two conditions or more",
        "whole number",
        "how many of them hold",
    ),
    Form(
        "in_one_sentence",
        "in_one_sentence(a, list, list, …)",
        "a text, and two to eight lists",
        str(BOOLEAN),
        "whether one sentence of the text holds a word of each list",
    ),
    Form(
        PICK,
        "pick(list)",
        "a list, in a template of a drafted reply",
        str(TEXT),
        "an entry of the list in the template's language, chosen by the review's id",
    ),
)
"""Calls whose arguments are no plain values."""


def picked(list_name: str) -> str:
    """The parameter of a reply that stands for an entry of a list."""
    return f"{PICK} {list_name}"


_Operator = AggregateOperator

AGGREGATES = (
    AggregateRow(_Operator.COUNT, None, INTEGER, "how many there are"),
    *(
        AggregateRow(_Operator.COUNT_DISTINCT, of, INTEGER, "how many different ones there are")
        for of in (TEXT, ENUMERATION, INTEGER)
    ),
    *(
        AggregateRow(_Operator.SUM, of, of, "all of them added up")
        for of in (INTEGER, DECIMAL, DURATION)
    ),
    *(
        AggregateRow(_Operator.AVERAGE, of, DECIMAL, "the mean, exactly")
        for of in (INTEGER, DECIMAL)
    ),
    *(
        AggregateRow(_Operator.LEAST, of, of, "the smallest of them")
        for of in (INTEGER, DECIMAL, DURATION)
    ),
    *(
        AggregateRow(_Operator.GREATEST, of, of, "the largest of them")
        for of in (INTEGER, DECIMAL, DURATION)
    ),
    AggregateRow(_Operator.SHARE, BOOLEAN, PERCENT, "how many in a hundred meet the condition"),
    *(
        AggregateRow(_Operator.MOST_COMMON, of, of, "the most frequent of them")
        for of in (TEXT, ENUMERATION)
    ),
    *(
        AggregateRow(operator, of, of, doc)
        for operator, doc in (
            (_Operator.FIRST, "that of the earliest one, in roll-ups only"),
            (_Operator.LATEST, "that of the latest one, in roll-ups only"),
        )
        for of in (
            BOOLEAN,
            INTEGER,
            DECIMAL,
            DURATION,
            INSTANT,
            TEXT,
            ENUMERATION,
        )
    ),
)
"""What measures and roll-ups are made of."""

NO_OWNERS = frozenset({"shop", "product"})
"""The kinds that so much belongs to that it is counted by measures, not by roll-ups."""

BY_ID = {overload.id: overload for overload in OVERLOADS}

_BY_SIGNATURE = {(overload.name, overload.parameters): overload for overload in OVERLOADS}


def family(of: Type) -> Type:
    """What stands for a type in the tables."""
    return ENUMERATION if isinstance(of, Enumeration) else of


def find(name: str, types: Sequence[Type]) -> Overload | None:
    """The row of an operator or function for operands of exactly these types."""
    given = tuple(map(family, types))
    if name in SEVERAL and 2 < len(given) <= MOST_VALUES and len(set(given)) == 1:  # noqa: PLR2004 - as its row
        given = given[:2]
    return _BY_SIGNATURE.get((name, given))


def rows(name: str) -> tuple[Overload, ...]:
    """All rows of an operator or function."""
    return tuple(overload for overload in OVERLOADS if overload.name == name)


def function_names() -> frozenset[str]:
    """What can be called."""
    calls = (row.name for row in (*FUNCTIONS, *STATE_READERS))
    return frozenset((*calls, *(form.name for form in FORMS)))


def ratio_overload() -> str:
    """The id of the ratio of two counts."""
    return _BY_SIGNATURE["/", (COUNT, COUNT)].id


def is_division(call: Call) -> bool:
    """Whether a checked call is a quotient of any kind."""
    return BY_ID[call.overload].name == "/"


def aggregate(operator: AggregateOperator, of: Type | None) -> AggregateRow | None:
    """The row of an aggregate over values of a type."""
    wanted = None if of is None else family(of)
    return next((row for row in AGGREGATES if (row.operator, row.of) == (operator, wanted)), None)
