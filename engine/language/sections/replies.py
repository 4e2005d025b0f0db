"""The texts of drafted replies: weights, and entries of lists in the language of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .. import ir
from ..authored import DraftRule, WeightedTemplate
from ..functions import picked
from ..program import Text
from ..shapes import Named, fitting
from ..source import Embedded
from ..walk import subexpressions
from .context import Context, Scope

Words = Mapping[str, tuple[str, ...]]
"""The entries of lists by the list's name."""


class Replies:
    """Reads the texts of a policy's drafts."""

    def __init__(self, context: Context, lists: tuple[Named, ...] | None) -> None:
        """Report where the context does; texts may take words of the lists."""
        self._context = context
        self._lists = fitting(lists)
        self._words: dict[str, Words] = {}

    def by_language(self, entry: DraftRule, scope: Scope) -> dict[str, tuple[Text, ...]]:
        """The texts by language, in the order of their names: the file's order means nothing."""
        found = {one.key.text: tuple(self._texts(one, scope)) for one in entry.templates}
        return dict(sorted(found.items()))

    def _texts(self, language: Named, scope: Scope) -> Iterator[Text]:
        inside = replace(scope, picks=self._in(language.key.text))
        for given in language.value or ():
            weighted = isinstance(given, WeightedTemplate)
            message = self._context.message(given.text if weighted else given, inside)
            if message is not None:
                weight = given.weight.value if weighted and given.weight else 1
                yield Text(message, weight)

    def picks(self, templates: Mapping[str, tuple[Text, ...]]) -> Mapping[str, Words]:
        """The entries that the texts of each language take, of the lists that they name."""
        found = {}
        for language, texts in templates.items():
            asked = {name for text in texts for name in _parameters(text)}
            words = self._in(language)
            taken = {name: words[name] for name in words if picked(name) in asked}
            if taken:
                found[language] = taken
        return found

    def _in(self, language: str) -> Words:
        """The entries of every list in a language."""
        if language not in self._words:
            self._words[language] = {
                one.key.text: tuple(dict.fromkeys(_entries(one, language))) for one in self._lists
            }
        return self._words[language]


def _parameters(text: Text) -> Iterator[str]:
    for part in text.message.parts:
        if isinstance(part, ir.Expr):
            found = (one for one in subexpressions(part) if isinstance(one, ir.Parameter))
            yield from (one.name for one in found)


def _entries(one: Named, language: str) -> Iterator[str]:
    """The entries of a list: all of them, or those of a language where it is divided."""
    for entry in one.value:
        if isinstance(entry, Embedded):
            yield entry.text
        elif entry.key.text == language:
            yield from (word.text for word in entry.value or ())
