"""The grammar as people read it, printed from the one that the parser is made of."""

from __future__ import annotations

import re
from importlib.resources import files

_BUILDING = re.compile(r"[ \t]+-> \w+$", re.MULTILINE)
"""What a reduction is called: of use to the parser alone."""

_INLINE = re.compile(r"^\?(\w+:.*\n(?: .*\n)*)", re.MULTILINE)
"""A rule that leaves no node of its own."""

_DIRECTIVES = re.compile(r"^%.*\n", re.MULTILINE)
_WORD = re.compile(
    r'^(?P<name>_?[A-Z_]+)(?:\.\d+)?: "(?P<first>[^"]+)"(?: BLANK "(?P<second>[^"]+)")?'
    r"(?: WORD_END)?\n",
    re.MULTILINE,
)
"""A terminal that stands for one or two words, or for a sign."""


def grammar() -> str:
    """The rules of `expr.lark` in a fenced block, without what concerns the parser alone."""
    text = (files("revlex.grammar") / "expr.lark").read_text(encoding="utf-8")
    rules = _BUILDING.sub("", text[text.index("// ---") :])
    rules = _INLINE.sub(lambda at: at[1].replace("\n ", "\n"), rules)
    return f"```text\n{_spelt_out(_DIRECTIVES.sub('', rules)).rstrip()}\n```\n"


def _spelt_out(rules: str) -> str:
    """The rules with words and signs instead of their names."""
    words = {
        at["name"]: f'"{" ".join(filter(None, (at["first"], at["second"])))}"'
        for at in _WORD.finditer(rules)
    }
    bare = re.sub(r"\n{3,}", "\n\n", _WORD.sub("", rules))
    return re.sub(r"\b_?[A-Z_]+\b", lambda at: words.get(at[0], at[0]), bare)
