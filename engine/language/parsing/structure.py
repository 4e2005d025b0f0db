"""Names for what is wrong with the order of pieces that are each right.

A row of the table looks at the place where the grammar gave up and either names the mistake or lets
the next row try; the last one names anything.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from ..diagnostics import Diagnostic
from ..messages import moments as say_moments
from ..messages import syntax as say
from .lexemes import Kind, Lexeme
from .trouble import Trouble, is_name, starts_value
from .words import AGGREGATES, BRANCHES, COMPARATORS, LOGIC, RELATIONS, RESERVED, SIGNS


def structure_error(trouble: Trouble) -> Diagnostic:
    """The name of what went wrong at a place."""
    for row in _ROWS:
        found = row(trouble)
        if found is not None:
            return found
    return say.unexpected(trouble.span(), trouble.found or None, _possible(trouble))


# ----------------------------------------------------------- other languages

_FOREIGN = {
    "equals": "==",
    "equal": "==",
    "isnt": "!=",
    "between": "low <= x <= high",
    "like": 'contains "..."',
    "includes": "contains",
    "include": "contains",
    "contain": "contains",
    "match": "matches",
    "elif": "else if",
    "elseif": "else if",
    "unless": "and not",
    "xor": "!=",
    "per": "/` or `for",
    "times": "*",
    "plus": "+",
    "minus": "-",
}
_ABSENT = frozenset({"null", "none", "empty", "missing", "nothing", "blank"})


_FOREIGN_AGGREGATES = {
    **dict.fromkeys(("avg", "mean"), "average"),
    **dict.fromkeys(("min", "minimum", "lowest"), "least"),
    **dict.fromkeys(("max", "maximum", "highest"), "greatest"),
    **dict.fromkeys(("total", "add"), "sum"),
    **dict.fromkeys(("ratio", "percent", "percentage"), "share"),
    **dict.fromkeys(("last", "newest"), "latest"),
    **dict.fromkeys(("earliest", "oldest"), "first"),
    **dict.fromkeys(("mode", "commonest"), "most_common"),
    "number": "count",
}


def _foreign_word(trouble: Trouble) -> Diagnostic | None:
    if trouble.needs_value or trouble.found not in _FOREIGN:
        return None
    return say.foreign_word(trouble.span(), trouble.found, _FOREIGN[trouble.found])


def _is(trouble: Trouble) -> Diagnostic | None:
    """`a is b`, `a is not b`, `a is null`."""
    if trouble.needs_value or trouble.found != "is":
        return None
    negated = trouble.word(1) == "not"
    span = trouble.span().to(trouble.span(1)) if negated else trouble.span()
    right = "!=" if negated else "=="
    if trouble.word(1 + negated) in _ABSENT and is_name(trouble.piece(-1)):
        right = f"{'' if negated else 'not '}has {trouble.before}"
    return say.foreign_word(span, "is not" if negated else "is", right)


def _foreign_aggregate(trouble: Trouble) -> Diagnostic | None:
    """`avg(review.stars of review)`."""
    if trouble.found not in {"of", "where", "dated"} or trouble.opening < 1:
        return None
    word = trouble.pieces[trouble.opening - 1]
    if word.text not in _FOREIGN_AGGREGATES:
        return None
    return say.foreign_word(trouble.span_of(word), word.text, _FOREIGN_AGGREGATES[word.text])


def _not_after_value(trouble: Trouble) -> Diagnostic | None:
    if trouble.needs_value or trouble.found != "not" or trouble.word(1) not in RELATIONS:
        return None
    operator = {"starts": "starts with", "ends": "ends with"}.get(trouble.word(1), trouble.word(1))
    return say.not_after_value(trouble.span(), operator)


# ------------------------------------------------------------------------ if


def _value_before_if(trouble: Trouble) -> Diagnostic | None:
    if trouble.needs_value or trouble.found != "if":
        return None
    return say.value_before_if(trouble.span())


def _branch_without_if(trouble: Trouble) -> Diagnostic | None:
    if trouble.found not in BRANCHES or trouble.open_if():
        return None
    return say.branch_without_if(trouble.span(), trouble.found)


def _missing_branch(trouble: Trouble) -> Diagnostic | None:
    wanted = next((word for word in ("then", "else") if f"_{word.upper()}" in trouble.possible), "")
    opened = trouble.open_if()
    if not wanted or opened is None or trouble.later_word(wanted):
        return None
    words = {piece.text for piece in trouble.pieces[: trouble.index] if piece.start > opened.start}
    if wanted == "else" and "then" not in words:
        return say.missing_window(trouble.span_of(opened))
    return say.missing_branch(trouble.span_of(opened), wanted)


# ---------------------------------------------------------------- aggregates

_PARTS = frozenset({"of", "for", "where", "dated", ",", ")"})
_AGGREGATE_WORDS = frozenset({"_OF", "_FOR", "_WHERE", "_DATED", "_DISTINCT"})


def _aggregate_form(trouble: Trouble) -> Diagnostic | None:
    word = trouble.aggregate
    if word is None:
        return None
    between_words = "_AND" not in trouble.possible and trouble.possible & _AGGREGATE_WORDS
    is_structural = trouble.found in _PARTS and not trouble.needs_value
    is_empty = trouble.before in {"(", "distinct"} and trouble.found in {
        ")",
        "of",
        "where",
        "dated",
    }
    names_nothing = trouble.possible == {"NAME"}
    if between_words or is_structural or is_empty or names_nothing:
        return say.aggregate_form(trouble.span(), word, AGGREGATES[word])
    return None


def _outside_aggregate(trouble: Trouble) -> Diagnostic | None:
    if trouble.found not in {"where", "dated"} or trouble.needs_value:
        return None
    return say.outside_aggregate(trouble.span(), trouble.found)


# -------------------------------------------------------------- prefix words


def _has_needs_name(trouble: Trouble) -> Diagnostic | None:
    if trouble.before == "has":
        return say.has_needs_name(trouble.span(0 if trouble.found else -1))
    if trouble.word(-2) == "has" and trouble.found in {"(", "["}:
        return say.has_needs_name(trouble.span())
    return None


def _within_needs_length(trouble: Trouble) -> Diagnostic | None:
    if trouble.before != "within" or not trouble.possible <= {"DURATION", "PERIOD"}:
        return None
    return say.within_needs_length(trouble.span(0 if trouble.found else -1))


def _part_of_a_moment(trouble: Trouble) -> Diagnostic | None:
    """`a during office_hours`, `a during 09:00`, `first monday 12:00 after a`, `first noon`."""
    if trouble.before == "first" and _is_plain_word(trouble.piece(0)) and not trouble.needs_value:
        return say_moments.first_needs_moment(trouble.span())
    if not trouble.possible or not trouble.possible <= _MOMENTS:
        return None
    words = islice(trouble.earlier(), _LONGEST_PART)
    word = next((word.text for word in words if word.text in _SAY_MOMENT), None)
    say_so = None if word is None else _SAY_MOMENT[word]
    return say_so and say_so(trouble.span(0 if trouble.found else -1))


def _is_plain_word(piece: Lexeme | None) -> bool:
    return piece is not None and piece.kind is Kind.WORD and not _is_operator(piece.text)


_MOMENTS = frozenset({"TIME", "WEEKDAY", "BUSINESS_DAY", "_TO", "_AT", "_AFTER"})
"""What the grammar waits for where it is in the middle of a moment or a part of the week."""

_LONGEST_PART = 6
"""The pieces of `during monday to friday 09:00 to`, which lacks its last one."""

_SAY_MOMENT = {
    "during": say_moments.during_needs_part,
    "first": say_moments.first_needs_moment,
}


def _repeated_sign(trouble: Trouble) -> Diagnostic | None:
    if trouble.found not in {"not", "-"} or trouble.before != trouble.found:
        return None
    return say.repeated_sign(trouble.span(-1).to(trouble.span()), trouble.found)


def _brackets_for_not(trouble: Trouble) -> Diagnostic | None:
    if not trouble.needs_value or trouble.found != "not" or not trouble.before:
        return None
    return say.brackets_for_not(trouble.span(), trouble.before)


# ----------------------------------------------------------------- operators

_COMPANIONS = {"starts": "starts with", "ends": "ends with"}


def _incomplete_operator(trouble: Trouble) -> Diagnostic | None:
    """`contains any words`, `starts "a"`, `within 30d order.placed_at`."""
    if trouble.found == "contains" and trouble.word(1) in {"any", "all"}:
        found = f"contains {trouble.word(1)}"
        return say.incomplete_operator(trouble.span().to(trouble.span(1)), found, f"{found} of")
    if trouble.found in _COMPANIONS and not trouble.needs_value:
        return say.incomplete_operator(trouble.span(), trouble.found, _COMPANIONS[trouble.found])
    if trouble.word(-2) == "within" and trouble.possible == {"_OF"}:
        found = f"within {trouble.before}"
        return say.incomplete_operator(trouble.span(-2).to(trouble.span(-1)), found, f"{found} of")
    return None


def _comparison_goes_on(trouble: Trouble) -> Diagnostic | None:
    is_relation = trouble.found in RELATIONS or trouble.found in COMPARATORS
    first = trouble.earlier_relation() if is_relation and not trouble.needs_value else None
    if first is None:
        return None
    make = say.repeated_comparison if first.text == trouble.found else say.mixed_comparison
    return make(trouble.span(), trouble.found, trouble.span_of(first))


def _is_operator(word: str) -> bool:
    return word in SIGNS or word in LOGIC or word in RELATIONS


def _reserved_word(trouble: Trouble) -> Diagnostic | None:
    """A word of the language where a value should be, followed as a name would be."""
    if not trouble.needs_value or trouble.found not in RESERVED:
        return None
    if _is_operator(trouble.found) and not _is_operator(trouble.word(1)):
        return None
    if _goes_on(trouble):
        return None
    return say.reserved_word(trouble.span(), trouble.found)


def _goes_on(trouble: Trouble) -> bool:
    """Whether the word is in its place, but the value before it is missing: `if then`."""
    if trouble.found in BRANCHES:
        return trouble.open_if() is not None
    return trouble.found in {"of", "where", "dated"} and trouble.aggregate is not None


_JOINING = frozenset({"and", "or"})


def _missing_operand(trouble: Trouble) -> Diagnostic | None:
    if not trouble.needs_value:
        return None
    if trouble.before in {"(", "["} and trouble.found in {")", "]"}:
        return say.nothing_between(trouble.span(-1).to(trouble.span()))
    if trouble.before in _JOINING and trouble.found in COMPARATORS:
        return say.comparison_without_value(trouble.span(), trouble.before, trouble.found)
    if trouble.before and trouble.before not in {"(", "["}:
        return say.missing_operand(trouble.span(-1), trouble.before, "after")
    leads = trouble.found == "," or _is_operator(trouble.found)
    return say.missing_operand(trouble.span(), trouble.found, "before") if leads else None


def _time_of_day(trouble: Trouble) -> Diagnostic | None:
    """`x == 09:00`: there are no times of the day in expressions."""
    piece = trouble.piece(0)
    if piece is None or piece.kind is not Kind.TIME:
        return None
    return say.unexpected(trouble.span(), piece.text, _possible(trouble))


def _stray_comma(trouble: Trouble) -> Diagnostic | None:
    return say.stray_comma(trouble.span()) if trouble.found == "," else None


def _missing_operator(trouble: Trouble) -> Diagnostic | None:
    piece = trouble.piece(0)
    if piece is None or not starts_value(piece) or "_AND" not in trouble.possible:
        return None
    return say.missing_operator(trouble.span(), trouble.found, trouble.value_before())


_ROWS: tuple[Callable[[Trouble], Diagnostic | None], ...] = (
    _part_of_a_moment,
    _time_of_day,
    _foreign_word,
    _is,
    _foreign_aggregate,
    _not_after_value,
    _value_before_if,
    _branch_without_if,
    _incomplete_operator,
    _within_needs_length,
    _has_needs_name,
    _repeated_sign,
    _brackets_for_not,
    _reserved_word,
    _aggregate_form,
    _outside_aggregate,
    _missing_operand,
    _missing_branch,
    _comparison_goes_on,
    _stray_comma,
    _missing_operator,
)


# ------------------------------------------------------------- anything else

_WORDS_FOR = {
    "INTEGER": "a value",
    "_AND": "`and`",
    "COMPARATOR": "a comparison",
    "PLUS": "an operator such as `+`",
    "_THEN": "`then`",
    "_ELSE": "`else`",
    "_OF": "`of`",
    "_WHERE": "`where`",
    "NAME": "a name",
    "PERIOD": "a length of time",
    "COMMA": "`,`",
    "RIGHT_ROUND": "`)`",
    "RIGHT_SQUARE": "`]`",
    "$END": "the end",
}
_MOST_POSSIBLE = 4


def _possible(trouble: Trouble) -> list[str]:
    """A few of the things that may stand there, in the owner's words."""
    known = [words for terminal, words in _WORDS_FOR.items() if terminal in trouble.possible]
    if "INTEGER" in trouble.possible:
        known = [words for words in known if words not in {"a name", "a length of time"}]
    return known[:_MOST_POSSIBLE] or ["an operator", "the end"]
